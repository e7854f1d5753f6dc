"""One stack for all tests that need one: the template, deployed to an emulator of its own."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from project.stack import Stack


GIVING_WAY = 10
"""A lower priority, in the words of `nice`."""

SHARING = {
    "tests/e2e/": "stack",
    "tests/browser/test_domain_story.py": "stack",
    "tests/browser/test_forms.py": "stack",
    "tests/browser/test_hosts.py": "stack",
    "tests/browser/test_key_list.py": "stack",
    "tests/browser/test_other_origins.py": "stack",
    "tests/browser/test_reference.py": "stack",
    "tests/browser/test_sign_in.py": "stack",
    "tests/browser/test_story.py": "stack",
    "tests/emulator/": "emulators",
}
"""What tests share, by the beginning of their names."""


def _shared(name: str) -> str | None:
    return next((what for start, what in SHARING.items() if name.startswith(start)), None)


class _TogetherWhereShared(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Tests run in several processes; those that share something in one. pytest-xdist's own groups
    have no effect with this version of pytest."""

    def _split_scope(self, nodeid: str) -> str:
        return _shared(nodeid) or nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    return _TogetherWhereShared(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are processors: the tests of stacks mostly wait for them."""
    return (os.cpu_count() or 1) + 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that share something go first, because they take longest."""
    items.sort(key=lambda item: _shared(item.nodeid) is None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The others give way to those, in a process beside theirs: the functions of a stack wait a
    second for the emulator, and fail."""
    if not _shared(item.nodeid) and os.getpriority(os.PRIO_PROCESS, 0) < GIVING_WAY:
        os.setpriority(os.PRIO_PROCESS, 0, GIVING_WAY)


Figures = Callable[..., None]
"""Of a source, such as `faults`: numbers by name, summed over all tests and processes."""


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Figures:
    def add(source: str, **numbers: int) -> None:
        record_property("figures", (source, numbers))

    return add


SOURCES = {
    "faults": "AWS faults, on every call of every path",
    "races": "Races and double submissions",
    "models": "Sequences of steps, compared to a simple model",
}
"""What `figures` may come from, and the heading of each in docs/reliability.md."""


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """What the tests counted, in the end; `make prove` keeps it."""
    _remember(terminalreporter, exitstatus, config)
    sources: dict[str, Counter[str]] = {}
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "figures":
                source, numbers = value
                sources.setdefault(source, Counter()).update(numbers)
    for source, total in sorted(sources.items()):
        told = ", ".join(f"{number:,} {name}" for name, number in total.items())
        terminalreporter.write_line(f"{source}: {told}")
        if "PROVE" in os.environ and not exitstatus:
            from bench import figures  # noqa: PLC0415

            figures.write(source, SOURCES[source], "make prove", dict(total))


def _remember(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """How many tests passed, of a run of all of them: `make reliability` tells it."""
    stats = terminalreporter.stats
    if exitstatus or config.option.file_or_dir or "deselected" in stats or config.cache is None:
        return
    figures = {name: len(stats.get(name, [])) for name in ("passed", "skipped")}
    run = {
        "what": "The test suite",
        "command": "make test",
        "measured": datetime.now(UTC).date().isoformat(),
        "figures": figures,
    }
    config.cache.set("reliability/tests", run)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    # Imported here, so that unit tests need nothing of it.
    from local.ports import free_port  # noqa: PLC0415
    from local.stack import LocalStack  # noqa: PLC0415
    from project.stack import Stack  # noqa: PLC0415
    from tests.e2e.conftest import ALLOWED_ORIGIN  # noqa: PLC0415

    state_dir: Path = tmp_path_factory.mktemp("stack")
    local = LocalStack(state_dir, print)
    try:
        env = local.start(free_port(), ALLOWED_ORIGIN)
        yield Stack(local, env, [env.api_key])
    finally:
        local.stop()


@pytest.fixture(scope="session")
def http(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.env.base_url, timeout=60, trust_env=False) as client:
        yield client

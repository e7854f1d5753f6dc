"""One stack for all tests that need one: the template, deployed to an emulator of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import Stack


GIVING_WAY = 10
"""A lower priority, in the words of `nice`."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests run in several processes. Those that share a stack or an emulator share a process, and
    go first, because they take longest."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "stack" in names:
            item.add_marker(pytest.mark.xdist_group("stack"))
        elif "emulator_python" in names or "adapted" in names:
            item.add_marker(pytest.mark.xdist_group("emulator"))
    items.sort(key=_is_alone)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests that need no stack give way to those that do, in a process beside theirs: the functions
    of a stack wait a second for the emulator, and fail."""
    if _is_alone(item) and os.getpriority(os.PRIO_PROCESS, 0) < GIVING_WAY:
        os.setpriority(os.PRIO_PROCESS, 0, GIVING_WAY)


def _is_alone(item: pytest.Item) -> bool:
    return item.get_closest_marker("xdist_group") is None


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    # Imported here, so that unit tests need nothing of it.
    from local.stack import LocalStack  # noqa: PLC0415
    from tests.e2e.conftest import Stack, free_port  # noqa: PLC0415

    state_dir: Path = tmp_path_factory.mktemp("stack")
    local = LocalStack(state_dir, print)
    try:
        env = local.start(free_port())
        yield Stack(local, env, [env.api_key])
    finally:
        local.stop()


@pytest.fixture(scope="session")
def http(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.env.base_url, timeout=60, trust_env=False) as client:
        yield client

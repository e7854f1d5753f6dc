"""Commands on one local stack come one after another."""

from __future__ import annotations

import multiprocessing
import stat
from multiprocessing.synchronize import Event
from pathlib import Path

from local import state_lock
from local.stack import LocalStack


def _hold(state_dir: Path, has: Event, ends: Event) -> None:
    with state_lock.held(state_dir, print):
        has.set()
        ends.wait(30)


def test_a_second_command_says_that_it_waits_and_then_goes_on(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    has, ends = context.Event(), context.Event()
    first = context.Process(target=_hold, args=(tmp_path, has, ends))
    first.start()
    assert has.wait(30)
    said: list[str] = []

    def report(text: str) -> None:
        said.append(text)
        ends.set()  # Only one that waits makes the first end.

    with state_lock.held(tmp_path, report):
        assert said == ["Waiting for another command that is starting or stopping the stack"]
    first.join(30)
    assert first.exitcode == 0


def test_a_command_that_was_killed_leaves_no_lock(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    has, ends = context.Event(), context.Event()
    first = context.Process(target=_hold, args=(tmp_path, has, ends))
    first.start()
    assert has.wait(30)
    first.kill()
    first.join(30)
    said: list[str] = []
    with state_lock.held(tmp_path, said.append):
        assert said == []


def test_a_reset_forgets_everything_but_who_is_next(tmp_path: Path) -> None:
    state_dir = tmp_path / "state"
    for folder in ("services", "build/deep"):
        (state_dir / folder).mkdir(parents=True)
    (state_dir / "build" / "deep" / "file").touch()
    (state_dir / "credentials").write_text("AKIA\nsecret\n")
    (state_dir / "link").symlink_to(tmp_path)
    LocalStack(state_dir, print).reset()
    assert [path.name for path in state_dir.iterdir()] == [state_lock.NAME]
    assert stat.S_IMODE((state_dir / state_lock.NAME).stat().st_mode) == 0o600
    assert tmp_path.is_dir()

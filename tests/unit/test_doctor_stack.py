"""`make doctor`: the port, the state of the local stack, and emulators that were left behind."""

from __future__ import annotations

import fcntl
import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from local import ports, processes
from local.doctor import stack
from local.doctor.finding import Level
from local.doctor.stack import Listener, State
from local.emulator_process import Adapters
from tests.unit.test_doctor import expect

TAKEN = "port 8080 on 127.0.0.1 is taken by another program"
SETTINGS = frozenset(stack._SETTINGS)
STOPPED = State(exists=True, settings=SETTINGS)
RUNNING = replace(STOPPED, pid=7, alive=True, responds=True)


def emulator(state_dir: Path) -> str:
    return f" python -X state={state_dir} {' '.join(Adapters.ALL.value)} "


def test_a_free_port(tmp_path: Path) -> None:
    expect(stack.port(8080, None, Listener(), tmp_path), Level.OK, "free")


def test_a_port_that_is_taken_names_who_has_it_and_another(tmp_path: Path) -> None:
    listener = Listener(123, " node server.js ", "me")
    found = stack.port(8080, TAKEN, listener, tmp_path)
    expect(found, Level.PROBLEM, "process 123", "node server.js", "make start PORT=8081")
    unseen = stack.port(8080, TAKEN, Listener(user="root"), tmp_path)
    expect(unseen, Level.PROBLEM, "Port 8080", "by root", "PORT=8081")
    expect(stack.port(65_535, TAKEN, Listener(), tmp_path), Level.PROBLEM, "PORT=65534")


def test_a_port_of_an_emulator(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine" / ".local", tmp_path / "other" / ".local"
    own = Listener(5, emulator(mine))
    expect(stack.port(8080, TAKEN, own, mine), Level.OK, "which is running")
    gone = Listener(5, emulator(other))
    expect(stack.port(8080, TAKEN, gone, mine), Level.PROBLEM, "was deleted", "kill 5")
    other.mkdir(parents=True)
    found = stack.port(8080, TAKEN, gone, mine)
    expect(found, Level.PROBLEM, str(other.parent), "make stop there")


def test_emulators_of_deleted_folders(tmp_path: Path) -> None:
    commands = {1: " init ", 2: emulator(tmp_path)}
    expect(stack.orphans(commands), Level.OK)
    commands |= {9: emulator(tmp_path / "a clone" / ".local"), 8: emulator(tmp_path / "b" / "s")}
    found = stack.orphans(commands)
    expect(found, Level.WARNING, str(tmp_path / "a clone"), "kill 8 9")


@pytest.mark.parametrize(
    ("found", "level", "words"),
    [
        (State(exists=False), Level.OK, ["no local stack yet"]),
        (STOPPED, Level.OK, ["stopped"]),
        (RUNNING, Level.OK, ["running"]),
        (State(exists=True), Level.OK, ["stopped"]),
        (State(exists=True, readable=False), Level.PROBLEM, ["chown"]),
        (replace(RUNNING, locked=True), Level.WARNING, ["Another command"]),
        (replace(RUNNING, responds=False), Level.PROBLEM, ["emulator.log", "kill -9 7"]),
        (replace(STOPPED, pid=7), Level.WARNING, ["was killed", "make start"]),
        (replace(STOPPED, settings=frozenset({"OLD"})), Level.WARNING, ["another version"]),
    ],
)
def test_the_state_of_the_local_stack(found: State, level: Level, words: list[str]) -> None:
    expect(stack.state(found), level, *words)


def test_the_state_is_read(tmp_path: Path) -> None:
    state_dir = tmp_path / ".local"
    assert stack.read_state(state_dir) == State(exists=False)
    state_dir.mkdir()
    assert stack.read_state(state_dir) == State(exists=True)
    (state_dir / "stack.env").write_text("JMPY_STACK=jmpy-local\n")
    (state_dir / "emulator.pid").write_text(f"{os.getpid()}\n4566\n8080\n")
    with (state_dir / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = stack.read_state(state_dir)
    assert found == State(
        exists=True, settings=frozenset({"JMPY_STACK"}), locked=True, pid=os.getpid()
    )  # alive as a process, but no emulator
    assert not stack.read_state(state_dir).locked, "a command that ended holds no lock"


def test_the_process_that_holds_a_port_is_found() -> None:
    with socket.socket() as server:
        server.bind((ports.HOST, 0))
        server.listen()
        number = server.getsockname()[1]
        assert stack.unusable(number) is not None
        found = stack.listener(number)
    assert found.pid in {os.getpid(), None}  # None without /proc and lsof
    if found.pid:
        assert found.command == processes.command(os.getpid())
    assert stack.unusable(number) is None


def test_a_server_that_does_not_speak_http_does_not_respond() -> None:
    with socket.socket() as closed:
        closed.bind((ports.HOST, 0))
        assert not stack._accepts(closed.getsockname()[1])


def test_processes_are_found_by_their_command_lines() -> None:
    own = processes.command(os.getpid())
    assert "python" in own
    assert own[0] == own[-1] == " "
    assert processes.commands()[os.getpid()] == own
    assert processes.command(2**22 + 1) == ""

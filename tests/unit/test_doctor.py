"""`make doctor`: every fault of a machine is reported with its remedy. Here: Python, the
machine, other programs, and the command as a whole. The facts are made up."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from local.doctor import diagnosis, machine, programs, python
from local.doctor.finding import Finding, Level, problem
from local.doctor.machine import Disk, Owner
from local.doctor.python import Environment
from project.template import PROJECT

COMPLETE = Environment(exists=True, ready=True, version=(3, 13), libraries=((3, 13),))
ROOMY = Disk("/home/me/jmpy", free_bytes=20 * 10**9, free_files=10**6)


def expect(finding: Finding, level: Level, *words: str) -> None:
    assert finding.level is level, finding
    assert bool(finding.remedy) is (level is not Level.OK), "a fault has a remedy"
    for word in words:
        assert word in str(finding)


@pytest.mark.parametrize(
    ("version", "newer", "level", "words"),
    [
        ((3, 11, 0), None, Level.OK, ["3.11.0"]),
        ((3, 14, 1), None, Level.OK, []),
        ((3, 10, 9), "python3.12", Level.PROBLEM, ["3.10.9", "make start PYTHON=python3.12"]),
        ((3, 9, 2), None, Level.PROBLEM, ["install Python 3.11"]),
    ],
)
def test_the_version_of_python(
    version: tuple[int, ...], newer: str | None, level: Level, words: list[str]
) -> None:
    expect(python.interpreter(version, newer), level, *words)


@pytest.mark.parametrize(
    ("missing", "level", "words"),
    [
        ([], Level.OK, []),
        (["ensurepip"], Level.PROBLEM, ["ensurepip", "apt install python3-venv"]),
        (["venv", "ensurepip"], Level.PROBLEM, ["apt install python3-venv"]),
        (["ssl"], Level.PROBLEM, ["ssl", "libssl-dev"]),
    ],
)
def test_parts_that_python_lacks(missing: list[str], level: Level, words: list[str]) -> None:
    expect(python.modules(missing), level, *words)


@pytest.mark.parametrize(
    ("found", "level", "words"),
    [
        (COMPLETE, Level.OK, ["3.13"]),
        (Environment(exists=False, ready=False), Level.OK, ["make start"]),
        (replace(COMPLETE, ready=False), Level.WARNING, ["make setup"]),
        (replace(COMPLETE, version=None), Level.PROBLEM, ["does not run", "rm -rf .venv"]),
        (replace(COMPLETE, version=(3, 10)), Level.PROBLEM, ["older than 3.11"]),
        (replace(COMPLETE, libraries=((3, 12),)), Level.PROBLEM, ["upgraded", "rm -rf .venv"]),
        (replace(COMPLETE, strays=(".venv/bin/pip",)), Level.PROBLEM, ["moved or copied"]),
    ],
)
def test_the_environment(found: Environment, level: Level, words: list[str]) -> None:
    expect(python.environment(found), level, *words)


def test_the_environment_of_a_folder_that_was_moved_or_lost_its_python(tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "lib" / "python3.13").mkdir(parents=True)
    pip = venv / "bin" / "pip"
    pip.write_text("#!/gone/.venv/bin/python3\n")
    found = python.read_environment(venv)
    assert found == Environment(True, False, None, ((3, 13),), (".venv/bin/pip",))
    (venv / "bin" / "python").symlink_to(sys.executable)
    pip.write_text(f"#!{venv}/bin/python\n")
    found = python.read_environment(venv)
    assert (found.version, found.strays) == (sys.version_info[:2], ())


def test_the_lock_files_are_those_of_the_makefile() -> None:
    (line,) = re.findall(r"^override LOCKS := (.*)$", (PROJECT / "Makefile").read_text(), re.M)
    named = re.sub(
        r"\$\(addprefix (\S+),(.*?)\)",
        lambda found: " ".join(found[1] + name for name in found[2].split()),
        line,
    )
    assert tuple(named.split()) == python.LOCKS


@pytest.mark.parametrize(
    ("found", "installed", "level", "words"),
    [
        (ROOMY, False, Level.OK, ["20.0 GB free"]),
        (replace(ROOMY, free_bytes=10**9), False, Level.PROBLEM, ["Only 1.0 GB", "1.5 GB"]),
        (replace(ROOMY, free_bytes=10**9), True, Level.OK, []),
        (replace(ROOMY, free_bytes=10**8), True, Level.PROBLEM, ["Only 0.1 GB"]),
        (replace(ROOMY, free_files=99), False, Level.PROBLEM, ["99 more files", "df -i"]),
        (replace(ROOMY, free_files=None), False, Level.OK, []),
        (replace(ROOMY, writable=False), True, Level.PROBLEM, ["not writable"]),
        (replace(ROOMY, executable=False), True, Level.PROBLEM, ["noexec"]),
    ],
)
def test_the_disk(found: Disk, installed: bool, level: Level, words: list[str]) -> None:
    expect(machine.disk(found, installed), level, *words)


@pytest.mark.parametrize(
    ("strangers", "by_sudo", "level", "words"),
    [
        ([], False, Level.OK, ["me"]),
        ([Owner(".local/lock", "root")], False, Level.PROBLEM, [".local/lock", "root", "chown"]),
        ([Owner("a", "root")] * 3, False, Level.PROBLEM, ["2 more"]),
        ([], True, Level.WARNING, ["without sudo"]),
    ],
)
def test_files_of_others(
    strangers: list[Owner], by_sudo: bool, level: Level, words: list[str]
) -> None:
    expect(machine.files(strangers, "me", by_sudo), level, *words)


def test_files_of_others_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "lock").touch()
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    found = [owner.path for owner in machine.read_strangers(tmp_path)]
    assert found == [".", ".local", ".local/lock"]


@pytest.mark.parametrize(
    ("soft", "hard", "level", "words"),
    [
        (1024, 4096, Level.OK, []),
        (256, 1 << 30, Level.WARNING, ["256", "ulimit -n 4096"]),
        (256, 512, Level.WARNING, ["ulimit -n 1024", "administrator"]),
    ],
)
def test_file_descriptors(soft: int, hard: int, level: Level, words: list[str]) -> None:
    expect(machine.descriptors(soft, hard), level, *words)


def test_files_of_the_future() -> None:
    expect(machine.file_times(1_000.0, 1_000.0), Level.OK)
    expect(machine.file_times(8_200.0, 1_000.0), Level.WARNING, "2.0 hours", "clock", "touch")


@pytest.mark.parametrize(
    ("found", "level", "words"),
    [
        (programs.git(True, True), Level.OK, []),
        (programs.git(False, True), Level.WARNING, ["git", "apt install"]),
        (programs.git(True, False), Level.WARNING, ["not a clone"]),
        (programs.chromium("/usr/bin/chromium", False), Level.OK, ["/usr/bin/chromium"]),
        (programs.chromium(None, False), Level.WARNING, ["browser are skipped", "chromium"]),
        (programs.chromium(None, True), Level.WARNING, ["unset CHROMIUM"]),
        (programs.zbar(True), Level.OK, ["zbar"]),
        (programs.zbar(False), Level.WARNING, ["apt install libzbar0"]),
        (programs.java(17), Level.OK, []),
        (programs.java(11), Level.WARNING, ["Java is 11", "skipped"]),
        (programs.java(None), Level.WARNING, ["No Java", "skipped"]),
        (programs.node(True, True), Level.OK, []),
        (programs.node(False, False), Level.WARNING, ["No Node.js", "skipped"]),
        (programs.node(True, False), Level.WARNING, ["No npm", "skipped"]),
    ],
)
def test_other_programs(found: Finding, level: Level, words: list[str]) -> None:
    expect(found, level, *words)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('openjdk version "17.0.9" 2023-10-17', 17),
        ('java version "1.8.0_391"', 8),
        ("The operation couldn't be completed. Unable to locate a Java Runtime.", None),
    ],
)
def test_versions_of_java(text: str, version: int | None) -> None:
    assert programs.java_version(text) == version


def test_a_check_that_fails_is_a_warning_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_arguments: object) -> list[Finding]:
        raise PermissionError("/proc/net/tcp")

    monkeypatch.setattr("local.doctor.network.contact", lambda _environment: None)
    monkeypatch.setattr("local.doctor.machine.findings", fails)
    monkeypatch.setattr("local.doctor.stack.findings", lambda *_: [problem("Taken", "Free it")])
    found = list(diagnosis.diagnose(8080))
    assert "The machine could not be checked: /proc/net/tcp" in [each.sentence for each in found]
    assert "Taken" in [each.sentence for each in diagnosis.problems(8080)]


def test_the_command_runs_on_this_machine_with_the_standard_library_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", "local.doctor"],
        cwd=PROJECT, env=os.environ | {"PYTHONPATH": "layers:."}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert done.stderr == ""
    assert any(line.startswith("ok       Python 3.") for line in lines)
    assert done.returncode == any(line.startswith("PROBLEM") for line in lines)
    assert len(lines) > 12


def test_it_can_be_read_by_a_python_that_is_too_old_for_the_rest() -> None:
    sources = [*(PROJECT / "local" / "doctor").glob("*.py"), PROJECT / "ops" / "make_variables.py"]
    for name in ("local/ports.py", "local/processes.py", "ops/terminal.py", "ops/__init__.py"):
        sources.append(PROJECT / name)
    for source in sources:
        ast.parse(source.read_text(), feature_version=(3, 8))

"""What is said to make is data: no value of a variable becomes a part of a command."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.template import PROJECT

MAKEFILE = (PROJECT / "Makefile").read_text()
TARGETS = {
    target: re.findall(r"\b([A-Z][A-Z_]+|F|E)=", described)
    for target, described in re.findall(r"^([a-z-]+):[^#\n]*## (.*)", MAKEFILE, re.MULTILINE)
}
"""With the variables that `make help` names."""

INTERNAL = re.findall(r"^override ([A-Z_]+) ", MAKEFILE, re.MULTILINE)

HOSTILE = [
    "a `touch ran` $(touch ran)",
    "a $(shell touch ran)",
    "a'; touch ran; '",
    'a"; touch ran; "',
    "a; touch ran\ntouch ran\n",
    "--stack=$5 $$ ${HOME} %",
]

RECORDER = """#!/bin/sh
printf '%s\\0' "$@" >> arguments
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The Makefile in a folder whose Python only writes down its arguments."""
    shutil.copy(PROJECT / "Makefile", tmp_path)
    (tmp_path / "layers").mkdir()
    shutil.copy(PROJECT / "layers" / "Makefile", tmp_path / "layers")
    binaries = tmp_path / ".venv" / "bin"
    for folder in (binaries, tmp_path / ".venv" / "opt" / "sam" / "bin"):
        folder.mkdir(parents=True)
    for name in ("python", "uv", "ruff", "mypy", "zizmor", "sam", "chromium"):
        (binaries / name).write_text(RECORDER)
        (binaries / name).chmod(0o700)
    for name in ("ready", "audited"):
        (tmp_path / ".venv" / name).touch()
    return tmp_path


def make(checkout: Path, *words: str, **environment: str) -> list[str]:
    """The arguments of what it ran."""
    run(checkout, *words, **environment)
    written = checkout / "arguments"
    return written.read_text().split("\0") if written.exists() else []


def run(checkout: Path, *words: str, **environment: str) -> str:
    """What it printed."""
    done = subprocess.run(
        ["make", "--assume-old=.venv/ready", "--assume-old=.venv/audited", *words],
        cwd=checkout,
        env={"PATH": f"{checkout / '.venv/bin'}:{os.environ['PATH']}", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=30,
        check=False,
    )
    return done.stdout + done.stderr


def ran(checkout: Path) -> bool:
    return any(checkout.rglob("ran"))


NEEDED = {
    "key": ["NAME"], "revoke": ["ID"], "rotate": ["ID"], "import": ["FILE"], "invoke": ["F"],
    "plan": ["PLAN"], "disable": ["LINK", "REASON"], "enable": ["LINK"],
    "block": ["HOST", "REASON"], "unblock": ["HOST"],
    "suspend": ["ACCOUNT"], "unsuspend": ["ACCOUNT"], "release": ["ALIAS"],
}  # fmt: skip
"""Without which a target only says that it is missing."""

CASES = [(target, variable) for target, variables in TARGETS.items() for variable in variables]


def test_make_help_names_variables_of_many_targets() -> None:
    assert len(CASES) > 30


@pytest.mark.parametrize(("target", "variable"), CASES, ids=[" ".join(case) for case in CASES])
def test_a_value_reaches_the_command_as_it_was_said(
    checkout: Path, target: str, variable: str
) -> None:
    for value in HOSTILE:
        said = {**dict.fromkeys(NEEDED.get(target, ()), "x"), variable: value}
        arguments = make(checkout, target, *(f"{name}={text}" for name, text in said.items()))
        assert not ran(checkout), value
        if re.search(rf'"\$\$(\{{)?{variable}\b', MAKEFILE):
            assert any(value in argument for argument in arguments), (value, arguments)
        (checkout / "arguments").unlink(missing_ok=True)


@pytest.mark.parametrize("target", TARGETS)
def test_a_variable_that_no_target_knows_is_not_run_either(checkout: Path, target: str) -> None:
    for value in ("x; touch ran #", "$(shell touch ran)"):
        names = ("UNKNOWN", "MAKEFILE_LIST", *INTERNAL)
        make(checkout, target, *(f"{name}={value}" for name in names))
        assert not ran(checkout), value


@pytest.mark.parametrize("target", TARGETS)
def test_nor_is_a_variable_of_the_environment(checkout: Path, target: str) -> None:
    names = {*NEEDED.get(target, ()), *TARGETS[target]}
    make(checkout, target, **dict.fromkeys(names, "a `touch ran` $(shell touch ran)"))
    assert not ran(checkout)


def test_no_recipe_has_a_variable_of_the_command_line_in_its_text() -> None:
    """Of make's own syntax only what the Makefile itself defines."""
    used = set(re.findall(r"(?<!\$)\$[({]([A-Z_]+)[)}]", MAKEFILE))
    assert used - {*INTERNAL, "MAKECMDGOALS", "CURDIR"} == set()


@pytest.mark.parametrize("words", [["build"], ["--directory=layers", "build-DependenciesLayer"]])
@pytest.mark.parametrize("said", [{}, {"UV_SYSTEM_CERTS": "0"}], ids=["by itself", "unless told"])
def test_uv_believes_whom_the_machine_believes(
    checkout: Path, words: list[str], said: dict[str, str]
) -> None:
    """Behind a proxy that inspects traffic it would find no issuer otherwise."""
    uv = checkout / ".venv" / "bin" / "uv"
    uv.write_text(f'#!/bin/sh\nprintf "%s\\0" "$UV_SYSTEM_CERTS" >> "{checkout}/arguments"\n')
    assert said.get("UV_SYSTEM_CERTS", "1") in make(checkout, *words, **said)


def test_the_layer_is_taken_from_the_cache_before_the_network(checkout: Path) -> None:
    """So that a change of code is deployed without one: versions and hashes are fixed."""
    uv, build = checkout / ".venv" / "bin" / "uv", ["--directory=layers", "build-DependenciesLayer"]
    calls = checkout / "calls"
    uv.write_text(f'#!/bin/sh\necho "$*" >> "{calls}"\n')
    make(checkout, *build)
    (cached,) = [call for call in calls.read_text().splitlines() if "pip install" in call]
    assert "--offline" in cached
    assert "--require-hashes" in cached
    calls.unlink()
    uv.write_text(f'#!/bin/sh\necho "$*" >> "{calls}"\ncase "$*" in *--offline*) exit 1 ;; esac\n')
    make(checkout, *build)
    _, fetched = [call for call in calls.read_text().splitlines() if "pip install" in call]
    assert fetched == cached.replace(" --offline", "")


def test_a_build_says_why_lambdas_python_could_not_be_had(checkout: Path) -> None:
    uv = checkout / ".venv" / "bin" / "uv"
    uv.write_text("#!/bin/sh\necho 'error: no route to python.example' >&2\nexit 1\n")
    printed = run(checkout, "build")
    assert "cannot be installed:\nerror: no route to python.example\n" in printed

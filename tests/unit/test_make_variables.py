"""What is said to make is data: no value of a variable becomes a part of a command."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ops.make_variables import Makefile, problem
from project.template import PROJECT

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
    (tmp_path / "ops").mkdir()
    shutil.copy(PROJECT / "ops" / "make_variables.py", tmp_path / "ops")
    for lock in (*PROJECT.glob("requirements/*.txt"), *PROJECT.glob("layers/*/requirements.txt")):
        copy = tmp_path / lock.relative_to(PROJECT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()
    (binaries / "python3").write_text(RECORDER)
    (binaries / "python3").chmod(0o700)
    for name in ("ready", "audited"):
        (tmp_path / ".venv" / name).touch()
    return tmp_path


@pytest.fixture
def checked(checkout: Path) -> Path:
    """Where the names of variables are looked at, which takes a Python of its own each time."""
    (checkout / ".venv" / "bin" / "python3").unlink()
    return checkout


def make(checkout: Path, *words: str, **environment: str) -> list[str]:
    """The arguments of what it ran."""
    run(checkout, *words, **environment)
    written = checkout / "arguments"
    return written.read_text().split("\0") if written.exists() else []


def run(checkout: Path, *words: str, **environment: str) -> str:
    """What it printed."""
    done = finished(checkout, *words, **environment)
    return done.stdout + done.stderr


def finished(checkout: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *words],
        cwd=checkout,
        env={"PATH": f"{checkout / '.venv/bin'}:{os.environ['PATH']}", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=30,
        check=False,
    )


def ran(checkout: Path) -> bool:
    return any(checkout.rglob("ran"))


NEEDED = {
    "key": ["NAME"], "revoke": ["ID"], "rotate": ["ID"], "import": ["FILE"], "invoke": ["F"],
    "plan": ["PLAN"], "disable": ["LINK", "REASON"], "enable": ["LINK"],
    "block": ["HOST", "REASON"], "unblock": ["HOST"],
    "suspend-domain": ["DOMAIN", "REASON"], "restore-domain": ["DOMAIN"],
    "suspend": ["ACCOUNT"], "unsuspend": ["ACCOUNT"], "release": ["ALIAS"], "account": ["ACCOUNT"],
}  # fmt: skip
"""Without which a target only says that it is missing."""

CASES = [(target, variable) for target, variables in TARGETS.items() for variable in variables]

ONCE = [case for case in CASES if case[1] != "JSON" or case[0] == "keys"]
"""Its value reaches no command."""


def test_make_help_names_variables_of_many_targets() -> None:
    assert len(CASES) > 30


@pytest.mark.parametrize(("target", "variable"), ONCE, ids=[" ".join(case) for case in ONCE])
def test_a_value_reaches_the_command_unchanged(checkout: Path, target: str, variable: str) -> None:
    for value in HOSTILE:
        stated = {**dict.fromkeys(NEEDED.get(target, ()), "x"), variable: value}
        arguments = make(checkout, target, *(f"{name}={text}" for name, text in stated.items()))
        assert not ran(checkout), value
        if re.search(rf'"\$\$(\{{)?{variable}\b', MAKEFILE):
            assert any(value in argument for argument in arguments), (value, arguments)
        (checkout / "arguments").unlink(missing_ok=True)


@pytest.mark.parametrize("target", TARGETS)
def test_an_unknown_variable_is_not_run_either(checkout: Path, target: str) -> None:
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
@pytest.mark.parametrize("stated", [{}, {"UV_SYSTEM_CERTS": "0"}], ids=["by itself", "unless told"])
def test_uv_believes_whom_the_machine_believes(
    checkout: Path, words: list[str], stated: dict[str, str]
) -> None:
    """Behind a proxy that inspects traffic it would find no issuer otherwise."""
    uv = checkout / ".venv" / "bin" / "uv"
    uv.write_text(f'#!/bin/sh\nprintf "%s\\0" "$UV_SYSTEM_CERTS" >> "{checkout}/arguments"\n')
    assert stated.get("UV_SYSTEM_CERTS", "1") in make(checkout, *words, **stated)


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


def test_what_make_help_names_is_what_a_target_reads() -> None:
    makefile = Makefile(MAKEFILE)
    read = {target: makefile.read_by(target) for target in TARGETS}
    assert [case for case in CASES if case[1] not in read[case[0]]] == []


def test_a_target_accepts_the_variables_that_it_reads() -> None:
    makefile = Makefile(MAKEFILE)
    for target in TARGETS:
        for name in makefile.read_by(target):
            assert problem(makefile, [target], {name: "1"}) is None, (target, name)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["keys", "ACOUNT=x"], "make keys does not read ACOUNT=; did you mean ACCOUNT=?"),
        (["key", "NAME=x", "PERMISSION=read"], "did you mean PERMISSIONS=?"),
        (["plan", "account=x"], "did you mean ACCOUNT=?"),
        (["rotate", "ID=x", "GRACE_DAYS=0"], "did you mean GRACE=?"),
        (["plans", "ACCOUNT=x"], "make plans does not read ACCOUNT="),
        (["backup", "ACCOUNT=x"], "make backup does not read ACCOUNT="),
        (["revoke", "ID=x", "HOST=y"], "which is for: make block, make unblock"),
        (["edge-secret", "STACK=x"], "it reads no variables"),
        (["help", "X=1"], "make help does not read X="),
        (["X=1"], "make help does not read X="),
        (["browser", "X=1"], "make browser does not read X="),
        (["-j2", "keys", "aliases", "ALIAS=x"], "make keys aliases does not read ALIAS="),
        (["scan", "STACK=x"], "make scan does not read STACK="),
        (["key", "NAME=x", "\x1b]0;t\x07=1"], "does not read"),
    ],
)
def test_a_variable_that_a_target_does_not_read_is_rejected(
    checked: Path, words: list[str], message: str
) -> None:
    done = finished(checked, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "\x1b" not in done.stderr
    assert not (checked / "arguments").exists()


@pytest.mark.parametrize(
    ("target", "name"), [("import", "DRY_RUN"), ("restore", "YES"), ("restore", "FORCE"),
                         ("suspend", "KEEP_LINKS"), ("keys", "JSON")],
)  # fmt: skip
def test_a_flag_is_1_and_nothing_that_could_be_meant_as_no(
    checked: Path, target: str, name: str
) -> None:
    """`FORCE=0` forced."""
    stated = [f"{needed}=x" for needed in NEEDED.get(target, ())]
    for value in ("0", "no", "false"):
        done = finished(checked, target, *stated, f"{name}={value}")
        assert done.returncode == 2
        assert f"{name}= is 1, or left out for no" in done.stderr
    assert not (checked / "arguments").exists()
    for value in ("1", ""):
        assert finished(checked, target, *stated, f"{name}={value}").returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ["keys", "PYTHON=python3"], ["test", "PROVE=yes"], ["keys", "CI=true", "V=1"],
        ["keys", "AWS_REGION=eu-west-1", "STACK=x"], ["start", "PORT=8081", "https_proxy=x"],
        ["load", "PORT=8081", "REQUESTS=5"], ["start", "keys", "PORT=8081", "ACCOUNT=x"],
        ["--no-print-directory", "-s", "keys", "STACK=x"],
    ],
)  # fmt: skip
def test_variables_of_make_and_of_programs_are_none_of_ours(
    checked: Path, words: list[str]
) -> None:
    assert "does not read" not in run(checked, *words)


def test_a_variable_of_the_environment_is_not_looked_at(checked: Path) -> None:
    """A shell has many that are about something else."""
    done = finished(checked, "keys", ACOUNT="x", HOST="my-machine", FOO="1")
    assert done.returncode == 0


def test_variables_that_programs_read_can_be_passed_to_make() -> None:
    """By ops, local, tests and bench; functions have theirs from the template."""
    read = set()
    for folder in ("ops", "local", "tests", "bench"):
        for file in (PROJECT / folder).rglob("*.py"):
            found = re.findall(r"""environ(?:\.get\(|\[)"([A-Z_]+)""", file.read_text())
            read |= {name for name in found if not name.endswith(("_TABLE", "_URL"))}
    makefile = Makefile(MAKEFILE)
    assert {name for name in read if not makefile.is_environment(name)} == NEVER_GIVEN


NEVER_GIVEN = {
    "PATH",
    "GOALS",
    "GIVEN",
    "CONTENT_LENGTH",
    "CONTEXT",
    "ERROR",
    "GATEWAY_RESPONSES",
    "NOTES",
    "PATH_INFO",
    "PLANS",
    "QUERY_STRING",
    "REQUEST_METHOD",
    "SUDO_USER",
    "XDG_CONFIG_HOME",
}
"""PATH and the last two are a machine's, GOALS and GIVEN are the Makefile's own, the others are of
servers and of functions in processes of their own."""

"""Every snippet runs as it is shown, with a real key, and does what it says."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from jmpy.access.permission import Permission
from jmpy.dashboard.snippets import VARIABLE, Snippet, first_request
from project.origins import SOMEBODY
from tests.integration.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jmpy.accounts.service import AccountService
    from jmpy.keys.service import KeyService

RUNNERS = {
    "curl": ("first.sh", ["bash"]),
    "Python": ("first.py", [sys.executable, "-I"]),
    "JavaScript": ("first.mjs", ["node"]),
}
"""By tab: the file that a reader saves it in, and the program that runs it."""
NAME_OF_KEY = "First steps"


class Deployment(NamedTuple):
    base_url: str
    keys: KeyService

    def key(self, *permissions: Permission) -> str:
        names = [one.value for one in permissions]
        return self.keys.create("acme", NAME_OF_KEY, names, by=SOMEBODY).secret


@pytest.fixture(params=["", "/live"], ids=["root", "stage"])
def deployment(
    request: pytest.FixtureRequest,
    accounts: AccountService,
    service: KeyService,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Deployment]:
    accounts.ensure("acme", by=SOMEBODY)
    with served(request.param) as base_url:
        monkeypatch.setenv("PUBLIC_BASE_URL", base_url)
        yield Deployment(base_url, service)


def run(snippet: Snippet, folder: Path, **variables: str) -> Any:
    """What it prints, which is one value."""
    return value(snippet.name, run_text(snippet, folder, **variables), folder)


def run_text(snippet: Snippet, folder: Path, **variables: str) -> str:
    name, program = RUNNERS[snippet.name]
    if shutil.which(program[0]) is None:
        pytest.skip(f"no {program[0]} on this machine")
    (folder / name).write_text(snippet.code + "\n")
    done = subprocess.run(
        [*program, name], cwd=folder, env={"PATH": os.environ["PATH"], **variables},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def value(name: str, printed: str, folder: Path) -> Any:
    """Each language prints values in its own way; JavaScript's is evaluated by what printed it."""
    if name == "curl":
        return json.loads(printed)
    if name == "Python":
        return ast.literal_eval(printed)
    source = f"console.log(JSON.stringify({printed}))"
    evaluated = subprocess.run(
        ["node", "-e", source], cwd=folder, capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(evaluated.stdout)


@pytest.mark.parametrize("name", RUNNERS)
@pytest.mark.parametrize("in_environment", [False, True], ids=["key-in-it", "key-in-environment"])
def test_the_snippet_of_a_key_that_may_write_creates_a_link(
    name: str, in_environment: bool, deployment: Deployment, tmp_path: Path
) -> None:
    permissions = (Permission.WRITE, Permission.READ)
    secret = deployment.key(*permissions)
    shown = first_request(deployment.base_url, permissions, None if in_environment else secret)
    (snippet,) = [one for one in shown.snippets if one.name == name]
    created = run(snippet, tmp_path, **({VARIABLE: secret} if in_environment else {}))
    assert created["success"] is True
    link = created["data"]
    assert link["short_url"] == f"{deployment.base_url}/{link['short_code']}"
    assert link["original_url"] == "https://example.com/"
    assert (secret in snippet.code) is not in_environment


@pytest.mark.parametrize("name", RUNNERS)
@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        (Permission.READ, ("shortUrls", [])),
        (Permission.ANALYTICS, ("total_clicks", 0)),
        (Permission.DELETE, ("name", NAME_OF_KEY)),
    ],
)
def test_the_snippet_of_another_key_reads_what_that_key_may_read(
    name: str,
    permission: Permission,
    expected: tuple[str, Any],
    deployment: Deployment,
    tmp_path: Path,
) -> None:
    shown = first_request(deployment.base_url, {permission}, deployment.key(permission))
    (snippet,) = [one for one in shown.snippets if one.name == name]
    assert expected in run(snippet, tmp_path)["data"].items()


STRANGE = 'https://go.example.com/it\'s $HOME "and" `id` \\n !! € 😀'
"""No address of ours; what is quoted right for it is quoted right."""
ECHOES = {
    "curl": 'curl() { printf "%s\\n" "$1" "$3"; }\n',
    "Python": "import sys, types\nsys.modules['requests'] = types.SimpleNamespace(\n"
    "    get=lambda url, headers, timeout: print(url, *headers.items(), sep='\\n')\n"
    "    or types.SimpleNamespace(json=str))\n",
    "JavaScript": "globalThis.fetch = async (url, { headers }) => {\n"
    "  process.stdout.write(`${url}\\n${headers.Authorization}\\n`); return { json() {} };\n};\n",
}
"""What runs before a snippet, so that it prints what it would send."""


@pytest.mark.parametrize("name", RUNNERS)
def test_whatever_is_in_the_address_or_the_key_is_sent_as_it_is(name: str, tmp_path: Path) -> None:
    shown = first_request(STRANGE, {Permission.READ}, STRANGE)
    (snippet,) = [one for one in shown.snippets if one.name == name]
    printed = run_text(replace(snippet, code=ECHOES[name] + snippet.code), tmp_path)
    url, header = printed.splitlines()[:2]
    assert url == f"{STRANGE}/api/v1/short-urls?limit=5"
    assert f"Bearer {STRANGE}" in header.replace("\\'", "'").replace("\\\\", "\\")


LOADERS = {
    "a shell": [
        "bash", "-c",
        'set -a; . ./.env; set +a; printf "%s %s" "$JMPY_BASE_URL" "$JMPY_API_KEY"',
    ],
    "python-dotenv": [
        sys.executable, "-c",
        "from dotenv import dotenv_values as v; print(*v('.env').values(), end='')",
    ],
    "Node.js": [
        "node", "--env-file=.env", "-e",
        "process.stdout.write(process.env.JMPY_BASE_URL + ' ' + process.env.JMPY_API_KEY)",
    ],
}  # fmt: skip


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("base_url", ["https://go.example.com", "http://[::1]:8080/live"])
def test_the_env_file_means_the_same_to_all_that_load_it(
    loader: str, base_url: str, tmp_path: Path
) -> None:
    if shutil.which(LOADERS[loader][0]) is None:
        pytest.skip(f"no {LOADERS[loader][0]} on this machine")
    shown = first_request(base_url, {Permission.READ}, "jmpy_secret")
    (snippet,) = [one for one in shown.snippets if one.name == ".env"]
    (tmp_path / ".env").write_text(snippet.code + "\n")
    done = subprocess.run(
        LOADERS[loader], cwd=tmp_path, env={"PATH": os.environ["PATH"]},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout == f"{base_url} jmpy_secret"

"""Every command that the documentation shows runs as it is written, or is named here with the
reason why it does not. What a `console` block shows as its output is what comes out."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ops import stack_env
from project.hosted_login import newcomer
from project.stack import Stack
from project.template import PROJECT
from tests.unit.test_docs import DOCUMENTS, blocks, relative

ELSEWHERE = {
    r"git clone ": "the address is the repository's own",
    r"make (setup|start|test)\b": "they are what runs this test; tests/e2e/test_local_stack.py",
    r"make conformance( JSON=1)?$": "tests/emulator/test_conformance.py; ONLY= does run",
    r"make build$": "tests/e2e/test_build.py",
    r"make (suspend|restore)-domain ": "tests/integration/test_domain_commands.py",
    r"curl -X PUT .*/files/": "of the reader's own domain; tests/integration/test_domain_files.py",
    r"make invoke ": "tests/e2e/test_events.py",
    r"make sam-local\b": "wants containers; tests/unit/test_sam_local.py",
    r"curl http://127\.0\.0\.1:3000/": "asks what `make sam-local` serves",
    r"podman |export DOCKER_HOST=": "wants containers",
    r"(bash|python|node) examples/story\.": "tests/e2e/test_examples.py",
    r"export JMPY_BASE_URL=": "the reader's own values",
    r"curl .https://go\.example\.com/": "tests/integration/test_snippets.py",
    r"PYTHONPATH=layers:\. \.venv/bin/python -m pytest": "this is such a run",
    r"make bench\b|PYTHONPATH=layers:\. \.venv/bin/python -m bench\.": "takes minutes",
    r"\.venv/opt/sam/bin/sam (deploy|delete)\b": "wants an AWS account; tests/unit/test_deploy.py",
    r"\.venv/opt/sam/bin/sam local invoke": "wants containers",
    r"make .*\bSTACK=": "wants a stack on AWS",
    r"aws ": "wants the AWS CLI and a stack on AWS",
}
"""Commands that do not run here, by how they begin, and why or where they are tried."""

FILES = {"links.csv": "short_code,original_url\nmoved-here,https://example.com/\n"}
"""What commands read that readers have and the project has not."""

RUNNABLE = ("sh", "console")
DATA = ("text", "json", "python", "js", "yaml", "")
"""Languages of what is no command: tests/unit/test_docs.py looks at these."""


@dataclass(frozen=True)
class Step:
    command: str
    output: str
    """As shown; empty where none is."""

    @property
    def runs_elsewhere(self) -> bool:
        return any(re.match(pattern, self.command) for pattern in ELSEWHERE)


def steps(language: str, text: str) -> list[Step]:
    """A command goes on where its line ends with a backslash or within quotes."""
    joined = re.sub(r"\\\n\s*", "", text)
    if language == "console":
        found = re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n?)*)", joined, re.MULTILINE)
        return [Step(command, output) for command, output in found]
    commands, begun = [], ""
    for line in joined.splitlines():
        begun += re.sub(r"\s{2,}#.*", "", line).strip() + " "
        if is_whole(begun):
            commands.append(begun.strip())
            begun = ""
    assert not begun, f"quotes that do not end: {begun}"
    return [Step(command, "") for command in commands if command]


def is_whole(command: str) -> bool:
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True


SHOWN = {
    f"{relative(document)}-{number}": steps(block.language, block.text)
    for document in DOCUMENTS
    for number, block in enumerate(blocks(document.read_text()), 1)
    if block.language in RUNNABLE
}


@pytest.fixture
def sandbox(stack: Stack, tmp_path: Path) -> Path:
    """The project's folder, in which the stack of the tests is the local one, with a key that may
    be lost: the folders that look for it are copied, the others linked."""
    copied = {"local", "ops"}
    for entry in PROJECT.iterdir():
        if entry.name in copied:
            shutil.copytree(entry, tmp_path / entry.name)
        elif entry.name not in {".local", ".git"}:
            (tmp_path / entry.name).symlink_to(entry)
    (tmp_path / ".local").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    # On a terminal curl shows no progress where it shows the answer.
    (tmp_path / ".curlrc").write_text("silent\nshow-error\n")
    stack.account("acme", plan="free")  # as docs/limits.md has it
    secret, _ = stack.key("read", "write", "delete", "analytics", account="documented")
    env = replace(stack.env, api_key=secret, account="documented")
    stack_env.write(env, tmp_path / ".local")
    return tmp_path


def run(command: str, folder: Path, **variables: str) -> str:
    """What a reader sees; the variables are those that the README has them set."""
    done = subprocess.run(
        ["bash", "-ec", f"set -a; . .local/stack.env; set +a; {command}"],
        cwd=folder, env={"PATH": os.environ["PATH"], "HOME": str(folder), **variables},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout + done.stderr


VOLATILE = {
    r"jmpy_\w{38}": "jmpy_...",
    r"jmpy_\w{4}\.\.\.\w{4}": "jmpy_....",
    r"[0-9a-f]{8}-([0-9a-f-]{27}|\.\.\.)": "ID",
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\dZ)?": "TIME",
    r"127\.0\.0\.1:\d+": "HOST",
}


def alike(text: str) -> str:
    """Without what differs from run to run. A long line is wrapped where it is shown."""
    for pattern, name in VOLATILE.items():
        text = re.sub(pattern, name, text)
    if text.startswith("{"):
        return json.dumps(json.loads(text.replace("\n", "")))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


TRIED = {
    name: shown for name, shown in SHOWN.items() if not all(step.runs_elsewhere for step in shown)
}


@pytest.mark.parametrize("shown", TRIED.values(), ids=TRIED)
def test_commands_run_as_documented(stack: Stack, sandbox: Path, shown: list[Step]) -> None:
    assert shown
    made = ""
    for step in shown:
        if step.runs_elsewhere:
            continue
        # An id that is shown cut off is that of what was made before.
        command = re.sub(r"[0-9a-f]{8}-\.\.\.", made, step.command)
        variables = {}
        if "$ID_TOKEN" in command:
            account, variables["ID_TOKEN"] = newcomer(stack, "documented@example.com")
            _, variables["KEY_ID"] = stack.key("read", account=account, plan="free")
        printed = run(command, sandbox, **variables)
        stack.secrets.extend(re.findall(r"jmpy_\w{38}|jmpt_\w{82}", printed))
        if found := re.search(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", printed):
            made = found[0]
        if "curl " in command:
            assert '"success":false' not in printed, printed
        if step.output:
            assert alike(printed) == alike(step.output)


def test_no_block_is_of_a_language_that_nobody_looks_at() -> None:
    languages = {block.language for document in DOCUMENTS for block in blocks(document.read_text())}
    assert languages <= {*RUNNABLE, *DATA}


def test_every_reason_is_still_needed() -> None:
    commands = [step.command for shown in SHOWN.values() for step in shown]
    assert [p for p in ELSEWHERE if not any(re.match(p, c) for c in commands)] == []

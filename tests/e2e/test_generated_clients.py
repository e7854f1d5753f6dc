"""Clients generated from the document send the first request of the README, and get what they
expect."""

from __future__ import annotations

import re
from pathlib import Path

from tests import generated_clients
from tests.e2e.conftest import Stack
from tests.generated_clients import EXAMPLES, checked, compiled, run

LISTED = r"(?s)Created \S+/(\w{7})\n.*\1: https://example\.com/, 0 clicks\n"


def settings(stack: Stack, key: str) -> dict[str, str]:
    return {"JMPY_BASE_URL": stack.env.base_url, "JMPY_API_KEY": key, "NO_PROXY": "127.0.0.1"}


def test_the_python_client_creates_a_link_and_lists_it(
    stack: Stack, everything: str, tmp_path: Path
) -> None:
    generated_clients.python(tmp_path)
    example = EXAMPLES / "first_request.py"
    environment = {**settings(stack, everything), "PYTHONPATH": str(tmp_path / "client")}
    said = checked("python", example, cwd=tmp_path, **environment)
    assert re.search(LISTED, said), said

    refused = run("python", example, cwd=tmp_path, **environment | {"JMPY_API_KEY": "jmpy_none"})
    assert refused.returncode == 1
    assert refused.stderr == "The provided API key is invalid or has been revoked\n"


def test_the_typescript_client_creates_a_link_and_lists_it(
    stack: Stack, everything: str, tmp_path: Path
) -> None:
    generated_clients.typescript(tmp_path)
    assert compiled(tmp_path, "first_request.ts") == []
    said = checked("node", "first_request.js", cwd=tmp_path, **settings(stack, everything))
    assert re.search(LISTED, said), said

    refused = run("node", "first_request.js", cwd=tmp_path, **settings(stack, "jmpy_none"))
    assert refused.returncode == 1
    assert refused.stderr == "The provided API key is invalid or has been revoked\n"

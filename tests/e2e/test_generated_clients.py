"""Clients generated from the document send the first request of the README, and get what they
expect."""

from __future__ import annotations

import re
from pathlib import Path

from project.stack import Stack
from tests import generated_clients
from tests.generated_clients import EXAMPLES, checked, compiled, run

READ_ALL = """
import inspect, os, pkgutil, sys
from importlib import import_module
import jmpy_client.api
from jmpy_client import AuthenticatedClient

client = AuthenticatedClient(
    base_url=os.environ["JMPY_BASE_URL"], token=os.environ["JMPY_API_KEY"],
    raise_on_unexpected_status=True,
)
for found in pkgutil.walk_packages(jmpy_client.api.__path__, "jmpy_client.api."):
    call = getattr(import_module(found.name), "sync_detailed", None)
    parameters = inspect.signature(call).parameters.values() if call else []
    if not call or any(p.default is p.empty for p in parameters if p.name != "client"):
        continue
    if import_module(found.name)._get_kwargs()["method"] == "get":
        response = call(client=client)
        name = found.name.rpartition(".")[2]
        print(name, response.status_code.value, type(response.parsed).__name__)
"""
"""Sends every GET that needs no argument, with the defaults that the client has."""

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


def test_the_python_client_reads_with_its_defaults_what_the_document_promises(
    stack: Stack, everything: str, tmp_path: Path
) -> None:
    generated_clients.python(tmp_path)
    environment = {**settings(stack, everything), "PYTHONPATH": str(tmp_path / "client")}
    read = [
        line.split()
        for line in checked("python", "-c", READ_ALL, cwd=tmp_path, **environment).splitlines()
    ]
    with_a_key = [name for name, status, _ in read if status == "200"]
    some = {"list_short_urls", "export_short_urls", "get_traffic_sources", "get_utm"}
    assert some <= set(with_a_key)
    for name, status, parsed in read:
        assert (status, parsed == "ErrorResponse") in {("200", False), ("403", True)}, name
        assert parsed != "NoneType", name


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

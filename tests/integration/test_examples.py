"""What the clients of `examples/` say of responses that a stack rarely gives: a proxy's page, a
message with everything that JSON allows, nothing at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from local.ports import free_port
from project.template import PROJECT

CLIENTS = {
    "curl": ["bash", "examples/story.sh"],
    "python": [sys.executable, "examples/story.py"],
    "node": ["node", "examples/story.mjs"],
}
MESSAGE = 'The "alias", {of} 50: a\\b, is taken'


class BadGateway(BaseHTTPRequestHandler):
    sent: bytes

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(502)
        self.send_header("Content-Length", str(len(self.sent)))
        self.end_headers()
        self.wfile.write(self.sent)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), BadGateway) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def stderr(client: str, address: str) -> str:
    """What a client writes, which fails, of a create."""
    program = shutil.which(CLIENTS[client][0])
    if program is None:
        pytest.skip(f"no {CLIENTS[client][0]} on this machine")
    settings = {"PATH": os.environ["PATH"], "JMPY_BASE_URL": address, "JMPY_API_KEY": "jmpy_none"}
    run = subprocess.run(
        [program, *CLIENTS[client][1:]], cwd=PROJECT, env=settings, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stdout) == (1, "")
    return run.stderr


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_a_message_is_printed_whole(client: str, separators: Any, address: str) -> None:
    error = {"code": "ALIAS_TAKEN", "message": MESSAGE, "details": {"hint": "no"}}
    body = {"success": False, "error": error}
    BadGateway.sent = json.dumps(body, separators=separators).encode()
    expected = f"POST /api/v1/short-urls returned 502: {MESSAGE}\n"
    assert stderr(client, address) == expected


@pytest.mark.parametrize("client", CLIENTS)
def test_a_response_that_is_not_of_the_api_is_printed_too(client: str, address: str) -> None:
    BadGateway.sent = b"<html>Bad gateway</html>"
    assert "returned 502: <html>Bad gateway</html>" in stderr(client, address)


@pytest.mark.parametrize("client", CLIENTS)
def test_no_response_is_reported_in_one_line(client: str) -> None:
    printed = stderr(client, f"http://127.0.0.1:{free_port()}")
    assert "POST /api/v1/short-urls got no response" in printed
    assert "Traceback" not in printed
    assert len(printed.splitlines()) <= 2

"""AWS at an address on this machine, as a test scripts it."""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[[BaseHTTPRequestHandler, bytes], None]
"""What a server does with a request and its body."""


@contextmanager
def server(script: Script) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # keeps connections

        def do_POST(self) -> None:
            script(self, self.rfile.read(int(self.headers["Content-Length"] or 0)))

        do_GET = do_POST  # noqa: N815 - the name that the base class looks for

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Clients that hang up are part of the tests."""

    serving = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=serving.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{serving.server_port}"
    finally:
        serving.shutdown()
        serving.server_close()


def response(
    request: BaseHTTPRequestHandler, status: int, document: object, **headers: str
) -> None:
    """In JSON, with the checksum that DynamoDB sends."""
    body = json.dumps(document).encode()
    request.send_response(status)
    for name, value in {"x_amz_crc32": str(zlib.crc32(body)), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


@contextmanager
def lambda_of(handler: Callable[[Any, Any], Any]) -> Iterator[str]:
    """Lambda with one function."""

    def run(request: BaseHTTPRequestHandler, body: bytes) -> None:
        try:
            response(request, 200, handler(json.loads(body), None))
        except Exception as error:  # noqa: BLE001 - what Lambda would do with it
            failed = {"errorMessage": str(error), "errorType": type(error).__name__}
            response(request, 200, failed, x_amz_function_error="Unhandled")

    with server(run) as endpoint:
        yield endpoint

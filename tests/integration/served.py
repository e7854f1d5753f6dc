"""The API of `gateway.py` at an address on this machine, for programs that are no Python client."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from tests.integration.gateway import BASE_URL, InProcess

_OF_THE_CONNECTION = {"host", "connection", "accept-encoding", "content-length"}


@contextmanager
def served(base_path: str = "") -> Iterator[str]:
    """The base URL, which ends in `base_path`."""
    api = httpx.Client(base_url=BASE_URL, transport=InProcess())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            assert self.path.startswith(base_path)
            headers = [
                (name, value)
                for name, value in self.headers.items()
                if name.lower() not in _OF_THE_CONNECTION
            ]
            path = self.path.removeprefix(base_path)
            response = api.request(self.command, path, headers=headers, content=body)
            self.send_response(response.status_code)
            for name, value in response.headers.items():
                self.send_header(name, value)
            if "content-length" not in response.headers:
                self.send_header("Content-Length", str(len(response.content)))
            self.end_headers()
            self.wfile.write(response.content)

        do_POST = do_GET  # noqa: N815 - the name that the base class looks for

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{base_path}"
        server.shutdown()

"""A server with Google Safe Browsing's Lookup API v4, and its own lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

KEY = "AIzaSy-key-of-the-tests"


class FakeSafeBrowsing:
    def __init__(self) -> None:
        self.unsafe: dict[str, str] = {}
        """Types of threats by URL."""
        self.cache_duration = "300.000s"
        self.requested: list[list[str]] = []
        """The URLs of each request that had the key."""
        self.response: tuple[int, bytes] | None = None
        """Sent instead of the normal response."""
        self.headers: dict[str, str] = {"Content-Type": "application/json"}
        self.paths: list[str] = []
        self.url = ""

    def respond(self, sent: dict[str, Any]) -> tuple[int, bytes]:
        urls = [entry["url"] for entry in sent["threatInfo"]["threatEntries"]]
        self.requested.append(urls)
        if self.response is not None:
            return self.response
        matches = [
            {
                "threatType": self.unsafe[url],
                "platformType": "ANY_PLATFORM",
                "threatEntryType": "URL",
                "threat": {"url": url},
                "cacheDuration": self.cache_duration,
            }
            for url in urls
            if url in self.unsafe
        ]
        return 200, json.dumps({"matches": matches} if matches else {}).encode()


@contextmanager
def serving() -> Iterator[FakeSafeBrowsing]:
    fake = FakeSafeBrowsing()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            fake.paths.append(self.path)
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, body = (
                fake.respond(sent)
                if self.headers.get("X-Goog-Api-Key") == KEY
                else (400, b'{"error": {"status": "INVALID_ARGUMENT"}}')
            )
            self.send_response(status)
            for name, value in fake.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            fake.paths.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        fake.url = f"http://127.0.0.1:{server.server_port}/v4/threatMatches:find"
        yield fake
        server.shutdown()

"""A resolver over HTTPS, without TLS, with records of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jmpy.fetch import Response
from local import dns_zone
from local.dns_zone import Record


class FakeResolver:
    def __init__(self) -> None:
        self.url = ""
        self.records: list[Record] = []
        self.is_failing = False
        """Whether it responds with SERVFAIL."""
        self.splits_texts = False
        """Whether TXT records have several strings."""

    def add(self, name: str, kind: str, value: str) -> None:
        self.records.append(Record.create(name, kind, value))

    def remove(self, name: str, kind: str) -> None:
        self.records = [one for one in self.records if (one.name, one.type) != (name, kind)]

    def respond_to(self, url: str) -> Response | None:
        """As `jmpy.fetch.request`, if the URL is of a lookup."""
        query = parse_qs(urlsplit(url).query)
        if not {"name", "type"} <= query.keys():
            return None
        document = self.respond(query["name"][0], query["type"][0])
        return Response(200, json.dumps(document).encode())

    def respond(self, name: str, kind: str) -> dict[str, Any]:
        if self.is_failing:
            return dns_zone.failure()
        response = dns_zone.respond(self.records, name, kind)
        if self.splits_texts and kind == "TXT":
            for entry in response.get("Answer", ()):
                entry["data"] = entry["data"].replace("=", '=" "')
        return response


@contextmanager
def serving() -> Iterator[FakeResolver]:
    fake = FakeResolver()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            response = fake.respond_to(self.path)
            status, body = response or (404, b"")
            self.send_response(status)
            self.send_header("Content-Type", "application/dns-json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Logs nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        fake.url = f"http://127.0.0.1:{server.server_port}/resolve"
        yield fake
        server.shutdown()

"""moto over TLS with connections that are kept, as AWS keeps them and moto's own server does not.

Arguments: port, certificate and key in one file.
"""

from __future__ import annotations

import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from moto.dynamodb.models.table import Table
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import EnvironBuilder, run_wsgi_app

# moto copies a table for every write of a transaction, to undo them if one fails; none does here.
Table.__deepcopy__ = lambda table, _: table  # type: ignore[attr-defined]

moto = DomainDispatcherApplication(create_backend_app)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one write per answer
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        sent = EnvironBuilder(
            self.path, method="POST", headers=list(self.headers.items()), data=body
        )
        chunks, status, headers = run_wsgi_app(moto, sent.get_environ(), buffered=True)
        response = b"".join(chunks)
        self.send_response(int(status.split()[0]))
        for name, value in headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(response)))
        self.end_headers()
        self.wfile.write(response)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def main() -> None:
    port, certificate = sys.argv[1:]
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    # The handshake in the connection's own thread, at its first read.
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.serve_forever()


if __name__ == "__main__":
    main()

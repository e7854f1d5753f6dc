"""A receiver of webhooks that serves logos as well, on this machine, with a self-signed
certificate."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "localhost"
CERTIFICATE = "receiver.pem"
"""In the folder of the receiver."""


class Received(NamedTuple):
    path: str
    signature: str
    body: str


class Receiver:
    """Received requests; `status` is the status of the responses."""

    def __init__(self, host: str = HOST) -> None:
        self.host = host
        self.received: list[Received] = []
        self.status = 204
        self.dawdles = False
        """Whether it sends its response byte by byte, for five seconds."""
        self.body = b""
        """Of the response to a GET."""
        self.trickles = False
        """Whether it sends its body byte by byte, for five seconds."""
        self.port = 0
        self.is_over = threading.Event()
        self.trust = ssl.create_default_context()

    @property
    def url(self) -> str:
        return f"https://{self.host}:{self.port}/hook?token=t0ken"


@contextmanager
def receiving(folder: Path, host: str = HOST) -> Iterator[Receiver]:
    receiver = Receiver(host)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            signature = self.headers["Jmpy-Signature"]
            receiver.received.append(Received(self.path, signature, body))
            self._respond(b"")

        def do_GET(self) -> None:
            receiver.received.append(Received(self.path, "", ""))
            self._respond(receiver.body)

        def _respond(self, body: bytes) -> None:
            self._send_slowly(b"H", 100 if receiver.dawdles else 0)
            self.send_response(receiver.status)
            self.send_header("Location", f"https://{host}:{receiver.port}/elsewhere")
            self.end_headers()
            self._send_slowly(body[:1], 100 if receiver.trickles else 0)
            self.wfile.write(body)

        def _send_slowly(self, byte: bytes, times: int) -> None:
            for _ in range(times):
                self.wfile.write(byte)
                if receiver.is_over.wait(0.05):
                    return

        def log_message(self, *_: object) -> None:
            """Logs nothing."""

    file = certificate(folder, host)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_port
    receiver.trust.load_verify_locations(file)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def certificate(folder: Path, host: str) -> Path:
    """A certificate for the host and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / CERTIFICATE
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return file

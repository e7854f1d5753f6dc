"""Requests to other services on the web: bounded in time and size, without redirects.

Uses the standard library, because neither the runtime nor the layers contain an HTTP client.
Redirects are not followed, so that no other server gets a token that a request carries. No error
raised here quotes a request or response: both may contain secrets.
"""

from __future__ import annotations

import json
import socket
import ssl
from contextlib import contextmanager, suppress
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TIMEOUT = 3.0
"""Seconds for connecting and for each read."""

ALTOGETHER = 6.0
"""Seconds for a request, also to a server that responds byte by byte."""

LARGEST = 256 * 1024
"""Bytes of a body."""


class Unreachable(Exception):
    """There was no response, or none that is readable. The message is the name of the failure."""


class Response(NamedTuple):
    status: int
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110 section 15.3

    def json(self) -> Any:
        """None without a body. Raises Unreachable."""
        try:
            return json.loads(self.body) if self.body else None
        except (ValueError, RecursionError) as error:
            raise Unreachable(type(error).__name__) from None


def request(
    method: str,
    url: str,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    *,
    altogether: float = ALTOGETHER,
) -> Response:
    """Raises Unreachable."""
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    return exchange(connection, method, target, headers, body, altogether=altogether)


def exchange(
    connection: Plain | Encrypted,
    method: str,
    target: str,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    *,
    altogether: float = ALTOGETHER,
) -> Response:
    """One request and its response, in so many seconds from the connection on; closes it. Raises
    Unreachable."""
    try:
        with ending(connection, altogether):
            # GitHub, for one, rejects requests without a User-Agent.
            connection.request(method, target, body, {"User-Agent": "Jmpy", **(headers or {})})
            response = connection.getresponse()
            content = response.read(LARGEST + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(failure(connection, error)) from None
    if connection.is_cut:  # which looks like the end of a body without a length
        raise Unreachable("TimeoutError")
    if len(content) > LARGEST:
        raise Unreachable("TooLarge")
    return Response(response.status, content)


class Plain(HTTPConnection):
    """For the local stack; on AWS every connection uses TLS."""

    wire: socket.socket | None = None
    """The socket to close. `sock` is given up while a response that ends with the connection is
    read."""
    is_cut = False

    def connect(self) -> None:
        super().connect()
        self.wire = self.sock


class Encrypted(HTTPSConnection):
    """Connects to `address`, if given; the certificate still has to be the host's."""

    def __init__(
        self,
        host: str,
        port: int | None,
        *,
        timeout: float,
        context: ssl.SSLContext,
        address: str | None = None,
    ) -> None:
        super().__init__(host, port, timeout=timeout, context=context)
        self._address = address or host
        self._tls = context
        self.wire: socket.socket | None = None
        self.is_cut = False

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        try:
            # The handshake comes after, so that it can be interrupted as well.
            self.sock = self.wire = self._tls.wrap_socket(
                plain, server_hostname=self.host, do_handshake_on_connect=False
            )
            if self.is_cut:
                raise TimeoutError
            self.sock.do_handshake()
        except OSError:
            plain.close()
            raise


@contextmanager
def ending(connection: Plain | Encrypted, seconds: float) -> Iterator[None]:
    """Closes the connection after so long, from another thread, so that all waiting fails; and in
    any case at the end."""
    timer = Timer(seconds, _cut, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        connection.close()


def failure(connection: Plain | Encrypted, error: Exception) -> str:
    """The name of the failure: a timeout, if the connection was closed for that."""
    return (TimeoutError if connection.is_cut else type(error)).__name__


def _cut(connection: Plain | Encrypted) -> None:
    connection.is_cut = True
    if connection.wire is not None:
        with suppress(OSError):
            # The socket beneath TLS, which would send a message of its own to close.
            socket.socket.shutdown(connection.wire, socket.SHUT_RDWR)


def _connection(scheme: str, host: str, port: int | None) -> Plain | Encrypted:
    if scheme == "https":
        return Encrypted(host, port, timeout=TIMEOUT, context=trust())
    return Plain(host, port, timeout=TIMEOUT)


@cache
def trust() -> ssl.SSLContext:
    """One for all connections: each would read the file of authorities."""
    return ssl.create_default_context()

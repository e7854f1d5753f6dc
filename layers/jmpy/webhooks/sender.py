"""One signed POST to a webhook, from which nothing comes back but whether it was taken.

The host's name is resolved here, once; every address has to be allowed; and the connection goes to
the address that was checked, so that a name cannot lead elsewhere the second time. No redirect is
followed and no body is read. What is raised or logged never names the URL, which often holds a
token.
"""

from __future__ import annotations

import socket
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jmpy import fetch
from jmpy.clock import system_clock
from jmpy.webhooks.addresses import is_public
from jmpy.webhooks.model import signature

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from jmpy.clock import Clock
    from jmpy.webhooks.model import Webhook

TIMEOUT = 5.0
"""Seconds for connecting and for each read."""

ALTOGETHER = 8.0
"""Seconds from the connection to the status, also of a receiver that answers byte by byte."""

_HTTPS = 443
_TAKEN = range(200, 300)


class NotTaken(Exception):
    """The receiver could not be reached, or answered other than 2xx. The message is the name of
    what happened, or `status` and the status."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class AddressRejected(Exception):
    """The host's name leads to an address that webhooks may not be sent to."""


class WebhookPost:
    def __init__(
        self,
        context: ssl.SSLContext | None = None,
        is_allowed: Callable[[str], bool] = is_public,
        now: Clock = system_clock,
        altogether: float = ALTOGETHER,
    ) -> None:
        self._altogether = altogether
        self._context = context
        self._is_allowed = is_allowed
        self._now = now

    def send(self, webhook: Webhook, body: str) -> int:
        """The status, which is one of success. Raises NotTaken, AddressRejected."""
        parts = urlsplit(webhook.url)
        assert parts.hostname is not None, "Webhook refuses URLs without a host"
        port = parts.port or _HTTPS
        address = self._address(parts.hostname, port)
        connection = fetch.Encrypted(
            parts.hostname,
            port,
            timeout=TIMEOUT,
            context=self._context or fetch.trust(),
            address=address,
        )
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Jmpy",
            "Jmpy-Signature": signature(webhook.secret, int(self._now()), body),
        }
        try:
            with fetch.ending(connection, self._altogether):
                connection.request("POST", target, body.encode(), headers)
                status = connection.getresponse().status
        except (OSError, ValueError, HTTPException) as error:
            raise NotTaken(fetch.failure(connection, error)) from None
        if status not in _TAKEN:
            raise NotTaken(f"status {status}", status)
        return status

    def _address(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, ValueError) as error:
            raise NotTaken(type(error).__name__) from None
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses or not all(map(self._is_allowed, addresses)):
            raise AddressRejected
        return addresses[0]

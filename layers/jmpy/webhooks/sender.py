"""One signed POST to a webhook, which returns nothing but the status.

The host's name is resolved here, once; every address has to be allowed; and the connection goes to
the address that was checked, so that the name cannot resolve to another one. No redirect is
followed and no body is read. What is raised or logged never names the URL, which often holds a
token.
"""

from __future__ import annotations

from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jmpy import fetch
from jmpy.addresses import NotPublic, is_public, resolve
from jmpy.clock import system_clock
from jmpy.webhooks.model import signature

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from jmpy.clock import Clock
    from jmpy.webhooks.model import Webhook

TIMEOUT = 5.0
"""Seconds for connecting and for each read."""

ALTOGETHER = 8.0
"""Seconds from the connection to the status, also of a receiver that responds byte by byte."""

_HTTPS = 443
_SUCCESS = range(200, 300)


STATUS = "status "
"""What the reason of a failure begins with where the receiver responded; the status follows."""
ADDRESS_REJECTED = "address"


class DeliveryFailed(Exception):
    """The receiver could not be reached, or responded with another status than 2xx."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        """`reason`: the name of what happened, or `STATUS` and the status."""
        super().__init__(reason)
        self.reason = reason
        self.status = status


class AddressRejected(DeliveryFailed):
    """The host's name leads to an address that webhooks may not be sent to."""

    def __init__(self) -> None:
        super().__init__(ADDRESS_REJECTED)


class WebhookSender:
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
        """The status, which is one of success. Raises DeliveryFailed."""
        parts = urlsplit(webhook.url)
        assert parts.hostname is not None, "a Webhook has a URL with a host"
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
            raise DeliveryFailed(fetch.failure(connection, error)) from None
        if status not in _SUCCESS:
            raise DeliveryFailed(f"{STATUS}{status}", status)
        return status

    def _address(self, host: str, port: int) -> str:
        try:
            return resolve(host, port, self._is_allowed)
        except NotPublic:
            raise AddressRejected from None
        except (OSError, ValueError) as error:
            raise DeliveryFailed(type(error).__name__) from None

"""The viewer of a request: address and country, as far as they are known.

API Gateway knows the address that connected to it. Behind a CDN that is the CDN's, and the viewer's
is in headers, which anybody can write. They are trusted only if the request proves that it came
through the operator's CDN, with a secret that the CDN adds. `X-Forwarded-For` is never read.

Functions have only the secret's SHA-256. The authorizer loads this module on every cold start.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from jmpy.errors import Denied, NotFound
from jmpy.gateway import request_host, viewer_country

if TYPE_CHECKING:
    from collections.abc import Mapping

PROOF_HEADER = "x-jmpy-edge"
SHORTEST_SECRET = 32
"""Characters. A shorter secret could be guessed from its hash."""

ADDRESS_HEADER = "CloudFront-Viewer-Address"
COUNTRY_HEADER = "CloudFront-Viewer-Country"

_WITH_PORT = ADDRESS_HEADER.lower()
"""The one header in which the viewer's port follows the address, even an IPv6 address, which is not
in brackets there: otherwise `2001:db8::1:443` would be ambiguous."""

_IPV4_MAPPED = bytes(10) + b"\xff\xff"


class EdgeRequired(Denied):
    """The request did not come through the CDN, and this deployment serves no other requests."""

    def __init__(self, address: str) -> None:
        instead = f"; use {address}" if address else ""
        super().__init__(f"Requests to this address are rejected{instead}")


class OtherHost(NotFound):
    """The request is for a host that has short links, and nothing else."""

    def __init__(self) -> None:
        super().__init__("Nothing but short links is served under this host")


NOT_ADMITTED = (EdgeRequired, OtherHost)
"""What `admit` raises."""


@dataclass(frozen=True, slots=True)
class Viewer:
    address: str
    """IPv4 or IPv6 in its shortest form. Without proof, the address that connected to API
    Gateway."""
    country: str | None = None
    """ISO 3166; None if unknown, and always without proof."""
    proven: bool = False
    """Whether the request came through the operator's CDN."""
    is_stated: bool = True
    """Whether the address is the viewer's: False where the CDN did not state one, so that the
    address is the CDN's own."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The CDN in front of a deployment; without hashes there is none."""

    secret_hashes: tuple[str, ...] = ()
    """SHA-256 in hexadecimal of each accepted secret: two during a rotation."""
    address_header: str = ADDRESS_HEADER
    country_header: str = COUNTRY_HEADER
    required: bool = False
    """Whether requests without the proof are rejected."""
    public_address: str = ""

    @classmethod
    def from_environment(cls) -> Edge:
        """From template.yaml's environment; without it no header is trusted."""
        settings = os.environ.get
        return cls(
            tuple(filter(None, settings("EDGE_SECRET_HASHES", "").split(","))),
            settings("VIEWER_ADDRESS_HEADER", ADDRESS_HEADER),
            settings("VIEWER_COUNTRY_HEADER", COUNTRY_HEADER),
            settings("REQUIRE_EDGE", "false") != "false",
            settings("PUBLIC_BASE_URL", ""),
        )

    def viewer(self, event: Mapping[str, Any]) -> Viewer:
        """The viewer of a proxy event, or of a REQUEST authorizer's."""
        connected = str(event["requestContext"]["identity"]["sourceIp"])
        headers = event.get("multiValueHeaders") or {}
        if not self.secret_hashes or not self._proves(_only(headers, PROOF_HEADER)):
            return Viewer(connected)
        stated = _only(headers, self.address_header)
        if self.address_header.lower() == _WITH_PORT:
            stated = stated.rpartition(":")[0]
        country = viewer_country.parse(_only(headers, self.country_header))
        address = _address(stated)
        return Viewer(address or connected, country, proven=True, is_stated=bool(address))

    def admit(self, event: Mapping[str, Any]) -> Viewer:
        """To anything but short links. Raises EdgeRequired, OtherHost."""
        viewer = self.viewer(event)
        self.require_proof(viewer)
        if request_host.from_event(event, proven=viewer.proven) != request_host.DEFAULT_DOMAIN:
            raise OtherHost
        return viewer

    def require_proof(self, viewer: Viewer) -> None:
        """Where this deployment serves no other requests. Raises EdgeRequired."""
        if self.required and not viewer.proven:
            raise EdgeRequired(self.public_address)

    def _proves(self, secret: str) -> bool:
        """The time taken depends only on the length of the secret that was sent."""
        digest = sha256(secret.encode("utf-8", "replace")).hexdigest()
        known = [compare_digest(digest, one) for one in self.secret_hashes]
        return any(known) and len(secret) >= SHORTEST_SECRET


def from_event(event: Mapping[str, Any]) -> Viewer:
    """The viewer of a proxy event, by the settings of this function."""
    return Edge.from_environment().viewer(event)


def admit(event: Mapping[str, Any]) -> Viewer:
    """As `from_event`, of a request for anything but short links. Raises EdgeRequired,
    OtherHost."""
    return Edge.from_environment().admit(event)


def _only(headers: Mapping[str, list[str]], name: str) -> str:
    """Empty also if the header was sent twice: a CDN replaces the client's."""
    lowercase = name.lower()
    values = [
        value for key, values in headers.items() if key.lower() == lowercase for value in values
    ]
    return values[0].strip() if len(values) == 1 else ""


def _address(text: str) -> str:
    """In its shortest form; empty if it is not an address, but a list of several for example."""
    text = text.removeprefix("[").removesuffix("]")
    try:
        return socket.inet_ntop(socket.AF_INET, socket.inet_pton(socket.AF_INET, text))
    except (OSError, ValueError):
        pass
    try:
        packed = socket.inet_pton(socket.AF_INET6, text)
    except (OSError, ValueError):
        return ""
    if packed.startswith(_IPV4_MAPPED):
        return socket.inet_ntop(socket.AF_INET, packed[len(_IPV4_MAPPED) :])
    return socket.inet_ntop(socket.AF_INET6, packed)

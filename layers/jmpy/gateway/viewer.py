"""Who sent a request: the viewer's address and country, as far as they are known.

API Gateway knows the address that connected to it. Behind a CDN that is the CDN's, and who stands
behind it is in headers, which anybody can write. They are believed only of a request that proves
that it came through the operator's CDN: it carries a secret that the CDN adds. `X-Forwarded-For` is
never read.

The functions know the secret's SHA-256 only. The authorizer loads this module on every cold start.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from jmpy.errors import Denied
from jmpy.gateway import viewer_country

if TYPE_CHECKING:
    from collections.abc import Mapping

PROOF_HEADER = "x-jmpy-edge"
SHORTEST_SECRET = 32
"""Characters. A shorter one proves nothing, whatever its hash."""

ADDRESS_HEADER = "CloudFront-Viewer-Address"
COUNTRY_HEADER = "CloudFront-Viewer-Country"

_WITH_PORT = ADDRESS_HEADER.lower()
"""The one header in which the port of the viewer follows, after an IPv6 address too, which is not
in brackets there: without knowing, `2001:db8::1:443` could be either."""

_IPV4_MAPPED = bytes(10) + b"\xff\xff"


class EdgeRequired(Denied):
    """The request did not come through the CDN, and this deployment serves no others."""

    def __init__(self, address: str) -> None:
        instead = f"; use {address}" if address else ""
        super().__init__(f"Requests to this address are rejected{instead}")


@dataclass(frozen=True, slots=True)
class Viewer:
    address: str
    """IPv4 or IPv6 in its shortest form. Without proof, of whoever connected to API Gateway."""
    country: str | None = None
    """ISO 3166; None when it is not known, and without proof always."""
    proven: bool = False
    """Whether the request came through the operator's CDN."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What a deployment knows of the CDN in front of it; without hashes there is none."""

    secret_hashes: tuple[str, ...] = ()
    """SHA-256 in hexadecimal of each secret that is accepted: two while it is rotated."""
    address_header: str = ADDRESS_HEADER
    country_header: str = COUNTRY_HEADER
    required: bool = False
    """Whether requests without the proof are rejected."""
    public_address: str = ""

    @classmethod
    def from_environment(cls) -> Edge:
        """As template.yaml sets it; nothing is believed where it is not set."""
        settings = os.environ.get
        return cls(
            tuple(filter(None, settings("EDGE_SECRET_HASHES", "").split(","))),
            settings("VIEWER_ADDRESS_HEADER", ADDRESS_HEADER),
            settings("VIEWER_COUNTRY_HEADER", COUNTRY_HEADER),
            settings("REQUIRE_EDGE", "false") != "false",
            settings("PUBLIC_BASE_URL", ""),
        )

    def viewer(self, event: Mapping[str, Any]) -> Viewer:
        """Of a proxy event, or of a REQUEST authorizer's."""
        connected = str(event["requestContext"]["identity"]["sourceIp"])
        headers = event.get("multiValueHeaders") or {}
        if not self.secret_hashes or not self._proves(_only(headers, PROOF_HEADER)):
            return Viewer(connected)
        told = _only(headers, self.address_header)
        if self.address_header.lower() == _WITH_PORT:
            told = told.rpartition(":")[0]
        country = viewer_country.parse(_only(headers, self.country_header))
        return Viewer(_address(told) or connected, country, proven=True)

    def admit(self, event: Mapping[str, Any]) -> Viewer:
        """Raises EdgeRequired."""
        viewer = self.viewer(event)
        if self.required and not viewer.proven:
            raise EdgeRequired(self.public_address)
        return viewer

    def _proves(self, secret: str) -> bool:
        """The time taken depends on how long the secret is that was sent, and on nothing else."""
        digest = sha256(secret.encode("utf-8", "replace")).hexdigest()
        known = [compare_digest(digest, one) for one in self.secret_hashes]
        return any(known) and len(secret) >= SHORTEST_SECRET


def from_event(event: Mapping[str, Any]) -> Viewer:
    """By the settings of the function that this runs in."""
    return Edge.from_environment().viewer(event)


def admit(event: Mapping[str, Any]) -> Viewer:
    """Likewise. Raises EdgeRequired."""
    return Edge.from_environment().admit(event)


def _only(headers: Mapping[str, list[str]], name: str) -> str:
    """Empty also when the header came twice: a CDN replaces what the client sent."""
    wanted = name.lower()
    values = [value for key, values in headers.items() if key.lower() == wanted for value in values]
    return values[0].strip() if len(values) == 1 else ""


def _address(text: str) -> str:
    """In its shortest form; empty for what is none, as for a list of several."""
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

"""A request for a short URL, as an event of API Gateway describes it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from jmpy.gateway import base_url, request_host
from jmpy.gateway.viewer import Edge
from jmpy.links import codes, short_url
from jmpy.redirect import preview
from jmpy.web import visitor_pages

_AFTER_A_CODE = "/.,;:!?)]}>'\""


class Visit:
    """No dataclass, which would be most of this module's import: cold starts wait for it."""

    __slots__ = ("_edge", "event", "host", "viewer")

    def __init__(self, event: dict[str, Any]) -> None:
        self.event = event
        self._edge = Edge.from_environment()
        self.viewer = self._edge.viewer(event)
        self.host = request_host.from_event(event, proven=self.viewer.proven)
        """On which the short URL is; empty: the default domain."""

    def require_proof(self) -> None:
        """As `Edge.require_proof`."""
        self._edge.require_proof(self.viewer)

    @property
    def method(self) -> str:
        return str(self.event["httpMethod"])

    @property
    def path(self) -> str:
        """Without the slash that it begins with."""
        return (self.event.get("pathParameters") or {}).get("proxy") or ""

    @property
    def code(self) -> str:
        """The path without characters that no code ends in: programs that turn text into links
        include the sentence's punctuation, and others append a slash to every address."""
        return self.path.rstrip(_AFTER_A_CODE)

    @property
    def address(self) -> str:
        """What the link of the code is stored under."""
        return codes.address(self.code, self.host)

    @property
    def prefers_page(self) -> bool:
        return visitor_pages.prefers_page(self.header("accept"))

    @property
    def is_of_another_site(self) -> bool:
        """Whether a page of another site sent the form: it could use up the attempts of its
        visitors' networks. Programs, and browsers that do not send the header, may proceed."""
        return self.header("sec-fetch-site") not in (None, "none", "same-origin")

    @property
    def shown_code(self) -> str:
        """The code that is requested, or whose preview is; empty if it has not the shape of one."""
        code = preview.requested_code(self.code) or self.code
        return code if codes.is_code(code) else ""

    def header(self, name: str) -> str | None:
        """`name` in lower case."""
        headers = self.event.get("headers") or {}
        return {sent.lower(): value for sent, value in headers.items()}.get(name)

    def short_url(self, code: str) -> str:
        return short_url.short_url(base_url.from_event(self.event), code, self.host)

    @property
    def own_host(self) -> str:
        """The host as it is in URLs of this site."""
        return self.host or urlsplit(base_url.from_event(self.event)).hostname or ""

"""The click that a request is."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from jmpy.clicks.model import HASH_LENGTH, UNKNOWN, UTM, Click
from jmpy.formats.sent import USER_AGENT_LENGTH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.gateway.viewer import Viewer
    from jmpy.links.model import Target

MAX_TEXT = 100
"""Characters of a UTM parameter that are stored."""

_MAX_HOST = 253
"""Characters of a host name (RFC 1035)."""

_MAX_REFERRER = 1024
"""Characters that are searched for the host, which is at the beginning."""

_PURPOSES = ("sec-purpose", "x-sec-purpose", "purpose", "x-purpose", "x-moz")
"""Headers in which browsers, and scripts that prefetch for them, state the purpose of a request."""

_SPECULATIVE = re.compile(r"\b(?:prefetch|prerender|preview)\b", re.IGNORECASE)

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def is_visit(event: Mapping[str, Any]) -> bool:
    """Whether a person goes to the link's destination. HEAD only requests its address, and a page
    that is prefetched, prerendered or previewed may never be opened (docs/clicks.md)."""
    if event["httpMethod"] == "HEAD":
        return False
    headers = _headers(event)
    return not any(_SPECULATIVE.search(headers.get(name) or "") for name in _PURPOSES)


def click(
    event: Mapping[str, Any],
    code: str,
    target: Target,
    salt: bytes,
    viewer: Viewer,
    *,
    own_host: str = "",
) -> Click:
    """The click of a proxy event of API Gateway, on the link of `target`. `own_host`: that of its
    short URL."""
    context = event["requestContext"]
    headers = _headers(event)
    user_agent = _clean(headers.get("user-agent") or "", USER_AGENT_LENGTH)
    utm, own = _utm(target.url, event.get("queryStringParameters") or {})
    return Click(
        # Not API Gateway's id of the request, which a client can choose.
        id=uuid4().hex,
        at=int(context["requestTimeEpoch"]),
        link_id=target.link_id,
        account_id=target.account_id,
        short_code=code,
        visitor=_visitor(salt, target.link_id, viewer.address, user_agent),
        user_agent=user_agent,
        referrer=_referrer(headers.get("referer") or "", own_host),
        country=viewer.country or UNKNOWN,
        utm=utm,
        own=own,
        qr_id=target.qr_id,
        campaign_id=target.campaign_id,
    )


def _headers(event: Mapping[str, Any]) -> dict[str, str | None]:
    """By their names in lower case."""
    return {name.lower(): value for name, value in (event.get("headers") or {}).items()}


def _visitor(salt: bytes, link_id: str, address: str, user_agent: str) -> str:
    identity = "\n".join((link_id, address, user_agent)).encode()
    return blake2b(identity, key=salt, digest_size=HASH_LENGTH).hexdigest()


def _referrer(referrer: str, own_host: str) -> str:
    """The host; empty without one, and for our own pages, such as the form for a password."""
    try:
        host = urlsplit(referrer[:_MAX_REFERRER]).hostname or ""
    except ValueError:
        return ""
    if host == own_host:
        return ""
    return _clean(host.removeprefix("www."), _MAX_HOST)


def _utm(
    destination: str, sent: Mapping[str, str | None]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Parameters of the short URL win over those of its destination. Also the names of those whose
    value is the destination's."""
    try:
        own = _named(dict(parse_qsl(urlsplit(destination).query, max_num_fields=100)))
    except ValueError:
        own = {}
    found = own | _named(sent)
    return found, tuple(name for name, value in found.items() if own.get(name) == value)


def _named(parameters: Mapping[str, str | None]) -> dict[str, str]:
    """The parameters in `UTM` that are not empty."""
    texts = {name.value: _clean(parameters.get(name) or "", MAX_TEXT) for name in UTM}
    return {name: text for name, text in texts.items() if text}


def _clean(text: str, length: int) -> str:
    """Truncated before it is cleaned, too, which bounds the work."""
    return _CONTROL.sub("", text[: 2 * length]).strip()[:length]

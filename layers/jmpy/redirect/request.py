"""What a request tells about the click that it is."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from jmpy.clicks.model import HASH_LENGTH, UNKNOWN, UTM, Click
from jmpy.http import viewer_country

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.links.model import Target

MAX_TEXT = 100
"""Characters of a UTM parameter that are kept."""

MAX_USER_AGENT = 256

_MAX_HOST = 253
"""Characters of a host name (RFC 1035)."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def click(event: Mapping[str, Any], code: str, target: Target, salt: bytes) -> Click:
    """The click that a proxy event of API Gateway is, on the link that `target` belongs to."""
    context = event["requestContext"]
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    user_agent = _clean(headers.get("user-agent") or "", MAX_USER_AGENT)
    return Click(
        # Not API Gateway's id of the request, which a client can choose.
        id=uuid4().hex,
        at=int(context["requestTimeEpoch"]),
        link_id=target.link_id,
        account_id=target.account_id,
        short_code=code,
        visitor=_visitor(salt, target.link_id, _address(headers, context), user_agent),
        user_agent=user_agent,
        referrer=_referrer(headers.get("referer") or "", headers.get("host") or ""),
        country=_country(headers),
        utm=_utm(target.url, event.get("queryStringParameters") or {}),
    )


def _visitor(salt: bytes, link_id: str, address: str, user_agent: str) -> str:
    said = "\n".join((link_id, address, user_agent)).encode()
    return blake2b(said, key=salt, digest_size=HASH_LENGTH).hexdigest()


def _address(headers: Mapping[str, str], context: Mapping[str, Any]) -> str:
    """CloudFront's word for the visitor's address, port left out; or the address that called."""
    behind = (headers.get("cloudfront-viewer-address") or "").rpartition(":")[0]
    return behind or str(context["identity"]["sourceIp"])


def _referrer(referrer: str, own_host: str) -> str:
    """The host; empty for none, and for our own pages, such as the form for a password."""
    try:
        host = urlsplit(referrer).hostname or ""
    except ValueError:
        return ""
    if host == own_host.partition(":")[0].lower():
        return ""
    return _clean(host.removeprefix("www."), _MAX_HOST)


def _country(headers: Mapping[str, str]) -> str:
    found = (viewer_country.parse(headers.get(name)) for name in viewer_country.HEADERS)
    return next(filter(None, found), UNKNOWN)


def _utm(destination: str, sent: Mapping[str, str | None]) -> dict[str, str]:
    """What the short URL was called with wins over what its destination says."""
    try:
        named = dict(parse_qsl(urlsplit(destination).query, max_num_fields=100))
    except ValueError:
        named = {}
    named |= {name: value for name, value in sent.items() if value}
    found = {name.value: _clean(named.get(name) or "", MAX_TEXT) for name in UTM}
    return {name: value for name, value in found.items() if value}


def _clean(text: str, length: int) -> str:
    return _CONTROL.sub("", text).strip()[:length]

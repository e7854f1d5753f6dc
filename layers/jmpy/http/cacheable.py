"""Responses that browsers and CDNs may store, and that nobody needs to be sent twice."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from jmpy.clock import DAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.event_handler import Response

IMMUTABLE = f"public, max-age={365 * DAY}, immutable"
"""Of what has a hash of its content in its address: browsers ask for it once (RFC 8246)."""

DAILY = f"public, max-age={DAY}"
"""Of what may change, but where an old copy does no harm."""


def tag_of(text: str) -> str:
    """Weak (RFC 9110 section 8.8.1): API Gateway compresses on the way, and leaves it as it is."""
    return f'W/"{sha256(text.encode()).hexdigest()[:16]}"'


def response(
    headers: Mapping[str, str], content_type: str, text: str, cache_control: str
) -> Response[str]:
    """The text, or 304 to a client that has it already (RFC 9110 section 13.1.2). `headers` are
    those of the request."""
    from aws_lambda_powertools.event_handler import Response  # noqa: PLC0415 - not for images

    tag = tag_of(text)
    fields: dict[str, str | list[str]] = {
        "ETag": tag,
        "Cache-Control": cache_control,
        # It may be stored compressed.
        "Vary": "Accept-Encoding",
    }
    if is_stored(headers.get("If-None-Match") or "", tag):
        return Response(304, content_type, "", fields)
    return Response(200, content_type, text, fields)


def is_stored(if_none_match: str, tag: str) -> bool:
    """Whether the client has what the tag is of."""
    known = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return known == ["*"] or tag.removeprefix("W/") in known

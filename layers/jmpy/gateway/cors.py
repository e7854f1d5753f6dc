"""Cross-origin requests of browsers: the origins whose pages may read responses of the API
(Fetch standard, "CORS protocol"; docs/adr/0039-cross-origin-requests.md).

None by default. The authorizer compares `Origin` with the operator's list and writes a listed one
to the context, so that functions and gateway responses allow that one and no other. Cookies are
never allowed. Loaded by the authorizer on every cold start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CONTEXT_KEY = "allowed_origin"
MAX_AGE = 7200
"""Seconds for which a browser may cache a preflight; Chromium's maximum."""

REQUEST_HEADERS = (
    "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "X-API-Key",
)  # fmt: skip
"""What a page may send in addition to the headers that any page may (Fetch standard,
"CORS-safelisted request-header")."""

RESPONSE_HEADERS = (
    "Allow", "Content-Disposition", "Deprecation", "ETag", "Link", "Location", "RateLimit",
    "RateLimit-Policy", "Retry-After", "WWW-Authenticate", "X-RateLimit-Limit",
    "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-Request-Id", "X-Truncated",
)  # fmt: skip
"""What it may read in addition to the headers that any page may."""

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def parse(setting: str) -> frozenset[str]:
    """The origins of the parameter AllowedOrigins, as browsers write them."""
    return frozenset(_serialized(origin.strip()) for origin in setting.split(",") if origin.strip())


def _serialized(origin: str) -> str:
    scheme, _, rest = origin.lower().partition("://")
    return f"{scheme}://{rest.removesuffix(_DEFAULT_PORTS.get(scheme, ':'))}"


def allowed(event: Mapping[str, Any], origins: frozenset[str]) -> str | None:
    """The request's origin, if it is one of `origins`."""
    headers = event.get("multiValueHeaders") or {}
    sent = [
        value for name, values in headers.items() if name.lower() == "origin" for value in values
    ]
    return sent[0] if len(sent) == 1 and sent[0] in origins else None


def fields(event: Mapping[str, Any]) -> dict[str, str]:
    """For every response of a function behind the authorizer."""
    origin = _of_context(event)
    if origin is None:
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": ", ".join(RESPONSE_HEADERS),
        "Vary": "Origin",
    }


def preflight_fields(event: Mapping[str, Any], methods: Iterable[str]) -> dict[str, str]:
    """For the response to a preflight, or to another OPTIONS (RFC 9110 section 9.3.7): without an
    allowed origin it allows nothing, and the browser gives its page no more information."""
    served = ", ".join(sorted(methods))
    allowed_fields = {"Allow": served, **fields(event)}
    if "Access-Control-Allow-Origin" not in allowed_fields:
        return allowed_fields
    del allowed_fields["Access-Control-Expose-Headers"]
    return allowed_fields | {
        "Access-Control-Allow-Methods": served,
        "Access-Control-Allow-Headers": ", ".join(REQUEST_HEADERS),
        "Access-Control-Max-Age": str(MAX_AGE),
    }


def _of_context(event: Mapping[str, Any]) -> str | None:
    context = (event.get("requestContext") or {}).get("authorizer") or {}
    origin: str | None = context.get(CONTEXT_KEY)
    return origin

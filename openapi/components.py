"""What operations refer to: header fields, ways to send a credential, tags."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler.openapi.models import (
    APIKey,
    APIKeyIn,
    HTTPBearer,
    SecurityScheme,
)

from jmpy.access.policy import AccessPolicy, Caller

DESCRIPTION = """\
Short links behind API keys. Send a key as `Authorization: Bearer`, or as `X-API-Key`; the first \
of these that is present is used. `?api_key=` is for legacy clients only, because URLs end up in \
logs.

Each operation states the permission that it requires (`read`, `write`, `delete` or `analytics`). \
Requests count against daily limits of the account, which all of its keys share, and against \
those of their key, if it has any. The `X-RateLimit-*` headers report the one of which less \
remains. Once it is exceeded, the response is 429; \
wait for the number of seconds in `Retry-After`.

Every error has the same envelope: `success`, which is false, and `error` with `code`, `message` \
and sometimes `details`. Quote the `X-Request-Id` of the response when you ask for help.\
"""

PUBLIC_TAGS = {
    "Redirects": "Following a short URL needs no key.",
    "Leaked keys": "For secret scanners, which sign their reports.",
}

_INTEGER = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string"}

LIMIT_HEADERS = (
    "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "RateLimit-Policy",
    "RateLimit",
)  # fmt: skip
EVERY_SUCCESS = ("X-Request-Id", *LIMIT_HEADERS, "Deprecation")

_HEADERS: dict[str, tuple[str, dict[str, Any], Any]] = {
    "X-Request-Id": (
        "Identifies the request in our logs.", _TEXT, "0b2c1b1e-6f0a-4b3c-8f55-2d0c3d0d2f10",
    ),
    "X-RateLimit-Limit": ("Requests per day in this class.", _INTEGER, 500),
    "X-RateLimit-Remaining": ("Requests left today.", _INTEGER, 499),
    "X-RateLimit-Reset": ("When the limit resets, in Unix seconds.", _INTEGER, 1893456000),
    "RateLimit-Policy": (
        "The limit as in draft-ietf-httpapi-ratelimit-headers: `daily` is the account's, "
        "`key-daily` the key's.", _TEXT,
        '"daily";q=500;w=86400',
    ),
    "RateLimit": ("Requests left and seconds until the reset.", _TEXT, '"daily";r=499;t=3600'),
    "Retry-After": ("Seconds to wait.", _INTEGER, 5),
    "Deprecation": (
        "When `?api_key=` was deprecated (RFC 9745); only sent if it was used.", _TEXT,
        "@1767225600",
    ),
    "ETag": ("The version of the resource, for `If-Match`.", _TEXT, '"3"'),
    "Location": ("Where the short URL leads.", _TEXT, "https://example.com/autumn"),
    "WWW-Authenticate": ("How to send a key (RFC 6750).", _TEXT, 'Bearer realm="Jmpy"'),
    "Allow": ("Methods that the path supports.", _TEXT, "GET, POST"),
    "Content-Disposition": (
        "The suggested file name.", _TEXT, 'attachment; filename="timeseries-all.csv"',
    ),
    "Link": (
        "The next part, if there is one (RFC 8288).", _TEXT, '<?cursor=019b7a2e>; rel="next"',
    ),
    "X-Truncated": ("`true` if the file does not contain everything.", _TEXT, "true"),
}  # fmt: skip


def headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


HEADERS = {
    name: {"description": description, "schema": schema, "example": example}
    for name, (description, schema, example) in _HEADERS.items()
}

SECURITY_SCHEMES: dict[str, SecurityScheme] = {
    "bearer": HTTPBearer(
        description="An API key as `Authorization: Bearer jmpy_...`: the recommended way. Or a "
        "short-lived token, `jmpt_...`."
    ),
    "header": APIKey(
        in_=APIKeyIn.header,
        name="X-API-Key",
        description="An API key or short-lived token, for clients that cannot set `Authorization`.",
    ),
    "query": APIKey(
        in_=APIKeyIn.query,
        name="api_key",
        description="An API key, for legacy clients. Deprecated: URLs end up in logs.",
    ),
    "session": HTTPBearer(
        bearerFormat="JWT",
        description="The ID token of a signed-in user, as `Authorization: Bearer`. Only the "
        "dashboard can get one; other clients cannot sign in yet.",
    ),
}

_KEYS: list[dict[str, list[str]]] = [{"bearer": []}, {"header": []}, {"query": []}]
_SESSION: list[dict[str, list[str]]] = [{"session": []}]


def security(access_policy: AccessPolicy) -> list[dict[str, list[str]]]:
    everybody = _KEYS + _SESSION
    return {
        None: everybody,
        Caller.SESSION: _SESSION,
        Caller.ANY_KEY: _KEYS,
        Caller.ANYBODY: everybody,
    }[access_policy.caller]


_CALLERS = {
    None: "",
    Caller.SESSION: (
        "For dashboard sessions only: requires an ID token of the user pool, which no other "
        "client can get yet. API keys are denied, whatever their permissions. Use the dashboard "
        "instead."
    ),
    Caller.ANY_KEY: "Accepts any API key, whatever its permissions, but no short-lived token.",
    Caller.ANYBODY: "Accepts any API key, short-lived token or session, whatever its permissions.",
}


def in_words(access_policy: AccessPolicy) -> str:
    permission = (
        f"Requires the `{access_policy.permission}` permission." if access_policy.permission else ""
    )
    counted = {
        0: "Does not count against a limit.",
        None: f"Each row counts against `{access_policy.limit}`.",
    }
    counting = counted.get(access_policy.cost, f"Counts against `{access_policy.limit}`.")
    return " ".join(filter(None, (permission, _CALLERS[access_policy.caller], counting)))


def extensions(access_policy: AccessPolicy) -> dict[str, Any]:
    """The same for programs."""
    stated: dict[str, Any] = {"x-caller": str(access_policy.caller or "key or session")}
    if access_policy.permission is not None:
        stated["x-permission"] = str(access_policy.permission)
    if access_policy.cost != 0:
        stated["x-limit-class"] = str(access_policy.limit)
    cost = "each row" if access_policy.cost is None else access_policy.cost
    return stated | {"x-limit-cost": cost}

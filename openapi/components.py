"""What operations refer to: header fields, ways to send a credential, tags."""

from __future__ import annotations

from typing import Any

from jmpy.access.policy import AccessPolicy, Caller

DESCRIPTION = """\
Short links behind API keys. Send a key as `Authorization: Bearer`, or as `X-API-Key`; the first \
place that holds one decides. `?api_key=` is for old clients only, because addresses end up in logs.

A request needs the permission that its operation names (`read`, `write`, `delete`, `analytics`) \
and counts against one daily limit of the account, shared by all of its keys. `X-RateLimit-*` tell \
where it stands. Over it the answer is 429; wait for the seconds of `Retry-After`.

Every error has the same envelope: `success`, which is false, and `error` with `code`, `message` \
and perhaps `details`. Quote the `X-Request-Id` of an answer when you ask for help.\
"""

TAGS = {
    "links": ("Links", "Make, find, change and delete short URLs."),
    "bulk": ("Bulk", "Many short URLs at once, from CSV or a list."),
    "analytics": ("Analytics", "What was clicked, some seconds after it was."),
    "usage": ("Usage", "What the account used of its daily limits."),
    "keys": ("API keys", "Managed by people who signed in; a key can read and revoke itself."),
    "alerts": ("Alerts", "What was unusual about API keys, and where it is told."),
    "access_logs": ("Access log", "The requests that were made with the account's keys."),
    "audit_log": (
        "Audit log",
        "Who changed the account's keys, plan and alert settings, and from where.",
    ),
}
"""By folder in `functions/`."""

PUBLIC_TAGS = {
    "Redirects": "Following a short URL needs no key.",
    "Leaked keys": "For secret scanners, which sign what they send.",
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
        "Names the request in our logs.", _TEXT, "0b2c1b1e-6f0a-4b3c-8f55-2d0c3d0d2f10",
    ),
    "X-RateLimit-Limit": ("Requests of the day in this class.", _INTEGER, 500),
    "X-RateLimit-Remaining": ("How many are left.", _INTEGER, 499),
    "X-RateLimit-Reset": ("When all are there again, Unix seconds.", _INTEGER, 1893456000),
    "RateLimit-Policy": (
        "The same in the words of draft-ietf-httpapi-ratelimit-headers.", _TEXT,
        '"daily";q=500;w=86400',
    ),
    "RateLimit": ("What is left and for how many seconds.", _TEXT, '"daily";r=499;t=3600'),
    "Retry-After": ("Seconds to wait.", _INTEGER, 5),
    "Deprecation": (
        "Since when `?api_key=` is deprecated (RFC 9745); only in answers to it.", _TEXT,
        "@1767225600",
    ),
    "ETag": ("The version of the resource, for `If-Match`.", _TEXT, '"3"'),
    "Location": ("Where the short URL leads.", _TEXT, "https://example.com/autumn"),
    "WWW-Authenticate": ("How to send a key (RFC 6750).", _TEXT, 'Bearer realm="Jmpy"'),
    "Allow": ("What the path answers.", _TEXT, "GET, POST"),
    "Content-Disposition": (
        "A name for the file.", _TEXT, 'attachment; filename="timeseries-all.csv"',
    ),
    "Link": (
        "Where it goes on, if it does (RFC 8288).", _TEXT, '<?cursor=019b7a2e>; rel="next"',
    ),
    "X-Truncated": ("`true` when there was more than the file has.", _TEXT, "true"),
}  # fmt: skip

HEADERS = {
    name: {"description": description, "schema": schema, "example": example}
    for name, (description, schema, example) in _HEADERS.items()
}

SECURITY_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key as `Authorization: Bearer jmpy_...`: the way to send one.",
    },
    "header": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "An API key, where a client can set only plain header fields.",
    },
    "query": {
        "type": "apiKey",
        "in": "query",
        "name": "api_key",
        "description": "An API key, for old clients. Deprecated: addresses end up in logs.",
    },
    "session": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": (
            "The ID token of somebody who signed in, as `Authorization: Bearer`. Only the "
            "dashboard gets one; other programs cannot sign in yet."
        ),
    },
}

_KEYS: list[dict[str, list[str]]] = [{"bearer": []}, {"header": []}, {"query": []}]
_SESSION: list[dict[str, list[str]]] = [{"session": []}]


def security(access_policy: AccessPolicy) -> list[dict[str, list[str]]]:
    return {None: _KEYS + _SESSION, Caller.SESSION: _SESSION, Caller.ANY_KEY: _KEYS}[
        access_policy.caller
    ]


_CALLERS = {
    None: "",
    Caller.SESSION: (
        "For sessions of the dashboard only: it needs an ID token of the user pool, which no other "
        "program can get yet, and denies every API key, whatever its permissions. Do it on the "
        "dashboard."
    ),
    Caller.ANY_KEY: "Takes any API key, whatever its permissions.",
}


def in_words(access_policy: AccessPolicy) -> str:
    permission = (
        f"Needs the permission `{access_policy.permission}`." if access_policy.permission else ""
    )
    counted = {0: "Is not counted.", None: f"Each row counts against `{access_policy.limit}`."}
    counting = counted.get(access_policy.cost, f"Counts against `{access_policy.limit}`.")
    return " ".join(filter(None, (permission, _CALLERS[access_policy.caller], counting)))


def extensions(access_policy: AccessPolicy) -> dict[str, Any]:
    """The same for programs."""
    return {
        "x-permission": access_policy.permission and str(access_policy.permission),
        "x-caller": str(access_policy.caller or "key or session"),
        "x-limit-class": None if access_policy.cost == 0 else str(access_policy.limit),
        "x-limit-cost": "each row" if access_policy.cost is None else access_policy.cost,
    }

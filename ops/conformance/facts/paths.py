"""Which path reaches a function: as it was sent, not as a client or a server would tidy it."""

from __future__ import annotations

from ops.conformance.fact import Fact, Source, get
from ops.conformance.sources import PROXY_EVENT, PROXY_INTEGRATION, assumed

_UNRECORDED = assumed(PROXY_INTEGRATION)


def _echoed(
    name: str, statement: str, below: str, proxy: str | None = None, source: Source = PROXY_EVENT
) -> Fact:
    """A path below a catch-all, and what its parameter has to be: by default the same."""
    body = {
        "path": f"/any/{below}",
        "pathParameters": {"proxy": below if proxy is None else proxy},
        "requestContext": {"path": f"/test/any/{below}", "resourcePath": "/any/{proxy+}"},
    }
    return Fact(name, statement, get(f"/any/{below}"), {"status": 200, "body": body}, source)


FACTS = (
    _echoed("path-escaped-plus", "%2B stays as it is.", "a%2Bb"),
    _echoed("path-plus", "A plus sign is no space.", "a+b"),
    _echoed("path-escaped-slash", "%2F stays as it is, and separates nothing.", "a%2Fb",
            source=_UNRECORDED),
    _echoed("path-escaped-dot", "%2E stays as it is.", "logo%2Esvg", source=_UNRECORDED),
    _echoed("path-escaped-letter", "An escaped letter beyond ASCII stays escaped.", "%C3%A4",
            source=_UNRECORDED),
    _echoed("path-dots", "Dot segments stay as they are.", "a/../b", source=_UNRECORDED),
    _echoed("path-trailing-slash", "A trailing slash stays in the path, and not in the parameter.",
            "value/", "value"),
    _echoed("path-inner-slashes", "Two slashes within a path stay two.", "a//b"),
    Fact(
        "path-leading-slashes",
        "Of slashes before a path one stays, except in requestContext.path.",
        get("//any/value"),
        {
            "status": 200,
            "body": {
                "path": "/any/value",
                "pathParameters": {"proxy": "value"},
                "requestContext": {"path": "/test//any/value"},
            },
        },
        PROXY_EVENT,
    ),
    Fact(
        "path-leading-slashes-fixed",
        "Slashes before a path do not keep it from its resource.",
        get("//open"),
        {"status": 200, "body": {"resource": "/open", "path": "/open",
                                 "requestContext": {"path": "/test//open"}}},
        PROXY_EVENT,
    ),
    Fact(
        "path-trailing-slash-fixed",
        "A trailing slash does not keep a path from its resource.",
        get("/open/"),
        {"status": 200, "body": {"resource": "/open", "path": "/open/"}},
        _UNRECORDED,
    ),
)  # fmt: skip

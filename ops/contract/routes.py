"""Methods and paths that are not served, and where short URLs lead."""

from __future__ import annotations

from typing import Any

from ops.contract.case import (
    Key,
    Request,
    case,
    delete,
    get,
    patch,
    post,
    put,
    request,
    visit,
)
from ops.contract.credentials import invalid
from ops.contract.matching import including, one_of
from ops.contract.shapes import LINK

NO_ROUTE = {
    "success": False,
    "error": {"code": "NOT_FOUND", "message": "No such route; check the method and the path"},
}
UNKNOWN = (
    ("GET", "/"),
    ("GET", "/nope"),
    ("POST", "/nope"),
    ("GET", "/api"),
)
UNKNOWN_OF_THE_API = (
    ("GET", "/api/v1"),
    ("GET", "/api/v1/nope"),
    ("GET", "/api/v1/short-urls/a/b"),
)
OTHER_METHODS = (
    ("PUT", "", "GET, POST"),
    ("DELETE", "", "GET, POST"),
    ("POST", "/some-link", "DELETE, GET, PATCH, PUT"),
    ("POST", "/check-alias", "GET"),
    ("POST", "/lookup", "GET"),
)
DESTINATION = "https://example.com/contract?a=1#b"
FORWARDING = "https://example.com/?a=%2f&b=1#c"


def _unknown(method: str, path: str, **expected: Any) -> Any:
    # API Gateway may take an Authorization header on an unknown path for an AWS signature.
    return (
        Request(method, path, key=key).fails(404, "NOT_FOUND", **expected) for key in (None, Key())
    )


CASES = (
    case(
        "an unknown route is not found, with a key and without",
        *(step for method, path in UNKNOWN for step in _unknown(method, path)),
        *(
            step
            for method, path in UNKNOWN_OF_THE_API
            for step in _unknown(method, path, body=NO_ROUTE)
        ),
    ),
    case(
        "another method is rejected with those that are allowed",
        *(
            request(method, path).fails(405, "METHOD_NOT_ALLOWED", headers={"allow": allowed})
            for method, path, allowed in OTHER_METHODS
        ),
    ),
    case(
        "a path that no link can have is the client's error",
        *(
            get(f"/{reference}").fails(one_of(400, 404), one_of("INVALID_REQUEST", "NOT_FOUND"))
            for reference in ("%00", "%F0%9F%94%91", "a" * 1_400, "%2e%2e")
        ),
    ),
    case(
        "a long path is not found, and denied with an invalid key",
        *(
            step
            # Longer than API Gateway accepts in a policy, shorter than it accepts as an address.
            for path in (f"/{'x' * 1_000}", "/*", "/$%7Bx%7D")
            for step in (
                get(path).fails(404, "NOT_FOUND"),
                invalid(get(path, key=None, headers={"Authorization": "Bearer wrong"})),
            )
        ),
    ),
    case(
        "a short URL leads to its destination: permanently, or temporarily if it is dynamic",
        post({"url": DESTINATION, "custom_alias": "{run}"}).creates(name="link"),
        visit("{run}").redirects(301, DESTINATION),
        post({"url": DESTINATION, "is_dynamic": True}).creates(name="dynamic"),
        visit("{dynamic.short_code}").redirects(302, DESTINATION),
        put("/{run}", {"url": "https://example.com/new"}).returns(),
        visit("{run}").redirects(301, "https://example.com/new", eventually=True),
        delete("/{link.id}").returns(),
        visit("{run}").fails(404, "NOT_FOUND", eventually=True),
    ),
    case(
        "a short URL passes the visitor's query on if it is to, without a key",
        post({"url": FORWARDING, "forward_query": True}).creates(name="link"),
        visit("{link.short_code}?b=2+2&api_key=none").redirects(
            301, "https://example.com/?a=%2f&b=2%202#c"
        ),
        patch("/{link.id}", {"forward_query": False}).returns(),
        visit("{link.short_code}?b=2").redirects(301, FORWARDING, eventually=True),
    ),
    case(
        "a preview shows where a short URL leads",
        post({"url": DESTINATION}).creates(name="link"),
        visit("{link.short_code}+").returns(including({"original_url": DESTINATION})),
    ),
    case(
        "an unknown short URL leads nowhere, and neither does a disabled one",
        visit("no-such-code-here").fails(404, "NOT_FOUND"),
        post(LINK).creates(name="link"),
        patch("/{link.id}", {"status": "disabled"}).returns(),
        visit("{link.short_code}").fails(410, "LINK_DISABLED"),
        delete("/{link.id}").returns(),
        visit("{link.short_code}").fails(404, "NOT_FOUND", eventually=True),
    ),
    case(
        "an expired short URL is gone for visitors, and remains for its owner",
        post({**LINK, "expires_at": "{soon}"}).creates(name="link"),
        visit("{link.short_code}").fails(410, "LINK_EXPIRED", eventually=True),
        get("/{link.id}").returns(including({"status": "expired"})),
    ),
)

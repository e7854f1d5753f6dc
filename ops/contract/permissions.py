"""What each permission allows, and that nothing else does."""

from __future__ import annotations

import re
from typing import Any

from jmpy.access import operations
from ops.contract.case import EVERY, OVER_HTTP, Case, Key, Request, Step, case, get, post, request
from ops.contract.credentials import forbidden, invalid, unauthorized
from ops.contract.shapes import LINK
from ops.smoke.assertions import SHORT_URLS

# Operation: its permission, method, path, body and status of success.
OPERATIONS: dict[str, tuple[str, str, str, Any, int]] = {
    "list links": ("read", "GET", SHORT_URLS, None, 200),
    "get a link": ("read", "GET", f"{SHORT_URLS}/{{link.id}}", None, 200),
    "create a link": ("write", "POST", SHORT_URLS, LINK, 201),
    "replace a link": ("write", "PUT", f"{SHORT_URLS}/{{link.id}}", {"name": "changed"}, 200),
    "change a link": ("write", "PATCH", f"{SHORT_URLS}/{{link.id}}", {"name": "changed"}, 200),
    "delete a link": ("delete", "DELETE", f"{SHORT_URLS}/{{link.id}}", None, 200),
    "read analytics": ("analytics", "GET", "/api/v1/analytics/overview/{link.id}", None, 200),
}


def _case(operation: str) -> Case:
    permission, method, path, body, status = OPERATIONS[operation]
    return case(
        f"{permission} alone allows a key to {operation}",
        post(LINK).creates(name="link"),
        *(
            step
            for held in sorted(EVERY - {permission})
            for step in (
                forbidden(Request(method, path, json=body, key=Key(frozenset({held})))),
                get("/{link.id}").returns("{link}"),
            )
        ),
        Request(method, path, json=body, key=Key(frozenset({permission}))).returns(status=status),
    )


def _denials(operation: str, permission: str) -> tuple[Step, ...]:
    """Without a key, with one that does not exist, and with one that has every other permission."""
    method, _, route = operation.partition(" ")
    path = re.sub(r"\{\w+\}", "some-link", route)
    wrong = {"Authorization": "Bearer jmpy_wrong"}
    return (
        unauthorized(Request(method, path, key=None)),
        invalid(Request(method, path, key=None, headers=wrong)),
        forbidden(Request(method, path, key=Key(EVERY - {permission}))),
    )


CASES = (
    *(_case(operation) for operation in OPERATIONS),
    case(
        "a key manages no keys, whatever its permissions",
        forbidden(
            Request("POST", "/api/v1/api-keys", json={"name": "contract", "permissions": ["read"]})
        ),
    ),
    case(
        "every operation demands a key with its permission",
        *(
            step
            for route, permitted in sorted(operations.BY_ROUTE.items())
            for step in _denials(route, permitted.permission)
        ),
        # In process, tests/integration/test_operations.py requests each operation.
        places=OVER_HTTP,
    ),
    case(
        "a caller who is denied does not learn what is valid",
        forbidden(request("POST", content=b"{", key=Key(EVERY - {"write"}))),
    ),
)

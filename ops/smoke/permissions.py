"""What each permission opens, and what it does not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jmpy.access.permission import Permission
from ops.smoke.assertions import FORBIDDEN, SHORT_URLS, assert_response, data, expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.smoke.fixtures import Fixture

LINK = {"url": "https://example.com/"}

# An operation for each permission: method, path, body, status of success.
OPERATIONS = {
    Permission.READ: ("GET", f"{SHORT_URLS}/{{id}}", None, 200),
    Permission.WRITE: ("PATCH", f"{SHORT_URLS}/{{id}}", {"name": "changed"}, 200),
    Permission.DELETE: ("DELETE", f"{SHORT_URLS}/{{id}}", None, 200),
    Permission.ANALYTICS: ("GET", "/api/v1/analytics/overview/{id}", None, 200),
}


def opens_its_own(permission: Permission, fixture: Fixture) -> None:
    """With each other permission the operation is forbidden, and does nothing."""
    link = fixture.link()
    method, path, body, success = OPERATIONS[permission]
    for held in sorted(Permission, key=lambda held: held is permission):
        response = fixture.ask(method, path.format(id=link["id"]), fixture.secret(held), json=body)
        if held is permission:
            data(response, success)
        else:
            assert_response(response, 403, FORBIDDEN)
            found = data(fixture.ask("GET", f"{SHORT_URLS}/{link['id']}", fixture.secret("read")))
            expect("the link after a forbidden request", found, link)


def a_key_manages_no_keys(fixture: Fixture) -> None:
    sent = {"name": "smoke test", "permissions": ["read"]}
    response = fixture.ask("POST", "/api/v1/api-keys", fixture.secret(), json=sent)
    assert_response(response, 403, FORBIDDEN)


CHECKS: dict[str, Callable[[Fixture], None]] = {
    **{
        f"{permission} opens {OPERATIONS[permission][0]}, and nothing else does": partial(
            opens_its_own, permission
        )
        for permission in Permission
    },
    "a key with all permissions manages no keys": a_key_manages_no_keys,
}

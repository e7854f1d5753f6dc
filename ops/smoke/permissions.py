"""What each permission opens, and what it does not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jmpy.keys.model import Permission
from ops.smoke.answers import FORBIDDEN, SHORT_URLS, assert_answer, data, expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.smoke.ground import Ground

LINK = {"url": "https://example.com/"}

# An operation for each permission: method, path, body, status of success.
OPERATIONS = {
    Permission.READ: ("GET", f"{SHORT_URLS}/{{id}}", None, 200),
    Permission.WRITE: ("PATCH", f"{SHORT_URLS}/{{id}}", {"name": "changed"}, 200),
    Permission.DELETE: ("DELETE", f"{SHORT_URLS}/{{id}}", None, 200),
    Permission.ANALYTICS: ("GET", "/api/v1/analytics/overview/{id}", None, 200),
}


def opens_its_own(permission: Permission, ground: Ground) -> None:
    """With each other permission the operation is forbidden, and does nothing."""
    link = ground.link()
    method, path, body, success = OPERATIONS[permission]
    for held in sorted(Permission, key=lambda held: held is permission):
        answer = ground.ask(method, path.format(id=link["id"]), ground.secret(held), json=body)
        if held is permission:
            data(answer, success)
        else:
            assert_answer(answer, 403, FORBIDDEN)
            found = data(ground.ask("GET", f"{SHORT_URLS}/{link['id']}", ground.secret("read")))
            expect("the link after a forbidden request", found, link)


def a_key_manages_no_keys(ground: Ground) -> None:
    sent = {"name": "smoke test", "permissions": ["read"]}
    answer = ground.ask("POST", "/api/v1/api-keys", ground.secret(), json=sent)
    assert_answer(answer, 403, FORBIDDEN)


CHECKS: dict[str, Callable[[Ground], None]] = {
    **{
        f"{permission} opens {OPERATIONS[permission][0]}, and nothing else does": partial(
            opens_its_own, permission
        )
        for permission in Permission
    },
    "a key with all permissions manages no keys": a_key_manages_no_keys,
}

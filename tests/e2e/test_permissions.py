"""What a key may do, for every permission and every operation, through the gateway."""

from __future__ import annotations

import httpx
import pytest

from ops.smoke.assertions import SHORT_URLS, bearer
from project.stack import Stack
from tests.e2e.conftest import FORBIDDEN, assert_response

LINK = {"url": "https://example.com/"}

# permission: the operations that it opens; every other operation is forbidden.
OPENS = {
    "read": {"list", "get"},
    "write": {"create", "change"},
    "delete": {"remove"},
    "analytics": set[str](),
}
OPERATIONS = ("list", "get", "create", "change", "remove")


@pytest.fixture(scope="module")
def keys(stack: Stack) -> dict[str, str]:
    return {permission: stack.key(permission)[0] for permission in OPENS}


@pytest.mark.parametrize("permission", OPENS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_key_does_what_its_permission_opens(
    http: httpx.Client, everything: str, keys: dict[str, str], permission: str, operation: str
) -> None:
    created = http.post(SHORT_URLS, json=LINK, headers=bearer(everything))
    one = f"{SHORT_URLS}/{created.json()['data']['id']}"
    method, path, body, success = {
        "list": ("GET", SHORT_URLS, None, 200),
        "get": ("GET", one, None, 200),
        "create": ("POST", SHORT_URLS, LINK, 201),
        "change": ("PUT", one, {"name": "changed"}, 200),
        "remove": ("DELETE", one, None, 200),
    }[operation]
    response = http.request(method, path, json=body, headers=bearer(keys[permission]))
    if operation in OPENS[permission]:
        assert (response.status_code, response.json()["success"]) == (success, True)
    else:
        assert_response(response, 403, FORBIDDEN)
        # ... and nothing happened.
        assert http.get(one, headers=bearer(everything)).json() == created.json()


def test_a_forbidden_caller_does_not_learn_what_is_valid(
    http: httpx.Client, keys: dict[str, str]
) -> None:
    response = http.post(SHORT_URLS, content=b"{", headers=bearer(keys["read"]))
    assert_response(response, 403, FORBIDDEN)

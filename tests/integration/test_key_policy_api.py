"""The resource `/api/v1/api-keys/policy`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.clock import DAY
from jmpy.formats.times import iso
from project import functions
from tests.integration.api_keys import Keys

if TYPE_CHECKING:
    from jmpy.accounts.model import Account
    from project.functions import Response

POLICY = "/api/v1/api-keys/policy"


class Policy:
    """A client that calls the function, signed in."""

    def __init__(self) -> None:
        self.app = functions.load("key_policy")

    def __call__(self, method: str, tail: str = "", **sent: Any) -> Response:
        sent.setdefault("authorizer", functions.session_context("acme"))
        return functions.call(self.app.handler, functions.event(method, f"{POLICY}{tail}", **sent))

    def set(self, days: int | None, **sent: Any) -> Any:
        response = self("PATCH", body={"max_key_days": days}, **sent)
        assert response.status == 200, response
        return response.body["data"]


@pytest.fixture
def policy(account: Account) -> Policy:
    return Policy()


@pytest.fixture
def keys(account: Account) -> Keys:
    return Keys()


def test_an_account_has_no_policy_until_it_sets_one(policy: Policy, keys: Keys) -> None:
    keys.create()
    response = policy("GET")
    assert response.body["data"] == {"max_key_days": None, "exceeding_keys": []}
    assert response.headers["etag"] == '"0"'


def test_the_policy_is_set_with_the_keys_that_exceed_it(policy: Policy, keys: Keys) -> None:
    key = keys.create()
    exceeding = [{"id": key["id"], "name": "one", "expires_at": None}]
    expected = {"max_key_days": 90, "exceeding_keys": exceeding}
    assert policy.set(90) == expected
    response = policy("GET")
    assert response.body["data"] == expected
    assert response.headers["etag"] == '"90"'


def test_a_policy_is_lifted_with_null(policy: Policy, keys: Keys) -> None:
    policy.set(90)
    assert policy.set(None) == {"max_key_days": None, "exceeding_keys": []}
    assert keys.create()["expires_at"] is None


@pytest.mark.parametrize("days", [0, -1, 3651, 1.5, "90", True])
def test_a_policy_is_a_whole_number_of_days(policy: Policy, days: object) -> None:
    response = policy("PATCH", body={"max_key_days": days})
    assert response.status == 422
    assert [error["field"] for error in response.body["error"]["details"]["errors"]] == [
        "max_key_days"
    ]


def test_a_policy_is_named_when_it_changes(policy: Policy) -> None:
    assert policy("PATCH", body={}).status == 422


def test_a_change_names_the_policy_that_it_is_of(policy: Policy) -> None:
    policy.set(90, headers={"If-Match": '"0"'})
    outdated = policy("PATCH", body={"max_key_days": 30}, headers={"If-Match": '"0"'})
    assert (outdated.status, outdated.code) == (412, "PRECONDITION_FAILED")
    policy.set(30, headers={"If-Match": '"90"'})


@pytest.mark.parametrize(
    "expires_at", [None, iso(int(time.time()) + 91 * DAY)], ids=["never", "later"]
)
def test_a_key_that_would_exceed_it_is_rejected_at_its_field(
    policy: Policy, keys: Keys, expires_at: str | None
) -> None:
    policy.set(90)
    body = {"name": "one", "permissions": ["read"], "expires_at": expires_at}
    response = keys("POST", body=body)
    assert response.status == 422
    (error,) = response.body["error"]["details"]["errors"]
    assert error["field"] == "expires_at"
    assert "90 days" in str(error)


def test_a_key_without_an_expiry_gets_the_longest_and_the_response_says_so(
    policy: Policy, keys: Keys
) -> None:
    policy.set(90)
    before = int(time.time())
    created = keys.create()
    assert iso(before + 90 * DAY) <= created["expires_at"] <= iso(int(time.time()) + 90 * DAY)


def test_applying_it_reports_each_key(policy: Policy, keys: Keys) -> None:
    key = keys.create()
    policy.set(90)
    response = policy("POST", "/apply")
    (applied,) = response.body["data"]["keys"]
    assert applied == {
        "id": key["id"],
        "name": "one",
        "expires_at": applied["expires_at"],
        "outcome": "shortened",
    }
    shortened = keys("GET", key["id"]).body["data"]
    assert shortened["expires_at"] == applied["expires_at"]
    assert policy("POST", "/apply").body["data"] == {"keys": []}


def test_only_the_policy_that_was_read_is_applied(policy: Policy, keys: Keys) -> None:
    key = keys.create()
    policy.set(90)
    assert policy("POST", "/apply", headers={"If-Match": '"30"'}).status == 412
    assert keys("GET", key["id"]).body["data"]["expires_at"] is None


def test_a_key_never_reads_or_changes_the_policy(policy: Policy) -> None:
    holder = functions.authorizer_context("read write delete analytics", "acme")
    for method, tail in (("GET", ""), ("PATCH", ""), ("POST", "/apply")):
        assert policy(method, tail, authorizer=holder).status == 403

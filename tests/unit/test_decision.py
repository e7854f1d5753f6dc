from typing import Any

import pytest

from jmpy.access.errors import INVALID
from jmpy.authorizer import denial
from jmpy.authorizer.decision import Authorizer, Unauthorized
from jmpy.authorizer.sessions import SessionAccounts
from jmpy.cache import Cache
from jmpy.keys import token
from jmpy.keys.model import ApiKey, KeyStatus
from project.keys import issued

ARN = "arn:aws:execute-api:eu-west-1:123456789012:api/live/GET/api/v1/short-urls"
STAGE = "arn:aws:execute-api:eu-west-1:123456789012:api/live/*"
NOW = 2000.0
LONGEST_RESOURCE = 512
"""Characters of a policy's Resource that API Gateway takes."""


class Table:
    """A stand-in for the table's one method that the authorizer uses."""

    def __init__(self, *keys: ApiKey) -> None:
        self.keys = {key.digest: key for key in keys}
        self.reads = 0

    def find(self, digest: str) -> ApiKey | None:
        self.reads += 1
        return self.keys.get(digest)


def decide(table: Table, credential: str | None) -> dict[str, Any]:
    headers = {"Authorization": [f"Bearer {credential}"]} if credential is not None else {}
    event = {"methodArn": ARN, "multiValueHeaders": headers}
    return Authorizer(table.find, Cache(), nobody_signed_in(), lambda: NOW).decide(event)


def nobody_signed_in() -> SessionAccounts:
    """For requests with a key: it must not even ask for what verifies ID tokens."""
    return SessionAccounts(lambda _: pytest.fail("asked"), lambda _: None, Cache())


def effect(response: dict[str, Any]) -> str:
    (statement,) = response["policyDocument"]["Statement"]
    assert statement["Resource"] == STAGE
    return str(statement["Effect"])


def test_a_valid_key_is_allowed_with_its_context() -> None:
    secret, key = issued()
    response = decide(Table(key), secret)
    assert effect(response) == "Allow"
    assert response["context"] == {
        "account_id": "account-1",
        "key_id": "key-1",
        "key_name": "Test",
        "plan": "free",
        "permissions": "read write",
        "credential": "bearer",
        "lookup": "table",
    }
    assert response["usageIdentifierKey"] == "usage-1"
    assert secret not in str(response)


def test_a_key_that_is_known_from_memory_is_told_apart() -> None:
    secret, key = issued()
    authorizer = Authorizer(Table(key).find, Cache(), nobody_signed_in(), lambda: NOW)
    event = {"methodArn": ARN, "multiValueHeaders": {"X-API-Key": [secret]}}
    responses = [authorizer.decide(event) for _ in range(2)]
    assert [response["context"]["lookup"] for response in responses] == ["table", "memory"]


def test_no_credential_fails_with_the_word_that_the_gateway_expects() -> None:
    with pytest.raises(Unauthorized, match=r"^Unauthorized$"):
        decide(Table(), None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": KeyStatus.REVOKED}, "revoked"),
        ({"expires_at": 1999}, "expired"),
        ({"expires_at": 2000}, "expired"),
    ],
)
def test_a_key_that_ended_is_denied(changes: dict[str, Any], reason: str) -> None:
    secret, key = issued(**changes)
    response = decide(Table(key), secret)
    assert effect(response) == "Deny"
    assert response["context"] == denial.context(INVALID, hint=None) | {
        "reason": reason,
        "account_id": "account-1",
        "key_id": "key-1",
        "lookup": "table",
    }
    assert "usageIdentifierKey" not in response


def test_a_key_works_until_the_second_of_its_expiry() -> None:
    secret, key = issued(expires_at=2001)
    assert effect(decide(Table(key), secret)) == "Allow"


def test_a_key_for_headers_only_is_denied_in_the_query() -> None:
    secret, key = issued(header_only=True)
    query = {"methodArn": ARN, "multiValueQueryStringParameters": {"api_key": [secret]}}
    authorizer = Authorizer(Table(key).find, Cache(), nobody_signed_in(), lambda: NOW)
    assert authorizer.decide(query)["context"]["reason"] == "header_only"
    for name, value in (("Authorization", f"Bearer {secret}"), ("X-API-Key", secret)):
        response = authorizer.decide({"methodArn": ARN, "multiValueHeaders": {name: [value]}})
        assert effect(response) == "Allow"


def test_an_unknown_key_is_denied() -> None:
    response = decide(Table(), token.generate())
    assert effect(response) == "Deny"
    without_hint = denial.context(INVALID, hint=None)
    assert response["context"] == {"reason": "unknown", "lookup": "table", **without_hint}


@pytest.mark.parametrize("noise", ["x", "jmpy_" + "a" * 38, "a" * 10_000, "jmpy_", "\u00e9" * 43])
def test_noise_is_denied_without_a_read(noise: str) -> None:
    table = Table()
    response = decide(table, noise)
    assert (effect(response), response["context"]["reason"]) == ("Deny", "malformed")
    assert "lookup" not in response["context"]
    assert table.reads == 0


def test_two_credentials_are_denied_without_a_read() -> None:
    secret, key = issued()
    table = Table(key)
    event = {
        "methodArn": ARN,
        "multiValueHeaders": {"Authorization": [f"Bearer {secret}", f"Bearer {secret}"]},
    }
    assert effect(Authorizer(table.find, Cache(), nobody_signed_in()).decide(event)) == "Deny"
    assert table.reads == 0


def test_a_fault_in_the_look_up_is_never_a_decision() -> None:
    class Down(Exception):
        pass

    def broken(_digest: str) -> ApiKey | None:
        raise Down

    secret, key = issued()
    cache: Cache[str, ApiKey | None] = Cache()
    nobody = nobody_signed_in()
    event = {"methodArn": ARN, "multiValueHeaders": {"x-api-key": [secret]}}
    with pytest.raises(Down):
        Authorizer(broken, cache, nobody).decide(event)
    # ... and is not remembered: the next request, with the table back, is served.
    assert effect(Authorizer(Table(key).find, cache, nobody, lambda: NOW).decide(event)) == "Allow"


def test_a_cached_key_still_expires() -> None:
    secret, key = issued(expires_at=2001)
    now = NOW
    table = Table(key)
    authorizer = Authorizer(table.find, Cache(), nobody_signed_in(), lambda: now)
    event = {"methodArn": ARN, "multiValueHeaders": {"x-api-key": [secret]}}
    assert effect(authorizer.decide(event)) == "Allow"
    now = 2001.0
    assert effect(authorizer.decide(event)) == "Deny"
    assert table.reads == 1


@pytest.mark.parametrize(
    "path",
    [
        "GET/api/v1/short-urls/" + "x" * 1_400,
        "GET/api/v1/short-urls/" + "\u00e9" * 700,
        "GET/api/v1/*",
        "GET/????",
        "GET/${aws:username}",
        "GET/${",
        "GET/",
        "GET//a//b/../*",
    ],
)
@pytest.mark.parametrize("is_known", [True, False])
def test_no_path_makes_a_policy_that_api_gateway_cannot_take(path: str, is_known: bool) -> None:
    secret, key = issued()
    table = Table(key) if is_known else Table()
    event = {
        "methodArn": f"arn:aws:execute-api:eu-west-1:123456789012:api/live/{path}",
        "multiValueHeaders": {"X-API-Key": [secret]},
    }
    response = Authorizer(table.find, Cache(), nobody_signed_in(), lambda: NOW).decide(event)
    assert effect(response) == ("Allow" if is_known else "Deny")
    assert len(STAGE) < LONGEST_RESOURCE

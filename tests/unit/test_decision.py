from typing import Any

import pytest

from jmpy.access.errors import INVALID
from jmpy.accounts.model import InterimKey, Subscription
from jmpy.authorizer import denial
from jmpy.authorizer.service import Authorizer, Unauthorized
from jmpy.authorizer.sessions import SessionAccounts
from jmpy.cache import Cache
from jmpy.clock import Clock
from jmpy.keys import token
from jmpy.keys.model import ApiKey, KeyStatus
from jmpy.limits.plan import LimitClass
from project.keys import issued
from tests.authorizer_events import ADDRESS, NO_TOKENS, SETTINGS, STAGE, effect, event

NOW = 2000.0
LONGEST_RESOURCE = 512
"""Characters of a policy's Resource that API Gateway accepts."""


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
    return authorizer(table).authorize(event(headers))


def authorizer(table: Table, now: Clock = lambda: NOW) -> Authorizer:
    return Authorizer(SETTINGS, table.find, Cache(), nobody_signed_in(), NO_TOKENS, now=now)


def nobody_signed_in() -> SessionAccounts:
    """For requests with a key, for which no ID token may be verified."""
    return SessionAccounts(lambda _: pytest.fail("verified"), lambda _: None, Cache())


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
        "viewer": ADDRESS,
    }
    assert response["usageIdentifierKey"] == "usage-1"
    assert secret not in str(response)


def test_a_key_with_a_budget_has_it_in_its_context_with_its_rotation_line() -> None:
    secret, key = issued(
        line="key-0", limits={LimitClass.URL_CREATION: 10, LimitClass.ANALYTICS: 0}
    )
    context = decide(Table(key), secret)["context"]
    assert context["budget"] == "key-0 url_creation=10 analytics=0"


def test_a_usage_plan_key_is_used_once_api_gateway_has_applied_it() -> None:
    """Also if the lookup is cached when that happens."""
    interim = InterimKey("usage-0", int(NOW) + 2)
    secret, key = issued(subscription=Subscription("free", "usage-1", interim=interim))
    times = [NOW + 1]
    warm = authorizer(Table(key), lambda: times[-1])
    request = event({"X-API-Key": [secret]})
    assert warm.authorize(request)["usageIdentifierKey"] == "usage-0"
    times.append(NOW + 2)
    response = warm.authorize(request)
    assert (response["usageIdentifierKey"], response["context"]["lookup"]) == ("usage-1", "cache")


def test_the_context_says_whether_the_key_was_cached() -> None:
    secret, key = issued()
    warm = authorizer(Table(key))
    responses = [warm.authorize(event({"X-API-Key": [secret]})) for _ in range(2)]
    assert [response["context"]["lookup"] for response in responses] == ["table", "cache"]


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
        "viewer": ADDRESS,
    }
    assert "usageIdentifierKey" not in response


def test_a_key_works_until_the_second_of_its_expiry() -> None:
    secret, key = issued(expires_at=2001)
    assert effect(decide(Table(key), secret)) == "Allow"


def test_a_key_for_headers_only_is_denied_in_the_query() -> None:
    secret, key = issued(header_only=True)
    warm = authorizer(Table(key))
    response = warm.authorize(event(query={"api_key": [secret]}))
    assert (effect(response), response["context"]["reason"]) == ("Deny", "header_only")
    for name, value in (("Authorization", f"Bearer {secret}"), ("X-API-Key", secret)):
        assert effect(warm.authorize(event({name: [value]}))) == "Allow"


def test_an_unknown_key_is_denied() -> None:
    response = decide(Table(), token.generate())
    assert effect(response) == "Deny"
    assert response["context"] == denial.context(INVALID, hint=None) | {
        "reason": "unknown",
        "lookup": "table",
        "viewer": ADDRESS,
    }


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
    sent = event({"Authorization": [f"Bearer {secret}", f"Bearer {secret}"]})
    assert effect(authorizer(table).authorize(sent)) == "Deny"
    assert table.reads == 0


def test_a_fault_in_the_lookup_is_never_a_decision() -> None:
    class Down(Exception):
        pass

    def broken(_digest: str) -> ApiKey | None:
        raise Down

    secret, key = issued()
    cache: Cache[str, ApiKey | None] = Cache()
    nobody = nobody_signed_in()
    sent = event({"x-api-key": [secret]})
    with pytest.raises(Down):
        Authorizer(SETTINGS, broken, cache, nobody, NO_TOKENS).authorize(sent)
    # ... and is not cached: the next request, with the table back, is served.
    healthy = Authorizer(SETTINGS, Table(key).find, cache, nobody, NO_TOKENS, now=lambda: NOW)
    assert effect(healthy.authorize(sent)) == "Allow"


def test_a_cached_key_still_expires() -> None:
    secret, key = issued(expires_at=2001)
    now = NOW
    table = Table(key)
    warm = authorizer(table, lambda: now)
    sent = event({"x-api-key": [secret]})
    assert effect(warm.authorize(sent)) == "Allow"
    now = 2001.0
    assert effect(warm.authorize(sent)) == "Deny"
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
def test_no_path_results_in_a_policy_that_api_gateway_rejects(path: str, is_known: bool) -> None:
    secret, key = issued()
    table = Table(key) if is_known else Table()
    arn = f"arn:aws:execute-api:eu-west-1:123456789012:api/live/{path}"
    response = authorizer(table).authorize(event({"X-API-Key": [secret]}, arn=arn))
    assert effect(response) == ("Allow" if is_known else "Deny")
    assert len(STAGE) < LONGEST_RESOURCE

"""Short-lived tokens, from their creation to the authorizer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.audit.model import Action
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.cache import TTL
from jmpy.key_tokens import text
from jmpy.key_tokens.errors import TokenNotFound, TooManyTokens
from jmpy.key_tokens.service import KeyTokenService
from jmpy.keys.errors import InvalidKeyRequest
from project import functions
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, AUDIT
from tests.clocks import Clocks
from tests.integration.key_tokens import token_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.accounts.service import AccountService
    from jmpy.key_tokens.model import IssuedToken
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService


@pytest.fixture
def clocks() -> Iterator[Clocks]:
    clocks = Clocks()
    with clocks.ticking():
        yield clocks


@pytest.fixture
def key(clocks: Clocks, service: KeyService, account: Account) -> ApiKey:
    return service.create(account.id, "CI", ["read", "write"], by=SOMEBODY).record


@pytest.fixture
def tokens(dynamodb: DynamoDBClient) -> KeyTokenService:
    return token_service(dynamodb)


class Caller:
    """Sends requests with a credential to one execution environment of the authorizer."""

    def __init__(self) -> None:
        self._handler = functions.load("authorizer").handler

    def send(self, secret: str, address: str = "192.0.2.1", *, in_url: bool = False) -> Any:
        event = functions.authorizer_event(secret)
        event["requestContext"]["identity"]["sourceIp"] = address
        if in_url:
            event |= {
                "multiValueHeaders": {},
                "multiValueQueryStringParameters": {"api_key": [secret]},
            }
        response = self._handler(event, None)
        effect = response["policyDocument"]["Statement"][0]["Effect"]
        return {"effect": effect} | response["context"]


@pytest.fixture
def caller(dynamodb: DynamoDBClient) -> Caller:
    return Caller()


def created(tokens: KeyTokenService, key: ApiKey, **settings: Any) -> IssuedToken:
    return tokens.create(key, **settings)


def test_a_request_with_a_token_is_one_of_its_key_with_less(
    tokens: KeyTokenService, key: ApiKey, caller: Caller
) -> None:
    issued = created(tokens, key, permissions=["read"])
    context = caller.send(issued.secret)
    assert (
        context.items()
        >= {
            "effect": "Allow",
            "account_id": key.account_id,
            "key_id": key.id,
            "key_name": "CI",
            "token_id": issued.record.id,
            "permissions": "read",
            "lookup": "table",
        }.items()
    )
    assert caller.send(issued.secret)["lookup"] == "cache"
    assert issued.secret not in str(context)


def test_a_token_has_all_permissions_of_its_key_unless_it_names_some(
    tokens: KeyTokenService, key: ApiKey
) -> None:
    assert created(tokens, key).record.permissions == key.permissions


def test_a_token_works_for_a_quarter_of_an_hour_unless_it_says_otherwise(
    tokens: KeyTokenService, key: ApiKey, caller: Caller, clocks: Clocks
) -> None:
    usual, longest = created(tokens, key), created(tokens, key, lifetime=3600)
    clocks.run(899)
    assert caller.send(usual.secret)["effect"] == "Allow"
    clocks.run(1)
    assert caller.send(usual.secret).items() >= {"effect": "Deny", "reason": "expired"}.items()
    clocks.run(2699)
    assert caller.send(longest.secret)["effect"] == "Allow"
    clocks.run(1)
    assert caller.send(longest.secret)["effect"] == "Deny"


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"lifetime": 0}, "expires_in"),
        ({"lifetime": 3601}, "expires_in"),
        ({"permissions": []}, "permissions"),
        ({"permissions": ["read", "delete"]}, "permissions"),
        ({"permissions": ["admin"]}, "permissions"),
        ({"name": "x" * 101}, "name"),
        ({"name": "two\nlines"}, "name"),
    ],
)
def test_a_token_that_its_key_cannot_have_is_rejected(
    tokens: KeyTokenService, key: ApiKey, settings: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidKeyRequest) as rejected:
        created(tokens, key, **settings)
    assert rejected.value.field == field
    assert tokens.of_key(key) == []


def test_a_token_ends_with_its_key(
    tokens: KeyTokenService, service: KeyService, account: Account, clocks: Clocks
) -> None:
    ends = int(clocks.wall) + 60
    key = service.create(account.id, "CI", ["read"], ends, by=SOMEBODY).record
    assert created(tokens, key).record.expires_at == ends


def revoked(service: KeyService, key: ApiKey) -> None:
    service.revoke(key.account_id, key.id, by=SOMEBODY)


def without_write(service: KeyService, key: ApiKey) -> None:
    service.change(key.account_id, key.id, by=SOMEBODY, permissions=["read"])


def for_another_address(service: KeyService, key: ApiKey) -> None:
    service.change(key.account_id, key.id, by=SOMEBODY, allowed_ips=["203.0.113.7"])


def rotated(service: KeyService, key: ApiKey) -> None:
    service.rotate(key.account_id, key.id, 0, by=SOMEBODY)


@pytest.mark.parametrize("pause", [TTL, 3600.0])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (revoked, "revoked"),
        (without_write, "permissions"),
        (for_another_address, "address"),
        (rotated, "expired"),
    ],
)
def test_what_happens_to_a_key_happens_to_its_tokens_within_five_seconds(
    *,
    tokens: KeyTokenService,
    service: KeyService,
    key: ApiKey,
    caller: Caller,
    clocks: Clocks,
    change: Callable[[KeyService, ApiKey], None],
    reason: str,
    pause: float,
) -> None:
    issued = created(tokens, key, permissions=["write"], lifetime=3600)
    assert caller.send(issued.secret)["effect"] == "Allow"
    change(service, key)
    clocks.run(TTL - 0.5)
    assert caller.send(issued.secret)["effect"] == "Allow"  # within the bound
    clocks.freeze(pause)
    denied = caller.send(issued.secret)
    expected = "expired" if pause == 3600.0 and reason != "revoked" else reason
    assert (denied["effect"], denied["reason"]) == ("Deny", expected)
    assert (denied["key_id"], denied["token_id"]) == (key.id, issued.record.id)


def test_a_token_dies_with_its_suspended_account(
    tokens: KeyTokenService,
    accounts: AccountService,
    key: ApiKey,
    caller: Caller,
    clocks: Clocks,
) -> None:
    issued = created(tokens, key)
    assert caller.send(issued.secret)["effect"] == "Allow"
    accounts.suspend(key.account_id, "spam", by=SOMEBODY)
    clocks.freeze(TTL)
    assert caller.send(issued.secret)["reason"] == "suspended"


def test_a_token_keeps_the_permissions_that_its_key_keeps(
    tokens: KeyTokenService, service: KeyService, key: ApiKey, caller: Caller
) -> None:
    issued = created(tokens, key)
    without_write(service, key)
    assert caller.send(issued.secret)["permissions"] == "read"
    service.change(key.account_id, key.id, by=SOMEBODY, permissions=["read", "delete"])
    assert Caller().send(issued.secret)["permissions"] == "read"


def test_tokens_of_a_rotated_key_live_until_its_grace_period_ends(
    tokens: KeyTokenService, service: KeyService, key: ApiKey, caller: Caller, clocks: Clocks
) -> None:
    issued = created(tokens, key, lifetime=3600)
    service.rotate(key.account_id, key.id, 600, by=SOMEBODY)
    clocks.run(599)
    assert caller.send(issued.secret)["effect"] == "Allow"
    clocks.run(1)
    assert caller.send(issued.secret)["reason"] == "expired"


def test_a_revoked_token_is_dead_within_five_seconds_and_its_key_works_on(
    tokens: KeyTokenService, service: KeyService, account: Account, caller: Caller, clocks: Clocks
) -> None:
    issued = service.create(account.id, "CI", ["read"], by=SOMEBODY)
    one, other = (created(tokens, issued.record) for _ in range(2))
    assert caller.send(one.secret)["effect"] == "Allow"
    tokens.revoke(issued.record, one.record.id, by=None)
    clocks.freeze(TTL)
    assert caller.send(one.secret)["reason"] == "unknown"
    for working in (other.secret, issued.secret):
        assert caller.send(working)["effect"] == "Allow"


def test_a_token_comes_in_no_url(tokens: KeyTokenService, key: ApiKey, caller: Caller) -> None:
    issued = created(tokens, key)
    denied = caller.send(issued.secret, in_url=True)
    assert (denied["effect"], denied["reason"]) == ("Deny", "header_only")
    assert caller.send(issued.secret)["effect"] == "Allow"


def test_a_token_is_not_found_by_its_place_alone(
    tokens: KeyTokenService, key: ApiKey, caller: Caller
) -> None:
    """Its holder knows the digest of the key, and could write down another token of it."""
    issued = created(tokens, key)
    for slot in (issued.record.slot, 1):
        forged = text.compose(key.digest, slot, "A" * 32)
        denied = caller.send(forged)
        assert (denied["effect"], denied["reason"]) == ("Deny", "unknown")
        assert "key_id" not in denied


def test_the_twenty_first_token_is_one_too_many(
    tokens: KeyTokenService, key: ApiKey, clocks: Clocks
) -> None:
    issued = [created(tokens, key, lifetime=60 + number) for number in range(20)]
    assert len({one.record.slot for one in issued}) == 20
    with pytest.raises(TooManyTokens, match="at most 20"):
        created(tokens, key)
    tokens.revoke(key, issued[7].record.id, by=None)
    assert created(tokens, key).record.slot == issued[7].record.slot
    clocks.run(60)  # the first expires; DynamoDB has not deleted it
    assert created(tokens, key).record.slot == issued[0].record.slot
    with pytest.raises(TooManyTokens):
        created(tokens, key)


def test_tokens_are_listed_newest_first_without_expired_ones(
    tokens: KeyTokenService, key: ApiKey, clocks: Clocks
) -> None:
    old = created(tokens, key, name="old", lifetime=60).record
    clocks.run(1)
    new = created(tokens, key).record
    assert tokens.of_key(key) == [new, old]
    clocks.run(59)
    assert tokens.of_key(key) == [new]


def test_a_revocation_by_a_person_is_in_the_audit_log(
    tokens: KeyTokenService, key: ApiKey, dynamodb: DynamoDBClient, clocks: Clocks
) -> None:
    one, two = (created(tokens, key).record for _ in range(2))
    tokens.revoke(key, two.id, by=None)  # the key itself
    clocks.run(1)
    assert tokens.revoke_all(key, by=SOMEBODY) == [one]
    assert tokens.revoke_all(key, by=SOMEBODY) == []
    log = AuditLog(dynamodb, AUDIT).all(key.account_id, EntryFilter(target_id=key.id), 10)
    assert [(entry.action, dict(entry.changes).get("tokens")) for entry in log] == [
        (Action.TOKENS_REVOKED, ([one.id], None)),
        (Action.KEY_CREATED, None),
    ]


def test_a_token_that_is_not_there_cannot_be_revoked(
    tokens: KeyTokenService, key: ApiKey, clocks: Clocks
) -> None:
    issued = created(tokens, key, lifetime=60).record
    with pytest.raises(TokenNotFound):
        tokens.revoke(key, "another", by=SOMEBODY)
    clocks.run(60)
    with pytest.raises(TokenNotFound):
        tokens.revoke(key, issued.id, by=SOMEBODY)


def test_no_item_holds_a_token(
    tokens: KeyTokenService, key: ApiKey, dynamodb: DynamoDBClient
) -> None:
    secret = created(tokens, key).secret
    (stored,) = [item for item in dynamodb.scan(TableName=ACCOUNTS)["Items"] if "token_id" in item]
    assert secret[-38:-6] not in str(stored)
    assert int(stored["expires_ttl"]["N"]) > 0

"""Short-lived tokens and `verify`, as the API serves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.key_tokens import text
from jmpy.keys import token
from project import functions
from project.meter import Meter
from project.origins import SOMEBODY
from tests.clocks import Clocks
from tests.integration.api_keys import PATH, Keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.keys.model import IssuedKey
    from jmpy.keys.service import KeyService
    from project.functions import Response

MINE, OTHER = "acme", "other"
UNKNOWN = {
    "valid": False,
    "reason": "unknown",
    "key_id": None,
    "token_id": None,
    "name": None,
    "environment": None,
    "permissions": None,
    "labels": None,
    "limits": None,
    "expires_at": None,
}


@pytest.fixture
def clocks() -> Iterator[Clocks]:
    clocks = Clocks()
    with clocks.ticking():
        yield clocks


@pytest.fixture
def key(clocks: Clocks, accounts: AccountService, service: KeyService) -> IssuedKey:
    for account in (MINE, OTHER):
        accounts.ensure(account, by=SOMEBODY)
    return service.create(MINE, "CI", ["read", "write"], by=SOMEBODY)


class Api:
    def __init__(self) -> None:
        self.app = functions.load("key_tokens")

    def __call__(self, method: str, resource: str, *ids: str, **sent: Any) -> Response:
        path, parameters = functions.at(
            resource, ids[0] if ids else "", token_id=ids[-1] if ids else ""
        )
        event = functions.event(method, path, resource=resource, parameters=parameters, **sent)
        return functions.call(self.app.handler, event)

    def with_key(self, method: str, key: IssuedKey, *ids: str, **sent: Any) -> Response:
        resource = f"{PATH}/current/tokens" + ("/{token_id}" if ids else "")
        return self(method, resource, *ids, authorizer=Keys.holder(key.record.id), **sent)

    def signed_in(self, method: str, *ids: str, account: str = MINE) -> Response:
        resource = f"{PATH}/{{id}}/tokens" + ("/{token_id}" if len(ids) > 1 else "")
        return self(method, resource, *ids, authorizer=functions.session_context(account))

    def create(self, key: IssuedKey, **body: Any) -> Any:
        response = self.with_key("POST", key, body=body)
        assert response.status == 201, response
        return response.body["data"]

    def verify(self, presented: str, caller: dict[str, str] | None = None) -> Response:
        caller = caller or functions.session_context(MINE)
        return self("POST", f"{PATH}/verify", body={"key": presented}, authorizer=caller)


@pytest.fixture
def api(dynamodb: DynamoDBClient) -> Api:
    return Api()


def test_a_token_is_shown_once(api: Api, key: IssuedKey) -> None:
    created = api.create(key, permissions=["read"], expires_in=600, name="Export")
    secret = created.pop("token")
    assert text.parse(secret).key_digest == key.record.digest
    assert created == {
        "id": created["id"],
        "name": "Export",
        "permissions": ["read"],
        "created_at": "2027-01-15T08:00:00Z",
        "expires_at": "2027-01-15T08:10:00Z",
    }
    for listed in (api.with_key("GET", key), api.signed_in("GET", key.record.id)):
        assert listed.body["data"] == {"tokens": [created]}


def test_without_a_body_a_token_is_all_its_key_is_for_a_quarter_of_an_hour(
    api: Api, key: IssuedKey
) -> None:
    created = api.create(key)
    assert (created["permissions"], created["name"]) == (["read", "write"], None)
    assert created["expires_at"] == "2027-01-15T08:15:00Z"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"expires_in": 3601}, "expires_in"),
        ({"expires_in": 0}, "expires_in"),
        ({"expires_in": "60"}, "expires_in"),
        ({"permissions": ["delete"]}, "permissions"),
        ({"permissions": ["admin"]}, "permissions.0"),
        ({"permissions": []}, "permissions"),
        ({"name": "x" * 101}, "name"),
        ({"seconds": 60}, "seconds"),
    ],
)
def test_what_a_token_cannot_be_is_rejected(
    api: Api, key: IssuedKey, body: dict[str, Any], field: str
) -> None:
    response = api.with_key("POST", key, body=body)
    assert (response.status, response.code) == (422, "VALIDATION_ERROR")
    assert [one["field"] for one in response.body["error"]["details"]["errors"]] == [field]
    assert api.with_key("GET", key).body["data"]["tokens"] == []


def test_the_twenty_first_token_is_a_conflict(api: Api, key: IssuedKey) -> None:
    for _ in range(20):
        api.create(key)
    response = api.with_key("POST", key, body={})
    assert (response.status, response.code) == (409, "CONFLICT")
    assert "at most 20 working tokens" in response.body["error"]["message"]


def test_an_idempotency_key_is_rejected_as_the_response_is_a_secret(
    api: Api, key: IssuedKey
) -> None:
    response = api.with_key("POST", key, body={}, headers={"Idempotency-Key": "once"})
    assert response.status == 400
    assert "contains a token, which is never stored" in response.body["error"]["message"]


def test_a_key_revokes_its_tokens_one_by_one(api: Api, key: IssuedKey) -> None:
    one, two = api.create(key), api.create(key)
    revoked = api.with_key("DELETE", key, one["id"])
    assert (revoked.status, revoked.body["data"]["id"]) == (200, one["id"])
    assert "token" not in revoked.body["data"]
    again = api.with_key("DELETE", key, one["id"])
    assert (again.status, again.code) == (404, "NOT_FOUND")
    assert [one["id"] for one in api.with_key("GET", key).body["data"]["tokens"]] == [two["id"]]


def test_a_key_revokes_all_its_tokens(api: Api, key: IssuedKey) -> None:
    ids = [api.create(key)["id"] for _ in range(2)]
    revoked = api.with_key("DELETE", key).body["data"]["tokens"]
    assert {one["id"] for one in revoked} == set(ids)
    assert api.with_key("GET", key).body["data"] == {"tokens": []}


def test_an_owner_revokes_one_token_or_all(api: Api, key: IssuedKey) -> None:
    ids = [api.create(key)["id"] for _ in range(3)]
    assert api.signed_in("DELETE", key.record.id, ids[0]).body["data"]["id"] == ids[0]
    revoked = api.signed_in("DELETE", key.record.id).body["data"]["tokens"]
    assert {one["id"] for one in revoked} == set(ids[1:])
    assert api.signed_in("GET", key.record.id).body["data"] == {"tokens": []}
    assert api.signed_in("DELETE", key.record.id).body["data"] == {"tokens": []}


def test_tokens_of_another_account_are_not_there(api: Api, key: IssuedKey) -> None:
    token_id = api.create(key)["id"]
    for response in (
        api.signed_in("GET", key.record.id, account=OTHER),
        api.signed_in("DELETE", key.record.id, account=OTHER),
        api.signed_in("DELETE", key.record.id, token_id, account=OTHER),
    ):
        assert (response.status, response.code) == (404, "NOT_FOUND")
    assert len(api.signed_in("GET", key.record.id).body["data"]["tokens"]) == 1


def test_a_key_revokes_no_token_of_another_key(
    api: Api, key: IssuedKey, service: KeyService
) -> None:
    other = service.create(MINE, "other", ["read"], by=SOMEBODY)
    assert api.with_key("DELETE", other, api.create(key)["id"]).status == 404


def test_a_working_key_is_described(api: Api, key: IssuedKey) -> None:
    assert api.verify(key.secret).body["data"] == {
        "valid": True,
        "reason": None,
        "key_id": key.record.id,
        "token_id": None,
        "name": "CI",
        "environment": None,
        "labels": [],
        "permissions": ["read", "write"],
        "limits": {},
        "expires_at": None,
    }


def test_the_labels_and_limits_of_a_key_are_also_those_of_its_tokens(
    api: Api, key: IssuedKey, service: KeyService
) -> None:
    of_key = api.create(key)["token"]
    service.change(
        MINE, key.record.id, by=SOMEBODY, labels=["newsletter"], limits={"url_creation": 100}
    )
    for presented in (key.secret, of_key):
        verified = api.verify(presented).body["data"]
        assert verified["labels"] == ["newsletter"]
        assert verified["limits"] == {"url_creation": 100}


def test_a_working_token_is_described_as_what_it_may_do(
    api: Api, key: IssuedKey, service: KeyService
) -> None:
    created = api.create(key)
    service.change(MINE, key.record.id, by=SOMEBODY, permissions=["write", "delete"])
    verified = api.verify(created["token"]).body["data"]
    assert (verified["valid"], verified["reason"]) == (True, None)
    assert (verified["key_id"], verified["token_id"]) == (key.record.id, created["id"])
    assert verified["permissions"] == ["write"]
    assert verified["expires_at"] == created["expires_at"]


@pytest.mark.parametrize(
    "caller",
    [
        functions.session_context(MINE),
        functions.authorizer_context("", MINE),
        functions.authorizer_context("", MINE) | {"token_id": "token-1"},
    ],
    ids=["session", "key", "token"],
)
def test_everybody_of_the_account_may_verify(
    api: Api, key: IssuedKey, caller: dict[str, str]
) -> None:
    assert api.verify(key.secret, caller).body["data"]["valid"] is True


def revoke(service: KeyService, key: IssuedKey) -> None:
    service.revoke(MINE, key.record.id, by=SOMEBODY)


def rotate(service: KeyService, key: IssuedKey) -> None:
    service.rotate(MINE, key.record.id, 0, by=SOMEBODY)


@pytest.mark.parametrize(("end", "reason"), [(revoke, "revoked"), (rotate, "expired")])
def test_the_reason_is_told_of_keys_of_ones_own(
    api: Api,
    key: IssuedKey,
    service: KeyService,
    end: Callable[[KeyService, IssuedKey], None],
    reason: str,
) -> None:
    of_key = api.create(key)["token"]
    end(service, key)
    for presented in (key.secret, of_key):
        verified = api.verify(presented).body["data"]
        assert (verified["valid"], verified["reason"]) == (False, reason)
        assert verified["key_id"] == key.record.id


def test_a_token_without_any_permission_left_does_not_work(
    api: Api, key: IssuedKey, service: KeyService
) -> None:
    of_key = api.create(key, permissions=["write"])["token"]
    service.change(MINE, key.record.id, by=SOMEBODY, permissions=["read"])
    verified = api.verify(of_key).body["data"]
    assert (verified["valid"], verified["reason"]) == (False, "permissions")


def test_what_is_not_ones_own_looks_like_what_there_is_not(
    api: Api, key: IssuedKey, service: KeyService, dynamodb: DynamoDBClient
) -> None:
    """In body, status, header fields and number of calls."""
    foreign = service.create(OTHER, "theirs", ["read"], by=SOMEBODY)
    ended = service.create(OTHER, "theirs", ["read"], by=SOMEBODY)
    service.revoke(OTHER, ended.record.id, by=SOMEBODY)
    of_foreign = functions.authorizer_context("", OTHER) | {"key_id": foreign.record.id}
    issued = api("POST", f"{PATH}/current/tokens", body={}, authorizer=of_foreign)
    presented = {
        "another account's": foreign.secret,
        "another account's, revoked": ended.secret,
        "another account's token": issued.body["data"]["token"],
        "unknown": token.generate(),
        "unknown token": text.compose(key.record.digest, 0, token.random_text()),
        "token of nothing": text.compose("0" * 64, 0, token.random_text()),
        "malformed": key.secret[:-1],
        "malformed token": issued.body["data"]["token"][:-1],
        "noise": "x",
        "not ASCII": "\u00fc",
        "nothing": "",
        "too much space": f" {key.secret}",
    }
    meter = Meter(dynamodb)
    meter.watch(api.app.dynamodb)

    def seen(sent: str) -> tuple[int, Any, dict[str, str], int]:
        response = api.verify(sent)
        calls = meter.take().calls.total()
        return response.status, response.body["data"], response.headers, calls

    found = {name: seen(sent) for name, sent in presented.items()}
    status, body, headers, calls = found["unknown"]
    assert (status, body) == (200, UNKNOWN)
    assert found == dict.fromkeys(presented, found["unknown"])
    own = seen(key.secret)
    assert (own[0], own[2], own[3]) == (status, headers, calls)


def test_what_is_verified_is_in_no_log(
    api: Api, key: IssuedKey, capsys: pytest.CaptureFixture[str]
) -> None:
    created = api.create(key)["token"]
    for presented in (key.secret, created, key.secret[:-1]):
        api.verify(presented)
        api("POST", f"{PATH}/verify", body={"key": presented, "x": 1},
            authorizer=functions.session_context(MINE))  # fmt: skip
    logged = capsys.readouterr()
    for secret in (key.secret, created):
        assert secret[10:-10] not in logged.out + logged.err

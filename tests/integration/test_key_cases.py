"""The cases that allow-lists, budgets, verification, tokens and the policy of API keys have to
pass: one row each, from API Gateway's event to the response of the function.

Where a case takes more than one process can show, its row names the test that shows it.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest

from jmpy.accounts.store import AccountStore
from jmpy.activity.key_usage_store import KeyUseStore
from jmpy.audit.store import AuditLog
from jmpy.clock import DAY
from jmpy.formats.times import iso
from jmpy.keys import token
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.limits.plan import LimitClass
from ops.smoke.assertions import INVALID_API_KEY, SHORT_URLS, bearer
from project import functions
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY, AUDIT
from project.template import PROJECT
from tests.clocks import later
from tests.integration.api_keys import Keys
from tests.integration.gateway import BASE_URL, InProcess
from tests.integration.key_tokens import token_service

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.keys.model import IssuedKey

ACCOUNT = "acme"
EDGE_SECRET = "what-the-edge-proves-itself-with-0123456789"
KEYS = "/api/v1/api-keys"
WITHIN = 5.0
"""Seconds in which every change takes effect."""


class World:
    """An account, and one execution environment of each function."""

    def __init__(self, client: DynamoDBClient, accounts: AccountService) -> None:
        self.client = client
        self.accounts = accounts
        self.keys = KeyService(
            KeyStore(client, ACCOUNTS), AccountStore(client, ACCOUNTS), AuditLog(client, AUDIT)
        )
        self.tokens = token_service(client)
        self.owner = Keys()
        self.gateway = InProcess()
        self.http = httpx.Client(base_url=BASE_URL, transport=self.gateway)
        accounts.ensure(ACCOUNT, by=SOMEBODY)

    def key(self, *permissions: str, account: str = ACCOUNT, **settings: Any) -> IssuedKey:
        return self.keys.create(account, "case", permissions or ["read"], by=SOMEBODY, **settings)

    def set_policy(self, days: int) -> None:
        """The maximum lifetime of the account's keys."""
        sent = functions.event(
            "PATCH",
            f"{KEYS}/policy",
            body={"max_key_days": days},
            authorizer=functions.session_context(ACCOUNT),
        )
        assert functions.call(functions.load("key_policy").handler, sent).status == 200

    def get(self, secret: str, source_ip: str = "192.0.2.1", **headers: str) -> httpx.Response:
        """A list of links. `X_Forwarded_For` is the header X-Forwarded-For."""
        self.gateway.source_ip = source_ip
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.get(SHORT_URLS, headers=bearer(secret) | named)

    def post(self, path: str, secret: str, **body: str) -> httpx.Response:
        return self.http.post(path, json=body, headers=bearer(secret))

    def create_link(self, secret: str) -> httpx.Response:
        return self.post(SHORT_URLS, secret, url="https://example.com/")


@pytest.fixture
def world(
    dynamodb: DynamoDBClient, accounts: AccountService, monkeypatch: pytest.MonkeyPatch
) -> World:
    monkeypatch.setenv("EDGE_SECRET_HASHES", sha256(EDGE_SECRET.encode()).hexdigest())
    return World(dynamodb, accounts)


# A key with allowed addresses


class Sent(NamedTuple):
    allowed: tuple[str, ...]
    source_ip: str
    headers: dict[str, str]
    passes: bool


def sent(allowed: str, source_ip: str, *, passes: bool, **headers: str) -> Sent:
    return Sent(tuple(allowed.split()), source_ip, headers, passes)


V4, V6 = "203.0.113.0/24", "2001:db8::1"
CDN = "192.0.2.99"
PROOF = {"X_Jmpy_Edge": EDGE_SECRET}

ADDRESSES = {
    "an address of the network passes": sent(V4, "203.0.113.7", passes=True),
    "one of the next network does not": sent(V4, "203.0.114.7", passes=False),
    "an IPv4 address mapped to IPv6 passes": sent(V4, "::ffff:203.0.113.7", passes=True),
    "a network in capital letters contains the address in its long form": sent(
        "2001:DB8::/32", "2001:db8:0:0::1", passes=True
    ),
    "a network of IPv6 contains no other": sent("2001:DB8::/32", "2001:db9::1", passes=False),
    "X-Forwarded-For is not read": sent(
        V4, "198.51.100.7", X_Forwarded_For="203.0.113.7", passes=False
    ),
    "X-Forwarded-For does not harm either": sent(
        V4, "203.0.113.7", X_Forwarded_For="198.51.100.7", passes=True
    ),
    "CloudFront-Viewer-Address without the edge's secret is not read": sent(
        V4, CDN, CloudFront_Viewer_Address="203.0.113.7:1", passes=False
    ),
    "nor with a wrong secret": sent(
        V4,
        CDN,
        CloudFront_Viewer_Address="203.0.113.7:1",
        X_Jmpy_Edge=EDGE_SECRET[:-1],
        passes=False,
    ),
    "with the secret it is the address": sent(
        V4, CDN, CloudFront_Viewer_Address="203.0.113.7:1", **PROOF, passes=True
    ),
    "with the secret the edge's own address is none": sent(
        V4, "203.0.113.7", CloudFront_Viewer_Address="198.51.100.7:1", **PROOF, passes=False
    ),
    "an IPv6 viewer in brackets": sent(
        V6, CDN, CloudFront_Viewer_Address="[2001:db8::1]:46532", **PROOF, passes=True
    ),
    "the same viewer without brackets": sent(
        V6, CDN, CloudFront_Viewer_Address="2001:db8::1:46532", **PROOF, passes=True
    ),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_allowed_addresses(name: str, world: World) -> None:
    allowed, source_ip, headers, passes = ADDRESSES[name]
    secret = world.key(allowed_ips=allowed).secret
    response = world.get(secret, source_ip, **headers)
    assert response.status_code == (200 if passes else 401)
    if not passes:
        assert response.json() == INVALID_API_KEY


# Everything else

CASES: dict[str, Callable[[World], None]] = {}


def case(name: str) -> Callable[[Callable[[World], None]], Callable[[World], None]]:
    def add(run: Callable[[World], None]) -> Callable[[World], None]:
        assert name not in CASES
        CASES[name] = run
        return run

    return add


@case("203.0.113.5/24 is stored as the network")
def _host_bits(world: World) -> None:
    assert world.key(allowed_ips=["203.0.113.5/24"]).record.allowed_ips == (V4,)


@case("a narrowed list takes effect within five seconds, also where the key is cached")
def _narrowed(world: World) -> None:
    secret, key = (issued := world.key(allowed_ips=[V4])).secret, issued.record
    assert world.get(secret, "203.0.113.7").status_code == 200
    world.keys.change(ACCOUNT, key.id, by=SOMEBODY, allowed_ips=["203.0.113.99"])
    with later(WITHIN):
        assert world.get(secret, "203.0.113.7").status_code == 401
        assert world.get(secret, "203.0.113.99").status_code == 200


@case("a rotated key's successor has the list")
def _rotated_list(world: World) -> None:
    old = world.key(allowed_ips=[V4])
    new = world.keys.rotate(ACCOUNT, old.record.id, by=SOMEBODY)
    assert new.record.allowed_ips == (V4,)
    assert world.get(new.secret, "203.0.113.7").status_code == 200
    assert world.get(new.secret, "203.0.114.7").status_code == 401


@case("a change of the plan keeps the list")
def _plan_keeps_list(world: World) -> None:
    secret = world.key(allowed_ips=[V4]).secret
    for plan in ("pro", "free"):
        world.accounts.subscribe(ACCOUNT, plan, by=SOMEBODY)
        with later(WITHIN):
            assert world.get(secret, "203.0.113.7").status_code == 200
            assert world.get(secret, "203.0.114.7").status_code == 401


@case("a budget of ten lets ten pass")
def _budget(world: World) -> None:
    secret = world.key("write", limits={"url_creation": 10}).secret
    statuses = [world.create_link(secret).status_code for _ in range(12)]
    assert statuses == [201] * 10 + [429] * 2
    exceeded = world.create_link(secret)
    assert exceeded.json()["error"]["details"]["scope"] == "key"
    assert exceeded.headers["X-RateLimit-Limit"] == "10"
    assert world.create_link(world.key("write").secret).status_code == 201


@case("a rotation in between refills no budget")
def _rotated_budget(world: World) -> None:
    old = world.key("write", limits={"url_creation": 10})
    for _ in range(6):
        assert world.create_link(old.secret).status_code == 201
    new = world.keys.rotate(ACCOUNT, old.record.id, by=SOMEBODY).secret
    responses = [world.create_link(secret) for secret in (new, old.secret) * 3]
    assert [response.status_code for response in responses] == [201] * 4 + [429] * 2


@case("where the account's limit is smaller, the scope is the account")
def _smaller_account(world: World) -> None:
    limits = {LimitClass.URL_CREATION: 2}
    world.accounts.subscribe(ACCOUNT, "free", limits, by=SOMEBODY)
    secret = world.key("write", limits={"url_creation": 10}).secret
    responses = [world.create_link(secret) for _ in range(3)]
    assert [response.status_code for response in responses] == [201, 201, 429]
    assert responses[-1].json()["error"]["details"]["scope"] == "account"
    assert {response.headers["X-RateLimit-Limit"] for response in responses} == {"2"}


@case("a token without a permission that its key lost is denied that permission")
def _lost_permission(world: World) -> None:
    key = world.key("read", "write").record
    secret = world.tokens.create(key, permissions=["read", "write"]).secret
    assert world.create_link(secret).status_code == 201
    world.keys.change(ACCOUNT, key.id, by=SOMEBODY, permissions=["read"])
    with later(WITHIN):
        assert world.create_link(secret).status_code == 403
        assert world.get(secret).status_code == 200


@case("a token ends within five seconds of its key")
def _ended_parent(world: World) -> None:
    key = world.key().record
    secret = world.tokens.create(key).secret
    assert world.get(secret).status_code == 200
    world.keys.revoke(ACCOUNT, key.id, by=SOMEBODY)
    with later(WITHIN):
        response = world.get(secret)
        assert (response.status_code, response.json()) == (401, INVALID_API_KEY)


@case("a paused key is denied like any invalid one within five seconds, and works once resumed")
def _paused(world: World) -> None:
    secret, key = (issued := world.key()).secret, issued.record
    assert world.get(secret).status_code == 200
    world.keys.pause(ACCOUNT, key.id, by=SOMEBODY)
    with later(WITHIN):
        response = world.get(secret)
        assert (response.status_code, response.json()) == (401, INVALID_API_KEY)
    world.keys.resume(ACCOUNT, key.id, by=SOMEBODY)
    with later(2 * WITHIN):
        assert world.get(secret).status_code == 200


@case("the 21st token of a key is a conflict")
def _twenty_first_token(world: World) -> None:
    secret = world.key().secret
    responses = [world.post(f"{KEYS}/current/tokens", secret) for _ in range(21)]
    assert [response.status_code for response in responses] == [201] * 20 + [409]
    # One that is revoked makes room.
    token_id = responses[0].json()["data"]["id"]
    world.http.delete(f"{KEYS}/current/tokens/{token_id}", headers=bearer(secret))
    assert world.post(f"{KEYS}/current/tokens", secret).status_code == 201


@case("a token creates no token")
def _token_of_a_token(world: World) -> None:
    created = world.post(f"{KEYS}/current/tokens", world.key().secret).json()["data"]
    assert world.get(created["token"]).status_code == 200
    assert world.post(f"{KEYS}/current/tokens", created["token"]).status_code == 403


# Verification

VERIFIED = {"valid", "reason", "key_id", "token_id", "name", "environment", "permissions"}


def verified(world: World, secret: str, key: str) -> Any:
    response = world.post(f"{KEYS}/verify", secret, key=key)
    assert response.status_code == 200
    data = response.json()["data"]
    assert data.keys() >= VERIFIED
    return data


@case("another account's key, a malformed one and one that never was look alike")
def _unknown(world: World) -> None:
    world.accounts.ensure("other", by=SOMEBODY)
    theirs = world.key(account="other").secret
    caller = world.key().secret
    malformed = theirs[:-1] + ("0" if theirs[-1] != "0" else "1")
    responses = [
        verified(world, caller, key) for key in (theirs, malformed, "no key", token.generate())
    ]
    unknown = dict.fromkeys(responses[0]) | {"valid": False, "reason": "unknown"}
    assert responses == [unknown] * 4


@case("of a revoked, an expired and a paused key of one's own, the reason is returned")
def _reasons(world: World) -> None:
    caller = world.key().secret
    revoked, paused = world.key(), world.key()
    expired = world.key(expires_at=int(time.time()) + 2)
    world.keys.revoke(ACCOUNT, revoked.record.id, by=SOMEBODY)
    world.keys.pause(ACCOUNT, paused.record.id, by=SOMEBODY)
    with later(WITHIN):
        for issued, reason in ((revoked, "revoked"), (expired, "expired"), (paused, "paused")):
            data = verified(world, caller, issued.secret)
            assert (data["valid"], data["reason"], data["key_id"]) == (
                False, reason, issued.record.id,
            )  # fmt: skip


@case("a working key is valid, and verifying it is no use of it")
def _valid(world: World) -> None:
    caller, other = world.key().secret, world.key("write")
    data = verified(world, caller, other.secret)
    assert (data["valid"], data["reason"], data["permissions"]) == (True, None, ["write"])
    assert KeyUseStore(world.client, ACTIVITY).find([other.record.id]) == {}


# A policy of at most 90 days


def days_from_now(days: float | None) -> Any:
    return None if days is None else iso(int(time.time() + days * DAY))


@case("under a policy of 90 days, no key is created for 91 days or for ever")
def _policy_of_creation(world: World) -> None:
    world.set_policy(90)
    for days in (91, None):
        body = {"name": "case", "permissions": ["read"], "expires_at": days_from_now(days)}
        response = world.owner("POST", body=body)
        assert response.status == 422
        (error,) = response.body["error"]["details"]["errors"]
        assert error["field"] == "expires_at"
    assert world.owner.create(expires_at=days_from_now(89))["expires_at"] == days_from_now(89)


@case("under a policy of 90 days, no key is changed to expire in 91 days or never")
def _policy_of_change(world: World) -> None:
    key = world.owner.create(expires_at=days_from_now(30))
    world.set_policy(90)
    for days in (91, None):
        response = world.owner("PATCH", key["id"], body={"expires_at": days_from_now(days)})
        assert response.status == 422
        (error,) = response.body["error"]["details"]["errors"]
        assert error["field"] == "expires_at"
    assert world.owner("GET", key["id"]).body["data"]["expires_at"] == key["expires_at"]


@case("a rotation gives a fresh lifetime within the policy, and existing keys are left alone")
def _policy_of_rotation(world: World) -> None:
    forever = world.owner.create(expires_at=None)
    world.set_policy(90)
    assert world.owner("GET", forever["id"]).body["data"]["expires_at"] is None
    rotated = world.owner.rotate(forever["id"]).body["data"]
    assert days_from_now(89) < rotated["expires_at"] <= days_from_now(90)


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, world: World) -> None:
    CASES[name](world)


ELSEWHERE = {
    "whatever is verified, the response takes the same calls": (
        "tests/integration/test_key_tokens_api.py",
        "test_what_is_not_ones_own_looks_like_what_there_is_not",
    ),
    "what is verified is in no log": (
        "tests/integration/test_key_tokens_api.py",
        "test_what_is_verified_is_in_no_log",
    ),
    "of 500 racing requests a budget of ten lets ten pass": (
        "tests/integration/test_races.py",
        "test_of_five_hundred_requests_at_once_a_budget_of_ten_lets_ten_pass",
    ),
    "a rotation among racing requests refills no budget": (
        "tests/integration/test_races.py",
        "test_a_rotation_among_racing_requests_refills_no_budget",
    ),
    "on a deployed stack, up to the alert": (
        "tests/e2e/test_allowed_ips.py",
        "test_a_restricted_key_works_from_its_addresses_only_and_its_owner_is_alerted",
    ),
    "of racing requests for tokens, none gets a twenty-first": (
        "tests/integration/test_races.py",
        "test_of_twenty_five_requests_at_once_exactly_twenty_get_a_short_lived_token",
    ),
}
"""What takes AWS's own engine, a deployed stack or a view of AWS: the case, and the test of it."""


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_case_that_is_shown_elsewhere_is(name: str) -> None:
    path, test = ELSEWHERE[name]
    source = ast.parse((PROJECT / path).read_text())
    assert test in {node.name for node in source.body if isinstance(node, ast.FunctionDef)}

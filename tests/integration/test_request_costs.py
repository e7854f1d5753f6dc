"""What every request costs is what docs/architecture.md says, and to refuse one costs less."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import boto3
import pytest

from jmpy.access.policy import Caller
from jmpy.cache import Cache
from jmpy.limits.plan import LimitClass
from jmpy.links import passes
from jmpy.links.attempts import NETWORK
from jmpy.links.blocklist import CACHED, Blocklist
from jmpy.links.item import to_code_items, to_target
from project import documented_costs, functions
from project.meter import Cost, Meter
from project.metered import Metered
from project.origins import SOMEBODY
from project.sample_account import SampleAccount
from project.template import PROJECT
from tests.integration import paths
from tests.integration.browser import Browser
from tests.integration.key_tokens import token_service

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.keys.service import KeyService
    from project.functions import Operation

DOCUMENTED = documented_costs.read()
OPERATIONS = {f"{one.method} {one.path}": one for one in functions.operations()}
WRITE_WEIGHT = 5
"""Of a write unit in read units, by their prices (bench/prices.json)."""

PUBLIC_PAGES = ("/login", "/login/callback", "/dashboard/assets/<name>")

UNKNOWN_ID = "0197a000-0000-7000-8000-000000000000"


@pytest.fixture
def account(dynamodb: DynamoDBClient) -> SampleAccount:
    return SampleAccount(dynamodb)


@pytest.fixture
def metered(dynamodb: DynamoDBClient) -> Metered:
    return Metered()


def documented(measured: dict[str, Cost]) -> dict[str, Cost | None]:
    """What the page says of what was measured."""
    return {name: DOCUMENTED.get(name) for name in measured}


def short_url(code: str, method: str = "GET", **sent: Any) -> dict[str, Any]:
    return functions.event(
        method, f"/{code}", resource="/{proxy+}", parameters={"proxy": code}, **sent
    )


def weight(cost: Cost) -> float:
    return cost.read_units + WRITE_WEIGHT * cost.write_units


def test_every_operation_costs_what_is_documented(metered: Metered, account: SampleAccount) -> None:
    # The audit log first, before what the others do is in it.
    in_order = sorted(OPERATIONS.items(), key=lambda named: "/audit-log" not in named[0])
    measured = {
        name: metered.serve(operation, account.request(operation)) for name, operation in in_order
    }
    assert documented(measured) == measured


def test_requests_that_cost_more_or_less_are_documented_too(
    metered: Metered, account: SampleAccount
) -> None:
    link = account.link
    one, create = OPERATIONS["GET /api/v1/short-urls/{id}"], OPERATIONS["POST /api/v1/short-urls"]
    change, keys = OPERATIONS["PATCH /api/v1/short-urls/{id}"], OPERATIONS["GET /api/v1/api-keys"]
    moved = account.request(change, body={"custom_alias": "moved"})
    once = account.request(create, headers={"Idempotency-Key": "order-1"})
    locked = account.new_link(password="long enough")
    metered.app("redirect").lookup.salt()
    attempt = short_url(locked.short_code, "POST", body="password=long+enough")
    open_to_some = account.new_link(password="long enough")
    code = to_code_items(open_to_some)[open_to_some.short_code]
    issued = passes.issue(to_target(code), time.time())
    cookie = {"Cookie": f"__Secure-jmpy_pass={issued}"}
    admitted = short_url(open_to_some.short_code, headers=cookie)
    forwarding = account.new_link(forward_query=True)
    queried = short_url(forwarding.short_code, query={"ref": "mail"})
    measured = {
        "GET /api/v1/short-urls/{id} by code or alias": metered.serve(
            one, account.request(one, link.short_code)
        ),
        "POST /api/v1/short-urls with an Idempotency-Key": metered.serve(create, once),
        "POST /api/v1/short-urls with the same key again": metered.serve(create, once),
        "GET /api/v1/api-keys with a filter or another sort": metered.serve(
            keys, account.request(keys, query={"status": "active"})
        ),
        "GET /{short_code}": metered.send("redirect", short_url(link.short_code), 301),
        "GET /{short_code} again": metered.send("redirect", short_url(link.short_code), 301),
        "GET /{short_code} with a query to forward": metered.send("redirect", queried, 301),
        "POST /{short_code} with its password": metered.send("redirect", attempt, 303),
        "GET /{short_code} with a pass": metered.send("redirect", admitted, 302),
        "PATCH /api/v1/short-urls/{id} with another alias": metered.serve(change, moved),
    }
    assert documented(measured) == measured


def test_a_policy_that_keys_exceed_costs_more(metered: Metered, account: SampleAccount) -> None:
    read, apply, sets = (
        OPERATIONS[f"{name} /api/v1/api-keys/policy{tail}"]
        for name, tail in (("GET", ""), ("POST", "/apply"), ("PATCH", ""))
    )
    requests = {one: account.request(one) for one in (read, apply)}
    requests[sets] = account.request(sets, body={"max_key_days": 30})
    measured = {
        "PATCH /api/v1/api-keys/policy to a limit": metered.serve(sets, requests[sets]),
        "GET /api/v1/api-keys/policy with a limit": metered.serve(read, requests[read]),
        "POST /api/v1/api-keys/policy/apply to two keys": metered.serve(apply, requests[apply]),
    }
    assert documented(measured) == measured


def test_another_expiry_of_a_key_costs_more(metered: Metered, account: SampleAccount) -> None:
    change = OPERATIONS["PATCH /api/v1/api-keys/{id}"]
    sent = account.request(change, body={"expires_at": "2099-01-01T00:00:00Z"})
    measured = {"PATCH /api/v1/api-keys/{id} to another expiry": metered.serve(change, sent)}
    assert documented(measured) == measured


def test_the_first_click_of_a_day_creates_its_salt(
    metered: Metered, account: SampleAccount
) -> None:
    measured = metered.send("redirect", short_url(account.link.short_code), 301)
    assert DOCUMENTED["GET /{short_code} for the first time in a day"] == measured


def test_the_blocklist_is_read_together_with_the_code(
    metered: Metered, account: SampleAccount
) -> None:
    lookup = metered.app("redirect").lookup
    lookup.salt()
    code = account.link.short_code
    unread = Cache[None, frozenset[str]](CACHED, capacity=1)
    with patch.object(lookup, "_blocked", unread):
        measured = {
            "GET /{short_code} with an uncached blocklist": metered.send(
                "redirect", short_url(code), 301
            ),
            "GET /{short_code} again": metered.send("redirect", short_url(code), 301),
        }
    assert documented(measured) == measured


def test_an_operation_on_links_reads_the_blocklist_twice_a_minute(
    metered: Metered, account: SampleAccount
) -> None:
    create = OPERATIONS["POST /api/v1/short-urls"]
    known = metered.serve(create, account.request(create))
    unread = Blocklist(metered.app("links").resource.links._store.blocked_hosts)
    with patch.object(metered.app("links").resource.links, "blocklist", unread):
        first, second = (metered.serve(create, account.request(create)) for _ in range(2))
    read = Cost(first.calls - known.calls, first.read_units - known.read_units)
    assert DOCUMENTED["the blocklist"] == read
    assert second == known


def test_a_key_is_looked_up_once_and_a_bad_one_not_at_all(
    metered: Metered, account: SampleAccount, accounts: AccountService, service: KeyService
) -> None:
    secret = service.create(account.id, "one", ["read"], by=SOMEBODY).secret
    last = service.create(account.id, "two", ["read"], by=SOMEBODY)
    dynamodb = boto3.client("dynamodb")
    dynamodb.delete_item(
        TableName="accounts", Key={"pk": {"S": f"key#{last.record.digest}"}, "sk": {"S": "key"}}
    )
    key, tokens = (
        service.create(account.id, "three", ["read"], by=SOMEBODY),
        token_service(dynamodb),
    )
    token, revoked = tokens.create(key.record), tokens.create(key.record)
    tokens.revoke(key.record, revoked.record.id, by=None)
    measured = {
        "a key": decide(metered, secret),
        "a cached key": decide(metered, secret),
        "a short-lived token": decide(metered, token.secret),
        "a cached short-lived token": decide(metered, token.secret),
        "401, an unknown short-lived token": decide(metered, revoked.secret),
        "401, a malformed short-lived token": decide(metered, token.secret[:-1]),
        "401, an unknown key": decide(metered, last.secret),
        "401, an unknown key, cached": decide(metered, last.secret),
        "401, a malformed key": decide(metered, secret[:-1]),
        "401, no key": decide(metered, None),
    }
    assert documented(measured) == measured


def test_whatever_is_verified_costs_one_read(
    metered: Metered, account: SampleAccount, service: KeyService, dynamodb: DynamoDBClient
) -> None:
    key = service.create(account.id, "one", ["read"], by=SOMEBODY)
    token = token_service(dynamodb).create(key.record)
    verify = OPERATIONS["POST /api/v1/api-keys/verify"]

    def of(presented: str) -> Cost:
        return metered.serve(verify, account.request(verify, body={"key": presented}))

    measured = {
        "POST /api/v1/api-keys/verify": of(key.secret),
        "POST /api/v1/api-keys/verify of a short-lived token": of(token.secret),
    }
    assert documented(measured) == measured
    assert [of(text) for text in (key.secret[:-1], "x")] == [of(key.secret)] * 2
    assert of(token.secret[:-1]) == of(token.secret)


def test_a_token_that_is_not_there_costs_no_more_than_one_that_is(
    metered: Metered, account: SampleAccount
) -> None:
    revoke = OPERATIONS["DELETE /api/v1/api-keys/current/tokens/{token_id}"]
    served = metered.serve(revoke, account.request(revoke))
    missing = metered.send("key_tokens", account.request(revoke, UNKNOWN_ID), 404)
    assert DOCUMENTED["404, a short-lived token"] == missing
    assert weight(missing) < weight(served)


def decide(metered: Metered, secret: str | None) -> Cost:
    """What the authorizer asks for, whatever it decides."""
    event = json.loads((PROJECT / "events" / "authorizer-bearer.json").read_text())
    for headers in (event["headers"], event["multiValueHeaders"]):
        for name in [name for name in headers if name.lower() == "authorization"]:
            del headers[name]
    if secret is not None:
        event["headers"]["Authorization"] = f"Bearer {secret}"
        event["multiValueHeaders"]["Authorization"] = [f"Bearer {secret}"]
    handler = metered.app("authorizer").handler
    metered.meter.take()
    if secret is None:
        with pytest.raises(Exception, match=r"^Unauthorized$"):
            handler(event, None)
    else:
        handler(event, None)
    return metered.meter.take()


def refusals(metered: Metered, account: SampleAccount, operation: Operation) -> dict[str, Cost]:
    """What it costs to refuse requests of an operation, each sent with what would be served."""
    folder, ours = functions.FOLDERS[operation.function], account.request(operation)
    access_policy = operation.access_policy
    costs: dict[str, Cost] = {}
    if access_policy.caller is Caller.ANY_KEY:
        stranger, status = functions.session_context(account.id), 400
    else:
        stranger, status = functions.authorizer_context("", account.id), 403
    if access_policy.caller is not Caller.ANYBODY:
        foreign = account.request(operation, authorizer=stranger)
        costs["403"] = metered.send(folder, foreign, status)
    costs |= {
        "401, no identity": metered.send(folder, account.request(operation, authorizer=None), 401),
        "204, a preflight": metered.send(folder, ours | {"httpMethod": "OPTIONS"}, 204),
        "405": metered.send(folder, ours | {"httpMethod": "HEAD"}, 405),
    }
    wrong = account.request(operation, query={"nonsense": "1"})
    name = "400, 415, 422" if access_policy.cost else "400, 415, 422 of an uncounted operation"
    costs[name] = metered.send(folder, wrong, 400, 422)
    if access_policy.cost != 0:
        limits = " ".join(f"{limit}=0" for limit in LimitClass)
        none = account.request(operation)
        # The function remembers which counters of an account are full.
        other = {"account_id": f"for {operation.method} {operation.path}", "limits": limits}
        none["requestContext"]["authorizer"] |= other
        costs["429, a request larger than the whole limit"] = metered.send(folder, none, 429)
        costs["429, cached"] = metered.send(folder, none, 429)
    return costs


def test_a_failure_costs_what_is_documented_and_less_than_a_success(
    metered: Metered, account: SampleAccount
) -> None:
    for name, operation in OPERATIONS.items():
        served = metered.serve(operation, account.request(operation))
        measured = refusals(metered, account, operation)
        assert documented(measured) == measured, name
        for refusal, cost in measured.items():
            assert cost.calls.total() < served.calls.total(), (name, refusal)
            assert weight(cost) < weight(served), (name, refusal)


def test_an_exhausted_limit_is_read_once(metered: Metered, account: SampleAccount) -> None:
    create = OPERATIONS["POST /api/v1/short-urls"]

    def limited() -> dict[str, Any]:
        event = account.request(create)
        event["requestContext"]["authorizer"] |= {"limits": "url_creation=1"}
        return event

    served = metered.serve(create, limited())
    first, second = (metered.send("links", limited(), 429) for _ in range(2))
    assert DOCUMENTED["429"] == first
    assert DOCUMENTED["429, cached"] == second == Cost()
    assert weight(second) < weight(first) < weight(served)


def test_a_budget_of_a_key_costs_one_write_more(metered: Metered, account: SampleAccount) -> None:
    create = OPERATIONS["POST /api/v1/short-urls"]

    def sent(budget: int, limit: int = 100) -> dict[str, Any]:
        event = account.request(create)
        budgeted = {"budget": f"line url_creation={budget}", "limits": f"url_creation={limit}"}
        event["requestContext"]["authorizer"] |= budgeted
        return event

    without = metered.serve(create, account.request(create))
    served = metered.serve(create, sent(3))
    extra = Cost(served.calls - without.calls, 0, served.write_units - without.write_units)
    assert extra == Cost(Counter(UpdateItem=1), 0, 1)
    measured = {
        "POST /api/v1/short-urls with a budget": served,
        "429, over a budget": metered.send("links", sent(1), 429),
        # The request above was counted, and so was one of a key without a budget.
        "429 with a budget": metered.send("links", sent(50, limit=2), 429),
    }
    assert documented(measured) == measured
    for cached in (sent(1), sent(50, limit=2)):
        assert metered.send("links", cached, 429) == DOCUMENTED["429, cached"] == Cost()


def test_what_is_not_there_costs_no_more_than_what_is(
    metered: Metered, account: SampleAccount
) -> None:
    operations = [one for one in OPERATIONS.values() if "{id}" in one.path]
    assert operations
    for operation in operations:
        folder, path = functions.FOLDERS[operation.function], operation.path
        noun = path.split("/")[3]
        others = {"api-keys", "alerts", "campaigns", "domains", "qr-codes", "qranalytics", "tags"}
        is_link = noun not in others
        unknown = "nothing" if is_link or noun in {"campaigns", "domains", "tags"} else UNKNOWN_ID
        is_held = path.startswith("/api/v1/held-aliases/")
        by_code = account.new_link().short_code if is_link and not is_held else None
        served = metered.serve(operation, account.request(operation, by_code))
        missing = account.request(operation, unknown)
        cost = metered.send(folder, missing, 404)
        if not is_link or is_held:  # A code is also looked for on the account's other domains.
            assert cost.calls.total() < served.calls.total(), operation
            assert weight(cost) < weight(served), operation
        names = {
            "api-keys": "404, an API key",
            "alerts": "404, an alert",
            "campaigns": "404, a campaign",
            "domains": "404, a domain",
            "tags": "404, a tag",
            "held-aliases": "404, a QR code or a held alias",
            "qr-codes": "404, a QR code or a held alias",
            "qranalytics": "404, a QR code or a held alias",
        }
        name = names.get(noun, "404, a link")
        if cost.calls["AdminGetUser"]:
            name = "404, an API key to change"
        if noun == "tags" or name == "404, a link":
            # These read all links, or a code on all domains, and this test creates some.
            cost = replace(cost, read_units=DOCUMENTED[name].read_units)
        assert DOCUMENTED[name] == cost, operation


def test_a_short_code_that_is_not_there_costs_one_read(
    metered: Metered, account: SampleAccount
) -> None:
    metered.app("redirect").lookup.salt()
    metered.send("redirect", short_url(account.link.short_code), 301)
    measured = {
        "404, a short code": metered.send("redirect", short_url("nothing"), 404),
        "404, an impossible short code": metered.send("redirect", short_url("no.code"), 404),
    }
    assert documented(measured) == measured


def test_a_wrong_password_costs_what_is_documented(
    metered: Metered, account: SampleAccount
) -> None:
    locked = account.new_link(password="long enough")
    redirect = metered.app("redirect")
    redirect.lookup.follow(locked.short_code)
    wrong = short_url(locked.short_code, "POST", body="password=wrong+horse")
    measured = {"401, a wrong password of a link": metered.send("redirect", wrong, 401)}
    for _ in range(NETWORK.free - 1):
        metered.send("redirect", wrong, 401)
    measured["429, a password of a link"] = metered.send("redirect", wrong, 429)
    assert documented(measured) == measured


def test_a_page_without_a_session_costs_a_look_at_most(
    dynamodb: DynamoDBClient, browser: Browser
) -> None:
    browser.sign_in()
    cookie = next(name for name in browser.cookies if "jmpy_session" in name)
    meter = Meter(dynamodb)
    meter.watch(browser.app.dynamodb)
    pages = [
        (method, re.sub(r"<\w+>", "x", path))
        for path, methods in browser.app.site.methods.items()
        for method in methods
        if path not in PUBLIC_PAGES
    ]
    assert pages
    for method, path in pages:
        for name, cookies in (
            ("302, 401 of a page, no session", {}),
            ("302, 401 of a page, an unknown session", {cookie: "0" * 43}),
        ):
            browser.cookies = cookies
            response = browser.get(path) if method == "GET" else browser.post(path, {})
            assert response.status in (302, 401), (method, path)
            assert DOCUMENTED[name] == meter.take(), (method, path, name)


def test_every_row_of_the_page_is_measured() -> None:
    """A row of what is gone, or of what no test here measures, would be believed."""
    source = "".join(
        Path(__file__).with_name(name).read_text()
        for name in (Path(__file__).name, "test_host_costs.py")
    )
    pages = {path.name.replace("<", "{").replace(">", "}") for path in paths.pages()}
    assert set(OPERATIONS) <= set(DOCUMENTED)
    assert [
        name for name in DOCUMENTED if name not in {*OPERATIONS, *pages} and name not in source
    ] == []

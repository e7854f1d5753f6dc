"""Every call of AWS and Cognito on every path fails, in every way: the answer says so or the work
is done, what was begun is finished or undone, nothing is done twice, nobody waits for long, and
nobody is let in who would not be otherwise.

The calls are found by walking each path once without a fault, so that a new one is covered as it
comes.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.aws import clients
from jmpy.aws.errors import AwsUnavailable
from jmpy.http.errors import RETRY_AFTER
from jmpy.limits.model import Counter as LimitCounter
from jmpy.limits.model import Scope, day_of
from jmpy.limits.plan import LimitClass
from jmpy.limits.store import UsageStore
from jmpy.webhooks.sender import WebhookSender
from project import functions
from project.tables import ALERT_TOPIC_NAME, IDEMPOTENCY, USAGE
from tests.clocks import later
from tests.conftest import Figures
from tests.integration import authorizer_paths, moto_tables, nearby, paths
from tests.integration.conftest import create_alerts_queue
from tests.integration.moto_tables import Items
from tests.integration.nearby import COGNITO
from tests.integration.network import Fault, Lasts, Network, behind
from tests.integration.outgoing import Call
from tests.integration.paths import Path, World

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from tests.cognito import FakeCognito

ATTEMPTS = 3

Change = Counter[tuple[str, ...]]
"""What was added, changed and removed, by kind of item; and by how much its counts grew."""

COUNTS = ("links", "click_count", "keys_added", "version", "clicks")

COUNTED_BEFORE_THE_WORK = {"usage", "attempts"}
"""Limits fail closed: a request that is not served, or whose count got lost on its way, may have
been counted, up to once per attempt (docs/limits.md)."""


DONE_WITHOUT = {
    # The number of open alerts in the navigation.
    Call("dynamodb", "Query", "activity", "open-alerts"),
    # Where a caller stands with a limit, for the header fields of an answer that is not counted.
    Call("dynamodb", "GetItem", "usage"),
    # A session that is over here is over; its refresh token expires by itself.
    Call(COGNITO, "Post /oauth2/revoke"),
    Call("cognito-idp", "AdminUserGlobalSignOut"),
}
"""What is answered as done also without them."""


@pytest.fixture
def world(
    dynamodb: DynamoDBClient,
    edge: UsagePlanKeys,
    pool: FakeCognito,
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    monkeypatch.setenv("NOTICE_SENDER", "jmpy@example.com")
    monkeypatch.setattr(WebhookSender, "send", lambda *_: None)
    # Thousands of cold starts: most of one is spent on making clients, which know nothing of it.
    monkeypatch.setattr(boto3, "client", cache(boto3.client))
    create_alerts_queue()
    boto3.client("sns").create_topic(Name=ALERT_TOPIC_NAME)
    return World(dynamodb, edge, pool).fill()


def state() -> Items:
    """Without what limits count, which is no work."""
    return {
        key: {name: value for name, value in item.items() if name != "busy_until"}
        for key, item in moto_tables.items().items()
        if not COUNTED_BEFORE_THE_WORK & {key[0], key[1].partition("#")[0]}
    }


def change(before: Items, after: Items) -> Change:
    made: Change = Counter()
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        # Without what is a time, and so is not the same twice.
        names = (part.partition("#")[0] for part in key[1:])
        kind = (key[0], *("" if name[:1].isdigit() else name for name in names))
        # Counts are spread over items by chance, so that one may be new or not.
        how = "counted" if kind[-1] == "count" else "gone" if new is None else "written"
        made[*kind, how] += 1
        for name in COUNTS:
            grown = _number(new, name) - _number(old, name)
            if grown:
                made[*kind, name] += grown
    return made


def _number(item: Any, name: str) -> int:
    return int((item or {}).get(name, {}).get("N", 0))


def walk(path: Path, world: World, network: Network) -> tuple[paths.Outcome, Change, Change]:
    """The outcome, what changed, and what had changed once it came again, if it was refused."""
    moto_tables.restore(world.kept)
    go = path.prepare(world)
    before = state()
    with behind(network), nearby.behind(network, world.pool):
        outcome = go()
    after = change(before, state())
    healed = after
    if outcome.status == paths.AGAIN:
        well = Network()
        with later(RETRY_AFTER), behind(well), nearby.behind(well, world.pool):
            go()
        healed = change(before, state())
    return outcome, after, healed


QUICK = [
    (Fault.THROTTLED, Lasts.ONCE),
    (Fault.LOST, Lasts.ONCE),
    (Fault.FAILED, Lasts.CALL),
    (Fault.TIMED_OUT, Lasts.SERVICE),
    (Fault.CONTENDED, Lasts.ONCE),
    (Fault.CUT, Lasts.ONCE),
]
"""The others differ from these in what the SDK is told, not in what it does; `make prove` has them
all."""


def faults_on(calls: list[Call]) -> list[Network]:
    everything = [(fault, lasts) for fault in Fault for lasts in Lasts]
    return [
        Network(fault=fault, at=place, lasts=lasts)
        for place, call in enumerate(calls)
        for fault, lasts in (everything if "PROVE" in os.environ else QUICK)
        if fault.meets(call)
    ]


@pytest.mark.parametrize(
    "path", [*paths.every(), *authorizer_paths.allowed()], ids=lambda path: path.name
)
def test_a_fault_is_reported_and_leaves_nothing_half_done(
    path: Path, world: World, figures: Figures
) -> None:
    well = Network()
    expected, done, _ = walk(path, world, well)
    assert expected.status < 400, expected
    injected = 0
    for network in faults_on(well.calls):
        call = well.calls[network.at]
        case = f"{network.fault} {network.lasts} at {network.at} {call}"
        # Of Cognito, nothing is asked twice.
        is_lasting = network.lasts_beyond(call) or call.service == COGNITO
        outcome, made, healed = walk(path, world, network)
        injected += network.injected
        assert max(sent.attempts for sent in network.sent.values()) <= ATTEMPTS, case
        assert network.waited < path.timeout, case
        if is_lasting and network.fault is not Fault.SLOW:
            if path.does_without.isdisjoint({call, call.service}) and call not in DONE_WITHOUT:
                assert outcome.status == paths.AGAIN, case
            assert outcome.is_told, case
        else:
            assert outcome.status == expected.status, case
        if is_lasting and call in path.does_without:
            assert made in (Change(), done), case
            continue
        if outcome.status == expected.status:
            assert made == done, case
        elif path.is_one_step:
            assert made in (Change(), done), case
        if made != done:
            assert healed == done, case
    figures("faults", calls=len(well.calls), faults=injected, paths=1)


ASKING_COGNITO = {
    "GET /login/callback",
    "GET /dashboard, an hour later",
    "the authorizer, with an ID token",
    "verifying an ID token",
}


@pytest.mark.parametrize("response", [None, [], "text", {"id_token": 1}, {"keys": [1]}])
@pytest.mark.parametrize(
    "path",
    [p for p in (*paths.every(), *authorizer_paths.allowed()) if p.name in ASKING_COGNITO],
    ids=lambda path: path.name,
)
def test_an_unusable_response_of_cognito_is_reported_and_ends_nothing(
    path: Path, world: World, response: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, well = path.prepare(world), Network()
    with behind(well), nearby.behind(well, world.pool):
        with monkeypatch.context() as patched:
            for name in ("get_json", "post_form"):
                patched.setattr(world.pool, name, lambda *_: response)
            assert go() == paths.Outcome(paths.AGAIN, is_told=True)
        with later(RETRY_AFTER):
            assert go().status < 400


@pytest.mark.parametrize("path", list(authorizer_paths.denied()), ids=lambda path: path.name)
def test_a_fault_authorizes_nobody(path: Path, world: World, figures: Figures) -> None:
    well = Network()
    expected, _, _ = walk(path, world, well)
    assert expected.status == authorizer_paths.DENIED
    injected = 0
    for network in faults_on(well.calls):
        case = f"{network.fault} {network.lasts} at {network.at} {well.calls[network.at]}"
        outcome, _, _ = walk(path, world, network)
        injected += network.injected
        assert outcome.status in {authorizer_paths.DENIED, paths.AGAIN}, case
        assert outcome.is_told, case
        assert network.waited < path.timeout, case
    figures("faults", calls=len(well.calls), faults=injected, paths=1)


def test_what_is_taken_back_from_a_budget_is_never_more_than_was_counted(
    world: World, figures: Figures
) -> None:
    """Of a key whose account's limit is exceeded: its counter may be too high after a fault."""
    store = UsageStore(world.client, USAGE)
    key, account = (
        LimitCounter(scope, owner, LimitClass.URL_CREATION, day_of(world.now))
        for scope, owner in ((Scope.KEY, "key-1"), (Scope.ACCOUNT, paths.ACCOUNT))
    )

    def prepare(world: World) -> paths.Walk:
        store.add(key, 3, 10, world.now)
        store.add(account, 1, 10, world.now)
        create = next(
            one for one in functions.operations() if one[1:3] == ("POST", "/api/v1/short-urls")
        )
        caller = paths.with_a_budget(limits="url_creation=1")
        return paths.requested(create, caller=caller)(world)

    path, well = Path("a request over the limit", "LinksFunction", prepare), Network()
    expected, done, _ = walk(path, world, well)
    operations = [call.operation for call in well.calls]
    assert operations == ["UpdateItem", "UpdateItem", "TransactWriteItems"]
    assert (expected.status, store.used(key), store.used(account)) == (429, 3, 1)
    injected = 0
    for network in faults_on(well.calls):
        case = f"{network.fault} {network.lasts} at {network.at} {well.calls[network.at]}"
        outcome, made, _ = walk(path, world, network)
        injected += network.injected
        assert outcome.status in {429, paths.AGAIN}, case
        assert outcome.is_told, case
        assert made == done == {}, case
        assert store.used(key) >= 3, case
        assert store.used(account) == 1, case
    figures("faults", calls=len(well.calls), faults=injected, paths=1)


def test_pauses_between_attempts_differ(world: World) -> None:
    """Those who were throttled together do not come back together."""
    network = Network(Fault.THROTTLED, lasts=Lasts.SERVICE)
    with behind(network, is_longest=False):
        for _ in range(10):
            with pytest.raises(AwsUnavailable):
                clients.dynamodb().get_item(TableName=IDEMPOTENCY, Key={"id": {"S": "none"}})
    first, second = network.pauses[::2], network.pauses[1::2]
    assert len(set(network.pauses)) == len(network.pauses) == 20
    assert max(first) <= 1
    assert max(second) <= 2

"""From the access log to how each key is used."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from jmpy.access.permission import Permission
from jmpy.activity import access_log_line
from jmpy.activity.access_log_line import LoggedRequest
from jmpy.activity.key_usage import COALESCED, KeyUsage
from jmpy.activity.key_usage_store import KeyUseStore
from jmpy.activity.model import KeyUse, LastUse
from project.tables import ACTIVITY
from tests.unit.test_access_log import line

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

AT = 1_800_000_000


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> KeyUseStore:
    return KeyUseStore(dynamodb, ACTIVITY)


@pytest.fixture
def usage(store: KeyUseStore) -> KeyUsage:
    return KeyUsage(store)


@pytest.fixture
def writes(dynamodb: DynamoDBClient) -> list[str]:
    """The names of the writes since."""
    created: list[str] = []
    dynamodb.meta.events.register(
        "before-call.dynamodb", lambda model, **_: created.append(model.name)
    )
    return created


def at(seconds: int, **changes: Any) -> LoggedRequest:
    request = access_log_line.parse(line(time=str((AT + seconds) * 1000), **changes))
    assert request is not None
    return request


def test_a_use_is_stored(usage: KeyUsage, store: KeyUseStore) -> None:
    usage.record([at(0, method="POST", status="201")])
    assert store.find(["key-1", "key-2"]) == {
        "key-1": KeyUse(
            key_id="key-1",
            account_id="acme",
            first_used_at=AT,
            last=LastUse(AT, "192.0.2.1", "curl/8", "POST /api/v1/short-urls", 201),
            permissions=frozenset({Permission.WRITE}),
        )
    }


def test_neither_order_nor_repetition_changes_what_is_known(dynamodb: DynamoDBClient) -> None:
    batches = [
        [at(0), at(100, method="POST")],
        [at(50, credential="query"), at(70, method="DELETE", status="404")],
        [at(300, ip="192.0.2.9", status="403", method="DELETE")],
        [at(10, credential="-", reason="header_only", status="401")],
    ]
    seen = []
    for number, order in enumerate(itertools.permutations(batches)):
        repeated = [*order, *random.Random(number).sample(order, 2)]
        key_id = f"key-{number}"
        # A new execution environment for each batch remembers nothing.
        for batch in repeated:
            requests = [replace(request, key_id=key_id) for request in batch]
            KeyUsage(KeyUseStore(dynamodb, ACTIVITY)).record(requests)
        use = KeyUseStore(dynamodb, ACTIVITY).find([key_id])[key_id]
        seen.append((use.last, use.exposed_at, use.permissions))
    last = LastUse(AT + 300, "192.0.2.9", "curl/8", "DELETE /api/v1/short-urls", 403)
    permissions = frozenset({Permission.READ, Permission.WRITE})
    assert set(seen) == {(last, AT + 50, permissions)}


def test_a_denied_key_is_not_used(usage: KeyUsage, store: KeyUseStore) -> None:
    usage.record([at(0, credential="-", reason="revoked", status="401")])
    assert store.find(["key-1"]) == {}


def test_a_key_denied_in_a_url_is_exposed_and_not_used(usage: KeyUsage, store: KeyUseStore) -> None:
    usage.record([at(0, credential="-", reason="header_only", status="401")])
    assert store.find(["key-1"]) == {"key-1": KeyUse("key-1", "acme", exposed_at=AT)}


def test_a_batch_is_one_write_per_key(usage: KeyUsage, writes: list[str]) -> None:
    usage.record([at(n, keyId=f"key-{n % 3}") for n in range(30)])
    assert writes == ["UpdateItem"] * 3


def test_a_busy_key_is_written_once_a_minute(usage: KeyUsage, writes: list[str]) -> None:
    for second in range(2 * COALESCED):
        usage.record([at(second)])
    assert len(writes) == 2


@pytest.mark.parametrize("news", [{"ip": "192.0.2.9"}, {"method": "POST"}, {"credential": "query"}])
def test_news_does_not_wait_for_the_minute(
    usage: KeyUsage, writes: list[str], news: dict[str, str]
) -> None:
    usage.record([at(0)])
    writes.clear()
    usage.record([at(1, **news)])
    assert writes


def test_what_is_known_is_no_news(usage: KeyUsage, writes: list[str]) -> None:
    # A client that reads and writes in turn, with its key in the URL.
    for second in range(COALESCED):
        method = "POST" if second % 2 else "GET"
        usage.record([at(second, method=method, credential="query")])
    assert writes == ["UpdateItem"] * 2


def test_what_comes_late_takes_nothing_back(usage: KeyUsage, writes: list[str]) -> None:
    usage.record([at(300)])
    usage.record([at(0, ip="192.0.2.9")])
    writes.clear()
    usage.record([at(301)])
    assert writes == []


def test_a_key_in_a_url_is_one_write_too(usage: KeyUsage, writes: list[str]) -> None:
    usage.record([at(0), at(1, credential="query"), at(2)])
    assert writes == ["UpdateItem"]


def test_a_batch_that_the_table_rejects_is_recorded_when_it_is_redelivered(
    store: KeyUseStore, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = [at(n, keyId=f"key-{n}", method="POST", credential="query") for n in range(3)]
    usage, update, calls = KeyUsage(store), dynamodb.update_item, itertools.count()

    def refuse_the_second(**request: Any) -> Any:
        if next(calls) == 1:
            error: Any = {"Error": {"Code": "ProvisionedThroughputExceededException"}}
            raise ClientError(error, "UpdateItem")
        return update(**request)

    monkeypatch.setattr(dynamodb, "update_item", refuse_the_second)
    with pytest.raises(ClientError):
        usage.record(batch)
    usage.record(batch)  # as Lambda does with an event that failed
    found = store.find([f"key-{n}" for n in range(3)])
    assert {(use.key_id, use.last and use.last.at, use.exposed_at) for use in found.values()} == {
        (f"key-{n}", AT + n, AT + n) for n in range(3)
    }


def test_a_batch_that_comes_twice_leaves_the_same_items(dynamodb: DynamoDBClient) -> None:
    batch = [at(0), at(5, method="DELETE", credential="query"), at(3, keyId="key-2")]
    items = []
    for _ in range(2):
        KeyUsage(KeyUseStore(dynamodb, ACTIVITY)).record(batch)
        items.append(dynamodb.scan(TableName=ACTIVITY)["Items"])
    assert items[0] == items[1]
    assert len(items[0]) == 2

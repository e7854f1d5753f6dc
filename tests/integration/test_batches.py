"""DynamoDB may process a part of a batch, and leave the rest."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.aws.dynamodb import BatchLeft, delete, read
from project.tables import SALTS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NAMES = [str(number) for number in range(6)]


class Leaving:
    """A DynamoDB that processes the first item of a batch alone, `times` times."""

    def __init__(self, client: DynamoDBClient, operation: str, times: int) -> None:
        self._left: Any = {}
        self._times = times
        events = client.meta.events
        events.register(f"before-parameter-build.dynamodb.{operation}", self._cut)
        events.register(f"after-call.dynamodb.{operation}", self._say)

    def _cut(self, params: dict[str, Any], **_: Any) -> None:
        self._left = {}
        if self._times == 0:
            return
        self._times -= 1
        ((table, asked),) = params["RequestItems"].items()
        if isinstance(asked, dict):
            first, rest = {**asked, "Keys": asked["Keys"][:1]}, {**asked, "Keys": asked["Keys"][1:]}
            self._left = {table: rest} if rest["Keys"] else {}
        else:
            first, rest = asked[:1], asked[1:]
            self._left = {table: rest} if rest else {}
        params["RequestItems"] = {table: first}

    def _say(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        name = "UnprocessedKeys" if model.name == "BatchGetItem" else "UnprocessedItems"
        parsed[name] = self._left


@pytest.fixture
def keys(dynamodb: DynamoDBClient) -> list[dict[str, Any]]:
    keys = [{"pk": {"S": name}} for name in NAMES]
    for key in keys:
        dynamodb.put_item(TableName=SALTS, Item=key)
    return keys


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def test_what_was_left_is_read_after_a_pause(
    dynamodb: DynamoDBClient, keys: list[dict[str, Any]], pauses: list[float]
) -> None:
    Leaving(dynamodb, "BatchGetItem", times=3)
    assert sorted(item["pk"]["S"] for item in read(dynamodb, SALTS, keys)) == NAMES
    assert len(pauses) == 3


def test_what_was_left_is_deleted_after_a_pause(
    dynamodb: DynamoDBClient, keys: list[dict[str, Any]], pauses: list[float]
) -> None:
    Leaving(dynamodb, "BatchWriteItem", times=3)
    delete(dynamodb, SALTS, keys)
    assert dynamodb.scan(TableName=SALTS)["Count"] == 0
    assert len(pauses) == 3


def test_what_is_left_every_time_is_a_fault_and_not_waited_for(
    dynamodb: DynamoDBClient, keys: list[dict[str, Any]], pauses: list[float]
) -> None:
    many = [*keys, *({"pk": {"S": f"none-{number}"}} for number in range(20))]
    Leaving(dynamodb, "BatchGetItem", times=100)
    Leaving(dynamodb, "BatchWriteItem", times=100)
    with pytest.raises(BatchLeft):
        list(read(dynamodb, SALTS, many))
    with pytest.raises(BatchLeft):
        delete(dynamodb, SALTS, keys * 4)
    assert sum(pauses) < 5


def test_pauses_differ(
    dynamodb: DynamoDBClient, keys: list[dict[str, Any]], pauses: list[float]
) -> None:
    Leaving(dynamodb, "BatchGetItem", times=5)
    list(read(dynamodb, SALTS, keys))
    assert len(set(pauses)) == 5

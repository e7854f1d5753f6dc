"""Counts calls of AWS, and request units of DynamoDB, where they are sent.

The units are counted by the rules of the DynamoDB developer guide ("Read and write operations",
"Item sizes and formats"), from the items themselves, because moto's own counts are rough.
`make bench` compares them with those of AWS's DynamoDB Local.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any

from jmpy.aws.cognito import Cognito
from jmpy.aws.dynamodb_client import DynamoDb
from jmpy.aws.errors import AwsRejected
from jmpy.aws.sqs import Sqs

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.aws.client import AwsResponse

READ_UNIT, WRITE_UNIT = 4096, 1024
"""Bytes."""

Item = dict[str, Any]


@dataclass
class Cost:
    calls: Counter[str] = field(default_factory=Counter)
    """By operation of AWS, such as `GetItem`."""
    read_units: float = 0.0
    write_units: float = 0.0

    def __str__(self) -> str:
        calls = ", ".join(f"{number} {name}" for name, number in sorted(self.calls.items()))
        return f"{calls or 'no call'}: {self.read_units:g} read, {self.write_units:g} write units"


class Meter:
    """For clients that one thread uses. `peek` is a client of the same DynamoDB that reads the item
    before and after a write; its own calls are not counted."""

    def __init__(self, peek: DynamoDBClient) -> None:
        self._peek = peek
        self._keys: dict[str, list[str]] = {}
        self._indexes: dict[str, list[list[str]]] = {}
        self._whole: dict[str, list[bool]] = {}
        self._params: dict[str, Any] = {}
        self._before: list[Item] = []
        self.cost = Cost()

    def watch(self, *clients: Any) -> None:
        for client in clients:
            if isinstance(client, DynamoDb | Sqs | Cognito):
                client._client.post = self._watched(client._client.post)  # type: ignore[method-assign]
                continue
            client.meta.events.register("provide-client-params", self._begin_sdk)
            client.meta.events.register("after-call", self._end_sdk)

    def take(self) -> Cost:
        """The counts since the last time."""
        taken, self.cost = self.cost, Cost()
        return taken

    def _watched(self, post: Callable[..., AwsResponse]) -> Callable[..., AwsResponse]:
        def watched(path: str, headers: dict[str, str], document: dict[str, Any]) -> AwsResponse:
            operation = headers["X-Amz-Target"].partition(".")[2]
            self._begin(document, operation)
            try:
                response = post(path, headers, document)
            except AwsRejected as rejection:
                self._end(rejection.response, operation)
                raise
            self._end(response.document, operation)
            return response

        return watched

    def _begin_sdk(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self._begin(params, model.name)

    def _end_sdk(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        self._end(parsed, model.name)

    def _begin(self, params: dict[str, Any], operation: str) -> None:
        self._params = params
        self._before = [self._look(table, key) for table, key in self._written(operation)]

    def _end(self, parsed: dict[str, Any], operation: str) -> None:
        self.cost.calls[operation] += 1
        match operation:
            case "GetItem":
                self._read([_size(parsed.get("Item", {}))], self._params)
            case "BatchGetItem":
                for table, request in self._params["RequestItems"].items():
                    items = parsed["Responses"].get(table, [])
                    missing = len(request["Keys"]) - len(items)
                    self._read([*map(_size, items), *[0] * missing], request)
            case "Query":
                whole = parsed["ScannedCount"] == parsed["Count"]
                assert whole, "the size of what a filter leaves out is unknown"
                self._read([sum(map(_size, parsed["Items"]))], self._params)
        transaction = 2 if operation == "TransactWriteItems" else 1
        written = self._written(operation)
        for before, (table, key) in zip(self._before, written, strict=True):
            after = self._look(table, key)
            largest = max(_size(before), _size(after))
            self.cost.write_units += transaction * max(1, ceil(largest / WRITE_UNIT))
            self.cost.write_units += transaction * self._index_units(table, before, after)

    def _read(self, sizes: list[int], options: dict[str, Any]) -> None:
        factor = 1.0 if options.get("ConsistentRead") else 0.5
        self.cost.read_units += sum(factor * max(1, ceil(size / READ_UNIT)) for size in sizes)

    def _written(self, operation: str) -> list[tuple[str, Item]]:
        """Table and primary key of each item that the current call writes."""
        if operation == "TransactWriteItems":
            writes = [next(iter(write.values())) for write in self._params["TransactItems"]]
        else:
            one = operation in ("PutItem", "UpdateItem", "DeleteItem")
            writes = [self._params] if one else []
        return [(w["TableName"], self._key_of(w["TableName"], w)) for w in writes]

    def _key_of(self, table: str, write: dict[str, Any]) -> Item:
        self._describe(table)
        whole = write.get("Key") or write["Item"]
        return {name: whole[name] for name in self._keys[table]}

    def _describe(self, table: str) -> None:
        if table not in self._keys:
            described = self._peek.describe_table(TableName=table)["Table"]
            self._keys[table] = [part["AttributeName"] for part in described["KeySchema"]]
            indexes = described.get("GlobalSecondaryIndexes", [])
            # An entry of keys is small, and one of all attributes never changes (of the audit log).
            self._indexes[table] = [[p["AttributeName"] for p in i["KeySchema"]] for i in indexes]
            self._whole[table] = [i["Projection"]["ProjectionType"] == "ALL" for i in indexes]

    def _look(self, table: str, key: Item) -> Item:
        return self._peek.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item", {})

    def _index_units(self, table: str, before: Item, after: Item) -> int:
        """The cost of adding an entry to an index, and of removing one."""
        units = 0
        for names, is_whole in zip(map(set, self._indexes[table]), self._whole[table], strict=True):
            old, new = (
                tuple(str(item[name]) for name in names) if names <= item.keys() else None
                for item in (before, after)
            )
            if old != new:
                size = max(_size(before), _size(after)) if is_whole else 1
                units += ((old is not None) + (new is not None)) * ceil(size / WRITE_UNIT)
        return units


def _size(item: Item) -> int:
    """Bytes of an item."""
    return sum(_bytes(name) + _length(*value.items()) for name, value in item.items())


def _length(kind_and_value: tuple[str, Any]) -> int:
    kind, value = kind_and_value
    match kind:
        case "N":
            return ceil(len(str(value).lstrip("-").replace(".", "")) / 2) + 1
        case "M":
            return 3 + sum(_bytes(k) + _length(*v.items()) + 1 for k, v in value.items())
        case "L":
            return 3 + sum(_length(*part.items()) + 1 for part in value)
        case "SS":
            return sum(map(_bytes, value))
        case "BOOL" | "NULL":
            return 1
    return _bytes(value)


def _bytes(value: str | bytes) -> int:
    return len(value.encode() if isinstance(value, str) else value)

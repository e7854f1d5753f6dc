"""Reads logs, newest first: the entries of one partition in order of their positions, that are of
time (`jmpy.formats.cursor`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from jmpy.aws.dynamodb import pages
from jmpy.errors import Malformed
from jmpy.formats.cursor import bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jmpy.aws.operations import DynamoDBOperations

    Item = dict[str, Any]

SCANNED = 1000
"""Items that are read at a time while looking for those that match a filter."""

READS = 10
"""Reads per page: a filter that hardly anything matches returns a shorter page and a cursor."""

Entry = TypeVar("Entry")


class CursorOutOfRange(Malformed):
    """A page is to begin outside the list; DynamoDB rejects such a start."""

    field = "cursor"

    def __init__(self) -> None:
        super().__init__(
            "The cursor is not of this list; use the next_cursor of the page before, with the same "
            "dates"
        )


class Index(NamedTuple):
    """One partition of a global secondary index with the table's sort key."""

    name: str
    key: str
    """The attribute that is its partition key."""
    value: str


@dataclass(frozen=True, slots=True)
class LogQuery:
    table: str
    partition: str
    """The value of the table's partition key."""
    start: int | None = None
    """Seconds since the Unix epoch, UTC, as `end`; both are included."""
    end: int | None = None
    prefix: str = ""
    """Of the sort keys, before the position."""
    matching: Mapping[str, str | range | None] = field(default_factory=dict)
    """By attribute: its value, or the numbers among which it has to be; None matches all."""
    index: Index | None = None
    """Is read instead of the table."""
    is_consistent: bool = False
    """Whether every change that was responded to is seen; not with an index."""

    @property
    def bounds(self) -> tuple[str, str]:
        first, last = bounds(self.start, self.end)
        return self.prefix + first, self.prefix + last

    def request(self, limit: int) -> Item:
        """Of a Query for up to `limit` entries."""
        first, last = self.bounds
        key, value = ("pk", self.partition) if self.index is None else self.index[1:]
        names, values, conditions = self._filter()
        request: Item = {
            "TableName": self.table,
            "KeyConditionExpression": f"{key} = :partition AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":partition": {"S": value},
                ":first": {"S": first},
                ":last": {"S": last},
                **values,
            },
            "ScanIndexForward": False,
            # One more than fit on the page, to know whether there are more.
            "Limit": SCANNED if conditions else min(limit + 1, SCANNED),
        }
        if conditions:
            request["FilterExpression"] = " AND ".join(conditions)
            request["ExpressionAttributeNames"] = names
        if self.index is not None:
            request["IndexName"] = self.index.name
        elif self.is_consistent:
            request["ConsistentRead"] = True
        return request

    def start_after(self, position: str) -> Item:
        """Raises CursorOutOfRange."""
        first, last = self.bounds
        if not first <= self.prefix + position <= last:
            raise CursorOutOfRange
        key = {"pk": {"S": self.partition}, "sk": {"S": self.prefix + position}}
        if self.index is not None:
            key[self.index.key] = {"S": self.index.value}
        return {"ExclusiveStartKey": key}

    def _filter(self) -> tuple[dict[str, str], Item, list[str]]:
        """Names, values and conditions of the attributes that have to match."""
        names: dict[str, str] = {}
        values: Item = {}
        conditions: list[str] = []
        for attribute, expected in self.matching.items():
            if expected is None:
                continue
            names[f"#{attribute}"] = attribute
            if isinstance(expected, range):
                conditions.append(f"#{attribute} BETWEEN :{attribute}_low AND :{attribute}_high")
                values[f":{attribute}_low"] = {"N": str(expected.start)}
                values[f":{attribute}_high"] = {"N": str(expected.stop - 1)}
            else:
                conditions.append(f"#{attribute} = :{attribute}")
                values[f":{attribute}"] = {"S": expected}
        return names, values, conditions


@dataclass(frozen=True, slots=True)
class LogPage(Generic[Entry]):
    entries: list[Entry]
    """The newest first."""
    cursor: str | None
    """The position after which the next page begins; None at the end."""


def read_page(
    client: DynamoDBOperations,
    query: LogQuery,
    from_item: Callable[[Item], Entry],
    limit: int,
    after: str | None = None,
) -> LogPage[Entry]:
    """Up to `limit` entries. Reads on until the page is full, or ten thousand entries were read.

    Raises CursorOutOfRange.
    """
    found: list[Item] = []
    for _ in range(READS):
        start = {} if after is None else query.start_after(after)
        response: Any = client.query(**query.request(limit), **start)
        room = limit - len(found)
        items = response["Items"]
        found += items[:room]
        has_more = "LastEvaluatedKey" in response
        if len(items) > room or (len(items) == room and has_more):
            after = _position(query, found[-1])
            break
        after = _position(query, response["LastEvaluatedKey"]) if has_more else None
        if after is None:
            break
    return LogPage([from_item(item) for item in found], after)


def read_all(
    client: DynamoDBOperations, query: LogQuery, from_item: Callable[[Item], Entry], limit: int
) -> Iterator[Entry]:
    """Up to `limit` entries."""
    found = pages(client.query, **query.request(limit))
    return islice((from_item(item) for page in found for item in page), limit)


def _position(query: LogQuery, key: Item) -> str:
    return str(key["sk"]["S"]).removeprefix(query.prefix)

"""The requests of an account's keys as they were recorded, and how many there were by key, route,
status and UTC day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from jmpy.activity.access_log_line import FAILED
from jmpy.activity.item import to_counts, to_request
from jmpy.aws.log_query import LogQuery, read_all, read_page
from jmpy.formats.time_range import check_range

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from jmpy.activity.access_log_line import LoggedRequest
    from jmpy.aws.log_query import LogPage
    from jmpy.aws.operations import DynamoDBOperations


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """What a request has to match; None matches all. Times are seconds since the epoch."""

    key_id: str | None = None
    status: range | None = None
    """As in `range(400, 500)`."""
    start: int | None = None
    end: int | None = None

    def __post_init__(self) -> None:
        """Raises ReversedRange."""
        check_range(self.start, self.end)


@dataclass(frozen=True, slots=True)
class UsageDay:
    """Requests of a key, or of an account, on a UTC day."""

    day: date
    counts: dict[tuple[str, int], int]
    """By route, as in `GET /api/v1/short-urls`, and status."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def failed(self) -> int:
        """With a status of 400 or more."""
        return sum(count for (_, status), count in self.counts.items() if status >= FAILED)


STATUS = "[1-5](xx|[0-9]{2})"
"""A pattern: `403`, or `4xx` for all of them."""


def statuses(text: str | None) -> range | None:
    """Of what matches `STATUS`."""
    if text is None:
        return None
    low = int(text.replace("x", "0"))
    return range(low, low + (100 if text.endswith("xx") else 1))


class AccessLog:
    """What was recorded."""

    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def page(
        self, account_id: str, wanted: RequestFilter, limit: int, after: str | None = None
    ) -> LogPage[LoggedRequest]:
        """Raises CursorOutOfRange."""
        query = self._query(account_id, wanted)
        return read_page(self._client, query, to_request, limit, after)

    def all(self, account_id: str, wanted: RequestFilter, limit: int) -> Iterator[LoggedRequest]:
        """Up to `limit`, the latest first."""
        return read_all(self._client, self._query(account_id, wanted), to_request, limit)

    def usage(self, subject: str, first: date, last: date) -> list[UsageDay]:
        """Of a key or of an account (see `key_subject`, `account_subject`): one for every day,
        oldest first, also for those without requests. One query."""
        response = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": subject},
                ":first": {"S": f"usage#{first.isoformat()}"},
                ":last": {"S": f"usage#{last.isoformat()}"},
            },
        )
        counted = {item["sk"]["S"].removeprefix("usage#"): item for item in response["Items"]}
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return [UsageDay(day, to_counts(counted.get(day.isoformat(), {}))) for day in days]

    def _query(self, account_id: str, wanted: RequestFilter) -> LogQuery:
        matching = {"key_id": wanted.key_id, "status": wanted.status}
        return LogQuery(
            self._table, f"log#{account_id}", wanted.start, wanted.end, matching=matching
        )

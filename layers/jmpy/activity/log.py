"""The requests of an account's keys, one item each, and how many there were by key, route, status
and UTC day.

A request is written and counted in one transaction: it may come twice, late, or in other company.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from jmpy.activity.access_log import Request
from jmpy.dynamodb import SCANNED, filled, transact
from jmpy.limits.model import DAY, day_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_USAGE = 90
"""Days."""

_TOGETHER = 33
"""Requests in one transaction of at most 100 items: each is one, and touches two counters."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a request has to match; None matches all. Times are seconds since the epoch."""

    key_id: str | None = None
    status: range | None = None
    """As in `range(400, 500)`."""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    requests: list[Request]
    """The latest first."""
    cursor: str | None
    """Where to go on; None at the end."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Requests of a key, or of an account, on a UTC day."""

    day: date
    counts: dict[tuple[str, int], int]
    """By route, as in `GET /api/v1/short-urls`, and status."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())


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

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def page(self, account_id: str, wanted: Filter, limit: int, cursor: str | None = None) -> Page:
        """Reads on until the page is full, or it has read ten thousand requests."""
        items, goes_on_after = filled(
            lambda after: self._query(account_id, wanted, after), limit, cursor
        )
        return Page([*map(_to_request, items)], goes_on_after)

    def all(self, account_id: str, wanted: Filter, limit: int) -> Iterator[Request]:
        """Up to `limit`, the latest first."""
        cursor = None
        while limit > 0:
            page = self.page(account_id, wanted, min(limit, SCANNED), cursor)
            yield from page.requests
            limit -= len(page.requests)
            cursor = page.cursor
            if cursor is None:
                return

    def usage(self, subject: str, first: date, last: date) -> list[Usage]:
        """Of a key or of an account (see `key_subject`, `account_subject`): one for every day,
        oldest first, also for those without requests. One query."""
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": subject},
                ":first": {"S": f"usage#{first.isoformat()}"},
                ":last": {"S": f"usage#{last.isoformat()}"},
            },
        )
        counted = {item["sk"]["S"].removeprefix("usage#"): item for item in answer["Items"]}
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return [Usage(day, _to_counts(counted.get(day.isoformat(), {}))) for day in days]

    def _query(self, account_id: str, wanted: Filter, cursor: str | None) -> Any:
        """From the latest down; the matching ones of up to a thousand."""
        pk = {"S": f"log#{account_id}"}
        conditions, values = [], {}
        if wanted.key_id is not None:
            conditions.append("key_id = :key")
            values[":key"] = {"S": wanted.key_id}
        if wanted.status is not None:
            conditions.append("#status BETWEEN :low AND :high")
            values[":low"] = {"N": str(wanted.status.start)}
            values[":high"] = {"N": str(wanted.status.stop - 1)}
        options: dict[str, Any] = {}
        if conditions:
            options["FilterExpression"] = " AND ".join(conditions)
        if wanted.status is not None:
            options["ExpressionAttributeNames"] = {"#status": "status"}
        if cursor is not None:
            options["ExclusiveStartKey"] = {"pk": pk, "sk": {"S": cursor}}
        return self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": pk,
                ":first": {"S": _moment(wanted.start or 0)},
                ":last": {"S": f"{_moment(wanted.end or _LATEST)}~"},
                **values,
            },
            ScanIndexForward=False,
            Limit=SCANNED,
            **options,
        )


class AccessLogWriter:
    def __init__(self, client: DynamoDBClient, table: str, kept: int) -> None:
        """`kept`: days for which requests are listed."""
        self._client = client
        self._table = table
        self._kept = kept

    def record(self, requests: Iterable[Request]) -> None:
        """What is there already is neither written nor counted again."""
        different = list({request.id: request for request in requests}.values())
        for start in range(0, len(different), _TOGETHER):
            left = different[start : start + _TOGETHER]
            while left:
                known = transact(self._client, [*map(self._put, left), *self._counted(left)])
                if not known:
                    break
                left = [request for place, request in enumerate(left) if place not in known]

    def _put(self, request: Request) -> dict[str, Any]:
        item: dict[str, Any] = {
            "pk": {"S": f"log#{request.account_id}"},
            "sk": {"S": _name(request)},
            "expires_ttl": {"N": str(request.at + self._kept * DAY)},
            "request_id": {"S": request.request_id},
            "key_id": {"S": request.key_id},
            "credential": {"S": request.credential},
            "method": {"S": request.method},
            "route": {"S": request.route},
            "status": {"N": str(request.status)},
            "ip": {"S": request.ip},
            "user_agent": {"S": request.user_agent},
            "reason": {"S": request.reason},
            "milliseconds": {"N": str(request.milliseconds)},
        }
        if request.country:
            item["country"] = {"S": request.country}
        condition = "attribute_not_exists(pk)"
        return {"Put": {"TableName": self._table, "Item": item, "ConditionExpression": condition}}

    def _counted(self, requests: Sequence[Request]) -> Iterator[dict[str, Any]]:
        counts: dict[tuple[str, str], Counter[str]] = {}
        for request in requests:
            name = f"{request.status} {request.method} {request.route}"
            for subject in (key_subject(request.key_id), account_subject(request.account_id)):
                counts.setdefault((subject, day_of(request.at)), Counter())[name] += 1
        for (subject, day), by_name in counts.items():
            expires = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
            numbered = list(enumerate(by_name.items()))
            added = ", ".join(f"#{place} :{place}" for place, _ in numbered)
            update = {
                "TableName": self._table,
                "Key": {"pk": {"S": subject}, "sk": {"S": f"usage#{day}"}},
                "UpdateExpression": f"SET expires_ttl = :expires ADD {added}",
                "ExpressionAttributeNames": {f"#{place}": name for place, (name, _) in numbered},
                "ExpressionAttributeValues": {
                    ":expires": {"N": str(int(expires) + (KEPT_USAGE + 1) * DAY)},
                    **{f":{place}": {"N": str(count)} for place, (_, count) in numbered},
                },
            }
            yield {"Update": update}


def key_subject(key_id: str) -> str:
    return f"key#{key_id}"


def account_subject(account_id: str) -> str:
    return f"account#{account_id}"


_LATEST = 9_999_999_999
"""Seconds: as many digits as the names of items have room for."""


def _moment(seconds: int) -> str:
    return f"{seconds:010d}"


def _name(request: Request) -> str:
    """Sorts by time."""
    return f"{request.at_milliseconds:013d}#{request.id}"


def _to_request(item: dict[str, Any]) -> Request:
    milliseconds, _, line_id = item["sk"]["S"].partition("#")
    return Request(
        at_milliseconds=int(milliseconds),
        id=line_id,
        request_id=item["request_id"]["S"],
        account_id=item["pk"]["S"].removeprefix("log#"),
        key_id=item["key_id"]["S"],
        credential=item["credential"]["S"],
        method=item["method"]["S"],
        route=item["route"]["S"],
        status=int(item["status"]["N"]),
        ip=item["ip"]["S"],
        user_agent=item["user_agent"]["S"],
        reason=item["reason"]["S"],
        milliseconds=int(item["milliseconds"]["N"]),
        country=item["country"]["S"] if "country" in item else None,
    )


def _to_counts(item: dict[str, Any]) -> dict[tuple[str, int], int]:
    counts = {}
    for name, value in item.items():
        status, _, route = name.partition(" ")
        if route:
            counts[route, int(status)] = int(value["N"])
    return counts

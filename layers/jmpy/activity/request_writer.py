"""Writes the requests of an account's keys, and how many there were by key, route, status and day.

A request is written and counted in one transaction: it may come twice, late, or in other company.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jmpy.activity.item import (
    account_subject,
    from_request,
    from_shared,
    from_summary,
    key_subject,
    summary_key,
    to_summary,
)
from jmpy.activity.summary import Subject, Summary
from jmpy.aws.dynamodb import read, transact
from jmpy.aws.errors import AwsUnavailable
from jmpy.clock import DAY
from jmpy.limits.model import day_of
from jmpy.retry import CONTENTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jmpy.activity.access_log_line import LoggedRequest
    from jmpy.aws.codec import Item
    from jmpy.aws.operations import DynamoDBOperations

USAGE_RETENTION = 90
"""Days."""

_SUMMARY_RETENTION = 15
"""Days; longer than lines can wait for a retry."""

_TOGETHER = 33
"""Requests in one transaction of at most 100 items: each is one, and touches two counters."""

_SUMMED_TOGETHER = 100
"""Requests that are summed up in one: as many routes as a client chooses are named in one update,
whose expression may have 4 KB."""


class SummaryContended(AwsUnavailable):
    """Others wrote to a summary every time."""

    def __init__(self) -> None:
        super().__init__("others wrote to a summary of requests every time")


class AccessLogWriter:
    def __init__(self, client: DynamoDBOperations, table: str, retention: int) -> None:
        """`retention`: days for which requests are listed."""
        self._client = client
        self._table = table
        self._retention = retention

    def record(self, requests: Iterable[LoggedRequest]) -> None:
        """Requests that are stored already are neither written nor counted again. Raises
        `aws.faults()`; then some may be stored, and a retry stores the rest."""
        different = {request.id: request for request in requests}.values()
        self._list([request for request in different if request.is_limited])
        unlimited: dict[Subject, list[LoggedRequest]] = {}
        for request in different:
            if not request.is_limited:
                unlimited.setdefault(Subject.from_request(request), []).append(request)
        for subject, batch in sorted(unlimited.items()):
            for start in range(0, len(batch), _SUMMED_TOGETHER):
                self._sum_up(subject, batch[start : start + _SUMMED_TOGETHER])

    def _list(self, requests: Sequence[LoggedRequest]) -> None:
        for start in range(0, len(requests), _TOGETHER):
            left = list(requests[start : start + _TOGETHER])
            while left:
                known = transact(self._client, [*map(self._put, left), *self._counted(left)])
                if not known:
                    break
                left = [request for place, request in enumerate(left) if place not in known]

    def _sum_up(self, subject: Subject, batch: list[LoggedRequest]) -> None:
        for _ in CONTENTION.numbers():
            before = self._summary(subject)
            if before.holds(batch):
                return
            after, rows = before.with_batch(batch)
            writes = [
                self._put_summary(after),
                *map(self._put, rows.own),
                *self._put_shared(after, rows.shared),
                *self._counted(batch),
            ]
            failed = transact(self._client, writes)
            if not failed:
                return
            # Others wrote to the summary (0), or some with rows came before in other company.
            known = {rows.own[place - 1].id for place in failed if place}
            batch = [request for request in batch if request.id not in known]
            if not batch:
                return
        raise SummaryContended

    def _summary(self, subject: Subject) -> Summary:
        found = read(self._client, self._table, [summary_key(subject)], ConsistentRead=True)
        return next((to_summary(subject, item) for item in found), Summary(subject))

    def _put_summary(self, summary: Summary) -> Item:
        put = self._new(from_summary(summary), summary.subject.minute // 1000, _SUMMARY_RETENTION)
        if summary.version:
            put["Put"]["ConditionExpression"] = "v = :read"
            put["Put"]["ExpressionAttributeValues"] = {":read": {"N": str(summary.version)}}
        return put

    def _put_shared(self, summary: Summary, row: LoggedRequest | None) -> Iterator[Item]:
        if row is not None:
            put = self._new(from_shared(row, summary.shared_at), row.at, self._retention)
            # It is in the place of the one before; that nobody else put one, the summary shows.
            del put["Put"]["ConditionExpression"]
            yield put

    def _put(self, request: LoggedRequest) -> Item:
        return self._new(from_request(request), request.at, self._retention)

    def _new(self, item: Item, at: int, days: int) -> Item:
        put: Item = {
            "TableName": self._table,
            "Item": {**item, "expires_ttl": {"N": str(at + days * DAY)}},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        return {"Put": put}

    def _counted(self, requests: Sequence[LoggedRequest]) -> Iterator[dict[str, Any]]:
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
                    ":expires": {"N": str(int(expires) + (USAGE_RETENTION + 1) * DAY)},
                    **{f":{place}": {"N": str(count)} for place, (_, count) in numbered},
                },
            }
            yield {"Update": update}

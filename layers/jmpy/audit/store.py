"""The audit log in DynamoDB: entries are put and read, nothing else.

A change and its entries are one transaction. A change that only takes rights away does not wait
for them: if nothing but the entries fails, it is made without them, and they are reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from jmpy.audit import missing
from jmpy.audit.item import from_item, partition, target, to_item
from jmpy.audit.model import ActorType
from jmpy.aws import clients
from jmpy.aws.dynamodb import WritesRejected, transact_recorded
from jmpy.aws.log_query import Index, LogQuery, read_all, read_page
from jmpy.formats.time_range import check_range
from jmpy.transaction import RecordRejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jmpy.audit.model import Action, Entry
    from jmpy.aws.log_query import LogPage
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.limits.changes import DailyLimit
    from jmpy.transaction import TransactionItem

TARGET_INDEX = "entries-by-target"
"""Global secondary index: partition `target`, sort `sk`; all attributes."""

_CUSTOMERS = frozenset({ActorType.USER, ActorType.API_KEY})

_COUNTED_AS_REQUESTS = frozenset({"link", "qr_code", "campaign", "domain"})
"""Types of targets whose changes count against the daily limits of the API."""

# AWS's words for a table that is gone, or that a role or a policy closes.
_CLOSED = frozenset({"AccessDeniedException", "ResourceNotFoundException"})

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What an entry has to match; None matches all. Times are seconds since the epoch."""

    target_id: str | None = None
    """Of a key or a link."""
    actor_id: str | None = None
    """Whose changes: of a key, or of an account where somebody signed in."""
    action: Action | None = None
    start: int | None = None
    end: int | None = None

    def __post_init__(self) -> None:
        """Raises ReversedRange."""
        check_range(self.start, self.end)


class AuditLog:
    def __init__(
        self,
        client: DynamoDBOperations,
        table: str,
        limit: DailyLimit | None = None,
        report: Callable[[Entry], None] = missing.report,
    ) -> None:
        """`limit` counts the changes of keys and settings that customers make, or their sign-ins;
        changes of links, QR codes, campaigns and domains count as requests. `report` is called
        with an entry that could not be written."""
        self._client = client
        self._table = table
        self._limit = limit
        self._report = report

    def commit(self, change: Callable[..., Result], *entries: Entry) -> Result:
        """The result of `change`, which is called with the writes that belong to its transaction.
        It has to be one that changes nothing when it is made a second time.

        Raises TooManyChanges or TooManySignIns, as `limit` has it, and whatever `change` raises.
        """
        counts = self._counts(entries)
        try:
            return change(*map(self.put, entries), *counts)
        except RecordRejected:
            if self._limit is None or not counts:
                raise
            raise self._limit.exceeded(entries[0].at) from None
        except clients.faults() as fault:
            if not (all(entry.takes_away for entry in entries) and self._may_be_alone(fault)):
                raise
        result = change()
        for entry in entries:
            self._report(entry)
        return result

    def record(self, entry: Entry) -> None:
        """Of what changed nothing, such as a sign-in that was denied. Raises as `commit` does."""
        self.commit(lambda *records: transact_recorded(self._client, [], records), entry)

    def put(self, entry: Entry) -> TransactionItem:
        """What adds the entry, for the transaction of the change that it is about: neither is
        written without the other. It never replaces an entry."""
        return {
            "Put": {
                "TableName": self._table,
                "Item": to_item(entry),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def _counts(self, entries: Sequence[Entry]) -> list[TransactionItem]:
        """Of a change, however many entries it has."""
        if self._limit is None or not any(map(_is_counted, entries)):
            return []
        return [self._limit.count(entries[0].account_id, entries[0].at)]

    def _may_be_alone(self, fault: Exception) -> bool:
        """Whether it may be the entries alone that are rejected."""
        if isinstance(fault, WritesRejected):
            return all(
                write.get("Put", {}).get("TableName") == self._table for write in fault.writes
            )
        return _code(fault) in _CLOSED

    def page(
        self, account_id: str, wanted: EntryFilter, limit: int, after: str | None = None
    ) -> LogPage[Entry]:
        """Raises CursorOutOfRange."""
        query = self._query(account_id, wanted)
        return read_page(self._client, query, from_item, limit, after)

    def all(self, account_id: str, wanted: EntryFilter, limit: int) -> Iterator[Entry]:
        """Up to `limit`, the latest first."""
        return read_all(self._client, self._query(account_id, wanted), from_item, limit)

    def _query(self, account_id: str, wanted: EntryFilter) -> LogQuery:
        """Consistent: a change that was responded to is seen. With a target it reads the index,
        which lags by moments, so that the history of a key or link costs no more than its
        entries."""
        index = None
        if wanted.target_id is not None:
            index = Index(TARGET_INDEX, "target", target(account_id, wanted.target_id))
        return LogQuery(
            self._table,
            partition(account_id),
            wanted.start,
            wanted.end,
            matching={"action": wanted.action, "actor_id": wanted.actor_id},
            index=index,
            is_consistent=True,
        )


def _is_counted(entry: Entry) -> bool:
    return (
        entry.origin.actor.type in _CUSTOMERS
        and not entry.takes_away
        and entry.action.target_type not in _COUNTED_AS_REQUESTS
    )


def _code(fault: Exception) -> str:
    """AWS's word for it, whichever client raised it; empty if AWS said nothing."""
    response: Any = getattr(fault, "response", {})
    return str(getattr(fault, "code", "") or response.get("Error", {}).get("Code", ""))

"""How many changes to its keys and settings an account may make in a day, and how many sign-ins.

Each adds an entry to the audit log, which nobody can delete. They are counted in the transaction
of the change: a failed change is not counted, and concurrent requests cannot exceed the limit
together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jmpy.clock import DAY
from jmpy.limits.errors import TooManyChanges, TooManySignIns
from jmpy.limits.model import day_of, next_midnight
from jmpy.limits.store import RETENTION_DAYS

if TYPE_CHECKING:
    from jmpy.transaction import TransactionItem

MAX_CHANGES = 1000
MAX_SIGN_INS = 1000
"""Separate from the changes: a person who has exhausted those can still sign in to revoke a key."""


class DailyLimit(Protocol):
    def count(self, account_id: str, now: float) -> TransactionItem:
        """Its condition fails once the day's limit is reached: see `exceeded`."""
        ...

    def exceeded(self, now: float) -> Exception: ...


class ChangeLimit:
    def __init__(self, table: str) -> None:
        """`table`: the one in which requests are counted."""
        self._table = table

    def count(self, account_id: str, now: float) -> TransactionItem:
        return _count(self._table, f"account#{account_id}#changes", MAX_CHANGES, now)

    def exceeded(self, now: float) -> TooManyChanges:
        return TooManyChanges(MAX_CHANGES, next_midnight(now), now)


class SignInLimit:
    def __init__(self, table: str) -> None:
        """`table`: the one in which requests are counted."""
        self._table = table

    def count(self, account_id: str, now: float) -> TransactionItem:
        return _count(self._table, f"account#{account_id}#sign-ins", MAX_SIGN_INS, now)

    def exceeded(self, now: float) -> TooManySignIns:
        return TooManySignIns(MAX_SIGN_INS, next_midnight(now), now)


def _count(table: str, counted: str, most: int, now: float) -> TransactionItem:
    update = {
        "TableName": table,
        "Key": {"pk": {"S": counted}, "sk": {"S": day_of(now)}},
        "UpdateExpression": "ADD used :one SET expires_ttl = :expires",
        "ConditionExpression": "attribute_not_exists(used) OR used < :most",
        "ExpressionAttributeValues": {
            ":one": {"N": "1"},
            ":most": {"N": str(most)},
            ":expires": {"N": str(next_midnight(now) + RETENTION_DAYS * DAY)},
        },
    }
    return {"Update": update}

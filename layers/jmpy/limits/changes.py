"""How many changes of its keys and settings an account may make in a day.

Each leaves an entry in the audit log, which nobody can delete. They are counted in the transaction
of the change: one that fails counts nothing, and requests at once cannot pass the limit together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.limits.errors import TooManyChanges
from jmpy.limits.model import DAY, day_of, next_midnight
from jmpy.limits.store import KEPT_DAYS

if TYPE_CHECKING:
    from jmpy.dynamodb import Write

MAX_CHANGES = 1000


class ChangeLimit:
    def __init__(self, table: str) -> None:
        """`table`: where requests are counted as well."""
        self._table = table

    def count(self, account_id: str, now: float) -> Write:
        """Its condition fails once the day's changes are used up: see `exceeded`."""
        update = {
            "TableName": self._table,
            "Key": {"pk": {"S": f"account#{account_id}#changes"}, "sk": {"S": day_of(now)}},
            "UpdateExpression": "ADD used :one SET expires_ttl = :expires",
            "ConditionExpression": "attribute_not_exists(used) OR used < :most",
            "ExpressionAttributeValues": {
                ":one": {"N": "1"},
                ":most": {"N": str(MAX_CHANGES)},
                ":expires": {"N": str(next_midnight(now) + KEPT_DAYS * DAY)},
            },
        }
        return {"Update": update}

    def exceeded(self, now: float) -> TooManyChanges:
        return TooManyChanges(MAX_CHANGES, next_midnight(now), now)

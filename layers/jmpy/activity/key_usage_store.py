"""Uses of keys in DynamoDB: one item per key."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jmpy.access.permission import Permission
from jmpy.activity.model import KeyUse, LastUse
from jmpy.aws.codec import Codec, choices
from jmpy.aws.dynamodb import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.aws.operations import DynamoDBOperations


_LAST_USE = Codec(LastUse, rename={"at": "used_at"}).nested
_USE = Codec(
    KeyUse,
    rename={"last": "last_use", "permissions": "needed"},
    kinds={"last": _LAST_USE, "permissions": choices(Permission)},
)


class KeyUseStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, key_ids: Iterable[str]) -> dict[str, KeyUse]:
        """Of those keys that anything is known of, by key id."""
        keys = [_key(key_id) for key_id in key_ids]
        uses = map(_USE.decode, read(self._client, self._table, keys))
        return {use.key_id: use for use in uses}

    def record(self, use: KeyUse) -> None:
        """Adds a use. Neither the order of deliveries matters, nor a second delivery: the latest
        use stays the last, the latest exposure likewise, and permissions only grow. One write,
        unless something later is stored already."""
        facts = [fact for fact in (_last_use(use), _exposure(use)) if fact is not None]
        if self._write(use, facts):
            return
        if len(facts) > 1:
            for fact in facts:
                self._write(use, [fact])
        if use.permissions:
            self._add_permissions(use)

    def _add_permissions(self, use: KeyUse) -> None:
        self._client.update_item(
            TableName=self._table,
            Key=_key(use.key_id),
            UpdateExpression="ADD needed :needed",
            ExpressionAttributeValues={":needed": {"SS": sorted(use.permissions)}},
        )

    def _write(self, use: KeyUse, facts: list[_Fact]) -> bool:
        """False when something later than one of the facts is known; then nothing is written."""
        sets = ["key_id = :key", "account_id = :account", *(fact.expression for fact in facts)]
        values: dict[str, Any] = {":key": {"S": use.key_id}, ":account": {"S": use.account_id}}
        for fact in facts:
            values |= fact.values
        add = ""
        if use.permissions:
            add = " ADD needed :needed"
            values[":needed"] = {"SS": sorted(use.permissions)}
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._table,
                Key=_key(use.key_id),
                UpdateExpression=f"SET {', '.join(sets)}{add}",
                ConditionExpression=" AND ".join(f"({fact.condition})" for fact in facts),
                ExpressionAttributeValues=values,
            )
            return True
        return False


@dataclass(frozen=True, slots=True)
class _Fact:
    """A part of an update that holds only if nothing later is known."""

    expression: str
    condition: str
    values: dict[str, Any]


def _last_use(use: KeyUse) -> _Fact | None:
    if use.last is None:
        return None
    return _Fact(
        "last_use = :last, first_used_at = if_not_exists(first_used_at, :first)",
        "attribute_not_exists(last_use) OR last_use.used_at <= :used_at",
        {
            ":last": _LAST_USE.encode(use.last),
            ":used_at": {"N": str(use.last.at)},
            ":first": {"N": str(use.first_used_at)},
        },
    )


def _exposure(use: KeyUse) -> _Fact | None:
    if use.exposed_at is None:
        return None
    return _Fact(
        "exposed_at = :exposed_at",
        "attribute_not_exists(exposed_at) OR exposed_at <= :exposed_at",
        {":exposed_at": {"N": str(use.exposed_at)}},
    )


def _key(key_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"key#{key_id}"}, "sk": {"S": "use"}}

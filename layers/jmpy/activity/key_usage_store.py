"""Uses of keys in DynamoDB: one item per key."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jmpy.access.permission import Permission
from jmpy.activity.model import KeyUse, LastUse
from jmpy.aws.dynamodb import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.aws.operations import DynamoDBOperations


class KeyUseStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def of(self, key_ids: Iterable[str]) -> dict[str, KeyUse]:
        """Of those keys that anything is known of, by key id."""
        keys = [_key(key_id) for key_id in key_ids]
        uses = map(_from_item, read(self._client, self._table, keys))
        return {use.key_id: use for use in uses}

    def record(self, use: KeyUse) -> None:
        """Adds to what is known of the key. Neither the order of delivery matters, nor a second
        delivery: the latest use stays the last, so does the latest exposure, and permissions only
        grow. One write, unless something later is known already."""
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
            ":last": _to_map(use.last),
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


def _to_map(last: LastUse) -> dict[str, Any]:
    return {
        "M": {
            "used_at": {"N": str(last.at)},
            "ip": {"S": last.ip},
            "user_agent": {"S": last.user_agent},
            "route": {"S": last.route},
            "status": {"N": str(last.status)},
        }
    }


def _from_item(item: dict[str, Any]) -> KeyUse:
    last, first, exposed = (item.get(k) for k in ("last_use", "first_used_at", "exposed_at"))
    return KeyUse(
        key_id=item["key_id"]["S"],
        account_id=item["account_id"]["S"],
        first_used_at=int(first["N"]) if first else None,
        last=_from_map(last["M"]) if last else None,
        exposed_at=int(exposed["N"]) if exposed else None,
        permissions=frozenset(map(Permission, item.get("needed", {"SS": []})["SS"])),
    )


def _from_map(fields: dict[str, Any]) -> LastUse:
    return LastUse(
        at=int(fields["used_at"]["N"]),
        ip=fields["ip"]["S"],
        user_agent=fields["user_agent"]["S"],
        route=fields["route"]["S"],
        status=int(fields["status"]["N"]),
    )

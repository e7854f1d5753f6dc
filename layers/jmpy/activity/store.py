"""Uses of keys in DynamoDB: one item per key."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from jmpy.activity.model import KeyUse, LastUse
from jmpy.dynamodb import read
from jmpy.keys.model import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb import DynamoDBClient


class KeyUseStore:
    def __init__(self, client: DynamoDBClient, table: str) -> None:
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
        grow."""
        if use.last is not None:
            self._record_last(use, use.last)
        if use.exposed_at is not None:
            self._set(
                use,
                "exposed_at = :at",
                "attribute_not_exists(exposed_at) OR exposed_at < :at",
                {":at": {"N": str(use.exposed_at)}},
            )

    def _record_last(self, use: KeyUse, last: LastUse) -> None:
        values = {
            ":last": _to_map(last),
            ":at": {"N": str(last.at)},
            ":first": {"N": str(use.first_used_at)},
        }
        add = ""
        if use.permissions:
            add = " ADD needed :needed"
            values[":needed"] = {"SS": sorted(use.permissions)}
        is_last = self._set(
            use,
            f"last_use = :last, first_used_at = if_not_exists(first_used_at, :first){add}",
            "attribute_not_exists(last_use) OR last_use.used_at <= :at",
            values,
        )
        if not is_last and use.permissions:
            self._add_permissions(use)

    def _add_permissions(self, use: KeyUse) -> None:
        self._client.update_item(
            TableName=self._table,
            Key=_key(use.key_id),
            UpdateExpression="ADD needed :needed",
            ExpressionAttributeValues={":needed": {"SS": sorted(use.permissions)}},
        )

    def _set(self, use: KeyUse, expression: str, condition: str, values: dict[str, Any]) -> bool:
        """False when the condition did not hold; then nothing is written."""
        known = {":key": {"S": use.key_id}, ":account": {"S": use.account_id}}
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._table,
                Key=_key(use.key_id),
                UpdateExpression=f"SET key_id = :key, account_id = :account, {expression}",
                ConditionExpression=condition,
                ExpressionAttributeValues={**known, **values},
            )
            return True
        return False


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

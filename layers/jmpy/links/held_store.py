"""Codes that are held for an account, because its link was deleted or moved, in the table of the
links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jmpy.aws.codec import TEXT
from jmpy.aws.dynamodb import read, transact_recorded
from jmpy.links import codes
from jmpy.links.item import code_key, held_key, to_target
from jmpy.links.store import DESTINATION_INDEX

if TYPE_CHECKING:
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.transaction import TransactionItem


@dataclass(frozen=True, slots=True)
class HeldCode:
    address: str
    link_id: str
    """Of the link that had it."""
    held_until: int
    """Seconds since the Unix epoch, UTC."""

    @property
    def code(self) -> str:
        return codes.split(self.address)[1]

    @property
    def host(self) -> str:
        """Empty: of the default domain."""
        return codes.split(self.address)[0]


class HeldCodeStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def page(
        self, account_id: str, limit: int, now: float, after: str | None = None
    ) -> tuple[list[HeldCode], str | None]:
        """Up to `limit`, in no particular order, from behind the address `after`, and the address
        to go on from. The index may lag by moments behind a deletion; what is past its time is left
        out, so that a page may be shorter than there are more."""
        start: Any = (
            {} if after is None else {"ExclusiveStartKey": code_key(after) | held_key(account_id)}
        )
        response: Any = self._client.query(
            TableName=self._table,
            IndexName=DESTINATION_INDEX,
            KeyConditionExpression="destination = :held",
            ExpressionAttributeValues={":held": held_key(account_id)["destination"]},
            Limit=limit,
            **start,
        )
        keys = [{"pk": item["pk"], "sk": item["sk"]} for item in response["Items"]]
        items = read(self._client, self._table, keys)
        found = [held for item in items if (held := _held(item, account_id, now))]
        last = response.get("LastEvaluatedKey")
        return found, None if last is None else _address(last)

    def find(self, account_id: str, address: str, now: float) -> HeldCode | None:
        """If it is held for the account."""
        response = self._client.get_item(
            TableName=self._table, Key=code_key(address), ConsistentRead=True
        )
        return _held(response["Item"], account_id, now) if "Item" in response else None

    def release(self, account_id: str, held: HeldCode, *records: TransactionItem) -> bool:
        """Anybody may have it now. False, and nothing is written, if it is no longer held for
        the account and that link."""
        delete = {
            "TableName": self._table,
            "Key": code_key(held.address),
            "ConditionExpression": "account_id = :account AND link_id = :link AND #url = :none "
            "AND attribute_not_exists(taken_down)",
            "ExpressionAttributeNames": {"#url": "url"},
            "ExpressionAttributeValues": {
                ":account": TEXT.encode(account_id),
                ":link": TEXT.encode(held.link_id),
                ":none": TEXT.encode(""),
            },
        }
        return not transact_recorded(self._client, [{"Delete": delete}], records)


def _held(item: Any, account_id: str, now: float) -> HeldCode | None:
    """None for a code that a link has, or that is not held for the account."""
    target = to_target(item)
    if target.held_until is None or target.held_until <= now or target.account_id != account_id:
        return None
    return HeldCode(_address(item), target.link_id, target.held_until)


def _address(item: Any) -> str:
    return str(item["pk"]["S"]).removeprefix("code#")

"""Links for takedowns: of all accounts, and what is left of deleted ones.

The scan is for operators' commands; no function may make one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.aws.dynamodb import transact_recorded, whole_table
from jmpy.links.item import code_key, to_link
from jmpy.links.store import LinkStore
from jmpy.links.writes import StaleLink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmpy.links.model import Link
    from jmpy.transaction import TransactionItem


class TakedownStore(LinkStore):
    def all(self) -> Iterator[list[Link]]:
        """The links of all accounts, by page. Reads the whole table: there is no index by host of
        the destination, because every create would pay for it."""
        found = whole_table(
            self._client,
            TableName=self._table,
            FilterExpression="begins_with(sk, :link)",
            ExpressionAttributeValues={":link": {"S": "link#"}},
        )
        for page in found:
            yield [to_link(item) for item in page]

    def hold_back(self, address: str, link_id: str, *records: TransactionItem) -> None:
        """Of a deleted link, whose code was held for its account: for nobody now, indefinitely.
        Raises StaleLink when the account has used it again, or released it."""
        update = {
            "TableName": self._table,
            "Key": code_key(address),
            "UpdateExpression": "SET taken_down = :true "
            "REMOVE held_until, expires_ttl, destination",
            "ConditionExpression": "link_id = :link AND #url = :none",
            "ExpressionAttributeNames": {"#url": "url"},
            "ExpressionAttributeValues": {
                ":true": {"BOOL": True},
                ":link": {"S": link_id},
                ":none": {"S": ""},
            },
        }
        if transact_recorded(self._client, [{"Update": update}], records):
            raise StaleLink

    def free(self, address: str, *records: TransactionItem) -> None:
        """Of a deleted link, whose code was held back: anybody may have it now. Raises StaleLink
        when it is not held back any more."""
        delete = {
            "TableName": self._table,
            "Key": code_key(address),
            "ConditionExpression": "taken_down = :true AND #url = :none",
            "ExpressionAttributeNames": {"#url": "url"},
            "ExpressionAttributeValues": {":true": {"BOOL": True}, ":none": {"S": ""}},
        }
        if transact_recorded(self._client, [{"Delete": delete}], records):
            raise StaleLink

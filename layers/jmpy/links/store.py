"""Links in DynamoDB. A link and its code change together or not at all."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jmpy.links.item import (
    Item,
    attribute,
    code_key,
    link_key,
    to_code_item,
    to_link,
    to_link_item,
    to_target,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.links.model import Link, Target

_TRANSACTION_ATTEMPTS = 5


class CodeTaken(Exception):
    """Another link holds the code."""


class StaleLink(Exception):
    """The link was changed or deleted since it was read."""


class LinkStore:
    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def target(self, code: str) -> Target | None:
        """What a redirect needs. Consistent, so that a new link works at once."""
        item = self._get(code_key(code))
        return to_target(item) if item else None

    def find(self, account_id: str, link_id: str) -> Link | None:
        item = self._get(link_key(account_id, link_id))
        return to_link(item) if item else None

    def page(self, account_id: str, limit: int, after: str | None) -> tuple[list[Link], str | None]:
        """Up to `limit` links, newest first, from behind the link id `after`, and the id to go
        on from. Reads the page, never the account."""
        start = {"ExclusiveStartKey": link_key(account_id, after)} if after else {}
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :links)",
            ExpressionAttributeValues={
                ":pk": {"S": f"account#{account_id}"},
                ":links": {"S": "link#"},
            },
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=limit,
            **start,  # type: ignore[arg-type]
        )
        links = [to_link(item) for item in answer["Items"]]
        return links, links[-1].id if links and "LastEvaluatedKey" in answer else None

    def add(self, link: Link) -> None:
        """Raises CodeTaken."""
        fresh = {"TableName": self._table, "ConditionExpression": "attribute_not_exists(pk)"}
        self._transact(
            ({"Put": {**fresh, "Item": to_code_item(link)}}, CodeTaken),
            ({"Put": {**fresh, "Item": to_link_item(link)}}, StaleLink),
        )

    def change(self, link: Link, changes: dict[str, Any]) -> Link:
        """Sets the changed fields (None removes one). Raises StaleLink."""
        changed = replace(link, version=link.version + 1, **changes)
        update = _update_expression({**changes, "version": changed.version})
        update["ExpressionAttributeNames"]["#read"] = "version"
        update["ExpressionAttributeValues"][":read"] = attribute(link.version)
        record = {
            "TableName": self._table,
            "Key": link_key(link.account_id, link.id),
            "ConditionExpression": "#read = :read",
            **update,
        }
        target = {
            "TableName": self._table,
            "Item": to_code_item(changed),
            "ConditionExpression": "link_id = :link",
            "ExpressionAttributeValues": {":link": attribute(link.id)},
        }
        self._transact(({"Update": record}, StaleLink), ({"Put": target}, StaleLink))
        return changed

    def remove(self, link: Link) -> None:
        """Frees the code for others. Raises StaleLink when the link is gone or has moved."""
        own = {
            "TableName": self._table,
            "ConditionExpression": "link_id = :link",
            "ExpressionAttributeValues": {":link": attribute(link.id)},
        }
        record = {
            "TableName": self._table,
            "Key": link_key(link.account_id, link.id),
            "ConditionExpression": "attribute_exists(pk)",
        }
        self._transact(
            ({"Delete": record}, StaleLink),
            ({"Delete": {**own, "Key": code_key(link.short_code)}}, StaleLink),
        )

    def _get(self, key: Item) -> Item | None:
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return answer.get("Item")

    def _transact(self, *writes: tuple[Item, type[Exception]]) -> None:
        """All writes or none; raises the exception beside the first write whose condition
        failed. The SDK does not retry a transaction that lost a race for an item, so we do."""
        cancelled = self._client.exceptions.TransactionCanceledException
        for attempt in range(_TRANSACTION_ATTEMPTS):
            try:
                self._client.transact_write_items(TransactItems=[item for item, _ in writes])  # type: ignore[misc]
            except cancelled as error:
                codes = [reason.get("Code") for reason in error.response["CancellationReasons"]]
                for code, (_, refusal) in zip(codes, writes, strict=True):
                    if code == "ConditionalCheckFailed":
                        raise refusal from None
                if "TransactionConflict" not in codes or attempt == _TRANSACTION_ATTEMPTS - 1:
                    raise
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - back-off, not a secret
            else:
                return


def _update_expression(changes: dict[str, Any]) -> dict[str, Any]:
    names = {f"#{name}": name for name in changes}
    values = {f":{name}": attribute(v) for name, v in changes.items() if v is not None}
    expression = "SET " + ", ".join(f"#{key[1:]} = {key}" for key in values)
    if removed := [f"#{name}" for name, value in changes.items() if value is None]:
        expression += " REMOVE " + ", ".join(removed)
    return {
        "UpdateExpression": expression,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }

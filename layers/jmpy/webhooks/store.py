"""Webhooks in DynamoDB, one per account. A change by its owner is written in one transaction with
its entries in the audit log (`records`): also because DynamoDB recognizes a transaction that is
sent again because its first response got lost."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from jmpy.aws.codec import Codec
from jmpy.aws.dynamodb import transact_recorded
from jmpy.webhooks.model import Health, Webhook

if TYPE_CHECKING:
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.transaction import TransactionItem

_URL = {"#url": "url"}
"""A reserved word of DynamoDB."""

_WEBHOOK = Codec(Webhook, apart=("health",))
_HEALTH = Codec(Health)
_HEALTH_ATTRIBUTES = ", ".join(field.name for field in fields(Health))


class WebhookStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, account_id: str) -> Webhook | None:
        response = self._client.get_item(
            TableName=self._table, Key=_key(account_id), ConsistentRead=True
        )
        return _to_webhook(response["Item"]) if "Item" in response else None

    def add(self, account_id: str, webhook: Webhook, *records: TransactionItem) -> bool:
        """False, and nothing is written, if there is one."""
        item = _key(account_id) | _WEBHOOK.encode(webhook)
        put = {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        return not transact_recorded(self._client, [{"Put": put}], records)

    def change_url(self, account_id: str, before: str, url: str, *records: TransactionItem) -> bool:
        """Removes the health, too, which was of the other URL. False, and nothing is written, if
        there is no webhook with the URL `before`."""
        change = f"SET #url = :url REMOVE {_HEALTH_ATTRIBUTES}"
        update = self._update(account_id, change, "#url = :before", url=url, before=before)
        return not transact_recorded(self._client, [{"Update": update}], records)

    def change_secret(self, account_id: str, secret: str, *records: TransactionItem) -> bool:
        """False, and nothing is written, if there is no webhook."""
        update = self._update(account_id, "SET secret = :secret", secret=secret)
        return not transact_recorded(self._client, [{"Update": update}], records)

    def remove(self, account_id: str, url: str, *records: TransactionItem) -> bool:
        """False, and nothing is written, if there is no webhook with that URL."""
        delete = {
            "TableName": self._table,
            "Key": _key(account_id),
            "ConditionExpression": "#url = :url",
            "ExpressionAttributeNames": _URL,
            "ExpressionAttributeValues": {":url": {"S": url}},
        }
        return not transact_recorded(self._client, [{"Delete": delete}], records)

    def record_delivery(
        self, account_id: str, url: str, now: int, failure: str | None
    ) -> Health | None:
        """Returns the health of the webhook with this delivery; None if its URL changed meanwhile.
        `failure`: the reason (`DeliveryFailed`), None of a success."""
        change = (
            "SET delivered_at = :now REMOVE failing_since, failures"
            if failure is None
            else "SET failed_at = :now, failure = :failure,"
            " failing_since = if_not_exists(failing_since, :now) ADD failures :one"
        )
        one = None if failure is None else 1
        update = self._update(
            account_id, change, "#url = :url", url=url, now=now, failure=failure, one=one
        )
        try:
            response = self._client.update_item(**update, ReturnValues="ALL_NEW")
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        return _to_webhook(response["Attributes"]).health

    def disable(self, account_id: str, url: str, now: int, *records: TransactionItem) -> bool:
        """False, and nothing is written, if it changed or is disabled already."""
        update = self._update(
            account_id,
            "SET disabled_at = :now",
            "#url = :url AND attribute_not_exists(disabled_at)",
            url=url,
            now=now,
        )
        return not transact_recorded(self._client, [{"Update": update}], records)

    def enable(self, account_id: str, url: str, *records: TransactionItem) -> bool:
        """Removes its failures, too. False, and nothing is written, if it changed or is not
        disabled."""
        update = self._update(
            account_id,
            "REMOVE disabled_at, owner_notified_at, failing_since, failures",
            "#url = :url AND attribute_exists(disabled_at)",
            url=url,
        )
        return not transact_recorded(self._client, [{"Update": update}], records)

    def mark_owner_notified(self, account_id: str, now: int) -> None:
        """That the webhook is disabled; nothing happens if it is not any more."""
        change, condition = "SET owner_notified_at = :now", "attribute_exists(disabled_at)"
        self._try(self._update(account_id, change, condition, now=now))

    def begin_test(self, account_id: str, test_id: str, now: int, pause: int) -> bool:
        """False if another one began less than `pause` seconds ago. This one has begun also when
        it is sent again because its first response got lost."""
        return self._try(
            self._update(
                account_id,
                "SET tested_at = :now, test_id = :test",
                "(attribute_not_exists(tested_at) OR tested_at <= :before OR test_id = :test)",
                now=now,
                before=now - pause,
                test=test_id,
            )
        )

    def _update(
        self, account_id: str, change: str, condition: str = "", **values: str | int | None
    ) -> dict[str, Any]:
        """Of the webhook, if there is one for which the condition holds."""
        named = {
            f":{name}": {"N": str(value)} if isinstance(value, int) else {"S": value}
            for name, value in values.items()
            if value is not None
        }
        conditions = ["attribute_exists(pk)", *filter(None, [condition])]
        # DynamoDB rejects a name that is not used.
        has_url = "#url" in change + condition
        return {
            "TableName": self._table,
            "Key": _key(account_id),
            "UpdateExpression": change,
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeValues": named,
            **({"ExpressionAttributeNames": _URL} if has_url else {}),
        }

    def _try(self, update: dict[str, Any]) -> bool:
        """False, and nothing is written, if its condition does not hold."""
        try:
            self._client.update_item(**update)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _to_webhook(item: dict[str, Any]) -> Webhook:
    return _WEBHOOK.decode(item, health=_HEALTH.decode(item))


def _key(account_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": "webhook"}}

"""What an account says about its alerts, in DynamoDB: thresholds of its own, and where to send
them. Every change is written with the entries of the audit log that tell of it (`records`), in a
transaction: also because DynamoDB knows one that it has made when it is sent again because its
first answer got lost."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from jmpy.alerts.errors import SettingsChanged
from jmpy.alerts.thresholds import DEFAULT, Thresholds
from jmpy.aws.dynamodb import read, transact_recorded
from jmpy.webhooks.model import Health, Webhook

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.aws.dynamodb import Write
    from jmpy.aws.operations import DynamoDBOperations

_thresholds = TypeAdapter(Thresholds)
_log = logging.getLogger(__name__)

_URL = {"#url": "url"}
"""A reserved word of DynamoDB."""

_TIMES = ("delivered_at", "failed_at", "failing_since", "disabled_at", "told_at")
_HEALTH = (*_TIMES, "failure", "failures")


class AlertSettings:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def thresholds(self, account_ids: Iterable[str]) -> dict[str, Thresholds]:
        """Of those accounts that have their own, by account id; what one leaves out has its
        default. One that cannot be read is passed over, so that its account is judged all the
        same, and no other waits for it."""
        keys = [_key(account_id, "alert-thresholds") for account_id in account_ids]
        found = {}
        for item in read(self._client, self._table, keys, ConsistentRead=True):
            account_id = item["pk"]["S"].removeprefix("account#")
            thresholds = _readable(account_id, item)
            if thresholds is not None:
                found[account_id] = thresholds
        return found

    def stored_thresholds(self, account_id: str) -> tuple[Thresholds, str | None]:
        """The account's, and the text that says so, None where there is none: what is written in
        its place names it."""
        response = self._client.get_item(
            TableName=self._table, Key=_key(account_id, "alert-thresholds"), ConsistentRead=True
        )
        item = response.get("Item", {})
        thresholds = (_readable(account_id, item) if item else None) or DEFAULT
        return thresholds, item["thresholds"]["S"] if "thresholds" in item else None

    def put_thresholds(
        self, account_id: str, thresholds: Thresholds, in_place_of: str | None, *records: Write
    ) -> None:
        """Raises SettingsChanged when something else is stored than `in_place_of`."""
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": {
                **_key(account_id, "alert-thresholds"),
                "thresholds": {"S": json.dumps(thresholds.own())},
            },
            "ConditionExpression": "attribute_not_exists(thresholds)",
        }
        if in_place_of is not None:
            put["ConditionExpression"] = "thresholds = :read"
            put["ExpressionAttributeValues"] = {":read": {"S": in_place_of}}
        if transact_recorded(self._client, [{"Put": put}], records):
            raise SettingsChanged

    def webhook(self, account_id: str) -> Webhook | None:
        response = self._client.get_item(
            TableName=self._table, Key=_key(account_id, "alert-webhook"), ConsistentRead=True
        )
        return _to_webhook(response["Item"]) if "Item" in response else None

    def add_webhook(self, account_id: str, webhook: Webhook, *records: Write) -> bool:
        """False, and nothing is written, if there is one."""
        item = {
            **_key(account_id, "alert-webhook"),
            "url": {"S": webhook.url},
            "secret": {"S": webhook.secret},
            "created_at": {"N": str(webhook.created_at or 0)},
        }
        put = {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        return not transact_recorded(self._client, [{"Put": put}], records)

    def change_url(self, account_id: str, before: str, url: str, *records: Write) -> bool:
        """And forgets how deliveries to the other one went. False, and nothing is written, if
        there is no webhook with the URL `before`."""
        change = f"SET #url = :url REMOVE {', '.join(_HEALTH)}"
        update = self._update(account_id, change, "#url = :before", url=url, before=before)
        return not transact_recorded(self._client, [{"Update": update}], records)

    def change_secret(self, account_id: str, secret: str, *records: Write) -> bool:
        """False, and nothing is written, if there is no webhook."""
        update = self._update(account_id, "SET secret = :secret", secret=secret)
        return not transact_recorded(self._client, [{"Update": update}], records)

    def remove_webhook(self, account_id: str, url: str, *records: Write) -> bool:
        """False, and nothing is written, if there is no webhook with that URL."""
        delete = {
            "TableName": self._table,
            "Key": _key(account_id, "alert-webhook"),
            "ConditionExpression": "#url = :url",
            "ExpressionAttributeNames": _URL,
            "ExpressionAttributeValues": {":url": {"S": url}},
        }
        return not transact_recorded(self._client, [{"Delete": delete}], records)

    def record_delivery(
        self, account_id: str, url: str, now: int, failure: str | None
    ) -> Health | None:
        """How it went, and how the webhook does with that; None if it has changed meanwhile.
        `failure` in words."""
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

    def disable_webhook(self, account_id: str, url: str, now: int, *records: Write) -> bool:
        """False, and nothing is written, if it changed or is disabled already."""
        update = self._update(
            account_id,
            "SET disabled_at = :now",
            "#url = :url AND attribute_not_exists(disabled_at)",
            url=url,
            now=now,
        )
        return not transact_recorded(self._client, [{"Update": update}], records)

    def enable_webhook(self, account_id: str, url: str, *records: Write) -> bool:
        """And forgets its failures. False, and nothing is written, if it changed or is not
        disabled."""
        update = self._update(
            account_id,
            "REMOVE disabled_at, told_at, failing_since, failures",
            "#url = :url AND attribute_exists(disabled_at)",
            url=url,
        )
        return not transact_recorded(self._client, [{"Update": update}], records)

    def mark_told(self, account_id: str, now: int) -> None:
        """That the webhook is disabled; nothing happens if it is not any more."""
        self._try(
            self._update(account_id, "SET told_at = :now", "attribute_exists(disabled_at)", now=now)
        )

    def begin_test(self, account_id: str, test_id: str, now: int, pause: int) -> bool:
        """False if another one began less than `pause` seconds ago; this one has begun also when
        it asks again because its first answer got lost."""
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
        # A name that is not used is refused.
        has_url = "#url" in change + condition
        return {
            "TableName": self._table,
            "Key": _key(account_id, "alert-webhook"),
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


def _readable(account_id: str, item: dict[str, Any]) -> Thresholds | None:
    try:
        return _thresholds.validate_json(item["thresholds"]["S"])
    except (ValidationError, KeyError):
        _log.warning("unreadable thresholds", extra={"account_id": account_id})
        return None


def _to_webhook(item: dict[str, Any]) -> Webhook:
    numbers = {name: int(item[name]["N"]) for name in (*_TIMES, "failures") if name in item}
    failure = item["failure"]["S"] if "failure" in item else None
    created_at = int(item["created_at"]["N"]) if "created_at" in item else None
    health = Health(**numbers, failure=failure)
    return Webhook(item["url"]["S"], item["secret"]["S"], created_at, health)


def _key(account_id: str, kind: str) -> dict[str, Any]:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": kind}}

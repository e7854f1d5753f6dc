"""What an account says about its alerts, in DynamoDB: thresholds of its own, and where to send
them."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from jmpy.alerts.errors import SettingsChanged
from jmpy.alerts.thresholds import DEFAULT, Thresholds
from jmpy.alerts.webhook import Health, Webhook
from jmpy.dynamodb import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

_thresholds = TypeAdapter(Thresholds)
_log = logging.getLogger(__name__)


class AlertSettings:
    def __init__(self, client: DynamoDBClient, table: str) -> None:
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

    def change_thresholds(self, account_id: str, changes: Mapping[str, Any]) -> Thresholds:
        """`changes` by the name of the field; None stands for its default. Raises
        SettingsChanged."""
        key = _key(account_id, "alert-thresholds")
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        item = answer.get("Item", {})
        before = (_readable(account_id, item) if item else None) or DEFAULT
        defaults = {
            name: getattr(DEFAULT, name) for name, value in changes.items() if value is None
        }
        thresholds = replace(before, **{**changes, **defaults})
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(thresholds)"}
        if "thresholds" in item:
            condition = {
                "ConditionExpression": "thresholds = :read",
                "ExpressionAttributeValues": {":read": item["thresholds"]},
            }
        try:
            self._client.put_item(
                TableName=self._table,
                Item={**key, "thresholds": {"S": json.dumps(thresholds.own())}},
                **condition,
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            raise SettingsChanged from None
        return thresholds

    def webhook(self, account_id: str) -> Webhook | None:
        answer = self._client.get_item(
            TableName=self._table, Key=_key(account_id, "alert-webhook"), ConsistentRead=True
        )
        return _to_webhook(answer["Item"]) if "Item" in answer else None

    def add_webhook(self, account_id: str, webhook: Webhook) -> bool:
        """False, and nothing is written, if there is one."""
        item = {
            **_key(account_id, "alert-webhook"),
            "url": {"S": webhook.url},
            "secret": {"S": webhook.secret},
            "created_at": {"N": str(webhook.created_at or 0)},
        }
        try:
            self._client.put_item(
                TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)"
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def change_url(self, account_id: str, url: str) -> bool:
        """And forgets how deliveries to the other one went. False if there is no webhook."""
        return self._update(
            account_id, "SET #url = :url REMOVE delivered_at, failed_at, failure", url=url
        )

    def change_secret(self, account_id: str, secret: str) -> bool:
        """False if there is no webhook."""
        return self._update(account_id, "SET secret = :secret", secret=secret)

    def remove_webhook(self, account_id: str) -> bool:
        """False if there is no webhook."""
        gone = self._client.delete_item(
            TableName=self._table, Key=_key(account_id, "alert-webhook"), ReturnValues="ALL_OLD"
        )
        return "Attributes" in gone

    def record_delivery(self, account_id: str, url: str, now: int, failure: str | None) -> None:
        """How it went, unless the webhook has changed meanwhile; `failure` in words."""
        self._update(
            account_id,
            "SET delivered_at = :now"
            if failure is None
            else "SET failed_at = :now, failure = :failure",
            "#url = :url",
            url=url,
            now=now,
            failure=failure,
        )

    def begin_test(self, account_id: str, now: int, pause: int) -> bool:
        """False if one began less than `pause` seconds ago."""
        return self._update(
            account_id,
            "SET tested_at = :now",
            "(attribute_not_exists(tested_at) OR tested_at <= :before)",
            now=now,
            before=now - pause,
        )

    def _update(
        self, account_id: str, change: str, condition: str = "", **values: str | int | None
    ) -> bool:
        """False, and nothing is written, if there is no webhook for which the condition holds."""
        named = {
            f":{name}": {"N": str(value)} if isinstance(value, int) else {"S": value}
            for name, value in values.items()
            if value is not None
        }
        conditions = ["attribute_exists(pk)", *filter(None, [condition])]
        # A reserved word of DynamoDB; a name that is not used is refused.
        has_url = "#url" in change + condition
        options: dict[str, Any] = {"ExpressionAttributeNames": {"#url": "url"}} if has_url else {}
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_key(account_id, "alert-webhook"),
                UpdateExpression=change,
                ConditionExpression=" AND ".join(conditions),
                ExpressionAttributeValues=named,
                **options,
            )
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
    at = {name: int(item[name]["N"]) for name in ("delivered_at", "failed_at") if name in item}
    failure = item["failure"]["S"] if "failure" in item else None
    created_at = int(item["created_at"]["N"]) if "created_at" in item else None
    health = Health(**at, failure=failure)
    return Webhook(item["url"]["S"], item["secret"]["S"], created_at, health)


def _key(account_id: str, kind: str) -> dict[str, Any]:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": kind}}

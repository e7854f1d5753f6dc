"""What an account says about its alerts: thresholds of its own, and where to send them."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from jmpy.alerts.thresholds import Thresholds
from jmpy.alerts.webhook import Webhook
from jmpy.dynamodb import read

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        for item in read(self._client, self._table, keys):
            account_id = item["pk"]["S"].removeprefix("account#")
            try:
                found[account_id] = _thresholds.validate_json(item["thresholds"]["S"])
            except (ValidationError, KeyError):
                _log.warning("unreadable thresholds", extra={"account_id": account_id})
        return found

    def set_thresholds(self, account_id: str, thresholds: Thresholds) -> None:
        item = {
            **_key(account_id, "alert-thresholds"),
            "thresholds": {"S": json.dumps(asdict(thresholds))},
        }
        self._client.put_item(TableName=self._table, Item=item)

    def webhook(self, account_id: str) -> Webhook | None:
        answer = self._client.get_item(
            TableName=self._table, Key=_key(account_id, "alert-webhook"), ConsistentRead=True
        )
        if "Item" not in answer:
            return None
        return Webhook(answer["Item"]["url"]["S"], answer["Item"]["secret"]["S"])

    def set_webhook(self, account_id: str, webhook: Webhook) -> None:
        item = {
            **_key(account_id, "alert-webhook"),
            "url": {"S": webhook.url},
            "secret": {"S": webhook.secret},
        }
        self._client.put_item(TableName=self._table, Item=item)

    def remove_webhook(self, account_id: str) -> None:
        self._client.delete_item(TableName=self._table, Key=_key(account_id, "alert-webhook"))


def _key(account_id: str, kind: str) -> dict[str, Any]:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": kind}}

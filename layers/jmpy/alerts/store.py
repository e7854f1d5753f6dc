"""Baselines and alerts in DynamoDB, in the table that also holds how keys are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.alerts.item import (
    alert_key,
    baseline_key,
    to_alert,
    to_alert_item,
    to_baseline,
    to_baseline_item,
)
from jmpy.alerts.model import Status
from jmpy.dynamodb import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.alerts.model import Alert
    from jmpy.alerts.state import Baseline


class BaselineStore:
    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def of(self, key_ids: Iterable[str]) -> dict[str, Baseline]:
        """Of those keys that have one, by key id."""
        keys = [baseline_key(key_id) for key_id in key_ids]
        items = read(self._client, self._table, keys, ConsistentRead=True)
        return {found.key_id: found for found in map(to_baseline, items)}

    def save(self, baseline: Baseline, now: float) -> bool:
        """False unless the table holds the version before; then nothing is written. `now` in
        seconds since the Unix epoch, UTC."""
        before = baseline.version - 1
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if before:
            condition = {
                "ConditionExpression": "version = :before",
                "ExpressionAttributeValues": {":before": {"N": str(before)}},
            }
        try:
            self._client.put_item(
                TableName=self._table, Item=to_baseline_item(baseline, now), **condition
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


class AlertStore:
    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, alert: Alert) -> bool:
        """Whether it is to be handed on: it is new, or whoever added it did not get that far."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_alert_item(alert),
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            known: Any = error.response
            return "handed_on_at" not in known["Item"]
        return True

    def mark_handed_on(self, alert: Alert, now: float) -> None:
        """`now` in seconds since the Unix epoch, UTC."""
        self._client.update_item(
            TableName=self._table,
            Key=alert_key(alert),
            UpdateExpression="SET handed_on_at = :now",
            ExpressionAttributeValues={":now": {"N": str(int(now))}},
        )

    def of_account(self, account_id: str) -> Iterator[Alert]:
        """The newest first."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :account AND begins_with(sk, :alert)",
            ExpressionAttributeValues={
                ":account": {"S": f"account#{account_id}"},
                ":alert": {"S": "alert#"},
            },
            ScanIndexForward=False,
        )
        for page in pages:
            yield from map(to_alert, page["Items"])

    def dismiss(self, alert: Alert) -> None:
        """It stays, so that it is not told again; nothing happens if it has been forgotten."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=alert_key(alert),
                UpdateExpression="SET #status = :dismissed",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={":dismissed": {"S": Status.DISMISSED}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

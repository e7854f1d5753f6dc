"""Alerts in DynamoDB."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jmpy.alerts.errors import AlertNotFound
from jmpy.alerts.item import (
    ALERT_PREFIX,
    OPEN_ATTRIBUTE,
    OPEN_INDEX,
    alert_key,
    mark_key,
    to_alert,
    to_alert_item,
    to_mark_item,
)
from jmpy.alerts.model import AlertStatus
from jmpy.aws.log_query import LogQuery, read_page

if TYPE_CHECKING:
    from jmpy.alerts.model import Alert
    from jmpy.aws.log_query import LogPage
    from jmpy.aws.operations import DynamoDBOperations


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """What an alert has to match; None matches all."""

    status: AlertStatus | None = None
    key_id: str | None = None


class AlertStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, alert: Alert) -> Alert | None:
        """The alert to send; None if it was sent before. An alert that an earlier attempt stored
        and did not send has the time of that attempt, so that it is stored once."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_mark_item(alert),
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            response: Any = error.response
            mark = response["Item"]
            if "sent_at" in mark:
                return None
            alert = replace(alert, at=int(mark["happened_at"]["N"]))
        self._client.put_item(TableName=self._table, Item=to_alert_item(alert))
        return alert

    def mark_sent(self, alert: Alert, now: float) -> None:
        """`now` in seconds since the Unix epoch, UTC."""
        self._client.update_item(
            TableName=self._table,
            Key=mark_key(alert.account_id, alert.id),
            UpdateExpression="SET sent_at = :now",
            ExpressionAttributeValues={":now": {"N": str(int(now))}},
        )

    def get(self, account_id: str, alert_id: str) -> Alert:
        """Raises AlertNotFound."""
        mark = self._read(mark_key(account_id, alert_id))
        item = mark and self._read(alert_key(account_id, int(mark["happened_at"]["N"]), alert_id))
        if not item:
            raise AlertNotFound(alert_id)
        return to_alert(item)

    def page(
        self, account_id: str, wanted: AlertFilter, limit: int, after: str | None = None
    ) -> LogPage[Alert]:
        """Raises CursorOutOfRange."""
        query = self._query(account_id, wanted)
        return read_page(self._client, query, to_alert, limit, after)

    def latest(self, account_id: str, count: int) -> list[Alert]:
        """The newest first; as of now, unlike a page."""
        query = replace(self._query(account_id, AlertFilter()), is_consistent=True)
        return read_page(self._client, query, to_alert, count).entries

    def count_open(self, account_id: str, most: int) -> int:
        """Those that nobody has dismissed, up to `most`: reads no more than their keys, from an
        index that lags by moments."""
        response = self._client.query(
            TableName=self._table,
            IndexName=OPEN_INDEX,
            KeyConditionExpression=f"{OPEN_ATTRIBUTE} = :account",
            ExpressionAttributeValues={":account": {"S": account_id}},
            Limit=most,
        )
        return len(response["Items"])

    def dismiss(self, alert: Alert) -> None:
        """It remains, so that it is not sent again; nothing happens if it has expired."""
        self._update(
            alert,
            f"SET #status = :dismissed REMOVE {OPEN_ATTRIBUTE}",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":dismissed": {"S": AlertStatus.DISMISSED}},
        )

    def mark_mailed(self, alert: Alert, at: float) -> None:
        """`at`: as in `Alert.mailed_at`. Nothing happens if the alert has expired."""
        values = {":at": {"N": str(int(at))}}
        self._update(alert, "SET mailed_at = :at", ExpressionAttributeValues=values)

    def _update(self, alert: Alert, change: str, **names_and_values: Any) -> None:
        try:
            self._client.update_item(
                TableName=self._table,
                Key=alert_key(alert.account_id, alert.at, alert.id),
                UpdateExpression=change,
                ConditionExpression="attribute_exists(pk)",
                **names_and_values,
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def _query(self, account_id: str, wanted: AlertFilter) -> LogQuery:
        return LogQuery(
            self._table,
            f"account#{account_id}",
            prefix=ALERT_PREFIX,
            matching={"status": wanted.status, "key_id": wanted.key_id},
        )

    def _read(self, key: dict[str, Any]) -> dict[str, Any] | None:
        return self._client.get_item(TableName=self._table, Key=key).get("Item")

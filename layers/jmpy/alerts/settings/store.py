"""An account's thresholds in DynamoDB. A change is written in one transaction with its entries in
the audit log (`records`)."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from jmpy.alerts.errors import SettingsChanged
from jmpy.alerts.settings.thresholds import DEFAULT, Thresholds
from jmpy.aws.dynamodb import read, transact_recorded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.transaction import TransactionItem

_thresholds = TypeAdapter(Thresholds)
_log = logging.getLogger(__name__)


class ThresholdStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, account_ids: Iterable[str]) -> dict[str, Thresholds]:
        """Of those accounts that have their own, by account id; what one leaves out has its
        default. Invalid ones are skipped: the account gets the defaults, and no other account
        waits for it."""
        keys = [_key(account_id) for account_id in account_ids]
        found = {}
        for item in read(self._client, self._table, keys, ConsistentRead=True):
            account_id = item["pk"]["S"].removeprefix("account#")
            thresholds = _readable(account_id, item)
            if thresholds is not None:
                found[account_id] = thresholds
        return found

    def read(self, account_id: str) -> tuple[Thresholds, str | None]:
        """The account's thresholds, and the stored text, None if there is none: `put` names the
        text that it replaces."""
        response = self._client.get_item(
            TableName=self._table, Key=_key(account_id), ConsistentRead=True
        )
        item = response.get("Item", {})
        thresholds = (_readable(account_id, item) if item else None) or DEFAULT
        return thresholds, item["thresholds"]["S"] if "thresholds" in item else None

    def put(
        self,
        account_id: str,
        thresholds: Thresholds,
        in_place_of: str | None,
        *records: TransactionItem,
    ) -> None:
        """Raises SettingsChanged when something else is stored than `in_place_of`."""
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": {
                **_key(account_id),
                "thresholds": {"S": json.dumps(thresholds.own())},
            },
            "ConditionExpression": "attribute_not_exists(thresholds)",
        }
        if in_place_of is not None:
            put["ConditionExpression"] = "thresholds = :read"
            put["ExpressionAttributeValues"] = {":read": {"S": in_place_of}}
        if transact_recorded(self._client, [{"Put": put}], records):
            raise SettingsChanged


def _readable(account_id: str, item: dict[str, Any]) -> Thresholds | None:
    try:
        return _thresholds.validate_json(item["thresholds"]["S"])
    except (ValidationError, KeyError):
        _log.warning("unreadable thresholds", extra={"account_id": account_id})
        return None


def _key(account_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": "alert-thresholds"}}

"""Daily counters in DynamoDB: one item per account or rotation line of a key, class and UTC day.

Owner and class are the partition key, so a busy class does not slow the others. One item supports
a thousand writes per second; beyond that DynamoDB throttles, and the response is 503, since no
request may pass uncounted (docs/limits.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.aws.dynamodb import transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.limits.model import Counter

RETENTION_DAYS = 35
"""Longer than the thirty days that a usage report shows."""


class QuotaExceeded(Exception):
    """The cost would exceed the limit; nothing was counted."""

    def __init__(self, used: int) -> None:
        super().__init__(used)
        self.used = used


class UsageStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, counter: Counter, cost: int, room: int, expires: int) -> int:
        """Counts `cost` if at most `room` was counted before, and returns the new count. One
        conditional write, so concurrent requests cannot exceed a limit together. The item is
        deleted after `expires`, in seconds since the Unix epoch.

        Raises QuotaExceeded.
        """
        try:
            response = self._client.update_item(
                TableName=self._table,
                Key=_key(counter),
                UpdateExpression="ADD used :cost SET expires_ttl = :expires",
                ConditionExpression="attribute_not_exists(used) OR used <= :room",
                ExpressionAttributeValues={
                    ":cost": {"N": str(cost)},
                    ":room": {"N": str(room)},
                    ":expires": {"N": str(expires)},
                },
                ReturnValues="UPDATED_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise QuotaExceeded(int(error.response["Item"]["used"]["N"])) from None
        return int(response["Attributes"]["used"]["N"])

    def subtract(self, counter: Counter, cost: int) -> None:
        """Takes back what `add` counted. A transaction, since its token is what makes a repeat
        after a lost response subtract once: a counter that is too low would admit too much. One
        that no longer has the cost, as after a restore, is left alone."""
        values = {":cost": {"N": str(cost)}, ":minus": {"N": str(-cost)}}
        update = {
            "TableName": self._table,
            "Key": _key(counter),
            "UpdateExpression": "ADD used :minus",
            "ConditionExpression": "used >= :cost",
            "ExpressionAttributeValues": values,
        }
        transact(self._client, [{"Update": update}])

    def used(self, counter: Counter) -> int:
        """The current count. The read is eventually consistent: the value only informs."""
        response = self._client.get_item(TableName=self._table, Key=_key(counter))
        return int(response["Item"]["used"]["N"]) if "Item" in response else 0

    def history(self, first: Counter, last: str) -> dict[str, int]:
        """The counts from the day of `first` to the day `last`, by day; days without any are left
        out."""
        response = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": _key(first)["pk"],
                ":first": {"S": first.day},
                ":last": {"S": last},
            },
            ConsistentRead=True,
        )
        return {item["sk"]["S"]: int(item["used"]["N"]) for item in response["Items"]}


def _key(counter: Counter) -> dict[str, AttributeValueTypeDef]:
    scope, owner, limit_class, day = counter
    return {"pk": {"S": f"{scope}#{owner}#{limit_class}"}, "sk": {"S": day}}

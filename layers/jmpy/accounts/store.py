"""Accounts in DynamoDB, in the table that also holds their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.accounts.model import Account

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class AccountStore:
    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, account_id: str) -> Account | None:
        answer = self._client.get_item(
            TableName=self._table, Key={"pk": {"S": f"account#{account_id}"}}, ConsistentRead=True
        )
        item = answer.get("Item")
        if not item:
            return None
        return Account(
            id=account_id,
            plan=item["plan"]["S"],
            usage_identifier=item["usage_identifier"]["S"],
            created_at=int(item["created_at"]["N"]),
        )

    def add(self, account: Account) -> bool:
        """False when the account exists already; then nothing is written."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item={
                    "pk": {"S": f"account#{account.id}"},
                    "plan": {"S": account.plan},
                    "usage_identifier": {"S": account.usage_identifier},
                    "created_at": {"N": str(account.created_at)},
                },
                ConditionExpression="attribute_not_exists(pk)",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

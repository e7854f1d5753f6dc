"""Accounts in DynamoDB, in the same table as their keys. A change is written together with its
entries in the audit log (`records`): all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.accounts.errors import AccountChanged, AccountNotFound, SubscriptionChanged
from jmpy.accounts.item import (
    SUBSCRIPTION,
    account_key,
    same_policy,
    to_account,
    to_account_item,
)
from jmpy.accounts.lookup import AccountLookup
from jmpy.aws.dynamodb import transact_recorded, whole_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmpy.accounts.model import Account, Subscription
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.transaction import TransactionItem


class AccountStore(AccountLookup):
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        super().__init__(client, table)
        self._client = client

    def get(self, account_id: str) -> Account:
        """Raises AccountNotFound."""
        account = self.find(account_id)
        if account is None:
            raise AccountNotFound(account_id)
        return account

    def all(self) -> Iterator[Account]:
        """Every account: scans the whole table, for operators' commands."""
        found = whole_table(
            self._client,
            TableName=self._table,
            FilterExpression="sk = :account",
            ExpressionAttributeValues={":account": {"S": "account"}},
            ConsistentRead=True,
        )
        for page in found:
            yield from map(to_account, page)

    def of_owner(self, email: str) -> list[Account]:
        """The accounts of people who sign in with the address: one for each user pool that there
        was. Scans the whole table, as `all` does."""
        return [
            account
            for account in self.all()
            if account.email is not None and account.email.casefold() == email.casefold()
        ]

    def add(self, account: Account, *records: TransactionItem) -> bool:
        """False if the account exists already; then nothing is written."""
        put = {
            "TableName": self._table,
            "Item": to_account_item(account),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        return not transact_recorded(self._client, [{"Put": put}], records)

    def set_email(self, account_id: str, email: str) -> None:
        self._client.update_item(
            TableName=self._table,
            Key=account_key(account_id),
            UpdateExpression="SET email = :email",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":email": {"S": email}},
        )

    def hide_getting_started(self, account_id: str, *, hidden: bool) -> None:
        """Hides the checklist on the dashboard, or shows it again."""
        self._client.update_item(
            TableName=self._table,
            Key=account_key(account_id),
            UpdateExpression="SET hides_getting_started = :hidden",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":hidden": {"BOOL": hidden}},
        )

    def set_max_key_days(
        self, account: Account, days: int | None, *records: TransactionItem
    ) -> None:
        """None removes the limit. Raises AccountChanged if it was changed after `account` was
        read."""
        unchanged, values = same_policy(account)
        update: TransactionItem = {
            "TableName": self._table,
            "Key": account_key(account.id),
            "UpdateExpression": "REMOVE max_key_days",
            "ConditionExpression": f"attribute_exists(pk) AND {unchanged}",
        }
        if days is not None:
            values[":days"] = {"N": str(days)}
            update["UpdateExpression"] = "SET max_key_days = :days"
        if values:
            update["ExpressionAttributeValues"] = values
        if transact_recorded(self._client, [{"Update": update}], records):
            raise AccountChanged(account.id)

    def subscribe(
        self, account_id: str, subscription: Subscription, *records: TransactionItem
    ) -> None:
        """Raises SubscriptionChanged unless the stored account has the previous version."""
        update = {
            "TableName": self._table,
            "Key": account_key(account_id),
            "UpdateExpression": "SET subscription = :subscription",
            "ConditionExpression": "subscription.version = :before",
            "ExpressionAttributeValues": {
                ":subscription": SUBSCRIPTION.encode(subscription),
                ":before": {"N": str(subscription.version - 1)},
            },
        }
        if transact_recorded(self._client, [{"Update": update}], records):
            raise SubscriptionChanged(account_id)

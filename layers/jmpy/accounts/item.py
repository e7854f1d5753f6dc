"""Accounts and subscriptions as DynamoDB attributes and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.accounts.model import Account, InterimKey, Subscription, Suspension
from jmpy.aws.codec import NUMBER, Codec, mapping
from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from jmpy.aws.codec import Item

SUBSCRIPTION = Codec(
    Subscription,
    kinds={
        "limits": mapping(LimitClass, NUMBER),
        "suspension": Codec(Suspension).nested,
        "interim": Codec(InterimKey).nested,
    },
).nested
_ACCOUNT = Codec(Account, apart=("id",), kinds={"subscription": SUBSCRIPTION})


def account_key(account_id: str) -> Item:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": "account"}}


def to_account_item(account: Account) -> Item:
    return account_key(account.id) | _ACCOUNT.encode(account)


def same_policy(account: Account) -> tuple[str, Item]:
    """A condition on the account's item, and its values: its policy still is as it was read."""
    if account.max_key_days is None:
        return "attribute_not_exists(max_key_days)", {}
    return "max_key_days = :max_key_days", {":max_key_days": {"N": str(account.max_key_days)}}


def to_account(item: Item) -> Account:
    return _ACCOUNT.decode(item, id=item["pk"]["S"].removeprefix("account#"))

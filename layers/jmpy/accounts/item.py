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


def to_account(item: Item) -> Account:
    return _ACCOUNT.decode(item, id=item["pk"]["S"].removeprefix("account#"))

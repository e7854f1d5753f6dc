"""Accounts and subscriptions to DynamoDB attributes and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.accounts.model import Account, Subscription, Suspension
from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef


def account_key(account_id: str) -> dict[str, AttributeValueTypeDef]:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": "account"}}


def to_account_item(account: Account) -> dict[str, AttributeValueTypeDef]:
    item: dict[str, AttributeValueTypeDef] = {
        **account_key(account.id),
        "subscription": to_map(account.subscription),
        "created_at": {"N": str(account.created_at)},
        "keys_added": {"N": str(account.keys_added)},
        "keys_ended": {"N": str(account.keys_ended)},
    }
    if account.email is not None:
        item["email"] = {"S": account.email}
    return item


def to_account(item: dict[str, Any]) -> Account:
    return Account(
        id=item["pk"]["S"].removeprefix("account#"),
        subscription=from_map(item["subscription"]),
        created_at=int(item["created_at"]["N"]),
        keys_added=int(item["keys_added"]["N"]),
        # Accounts that were created before this attribute existed lack it.
        keys_ended=int(item["keys_ended"]["N"]) if "keys_ended" in item else 0,
        email=item["email"]["S"] if "email" in item else None,
    )


def to_map(subscription: Subscription) -> AttributeValueTypeDef:
    limits = {name.value: {"N": str(limit)} for name, limit in subscription.limits.items()}
    fields: dict[str, AttributeValueTypeDef] = {
        "plan": {"S": subscription.plan},
        "usage_identifier": {"S": subscription.usage_identifier},
        "version": {"N": str(subscription.version)},
        "limits": {"M": limits},
    }
    if suspension := subscription.suspension:
        reason: Any = {} if suspension.reason is None else {"reason": {"S": suspension.reason}}
        fields["suspension"] = {"M": {"since": {"N": str(suspension.since)}, **reason}}
    return {"M": fields}


def from_map(value: dict[str, Any]) -> Subscription:
    """Raises KeyError or ValueError on a map that `to_map` did not write."""
    fields = value["M"]
    return Subscription(
        plan=fields["plan"]["S"],
        usage_identifier=fields["usage_identifier"]["S"],
        version=int(fields["version"]["N"]),
        limits={LimitClass(name): int(limit["N"]) for name, limit in fields["limits"]["M"].items()},
        suspension=_suspension(fields["suspension"]["M"]) if "suspension" in fields else None,
    )


def _suspension(fields: dict[str, Any]) -> Suspension:
    return Suspension(
        int(fields["since"]["N"]), fields["reason"]["S"] if "reason" in fields else None
    )

"""Keys and accounts as commands describe them: in a line, and as JSON in the API's own words."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jmpy.formats.times import iso
from jmpy.keys.schema import ApiKeyBody

if TYPE_CHECKING:
    from jmpy.accounts.model import Account
    from jmpy.keys.model import ApiKey


def moment(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d %H:%M UTC")


def key_line(key: ApiKey) -> str:
    ends = "" if key.expires_at is None else f", expires {moment(key.expires_at)}"
    return (
        f"{key.id}  {key.display_prefix}...{key.last_four}  "
        f"{' '.join(sorted(key.permissions))}  {key.state(time.time())}  "
        f"{f'{key.environment}  ' if key.environment else ''}"
        f"{'restricted addresses  ' if key.allowed_ips else ''}"
        f"{'daily budgets  ' if key.limits else ''}"
        f"created {moment(key.created_at)}{ends}  {key.name}"
    )


def key_value(key: ApiKey) -> dict[str, Any]:
    return ApiKeyBody.from_key(key, time.time()).model_dump(mode="json")


def account_line(account: Account) -> str:
    """Of a list, fields apart by two spaces."""
    keys = account.keys_added
    return "  ".join((
        account.id,
        account.email or "-",
        account.subscription.plan,
        "suspended" if account.is_suspended else "active",
        f"created {moment(account.created_at)}",
        f"{keys:,} {'key' if keys == 1 else 'keys'} created",
    ))  # fmt: skip


def account_value(account: Account) -> dict[str, Any]:
    subscription = account.subscription
    suspension = subscription.suspension
    return {
        "id": account.id,
        "email": account.email,
        "plan": subscription.plan,
        "limits": {str(name): limit for name, limit in subscription.limits.items()},
        "status": "active" if suspension is None else "suspended",
        "suspended_at": None if suspension is None else iso(suspension.since),
        "suspension_reason": None if suspension is None else suspension.reason,
        "created_at": iso(account.created_at),
        "keys_created": account.keys_added,
    }

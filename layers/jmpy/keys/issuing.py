"""A new key, created from its settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jmpy.keys import lifetime, token, validity
from jmpy.keys.model import ApiKey, IssuedKey
from jmpy.uuid7 import uuid7

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.access.permission import Permission
    from jmpy.accounts.model import Account
    from jmpy.audit.model import Actor
    from jmpy.keys.lifetime import Unspecified
    from jmpy.keys.model import Environment
    from jmpy.limits.plan import LimitClass

DISPLAY_PREFIX_LENGTH = len(token.PREFIX) + 4


@dataclass(frozen=True, slots=True)
class KeySettings:
    """The settings that an owner chooses; a successor inherits them."""

    name: str
    permissions: frozenset[Permission]
    environment: Environment | None
    description: str | None
    labels: tuple[str, ...]
    header_only: bool
    allowed_ips: tuple[str, ...]
    limits: Mapping[LimitClass, int]


def issue(
    account: Account,
    settings: KeySettings,
    now: float,
    expires_at: int | Unspecified | None,
    secret: str,
    *,
    by: Actor,
    not_before: int | None = None,
    line: str | None = None,
) -> IssuedKey:
    """`secret`: the text of the key; `line`: the rotation line that it continues. Times are seconds
    since the Unix epoch, UTC. Every way to create a key leads here, where the account's policy is
    enforced. Raises InvalidKeyRequest."""
    ends = lifetime.checked(expires_at, account.max_key_days, now)
    validity.check_order(not_before, ends)
    key_id = uuid7(now)
    key = ApiKey(
        digest=token.digest(secret),
        id=key_id,
        line=line or key_id,
        account_id=account.id,
        name=settings.name,
        permissions=settings.permissions,
        environment=settings.environment,
        description=settings.description,
        labels=settings.labels,
        header_only=settings.header_only,
        allowed_ips=settings.allowed_ips,
        limits=settings.limits,
        subscription=account.subscription,
        display_prefix=secret[:DISPLAY_PREFIX_LENGTH],
        last_four=secret[-4:],
        created_at=int(now),
        not_before=not_before,
        expires_at=ends,
        created_by={"type": by.type.value, "id": by.id} | ({"name": by.name} if by.name else {}),
    )
    return IssuedKey(key, secret)

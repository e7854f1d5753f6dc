"""The record of a short-lived token. It never contains the token itself, only its digest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jmpy.access.permission import Permission
    from jmpy.keys.model import ApiKey


@dataclass(frozen=True, slots=True)
class KeyToken:
    """One token of one key. All times are whole seconds since the Unix epoch, UTC."""

    key_digest: str
    slot: int
    """From 0; a slot holds one token at a time."""
    id: str
    digest: str
    permissions: frozenset[Permission]
    created_at: int
    expires_at: int
    name: str | None = None

    def is_expired(self, now: float) -> bool:
        return self.expires_at <= now


class TokenKey(NamedTuple):
    """What a request with a token is authorized by."""

    key: ApiKey
    """As `derived` returns it."""
    token_id: str


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token together with its text: the only object that ever contains both."""

    record: KeyToken
    secret: str = field(repr=False)


def derived(key: ApiKey, token: KeyToken) -> ApiKey:
    """The key as the token may use it: with the permissions that both have, perhaps none, until the
    earlier of both expiries, and in no URL. All else is the key's."""
    ends = token.expires_at if key.expires_at is None else min(key.expires_at, token.expires_at)
    return replace(
        key, permissions=key.permissions & token.permissions, expires_at=ends, header_only=True
    )

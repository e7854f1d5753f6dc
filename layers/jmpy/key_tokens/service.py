"""Operations on short-lived tokens: a key creates them, and it or its owner revokes them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from jmpy.audit.model import Action, Change
from jmpy.clock import system_clock
from jmpy.key_tokens import text
from jmpy.key_tokens.errors import SlotTaken, TokenNotFound, TooManyTokens
from jmpy.key_tokens.model import IssuedToken, KeyToken
from jmpy.keys import fields, record, token
from jmpy.keys.errors import InvalidKeyRequest
from jmpy.uuid7 import uuid7

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.access.permission import Permission
    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.key_tokens.store import KeyTokenStore
    from jmpy.keys.model import ApiKey

MAX_LIFETIME = 3600
DEFAULT_LIFETIME = 900
"""Seconds."""


class KeyTokenService:
    def __init__(
        self,
        tokens: KeyTokenStore,
        audit: AuditLog,
        now: Clock = system_clock,
        random_text: Callable[[], str] = token.random_text,
    ) -> None:
        self._tokens = tokens
        self._audit = audit
        self._now = now
        self._random_text = random_text

    def create(
        self,
        key: ApiKey,
        *,
        permissions: Iterable[str] | None = None,
        lifetime: int = DEFAULT_LIFETIME,
        name: str | None = None,
    ) -> IssuedToken:
        """Creates a token that expires with the key, or `lifetime` seconds from now if that is
        earlier. Without `permissions` it has all those of the key. The caller shows `secret` once
        and does not store it.

        Raises:
            InvalidKeyRequest: long name, no or unknown permission, or one that the key lacks; a
                lifetime of less than a second, or more than an hour.
            TooManyTokens: all slots of the key are taken.
        """
        granted = _granted(key, permissions)
        if not 0 < lifetime <= MAX_LIFETIME:
            raise InvalidKeyRequest(
                "expires_in", f"A token works for 1 to {MAX_LIFETIME:,} seconds"
            )
        if name is not None:
            name = fields.checked_name(name)
        now = int(self._now())
        ends = now + lifetime
        if key.expires_at is not None:
            ends = min(ends, key.expires_at)
        taken = {one.slot for one in self._tokens.of_key(key.digest) if not one.is_expired(now)}
        random_text, token_id = self._random_text(), uuid7(self._now())
        # A slot that was taken meanwhile is lost to others, so who loses them all is one too many.
        for slot in sorted(set(range(text.SLOTS)) - taken):
            secret = text.compose(key.digest, slot, random_text)
            issued = KeyToken(
                key.digest, slot, token_id, token.digest(secret), granted, now, ends, name
            )
            with suppress(SlotTaken):
                self._tokens.add(issued, now)
                return IssuedToken(issued, secret)
        raise TooManyTokens(text.SLOTS)

    def of_key(self, key: ApiKey) -> list[KeyToken]:
        """The tokens that have neither expired nor been revoked, newest first."""
        now = self._now()
        found = [one for one in self._tokens.of_key(key.digest) if not one.is_expired(now)]
        return sorted(found, key=lambda one: one.id, reverse=True)

    def revoke(self, key: ApiKey, token_id: str, *, by: Origin | None) -> KeyToken:
        """Revokes one token. `by` is recorded in the audit log; None for the key itself, whose
        requests are in its access log. Raises TokenNotFound."""
        revoked = next((one for one in self.of_key(key) if one.id == token_id), None)
        if revoked is None:
            raise TokenNotFound(token_id)
        try:
            self._commit(partial(self._tokens.remove, revoked), key, [revoked], by)
        except SlotTaken:
            # It expired meanwhile, and another one is in its place.
            raise TokenNotFound(token_id) from None
        return revoked

    def revoke_all(self, key: ApiKey, *, by: Origin | None) -> list[KeyToken]:
        """Revokes all tokens of the key that work, and returns them. `by`: as for one."""
        if revoked := self.of_key(key):
            slots = [one.slot for one in revoked]
            self._commit(partial(self._tokens.clear, key.digest, slots), key, revoked, by)
        return revoked

    def _commit(
        self, change: Callable[..., None], key: ApiKey, revoked: list[KeyToken], by: Origin | None
    ) -> None:
        changes = {"tokens": Change([one.id for one in revoked], None)}
        entries = [record.entry(by, Action.TOKENS_REVOKED, key, changes, self._now())] if by else []
        self._audit.commit(change, *entries)


def _granted(key: ApiKey, permissions: Iterable[str] | None) -> frozenset[Permission]:
    """Raises InvalidKeyRequest."""
    if permissions is None:
        return key.permissions
    granted = fields.checked_permissions(permissions)
    if missing := granted - key.permissions:
        raise InvalidKeyRequest(
            "permissions", f"The API key itself does not have the permission '{min(missing)}'"
        )
    return granted

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
from jmpy.retry import CONTENTION
from jmpy.uuid7 import uuid7

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.access.permission import Permission
    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.key_tokens.store import KeyTokenStore
    from jmpy.keys.model import ApiKey
    from jmpy.keys.store import KeyStore

MAX_LIFETIME = 3600
DEFAULT_LIFETIME = 900
"""Seconds."""


class KeyTokenService:
    def __init__(
        self,
        keys: KeyStore,
        tokens: KeyTokenStore,
        audit: AuditLog,
        now: Clock = system_clock,
        random_text: Callable[[], str] = token.random_text,
    ) -> None:
        self._keys = keys
        self._tokens = tokens
        self._audit = audit
        self._now = now
        self._random_text = random_text

    def create(
        self,
        account_id: str,
        key_id: str,
        *,
        permissions: Iterable[str] | None = None,
        lifetime: int = DEFAULT_LIFETIME,
        name: str | None = None,
    ) -> IssuedToken:
        """Creates a token that expires with the key, or `lifetime` seconds from now if that is
        earlier. Without `permissions` it has all those of the key. The caller shows `secret` once
        and does not store it.

        Raises:
            KeyNotFound: the account has no such key.
            InvalidKeyRequest: long name, no or unknown permission, or one that the key lacks; a
                lifetime of less than a second, or more than an hour.
            TooManyTokens: all slots of the key are taken.
        """
        key = self._keys.get(account_id, key_id)
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
        revoked = self._revoke(key, lambda one: one.id == token_id, by)
        if not revoked:
            raise TokenNotFound(token_id)
        return revoked[0]

    def revoke_all(self, key: ApiKey, *, by: Origin) -> list[KeyToken]:
        """Revokes all tokens of the key that work, and returns them."""
        return self._revoke(key, lambda _: True, by)

    def _revoke(
        self, key: ApiKey, matches: Callable[[KeyToken], bool], by: Origin | None
    ) -> list[KeyToken]:
        for _ in CONTENTION.numbers():
            # Expired or revoked meanwhile: read again what is there.
            with suppress(SlotTaken):
                if found := [one for one in self.of_key(key) if matches(one)]:
                    self._remove(key, found, by)
                return found
        raise AssertionError("tokens were replaced in all attempts")

    def _remove(self, key: ApiKey, tokens: list[KeyToken], by: Origin | None) -> None:
        entries = []
        if by is not None:
            changes = {"tokens": Change([one.id for one in tokens], None)}
            entries = [record.entry(by, Action.TOKENS_REVOKED, key, changes, self._now())]
        self._audit.commit(partial(self._tokens.remove, tokens), *entries)


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

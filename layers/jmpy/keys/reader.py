"""Reads the API keys of an account."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from jmpy.clock import system_clock
from jmpy.keys import listing
from jmpy.keys.errors import KeyNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmpy.clock import Clock
    from jmpy.keys.model import ApiKey
    from jmpy.keys.store import KeyStore


class KeyReader:
    def __init__(self, store: KeyStore, now: Clock = system_clock) -> None:
        self._store = store
        self._now = now

    def of_account(self, account_id: str) -> list[ApiKey]:
        """The account's keys, newest first, including revoked and expired ones."""
        keys = self._store.of_account(account_id)
        return sorted(keys, key=lambda key: (key.created_at, key.id), reverse=True)

    def page(
        self, account_id: str, request: listing.Request, last_used: listing.LastUsed | None = None
    ) -> listing.Page:
        """One page of the account's keys; `last_used` finds what a sort by last use needs."""
        return listing.read(self._store, account_id, request, self._now(), last_used)

    def get(self, account_id: str, key_id: str) -> ApiKey:
        """Raises KeyNotFound."""
        return self._store.get(account_id, key_id)

    def get_all(self, account_id: str, key_ids: Sequence[str]) -> list[ApiKey]:
        """Those of the keys that the account has, in the same order, each once."""
        found = {key.id: key for key in self._store.find_all(account_id, {*key_ids})}
        return [found[key_id] for key_id in dict.fromkeys(key_ids) if key_id in found]

    def rotated_at(self, key: ApiKey) -> int | None:
        """None if it was not rotated, or if its successor is missing from a restored backup."""
        with suppress(KeyNotFound):
            if key.replaced_by is not None:
                return self._store.get(key.account_id, key.replaced_by).created_at
        return None

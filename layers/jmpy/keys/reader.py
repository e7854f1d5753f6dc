"""Reads the API keys of an account."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from jmpy.clock import system_clock
from jmpy.keys.errors import KeyNotFound

if TYPE_CHECKING:
    from jmpy.clock import Clock
    from jmpy.keys.model import ApiKey, KeyState
    from jmpy.keys.store import KeyStore


class KeyReader:
    def __init__(self, store: KeyStore, now: Clock = system_clock) -> None:
        self._store = store
        self._now = now

    def of_account(self, account_id: str, state: KeyState | None = None) -> list[ApiKey]:
        """The account's keys, newest first, including revoked and expired ones; with `state`,
        those that are currently in it."""
        now = self._now()
        keys = [
            key
            for key in self._store.of_account(account_id)
            if state is None or key.state(now) is state
        ]
        return sorted(keys, key=lambda key: (key.created_at, key.id), reverse=True)

    def page(
        self, account_id: str, number: int, limit: int, state: KeyState | None = None
    ) -> tuple[list[ApiKey], int]:
        """One page of the account's keys, newest first, and the total; with `state`, of the keys
        that are currently in it, for which all keys are read."""
        skip = (number - 1) * limit
        if state is None:
            return self._store.page(account_id, limit, skip)
        found = self.of_account(account_id, state)
        return found[skip : skip + limit], len(found)

    def get(self, account_id: str, key_id: str) -> ApiKey:
        """Raises KeyNotFound."""
        return self._store.get(account_id, key_id)

    def rotated_at(self, key: ApiKey) -> int | None:
        """None if it was not rotated, or if its successor is missing from a restored backup."""
        with suppress(KeyNotFound):
            if key.replaced_by is not None:
                return self._store.get(key.account_id, key.replaced_by).created_at
        return None

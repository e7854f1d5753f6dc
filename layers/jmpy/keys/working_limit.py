"""The number of working keys that an account may have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jmpy.keys.errors import TooManyKeys

if TYPE_CHECKING:
    from jmpy.accounts.model import Account
    from jmpy.keys.model import ApiKey
    from jmpy.keys.store import KeyStore

MAX_WORKING = 100
"""Keys of one account that are neither revoked nor expired."""


def admit(store: KeyStore, account: Account, now: float, leaving: ApiKey | None = None) -> Account:
    """The account, if it may have one more working key; `leaving` stops working at once. Its keys
    are read only if the number known to have ended leaves no place; the number found is stored
    with the new key. Raises TooManyKeys."""
    if account.keys_added - account.keys_ended < MAX_WORKING:
        return account
    keys = store.of_account(account.id)
    working = {key.id for key in keys if not key.has_ended(now)}
    if leaving is not None:
        working.discard(leaving.id)
    if len(working) >= MAX_WORKING:
        raise TooManyKeys(MAX_WORKING)
    return replace(account, keys_ended=len(keys) - len(working))

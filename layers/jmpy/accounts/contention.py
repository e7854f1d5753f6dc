"""Attempts at a change that other changes of the same account can get ahead of."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from jmpy.accounts.errors import AccountChanged
from jmpy.retry import CONTENTION

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


def while_changing(account_id: str, attempt: Callable[[], Result]) -> Result:
    """The result of `attempt`, repeated if the account changed in the meantime. Raises
    AccountChanged if it did in all attempts."""
    for _ in CONTENTION.numbers():
        with suppress(AccountChanged):
            return attempt()
    raise AccountChanged(account_id)

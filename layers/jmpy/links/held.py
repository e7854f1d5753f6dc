"""Aliases and codes that are held for an account, because its link was deleted or moved: it may use
them again, and nobody else may until they are released or their time is over."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jmpy.audit.model import Action, entry_at
from jmpy.clock import system_clock
from jmpy.links import codes
from jmpy.links.errors import AliasNotHeld

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.links.held_store import HeldCode, HeldCodeStore
    from jmpy.transaction import TransactionItem


class HeldAliases:
    def __init__(self, store: HeldCodeStore, audit: AuditLog, now: Clock = system_clock) -> None:
        self._store = store
        self._audit = audit
        self._now = now

    def page(
        self, account_id: str, limit: int, after: str | None = None
    ) -> tuple[list[HeldCode], str | None]:
        """Up to `limit` from behind the address `after`, and the address to go on from."""
        return self._store.page(account_id, limit, self._now(), after)

    def get(self, account_id: str, code: str, host: str = "") -> HeldCode:
        """On the domain with this host. Raises AliasNotHeld."""
        address = codes.address(code, host)
        is_address = codes.is_code(code) and codes.is_address(address)
        held = self._store.find(account_id, address, self._now()) if is_address else None
        if held is None:
            raise AliasNotHeld
        return held

    def release(
        self,
        account_id: str,
        code: str,
        host: str = "",
        *,
        by: Origin,
        also: Sequence[TransactionItem] = (),
    ) -> None:
        """Afterwards, any account that has links on the domain can use the alias. `also` is written
        in the same transaction. Raises AliasNotHeld."""
        held, now = self.get(account_id, code, host), self._now()
        entry = entry_at(
            now,
            account_id,
            Action.ALIAS_RELEASED,
            by,
            target_id=held.link_id,
            target_name=held.address,
        )
        release = partial(self._store.release, account_id, held, *also)
        if not self._audit.commit(release, entry):
            raise AliasNotHeld

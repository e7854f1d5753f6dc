"""Links as somebody changes them, in tests that are about something else than who does."""

from __future__ import annotations

from typing import Any

from jmpy.audit.store import AuditLog
from jmpy.clock import Clock, system_clock
from jmpy.links.changes import LinkChanges, LinkUpdate
from jmpy.links.model import Link
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from project.origins import SOMEBODY
from project.tables import AUDIT


class SomebodysLinks(LinkService):
    def __init__(self, store: LinkStore, now: Clock = system_clock) -> None:
        super().__init__(store, now)
        self.changes = LinkChanges(self, store, AuditLog(store._client, AUDIT), now)

    def change(self, account_id: str, reference: str, update: LinkUpdate, **options: Any) -> Link:
        return self.changes.change(account_id, reference, update, by=SOMEBODY, **options)

    def remove(self, account_id: str, reference: str, **options: Any) -> Link:
        return self.changes.remove(account_id, reference, by=SOMEBODY, **options)

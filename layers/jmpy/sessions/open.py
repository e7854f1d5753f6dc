"""A person's sessions, which that person can list and end."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from jmpy.audit.model import Action, Entry, entry_at
from jmpy.clock import system_clock
from jmpy.sessions.errors import SessionNotFound, SignInUnavailable
from jmpy.sessions.service import LIFETIME

if TYPE_CHECKING:
    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.sessions.model import OpenSession, Session
    from jmpy.sessions.people import People
    from jmpy.sessions.store import SessionStore

LISTED = 50
"""Sessions listed, the newest; all end after twelve hours."""

logger = logging.getLogger(__name__)


class OpenSessions:
    """An account belongs to one person: its id is Cognito's `sub`."""

    def __init__(
        self, store: SessionStore, people: People, audit: AuditLog, now: Clock = system_clock
    ) -> None:
        self._store = store
        self._people = people
        self._audit = audit
        self._now = now

    def of_account(self, account_id: str) -> list[OpenSession]:
        """Newest first."""
        now = int(self._now())
        return self._store.of_account(account_id, now - LIFETIME, now, LISTED)

    def get(self, account_id: str, reference: str) -> OpenSession:
        """Raises SessionNotFound."""
        for found in self.of_account(account_id):
            if found.reference == reference:
                return found
        raise SessionNotFound

    def end(self, account_id: str, reference: str, *, by: Origin) -> None:
        """Ends the session of another browser. The tokens that Cognito issued for it become
        unusable: only that browser could decrypt them. Raises SessionNotFound."""
        entry = self._entry(account_id, Action.SESSION_ENDED, reference, by)
        if not self._audit.commit(partial(self._store.end, account_id, reference), entry):
            raise SessionNotFound

    def end_all(self, session: Session, *, by: Origin) -> None:
        """Ends all of the person's sessions, this one last, so that its browser can try again if
        something fails. Cognito rejects all of their refresh tokens from then on, even that of a
        session that is too new for the index to list it.

        If Cognito is unavailable, it does not wait: no session is left that would call it.
        """
        account_id = session.account_id
        self._store.end_others(account_id, session.reference)
        entry = self._entry(account_id, Action.SESSIONS_ENDED, session.reference, by)
        self._audit.commit(partial(self._store.end, account_id, session.reference), entry)
        try:
            self._people.sign_out(account_id)
        except SignInUnavailable as error:
            logger.warning("refresh tokens not revoked", extra={"reason": str(error)})

    def _entry(self, account_id: str, action: Action, reference: str, by: Origin) -> Entry:
        return entry_at(self._now(), account_id, action, by, target_id=reference)

"""Operations on sessions: begin, find, end."""

from __future__ import annotations

import logging
import re
import secrets
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from jmpy.accounts.errors import AccountSuspended
from jmpy.audit.model import Action, Actor, ActorType, Entry, Origin, entry_at
from jmpy.clock import Clock, system_clock
from jmpy.sessions import login_state as pending
from jmpy.sessions.errors import (
    InvalidIdToken,
    PersonGone,
    RefreshDenied,
    SignInDenied,
    SignInUnavailable,
)
from jmpy.sessions.model import Claims, Place, Session, Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.accounts.registration import Registration
    from jmpy.audit.model import Source
    from jmpy.audit.store import AuditLog
    from jmpy.sessions.login_state import PendingSignIn
    from jmpy.sessions.people import People
    from jmpy.sessions.store import SessionStore

LIFETIME = 12 * 3600
"""Seconds after which a session ends, even in use."""

INTERVAL = 0.5
"""Seconds between two requests of a session, in the long run."""

BURST = 60
"""Concurrent requests: pages, and the parts that they refresh."""

ACTION_BURST = 90
"""Likewise, for requests that change something: polling never prevents sending a form."""

_SESSION_ID = re.compile(r"[A-Za-z0-9_-]{43}")

logger = logging.getLogger(__name__)


class SignInProvider(Protocol):
    """Signs people in; `ManagedLogin` except in tests."""

    def authorization_url(self, pending: PendingSignIn, redirect_uri: str) -> str: ...
    def exchange(self, code: str, verifier: str, redirect_uri: str) -> Tokens: ...
    def refresh(self, refresh_token: str) -> Tokens: ...
    def revoke(self, refresh_token: str) -> None: ...


class Verifier(Protocol):
    """Verifies ID tokens; `IdTokenVerifier` except in tests."""

    def verify(self, token: str, nonce: str | None = None) -> Claims: ...


def new_session_id() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


class SessionService:
    def __init__(
        self,
        store: SessionStore,
        accounts: Registration,
        provider: SignInProvider,
        verifier: Verifier,
        people: People,
        *,
        audit: AuditLog,
        now: Clock = system_clock,
        generate: Callable[[], str] = new_session_id,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._provider = provider
        self._verifier = verifier
        self._people = people
        self._audit = audit
        self._now = now
        self._generate = generate

    def start(self, return_to: str | None, redirect_uri: str) -> tuple[PendingSignIn, str]:
        """A new sign-in: its state, for the browser to store, and the address to redirect to."""
        started = pending.start(return_to)
        return started, self._provider.authorization_url(started, redirect_uri)

    def begin(
        self,
        pending: PendingSignIn,
        code: str,
        redirect_uri: str,
        source: Source,
        country: str | None = None,
    ) -> Session:
        """Creates a session for the person that the code stands for. Its id is always new, so that
        nobody can be made to sign in to a session whose id another person has.

        The first sign-in creates the account. `source` and `country` are those of the sign-in.
        Raises SignInDenied, SignInUnavailable, AccountSuspended, TooManySignIns.
        """
        tokens = self._provider.exchange(code, pending.verifier, redirect_uri)
        try:
            claims = self._verifier.verify(tokens.id_token, nonce=pending.nonce)
        except InvalidIdToken as error:
            logger.warning("ID token of a sign-in rejected", extra={"reason": str(error)})
            raise SignInDenied("Cognito's response does not match this sign-in") from None
        person = Origin(Actor(ActorType.USER, claims.subject, claims.email), source)
        try:
            account = self._accounts.ensure(claims.subject, claims.email, by=person)
        except AccountSuspended:
            self._audit.record(self._entry(claims.subject, Action.SESSION_DENIED, person))
            raise
        assert tokens.refresh_token is not None, "a code is exchanged for one"
        now = int(self._now())
        session = Session(
            id=self._generate(),
            account_id=account.id,
            email=claims.email,
            refresh_token=tokens.refresh_token,
            proven_until=claims.expires_at,
            created_at=now,
            expires_at=now + LIFETIME,
        )
        entry = self._entry(account.id, Action.SESSION_CREATED, person, session.reference)
        place = Place(source.ip_address, source.user_agent or None, country)
        self._audit.commit(partial(self._store.add, session, place), entry)
        # Once more, now that the session can be found: if the account is suspended meanwhile, the
        # session is ended here, or by the suspension, which then looks for sessions.
        try:
            self._accounts.require_unsuspended(account.id)
        except AccountSuspended:
            self._store.remove(session.id)
            raise
        return session

    def find(self, session_id: str | None, *, is_action: bool = False) -> Session | None:
        """The session with that id, unless it has ended, with this request counted. Once an hour
        Cognito is queried whether its user may still sign in.

        Raises TooManyRequests; SignInUnavailable, which leaves the session as it is.
        """
        if session_id is None or not _SESSION_ID.fullmatch(session_id):
            return None
        interval = round(INTERVAL * 1000)
        ahead = interval * ((ACTION_BURST if is_action else BURST) - 1)
        session = self._store.admit(session_id, round(self._now() * 1000), interval, ahead)
        if session is None or session.expires_at <= self._now():
            return None
        return session if session.proven_until > self._now() else self._refreshed(session)

    def prove(self, session: Session) -> None:
        """Queries Cognito whether the session's person may still sign in, and ends it if not.

        Raises PersonGone, SignInUnavailable.
        """
        try:
            self._people.require(session.account_id)
        except PersonGone as gone:
            self._store.remove(session.id)
            logger.info("session ended", extra={"reason": f"its user is {gone}"})
            raise

    def end(self, session: Session, *, by: Origin) -> None:
        """Signs the browser out, and revokes the tokens that Cognito issued for it."""
        entry = self._entry(session.account_id, Action.SESSION_ENDED, by, session.reference)
        end = partial(self._store.end, session.account_id, session.reference)
        self._audit.commit(end, entry)
        try:
            self._provider.revoke(session.refresh_token)
        except SignInUnavailable as error:
            # The session is deleted, and with it our only copy of the token, which will expire.
            logger.warning("refresh token not revoked", extra={"reason": str(error)})

    def forget(self, session_id: str | None) -> None:
        """Ends the session that a new sign-in replaces, if there is one."""
        if session_id is not None and _SESSION_ID.fullmatch(session_id):
            self._store.remove(session_id)

    def _entry(
        self, account_id: str, action: Action, by: Origin, reference: str | None = None
    ) -> Entry:
        """A denied sign-in has no session, and so no reference."""
        return entry_at(self._now(), account_id, action, by, target_id=reference)

    def _refreshed(self, session: Session) -> Session | None:
        try:
            tokens = self._provider.refresh(session.refresh_token)
            claims = self._verifier.verify(tokens.id_token)
        except (RefreshDenied, InvalidIdToken) as error:
            return self._denied(session, error)
        if claims.subject != session.account_id:
            return self._denied(session, InvalidIdToken("of another person"))
        renewed = replace(
            session,
            email=claims.email,
            refresh_token=tokens.refresh_token or session.refresh_token,
            proven_until=claims.expires_at,
        )
        # Two concurrent requests may get here; both write true values, so the last may win.
        return renewed if self._store.renew(renewed) else None

    def _denied(self, session: Session, error: Exception) -> Session | None:
        """Ends the session, unless another request has refreshed it meanwhile: where refresh tokens
        rotate, the slower of two requests sends one that has just been used."""
        found = self._store.find(session.id)
        if found is not None and found.proven_until > self._now():
            return found
        self._store.remove(session.id)
        logger.info("session ended", extra={"reason": str(error) or type(error).__name__})
        return None

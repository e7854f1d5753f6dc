"""Decides who is calling. It fails closed: a credential that is not a usable key or ID token is
denied, and a fault during the lookup raises, for which API Gateway sends its AUTHORIZER_FAILURE
response (503).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from jmpy.access.errors import REQUIRED
from jmpy.access.identity import Identity
from jmpy.access.permission import Permission
from jmpy.authorizer import hints, policy
from jmpy.authorizer.denial import Denial, DenialReason
from jmpy.authorizer.hints import Hint
from jmpy.authorizer.policy import Anonymous, Grant
from jmpy.authorizer.sessions import is_id_token
from jmpy.clock import system_clock
from jmpy.gateway import cors, credentials
from jmpy.gateway.credentials import CredentialKind
from jmpy.gateway.viewer import EdgeRequired, OtherHost
from jmpy.keys import token
from jmpy.keys.errors import MalformedKey
from jmpy.limits.model import Subscriber
from jmpy.sessions.errors import InvalidIdToken

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.accounts.model import Subscription
    from jmpy.authorizer.policy import Decision
    from jmpy.authorizer.sessions import SessionAccounts
    from jmpy.authorizer.settings import AuthorizerSettings
    from jmpy.authorizer.tokens import TokenKeys
    from jmpy.cache import Cache
    from jmpy.clock import Clock
    from jmpy.gateway.credentials import Credential
    from jmpy.gateway.viewer import Viewer
    from jmpy.keys.model import ApiKey
    from jmpy.limits.model import Budget

logger = logging.getLogger(__name__)


class Unauthorized(Exception):
    """API Gateway sends its UNAUTHORIZED response when an authorizer fails with exactly this
    message, and a server error for every other one."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class Authorizer:
    def __init__(
        self,
        settings: AuthorizerSettings,
        look_up: Callable[[str], ApiKey | None],
        cache: Cache[str, ApiKey | None],
        sessions: SessionAccounts,
        tokens: TokenKeys,
        *,
        now: Clock = system_clock,
    ) -> None:
        """`look_up` finds a key by its digest, `sessions` an account by an ID token, `tokens` a key
        by a short-lived token."""
        self._settings = settings
        self._look_up = look_up
        self._cache = cache
        self._sessions = sessions
        self._tokens = tokens
        self._now = now

    def authorize(self, event: dict[str, Any]) -> dict[str, Any]:
        """The policy for a REQUEST authorizer event.

        Raises:
            Unauthorized: the request has no credential, and nothing like one. API Gateway's
                response to that has no context; so if a page of an allowed origin has to be able to
                read it, the request is denied instead.
        """
        viewer = self._settings.edge.viewer(event)
        origin = cors.allowed(event, self._settings.allowed_origins)
        if reason := self._not_admitted(event):
            # A denial would get the response for an invalid key; the function says what is wrong.
            decision: Decision = Anonymous(self._settings.closed_identifier, reason)
        elif event.get("httpMethod") == "OPTIONS":
            # Browsers send no credential with a preflight (Fetch standard, "CORS-preflight fetch").
            decision = Anonymous(self._settings.preflight_identifier)
        else:
            decision = self._decide(event, viewer)
        if isinstance(decision, Denial):
            if decision == _NOTHING_SENT and origin is None:
                raise Unauthorized
            _log(decision)
        return policy.render(decision, event["methodArn"], viewer, origin)

    def _not_admitted(self, event: dict[str, Any]) -> DenialReason | None:
        """Why no function serves the request, whoever sent it."""
        try:
            self._settings.edge.admit(event)
        except EdgeRequired:
            return DenialReason.EDGE
        except OtherHost:
            return DenialReason.HOST
        return None

    def _decide(self, event: dict[str, Any], viewer: Viewer) -> Decision:
        try:
            credential = credentials.find(event)
        except credentials.AmbiguousCredential:
            return Denial(DenialReason.AMBIGUOUS, hint=Hint.TWICE)
        if credential is None:
            return Denial(DenialReason.MISSING, REQUIRED, hints.of_missing(event))
        if credential.kind is CredentialKind.BEARER and is_id_token(credential.secret):
            return self._decide_session(credential.secret)
        return self._decide_key(credential, viewer)

    def _decide_key(self, credential: Credential, viewer: Viewer) -> Decision:
        try:
            key, token_id, from_cache = self._find(credential.secret)
        except MalformedKey:
            return Denial(DenialReason.MALFORMED, hint=hints.of_malformed(credential))
        if key is None:
            return Denial(DenialReason.UNKNOWN, from_cache=from_cache)
        if reason := self._inactive(key, credential.kind, viewer):
            return Denial(
                reason,
                account_id=key.account_id,
                key_id=key.id,
                token_id=token_id,
                from_cache=from_cache,
            )
        caller = Identity(
            _subscriber(key.account_id, key.subscription, key.budget),
            key.id,
            key.permissions,
            credential.kind,
            key_name=key.name,
            token_id=token_id,
        )
        return Grant(caller, key.subscription.identifier_at(self._now()), from_cache)

    def _find(self, secret: str) -> tuple[ApiKey | None, str | None, bool]:
        """The key; the id of the token, if it is one that points at the key; and whether both were
        cached. Raises MalformedKey."""
        if secret.startswith(token.TOKEN_PREFIX):
            found, from_cache = self._tokens.find(secret)
            return (None, None, from_cache) if found is None else (*found, from_cache)
        key, from_cache = self._cache.look_up(token.parse(secret), self._look_up)
        return key, None, from_cache

    def _inactive(self, key: ApiKey, kind: CredentialKind, viewer: Viewer) -> DenialReason | None:
        """Why the key, which may be cached, is not accepted in this request."""
        if reason := key.inactive_reason(self._now()):
            return DenialReason(reason.value)
        if not key.permissions:
            return DenialReason.PERMISSIONS
        if key.allowed_ips and not _permits(key.allowed_ips, viewer):
            return DenialReason.ADDRESS
        if key.header_only and kind is CredentialKind.QUERY:
            return DenialReason.HEADER_ONLY
        return None

    def _decide_session(self, id_token: str) -> Decision:
        """A session has every permission in its account, and no key."""
        try:
            account, from_cache = self._sessions.find(id_token)
        except InvalidIdToken as error:
            logger.info("ID token rejected", extra={"reason": str(error)})
            return Denial(DenialReason.TOKEN, hint=Hint.JWT)
        if account is None:
            return Denial(DenialReason.NO_ACCOUNT, hint=Hint.JWT, from_cache=from_cache)
        if account.is_suspended:
            return Denial(
                DenialReason.SUSPENDED, hint=Hint.JWT, account_id=account.id, from_cache=from_cache
            )
        caller = Identity(
            _subscriber(account.id, account.subscription),
            None,
            _EVERY_PERMISSION,
            CredentialKind.SESSION,
            email=account.email,
        )
        return Grant(caller, account.subscription.identifier_at(self._now()), from_cache)


_NOTHING_SENT = Denial(DenialReason.MISSING, REQUIRED)
_EVERY_PERMISSION = frozenset(Permission)


def _subscriber(
    account_id: str, subscription: Subscription, budget: Budget | None = None
) -> Subscriber:
    return Subscriber(account_id, subscription.plan, subscription.limits, budget)


def _permits(allowed_ips: tuple[str, ...], viewer: Viewer) -> bool:
    """Without an address of the viewer's own, nothing is permitted."""
    from jmpy.keys.allowed_ips import permits  # noqa: PLC0415 - few keys have such a list

    return viewer.is_stated and permits(allowed_ips, viewer.address)


def _log(denial: Denial) -> None:
    about = {"reason": denial.reason.value, "key_id": denial.key_id}
    if denial.account_id is not None:
        about["account_id"] = denial.account_id
    logger.info("denied", extra=about)

"""Decides who is calling. It fails closed: whatever is not a usable key or ID token is refused, and
a fault while looking raises, which API Gateway answers with the AUTHORIZER_FAILURE response (503).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from jmpy.access.errors import REQUIRED
from jmpy.authorizer import hints, policy
from jmpy.authorizer.hints import Hint
from jmpy.authorizer.sessions import is_id_token
from jmpy.clock import system_clock
from jmpy.gateway import credentials
from jmpy.gateway.credentials import CredentialKind
from jmpy.keys import token
from jmpy.keys.errors import MalformedKey
from jmpy.keys.model import Refusal
from jmpy.sessions.errors import InvalidIdToken

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.accounts.model import Account
    from jmpy.authorizer.sessions import SessionAccounts
    from jmpy.cache import Cache
    from jmpy.clock import Clock
    from jmpy.gateway.credentials import Credential
    from jmpy.keys.model import ApiKey

logger = logging.getLogger(__name__)


class Unauthorized(Exception):
    """API Gateway answers with its UNAUTHORIZED response when an authorizer fails with exactly
    this message, and with a server error for every other one."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class Authorizer:
    def __init__(
        self,
        look_up: Callable[[str], ApiKey | None],
        cache: Cache[str, ApiKey | None],
        sessions: SessionAccounts,
        now: Clock = system_clock,
    ) -> None:
        self._look_up = look_up
        self._cache = cache
        self._sessions = sessions
        self._now = now

    def decide(self, event: dict[str, Any]) -> dict[str, Any]:
        """The policy for a REQUEST authorizer event.

        Raises:
            Unauthorized: the request holds no credential, and nothing like one.
        """
        arn = event["methodArn"]
        try:
            credential = credentials.find(event)
        except credentials.AmbiguousCredential:
            return _denied(arn, "ambiguous", hint=Hint.TWICE)
        if credential is None:
            return _missing(arn, event)
        if credential.kind is CredentialKind.BEARER and is_id_token(credential.secret):
            return self._decide_session(arn, credential.secret)
        return self._decide_key(arn, credential)

    def _decide_key(self, arn: str, credential: Credential) -> dict[str, Any]:
        try:
            digest = token.parse(credential.secret)
        except MalformedKey:
            return _denied(arn, "malformed", hint=hints.of_malformed(credential))
        key = self._cache.get(digest, self._look_up)
        return _looked_up(self._evaluate(arn, credential, key), self._cache.hit)

    def _evaluate(self, arn: str, credential: Credential, key: ApiKey | None) -> dict[str, Any]:
        if key is None:
            return _denied(arn, "unknown")
        if refusal := key.refusal(self._now()):
            return _denied(arn, refusal.value, key)
        if key.header_only and credential.kind is CredentialKind.QUERY:
            return _denied(arn, "header_only", key)
        return policy.allow(arn, key, credential.kind)

    def _decide_session(self, arn: str, id_token: str) -> dict[str, Any]:
        try:
            account = self._sessions.find(id_token)
        except InvalidIdToken as error:
            logger.info("ID token refused", extra={"reason": str(error)})
            return _denied(arn, "token", hint=Hint.JWT)
        return _looked_up(_evaluate_session(arn, account), self._sessions.hit)


def _evaluate_session(arn: str, account: Account | None) -> dict[str, Any]:
    if account is None:
        return _denied(arn, "no account", hint=Hint.JWT)
    if account.is_suspended:
        logger.info("denied", extra={"reason": Refusal.SUSPENDED.value, "account_id": account.id})
        return policy.deny(arn, Refusal.SUSPENDED.value, account=account, hint=Hint.JWT)
    return policy.allow_session(arn, account)


def _looked_up(response: dict[str, Any], is_hit: bool) -> dict[str, Any]:
    """With where the record came from, for the access log and the metric that is made of it."""
    response["context"]["lookup"] = "memory" if is_hit else "table"
    return response


def _missing(arn: str, event: dict[str, Any]) -> dict[str, Any]:
    """Raises Unauthorized, the gateway's response to which can hold no hint."""
    hint = hints.of_missing(event)
    if hint is None:
        raise Unauthorized
    logger.info("denied", extra={"reason": "missing", "key_id": None})
    return policy.deny(arn, "missing", words=REQUIRED, hint=hint)


def _denied(
    arn: str, reason: str, key: ApiKey | None = None, *, hint: Hint | None = None
) -> dict[str, Any]:
    logger.info("denied", extra={"reason": reason, "key_id": key.id if key else None})
    return policy.deny(arn, reason, key, hint=hint)

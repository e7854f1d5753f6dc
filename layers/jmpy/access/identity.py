"""Who is calling: the authorizer writes it to the request context, where every function reads it.

The context is flat strings
(https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html).
Loaded by the authorizer on every cold start, hence no validation library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from jmpy.access.permission import Permission
from jmpy.gateway.credentials import CredentialKind
from jmpy.limits.model import Budget, Subscriber
from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from collections.abc import Mapping


class NoIdentity(Exception):
    """The event has no valid authorizer context, so nobody has verified who is calling."""


@dataclass(frozen=True, slots=True)
class Identity:
    subscriber: Subscriber
    key_id: str | None
    """None for a session, which has no key."""
    permissions: frozenset[Permission]
    credential: CredentialKind
    key_name: str | None = None
    token_id: str | None = None
    """Of the short-lived token of the key that the request was sent with, instead of the key."""
    email: str | None = None
    """The email address of a session's person, if known."""

    @property
    def account_id(self) -> str:
        return self.subscriber.account_id

    def to_context(self) -> dict[str, str]:
        """What `from_event` reads; without the fields that have no value."""
        budget = self.subscriber.budget
        optional = {
            "limits": _limits_text(self.subscriber.limits),
            "budget": budget and f"{budget.line} {_limits_text(budget.limits)}",
            "key_id": self.key_id,
            # In ASCII: AWS does not document what becomes of other characters.
            "key_name": quote(self.key_name or ""),
            "token_id": self.token_id,
            "email": self.email,
        }
        return {
            "account_id": self.subscriber.account_id,
            "plan": self.subscriber.plan,
            "permissions": " ".join(sorted(self.permissions)),
            "credential": self.credential.value,
            **{name: value for name, value in optional.items() if value},
        }

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Identity:
        """The caller of a proxy event.

        Raises NoIdentity on anything but a complete context: a gateway that lets a denied request
        through (some local ones do) must not give access.
        """
        context = (event.get("requestContext") or {}).get("authorizer") or {}
        try:
            credential = CredentialKind(context["credential"])
            return cls(
                subscriber=Subscriber(
                    account_id=_filled(context["account_id"]),
                    plan=_filled(context["plan"]),
                    limits=_limits(context.get("limits", "")),
                    budget=_budget(context.get("budget")),
                ),
                key_id=_key_id(context, credential),
                permissions=frozenset(Permission(name) for name in context["permissions"].split()),
                credential=credential,
                token_id=_token_id(context, credential),
                key_name=unquote(context.get("key_name", "")) or None,
                email=context.get("email"),
            )
        except (KeyError, ValueError, AttributeError, TypeError):
            raise NoIdentity from None


def _key_id(context: Mapping[str, Any], credential: CredentialKind) -> str | None:
    if credential is not CredentialKind.SESSION:
        return _filled(context["key_id"])
    if context.get("key_id"):
        raise ValueError
    return None


def _token_id(context: Mapping[str, Any], credential: CredentialKind) -> str | None:
    """Raises ValueError for one that is empty, since a token must not become its key."""
    if "token_id" not in context:
        return None
    if credential is CredentialKind.SESSION:
        raise ValueError
    return _filled(context["token_id"])


def _budget(text: str | None) -> Budget | None:
    """From `0197a000-0000-7000-8000-000000000001 url_creation=10`."""
    if text is None:
        return None
    line, _, limits = text.partition(" ")
    return Budget(_filled(line), _limits(_filled(limits)))


def _limits_text(limits: Mapping[LimitClass, int]) -> str:
    return " ".join(f"{name}={limit}" for name, limit in limits.items())


def _limits(text: str) -> dict[LimitClass, int]:
    """From `url_creation=5000 url_reads=90000`."""
    pairs = (pair.partition("=") for pair in text.split())
    return {LimitClass(name): int(limit) for name, _, limit in pairs}


def _filled(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value

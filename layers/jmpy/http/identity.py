"""Who is calling, as the authorizer put it into the request context."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jmpy.authorizer.credentials import CredentialKind
from jmpy.keys.model import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping


class NoIdentity(Exception):
    """The event holds no valid authorizer context, so nobody has checked who is calling."""


@dataclass(frozen=True, slots=True)
class Identity:
    account_id: str
    key_id: str | None
    """None for a session, which has no key."""
    plan: str
    permissions: frozenset[Permission]
    credential: CredentialKind


def from_event(event: Mapping[str, Any]) -> Identity:
    """Raises NoIdentity on anything but a complete context: a gateway that lets a refused
    request through (some local ones do) must not open the door."""
    context = (event.get("requestContext") or {}).get("authorizer") or {}
    try:
        credential = CredentialKind(context["credential"])
        return Identity(
            account_id=_filled(context["account_id"]),
            key_id=None if credential is CredentialKind.SESSION else _filled(context["key_id"]),
            plan=_filled(context["plan"]),
            permissions=frozenset(Permission(name) for name in context["permissions"].split()),
            credential=credential,
        )
    except (KeyError, ValueError, AttributeError, TypeError):
        raise NoIdentity from None


def _filled(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value

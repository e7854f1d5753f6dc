"""The conditions of an operation: who may call it, and against which daily limit it counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.access.errors import Forbidden, KeyRequired
from jmpy.gateway.credentials import CredentialKind

if TYPE_CHECKING:
    from jmpy.access.identity import Identity
    from jmpy.access.permission import Permission
    from jmpy.limits.plan import LimitClass


class Caller(StrEnum):
    """Who may call an operation that does not depend on a permission."""

    SESSION = "session"
    """A person who signed in. No API key, whatever its permissions."""
    ANY_KEY = "any key"
    """An API key itself, whatever its permissions. No short-lived token of it."""
    ANYBODY = "anybody"
    """Every session, key and token, whatever its permissions."""


SESSIONS_ONLY = (
    "No API key can do this, whatever its permissions; sign in to the dashboard and do it there"
)

KEYS_ONLY = "No short-lived token can do this; send the API key that it was created with"


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    permission: Permission | None
    limit: LimitClass
    cost: int | None
    """What a request counts; None if the operation calls `Api.consume` itself, once it has read
    the body."""
    caller: Caller | None = None

    def check(self, caller: Identity) -> None:
        """Every declared condition has to hold; without one, every caller is denied.

        Raises Forbidden, KeyRequired.
        """
        signed_in = caller.credential is CredentialKind.SESSION
        if self.permission is None and self.caller is None:
            raise Forbidden
        if self.permission is not None and self.permission not in caller.permissions:
            raise Forbidden(
                required_permission=self.permission.value,
                permissions=sorted(caller.permissions),
                hint=f"The permission '{self.permission}' is missing ({self.permission.sentence}); "
                "add it to the key on the dashboard, or use another key",
            )
        if self.caller is Caller.SESSION and not signed_in:
            raise Forbidden(hint=SESSIONS_ONLY)
        if self.caller is Caller.ANY_KEY and signed_in:
            raise KeyRequired
        if self.caller is Caller.ANY_KEY and caller.token_id is not None:
            raise Forbidden(hint=KEYS_ONLY)

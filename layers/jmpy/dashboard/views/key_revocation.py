"""Several API keys that are revoked at once: the question, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jmpy.activity.model import LastUse
from jmpy.dashboard import filters
from jmpy.dashboard.frame import View
from jmpy.keys.model import ApiKey
from jmpy.keys.revocation import Outcome, Revocation


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocableKey:
    record: ApiKey
    last_use: LastUse | None = None
    is_in_use: bool = False
    """Whether it was used within a day."""
    is_replaced: bool = False
    """Whether another key is replacing it, which is not revoked with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationQuestion(View):
    """GET /dashboard/api-keys/revoke; posted to the same path."""

    template: ClassVar[str] = "api_keys_revoke.html"
    keys: tuple[RevocableKey, ...]
    """Those that can be revoked."""
    left_out: int = 0
    """Keys that were selected, but are revoked already, or do not exist."""
    back: str
    """The list, below the base path."""

    @property
    def in_use_count(self) -> int:
        return sum(key.is_in_use for key in self.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationOutcome(View):
    """The response to the form of the question."""

    template: ClassVar[str] = "api_keys_revoked.html"
    revocations: tuple[Revocation, ...]
    back: str
    """The list, below the base path."""

    @property
    def title(self) -> str:
        revoked = sum(one.outcome is Outcome.REVOKED for one in self.revocations)
        some = "" if revoked == len(self.revocations) else f"{filters.number(revoked)} of "
        return f"{some}{filters.plural(len(self.revocations), 'API key')} revoked"

    def is_replaced(self, revocation: Revocation) -> bool:
        """Whether it was being replaced, by a key that is not among these."""
        key = revocation.key
        ids = {one.key_id for one in self.revocations}
        return key is not None and key.replaced_by is not None and key.replaced_by not in ids

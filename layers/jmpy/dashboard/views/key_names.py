"""What keys are called wherever several are named."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from jmpy.dashboard import filters


class KeyState(StrEnum):
    """A key's status as a person sees it, time included."""

    ACTIVE = "active"
    EXPIRING = "expiring"
    ROTATING = "rotating"
    """Replaced, and working until `expires_at`."""
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    """With the account, which a page can show only in the moment before its session ends."""


_ENDS = {
    KeyState.ROTATING: ", old",
    KeyState.EXPIRED: ", expired",
    KeyState.REVOKED: ", revoked",
}


@dataclass(frozen=True, slots=True)
class KeyName:
    """What a key is called where several are: names need not differ."""

    id: str
    name: str
    shape: str
    """As in `jmpy_Z0xA…NcwS`."""
    created_at: int
    state: KeyState = KeyState.ACTIVE

    @property
    def note(self) -> str:
        """What tells it from others of its name."""
        return self.shape + _ENDS.get(self.state, "")

    @property
    def option(self) -> str:
        """In a list to choose from."""
        return f"{self.name} ({self.note}, created {filters.day(self.created_at)})"

    @property
    def in_words(self) -> str:
        return f"“{self.name}” ({self.note})"

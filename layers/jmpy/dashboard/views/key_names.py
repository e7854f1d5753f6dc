"""Names of keys, wherever several are listed."""

from __future__ import annotations

from dataclasses import dataclass

from jmpy.dashboard import filters
from jmpy.keys.model import KeyState

_ENDS = {
    KeyState.ROTATING: ", old",
    KeyState.EXPIRED: ", expired",
    KeyState.REVOKED: ", revoked",
    KeyState.PAUSED: ", paused",
    KeyState.NOT_YET_VALID: ", not yet valid",
}


@dataclass(frozen=True, slots=True)
class KeyName:
    """The name of a key in a list: names need not be unique."""

    id: str
    name: str
    shape: str
    """As in `jmpy_Z0xA…NcwS`."""
    created_at: int
    state: KeyState = KeyState.ACTIVE

    @property
    def note(self) -> str:
        """Distinguishes it from other keys of the same name."""
        return self.shape + _ENDS.get(self.state, "")

    @property
    def option(self) -> str:
        """In a list to choose from."""
        return f"{self.name} ({self.note}, created {filters.day(self.created_at)})"

    @property
    def in_words(self) -> str:
        return f"“{self.name}” ({self.note})"

"""What keys are called wherever several are named."""

from __future__ import annotations

from dataclasses import dataclass

from jmpy.dashboard import filters
from jmpy.keys.model import KeyState

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

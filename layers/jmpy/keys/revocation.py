"""What happened to each of several keys that were to be revoked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jmpy.keys.model import ApiKey


class Outcome(StrEnum):
    REVOKED = "revoked"
    REVOKED_BEFORE = "revoked_before"
    """By another request: before this one, or while it was processed."""
    NOT_FOUND = "not_found"
    CONTENDED = "contended"
    """Other requests kept changing it. It still works."""


@dataclass(frozen=True, slots=True)
class Revocation:
    key_id: str
    outcome: Outcome
    key: ApiKey | None = None
    """As it is stored now; None if it was not revoked."""

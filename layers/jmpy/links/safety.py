"""What is held against a link. A link that anything is held against leads nowhere; its owner sees
why, and cannot undo it.

Plain data, because a redirect loads this module on every cold start.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """What a takedown was about. Each is lifted by itself: a link that was taken down with its
    account and for its destination is restored when both are."""

    LINK = "link"
    DESTINATION = "destination"
    ACCOUNT = "account"
    SUSPENSION = "suspension"
    """Its account is suspended."""
    CHECK = "check"
    """A provider of lists of unsafe destinations knows its own."""
    BLOCKLIST = "blocklist"
    """Its destination is on the operator's blocklist. Never stored with a link: it ends with the
    entry."""


class TakedownReason(StrEnum):
    PHISHING = "phishing"
    MALWARE = "malware"
    SPAM = "spam"
    ILLEGAL = "illegal"
    SUSPENDED = "suspended"
    BLOCKED = "blocked"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Takedown:
    cause: Cause
    reason: TakedownReason
    note: str
    """For the owner, in plain words; may be empty."""
    since: int
    """Seconds since the Unix epoch, UTC."""
    subject: str = ""
    """Of the cause: the host of a destination, or the provider of a check."""

    @property
    def text(self) -> str:
        """The reason as the owner reads it."""
        return f"{self.reason.value}: {self.note}" if self.note else self.reason.value

    def is_same_as(self, other: Takedown) -> bool:
        """Whether one of the two is enough."""
        return (self.cause, self.subject) == (other.cause, other.subject)


class SafetyStatus(StrEnum):
    """As shown by the API; clients of the public contract know `safe` and treat anything else as a
    warning."""

    SAFE = "safe"
    """Nothing is held against it."""
    BLOCKED = "blocked"
    """Its destination is; it works again with another one."""
    TAKEN_DOWN = "taken_down"


NOT_SAFE = frozenset({SafetyStatus.BLOCKED, SafetyStatus.TAKEN_DOWN})

"""What the rules find, as facts. They are stored; `wording` makes sentences of them when an alert
is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jmpy.alerts.rule import Rule


@dataclass(frozen=True, slots=True)
class Facts:
    rule: ClassVar[Rule]

    @property
    def subject(self) -> str:
        """What sets it apart from other alerts of the rule about the key, such as a network."""
        return ""


@dataclass(frozen=True, slots=True)
class NewCountry(Facts):
    rule: ClassVar = Rule.NEW_COUNTRY
    country: str
    """ISO 3166 code."""

    @property
    def subject(self) -> str:
        return self.country


@dataclass(frozen=True, slots=True)
class NewNetwork(Facts):
    rule: ClassVar = Rule.NEW_NETWORK
    network: str
    """As in `192.0.2.0/24`."""

    @property
    def subject(self) -> str:
        return self.network


@dataclass(frozen=True, slots=True)
class Burst(Facts):
    rule: ClassVar = Rule.BURST
    requests: int
    """In an hour."""
    mean: float
    """Of the key's requests in an hour."""


@dataclass(frozen=True, slots=True)
class RejectedRequests(Facts):
    rule: ClassVar = Rule.REJECTED_REQUESTS
    rejected: int
    requests: int
    """In an hour, including those."""


@dataclass(frozen=True, slots=True)
class InactiveKey(Facts):
    rule: ClassVar = Rule.INACTIVE_KEY
    reason: str
    """As in `revoked`, `expired`, `suspended`."""


@dataclass(frozen=True, slots=True)
class LongInactivity(Facts):
    rule: ClassVar = Rule.LONG_INACTIVITY
    days: float


@dataclass(frozen=True, slots=True)
class KeyInUrl(Facts):
    rule: ClassVar = Rule.KEY_IN_URL


@dataclass(frozen=True, slots=True)
class LinksChanged(Facts):
    rule: ClassVar = Rule.LINKS_CHANGED
    changes: int
    """And deletions, in an hour."""


@dataclass(frozen=True, slots=True)
class DisallowedAddress(Facts):
    rule: ClassVar = Rule.DISALLOWED_ADDRESS
    address: str
    """Of the first such request; others of the period raise no further alert."""


@dataclass(frozen=True, slots=True)
class LeakedKey(Facts):
    rule: ClassVar = Rule.LEAKED_KEY
    url: str | None
    """Where it was found; None of a place that is not public."""


@dataclass(frozen=True, slots=True)
class LeakedToken(Facts):
    rule: ClassVar = Rule.LEAKED_TOKEN
    url: str | None
    """Likewise."""


BY_RULE: dict[Rule, type[Facts]] = {
    facts.rule: facts
    for facts in (
        NewCountry,
        NewNetwork,
        Burst,
        RejectedRequests,
        InactiveKey,
        LongInactivity,
        KeyInUrl,
        LinksChanged,
        DisallowedAddress,
        LeakedKey,
        LeakedToken,
    )
}

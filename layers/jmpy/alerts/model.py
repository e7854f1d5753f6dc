"""The record of an alert."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.alerts.rule import PERIODS

if TYPE_CHECKING:
    from jmpy.alerts.facts import Facts
    from jmpy.alerts.rule import Rule


class AlertStatus(StrEnum):
    OPEN = "open"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The request that triggered the rule, or the last of those that it counted."""

    ip: str
    route: str
    """As in `GET /api/v1/short-urls`."""
    status: int
    country: str = ""
    """As in `DE`; empty when it is not known."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What a rule found, as facts; `wording` has the sentences."""

    account_id: str
    key_id: str
    at: int
    """When it happened; seconds since the Unix epoch, UTC, as all times here."""
    facts: Facts
    evidence: Evidence
    status: AlertStatus = AlertStatus.OPEN
    mailed_at: int | None = None
    """When the owner was mailed about it; 0 if that was left out, because they do not want it."""

    @property
    def is_open(self) -> bool:
        return self.status is AlertStatus.OPEN

    @property
    def rule(self) -> Rule:
        return self.facts.rule

    @property
    def period(self) -> int:
        """When the period began in which there is one such alert."""
        return self.at - self.at % PERIODS[self.rule]

    @property
    def id(self) -> str:
        """The same for all alerts of one rule, key, period and subject, of which one is sent."""
        named = (self.rule, self.account_id, self.key_id, str(self.period), self.facts.subject)
        return hashlib.sha256("\0".join(named).encode()).hexdigest()[:32]

"""The record of an alert."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.clock import DAY

if TYPE_CHECKING:
    from jmpy.activity.access_log_line import Request


class Rule(StrEnum):
    NEW_COUNTRY = "new-country"
    NEW_NETWORK = "new-network"
    BURST = "burst"
    REFUSALS = "refusals"
    ENDED_KEY = "ended-key"
    LONG_SILENCE = "long-silence"
    KEY_IN_URL = "key-in-url"
    LINKS_CHANGED = "links-changed"
    LEAKED_KEY = "leaked-key"
    """Not a rule about requests: a secret scanner reported the key."""


PERIODS = {
    Rule.NEW_COUNTRY: DAY,
    Rule.NEW_NETWORK: DAY,
    Rule.BURST: DAY,
    Rule.REFUSALS: DAY,
    # A forgotten client goes on for weeks, and tells nothing new every day.
    Rule.ENDED_KEY: 7 * DAY,
    Rule.LONG_SILENCE: DAY,
    # A client that sends its key in URLs does so until somebody changes it.
    Rule.KEY_IN_URL: 30 * DAY,
    Rule.LINKS_CHANGED: DAY,
    Rule.LEAKED_KEY: DAY,
}
"""Seconds in which a rule tells of a key, or of a key and a network or country, once."""


class Status(StrEnum):
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
    account_id: str
    key_id: str
    rule: Rule
    at: int
    """When what it tells of happened; seconds since the Unix epoch, UTC, as all times here."""
    details: str
    """A sentence in plain words."""
    evidence: Evidence
    subject: str = ""
    """What sets it apart from other alerts of the rule about the key, such as a network."""
    status: Status = Status.OPEN

    @property
    def period(self) -> int:
        """When the period began in which this is told once."""
        return self.at - self.at % PERIODS[self.rule]

    @property
    def id(self) -> str:
        """The same for whatever is to be told once, so that it also is the mark of having been."""
        named = "\0".join((self.rule, self.account_id, self.key_id, str(self.period), self.subject))
        return hashlib.sha256(named.encode()).hexdigest()[:32]


def alert(rule: Rule, request: Request, details: str, subject: str = "") -> Alert:
    route = f"{request.method} {request.route}"
    evidence = Evidence(request.ip, route, request.status, request.country or "")
    return Alert(request.account_id, request.key_id, rule, request.at, details, evidence, subject)

"""How many of the clicks were by people."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from jmpy.analytics.breakdown import percentage
from jmpy.clicks.model import AgentKind, Dimension

if TYPE_CHECKING:
    from jmpy.clicks.counts import Counts

_FAIR = 20
_POOR = 50
"""Percent of clicks by bots from which traffic is rated so."""


class TrafficHealth(StrEnum):
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class Quality(NamedTuple):
    human: int
    bots: int
    suspicious: int
    """Bot clicks that are neither from a known bot nor from a likely browser."""

    @property
    def total(self) -> int:
        return self.human + self.bots

    @property
    def bot_percentage(self) -> float:
        return percentage(self.bots, self.total)

    @property
    def health(self) -> TrafficHealth:
        """Good where there are no clicks. In whole numbers, so that no rounding decides."""
        others = 100 * self.bots
        if self.total == 0 or others < _FAIR * self.total:
            return TrafficHealth.GOOD
        return TrafficHealth.FAIR if others < _POOR * self.total else TrafficHealth.POOR


def quality_of(counts: Counts) -> Quality:
    suspicious = counts.tally(Dimension.AGENT, AgentKind.SUSPICIOUS).clicks
    return Quality(counts.total.human_clicks, counts.total.bot_clicks, suspicious)

"""Clicks by the values of one dimension: countries, referrers, browsers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from jmpy.clicks.model import OTHER, Dimension
from jmpy.dashboard.filters import percent

_ROWS = 8
"""Values that are shown; the rest is added up."""


class _Wording(NamedTuple):
    title: str
    value_heading: str
    empty: str


_WORDING = {
    Dimension.COUNTRY: _Wording("Countries", "Country", "No country is known."),
    Dimension.REFERRER: _Wording("Referrers", "Site", "No referrer is known."),
    Dimension.SOURCE: _Wording("Sources", "Source", "No source is known."),
    Dimension.DEVICE: _Wording("Devices", "Device", "No device is known."),
    Dimension.BROWSER: _Wording("Browsers", "Browser", "No browser is known."),
    Dimension.OS: _Wording("Operating systems", "System", "No operating system is known."),
    Dimension.UTM_CAMPAIGN: _Wording(
        "Campaigns", "Campaign", "No click had utm_campaign in the short URL."
    ),
}
SHOWN = tuple(_WORDING)
"""The dimensions that have a breakdown, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Share:
    name: str
    clicks: int
    unique: int
    bots: int = 0
    """Of the clicks."""


@dataclass(frozen=True, slots=True)
class Row:
    share: Share
    percent: str
    """Of all clicks of the breakdown, in words."""
    length: float
    """Of its bar, in percent of the longest."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    id: str
    """Of the element; different for every breakdown of a page."""
    title: str
    value_heading: str
    """What a value is, as in `Country`."""
    shares: tuple[Share, ...]
    """All of them, in any order; `OTHER` among them is what was never told apart."""
    empty: str
    """Says why there is nothing, when there are no shares."""

    @classmethod
    def by(cls, dimension: Dimension, shares: tuple[Share, ...]) -> Breakdown:
        """One of those that are `SHOWN`."""
        wording = _WORDING[dimension]
        return cls(dimension.value, wording.title, wording.value_heading, shares, wording.empty)

    @property
    def rows(self) -> list[Row]:
        """Most clicks first, and at the end what is not shown by its name."""
        shown = self._shown()
        total = sum(share.clicks for share in shown)
        longest = max((share.clicks for share in shown), default=0)
        return [
            Row(
                share=share,
                percent=percent(share.clicks, total),
                length=round(100 * share.clicks / longest, 1) if longest else 0.0,
            )
            for share in shown
        ]

    def _shown(self) -> list[Share]:
        named = [share for share in self.shares if share.name != OTHER]
        unnamed = [share for share in self.shares if share.name == OTHER]
        named.sort(key=lambda share: (-share.clicks, share.name))
        room = _ROWS if unnamed else _ROWS + 1  # a single value takes no more than "All others"
        split = len(named) if len(named) <= room else _ROWS
        rest = named[split:] + unnamed
        if not rest:
            return named
        others = Share(
            "All others",
            sum(share.clicks for share in rest),
            sum(share.unique for share in rest),
            sum(share.bots for share in rest),
        )
        return [*named[:split], others]

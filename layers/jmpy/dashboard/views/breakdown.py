"""Clicks by the values of one dimension: countries, referrers, browsers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from jmpy.analytics.breakdown import shares
from jmpy.analytics.geography import country_name
from jmpy.clicks.model import OTHER, UNKNOWN, DeviceType, Dimension, SourceCategory
from jmpy.dashboard.filters import percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.clicks.counts import Counts, Tally

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


_SAME = {
    UNKNOWN: "Unknown",
    OTHER: "All others",
    SourceCategory.DIRECT: "Direct",
    DeviceType.TV: "TV",
}
_NAMES: dict[Dimension, Callable[[str], str]] = {
    Dimension.COUNTRY: country_name,
    Dimension.SOURCE: str.capitalize,
    Dimension.DEVICE: str.capitalize,
}


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    tally: Tally
    percent: str
    """Of all clicks of the breakdown, in words."""
    length: float
    """Of its bar, in percent of the longest."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    dimension: Dimension
    """One of those that are `SHOWN`."""
    counts: Counts

    @property
    def id(self) -> str:
        """Of the element; different for every breakdown of a page."""
        return self.dimension.value

    @property
    def title(self) -> str:
        return _WORDING[self.dimension].title

    @property
    def value_heading(self) -> str:
        """What a value is, as in `Country`."""
        return _WORDING[self.dimension].value_heading

    @property
    def empty(self) -> str:
        """Says why there is nothing, when there are no rows."""
        return _WORDING[self.dimension].empty

    @property
    def rows(self) -> list[Row]:
        """Most clicks first, and at the end what is not shown by its name."""
        found = shares(self.counts, self.dimension, self._number)
        total = sum(share.tally.clicks for share in found)
        longest = max((share.tally.clicks for share in found), default=0)
        return [
            Row(
                name=_name(self.dimension, share.value),
                tally=share.tally,
                percent=percent(share.tally.clicks, total),
                length=round(100 * share.tally.clicks / longest, 1),
            )
            for share in found
        ]

    @property
    def _number(self) -> int:
        """Of values that are named: one that would be alone takes no more room than the rest."""
        values = self.counts.by.get(self.dimension, {})
        return _ROWS + (len(values) == _ROWS + 1 and OTHER not in values)


def _name(dimension: Dimension, value: str) -> str:
    return _SAME.get(value) or _NAMES.get(dimension, str)(value)

"""Clicks by the values of one dimension: countries, referrers, browsers."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from jmpy.analytics.breakdown import by_way, shares
from jmpy.analytics.geography import country_name
from jmpy.clicks.model import OTHER, UNKNOWN, DeviceType, Dimension, SourceCategory, Via
from jmpy.dashboard.filters import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmpy.analytics.breakdown import Share
    from jmpy.clicks.counts import Counts, Tally

_ROWS = 8
"""Values that are shown; the rest is added up."""

SHOWN = _ROWS + 1
"""With one that would be alone in the rest."""


class _Wording(NamedTuple):
    title: str
    value_heading: str
    empty: str


_WORDING = {
    Dimension.COUNTRY: _Wording("Countries", "Country", "No country is known."),
    Dimension.REFERRER: _Wording("Referrers", "Site", "No referrer is known."),
    Dimension.SOURCE: _Wording("Sources", "Source", "No source is known."),
    Dimension.VIA: _Wording("Scans and clicks", "Opened by", "No QR code was scanned."),
    Dimension.DEVICE: _Wording("Devices", "Device", "No device is known."),
    Dimension.BROWSER: _Wording("Browsers", "Browser", "No browser is known."),
    Dimension.OS: _Wording("Operating systems", "System", "No operating system is known."),
    Dimension.CAMPAIGN: _Wording("Campaigns", "Campaign", "No link was in a campaign."),
    Dimension.UTM_CAMPAIGN: _Wording(
        "UTM campaigns", "Campaign", "No click had utm_campaign in the short URL."
    ),
}


_OPTIONAL = {Dimension.VIA, Dimension.CAMPAIGN}
"""Of those who have no QR codes or campaigns, they would always be empty."""

_NO_NAMES: Mapping[str, str] = MappingProxyType({})


def shown(counts: Counts, campaigns: Mapping[str, str] | None = _NO_NAMES) -> list[Breakdown]:
    """In the order of the page. `campaigns`: the names of those that exist, by id; with None,
    clicks are not divided by campaign."""
    return [
        Breakdown(dimension, counts, campaigns or _NO_NAMES)
        for dimension in _WORDING
        if (dimension not in _OPTIONAL or counts.by.get(dimension))
        and (dimension is not Dimension.CAMPAIGN or campaigns is not None)
    ]


_SAME = {
    UNKNOWN: "Unknown",
    OTHER: "All others",
    SourceCategory.DIRECT: "Direct",
    DeviceType.TV: "TV",
    Via.QR_CODE: "Scan of a QR code",
    Via.LINK: "Click on a short URL",
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
    counts: Counts
    campaigns: Mapping[str, str] = field(default_factory=dict)
    """Names by id."""

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
        found = self._shares()
        total = sum(share.tally.clicks for share in found)
        longest = max((share.tally.clicks for share in found), default=0)
        return [
            Row(
                name=self._name(share.value),
                tally=share.tally,
                percent=percent(share.tally.clicks, total),
                length=round(100 * share.tally.clicks / longest, 1),
            )
            for share in found
        ]

    def _shares(self) -> list[Share]:
        if self.dimension is Dimension.VIA:
            return sorted(by_way(self.counts), key=lambda share: -share.tally.clicks)
        return shares(self.counts, self.dimension, self._number)

    @property
    def _number(self) -> int:
        """Of values that are named: one that would be alone takes no more room than the rest."""
        values = self.counts.by.get(self.dimension, {})
        return _ROWS + (len(values) == _ROWS + 1 and OTHER not in values)

    def _name(self, value: str) -> str:
        if self.dimension is Dimension.CAMPAIGN and value != OTHER:
            return self.campaigns.get(value, "Deleted campaign")
        return _SAME.get(value) or _NAMES.get(self.dimension, str)(value)

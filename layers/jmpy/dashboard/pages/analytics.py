"""The pages of clicks: of the account, and of each link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.analytics import range as ranges
from jmpy.analytics.geography import country_name
from jmpy.analytics.quality import quality_of
from jmpy.analytics.share import shares
from jmpy.clicks.item import account_subject, link_subject
from jmpy.clicks.model import OTHER, UNKNOWN, Dimension, SourceCategory
from jmpy.clock import system_clock
from jmpy.dashboard import views
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import framing, presenting
from jmpy.dashboard.render import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.analytics.range import Days, Hours
    from jmpy.analytics.ranking import LinkRanking
    from jmpy.analytics.service import AnalyticsService
    from jmpy.clicks.counts import Counts
    from jmpy.http.site import Site
    from jmpy.links.model import Link
    from jmpy.links.service import LinkService

ANALYTICS = "/dashboard/analytics"
TOP_LINKS = 5

_DAYS = {
    views.Period.WEEK: 7,
    views.Period.MONTH: 30,
    views.Period.QUARTER: 90,
    views.Period.YEAR: 365,
}
_HOURS = 24

_BREAKDOWNS = (
    (Dimension.COUNTRY, "Countries", "Country"),
    (Dimension.REFERRER, "Referrers", "Site"),
    (Dimension.SOURCE, "Sources", "Source"),
    (Dimension.DEVICE, "Devices", "Device"),
    (Dimension.BROWSER, "Browsers", "Browser"),
    (Dimension.OS, "Operating systems", "System"),
    (Dimension.UTM_CAMPAIGN, "Campaigns", "utm_campaign"),
)


class AnalyticsPages:
    def __init__(
        self, site: Site, analytics: AnalyticsService, links: LinkService, ranking: LinkRanking
    ) -> None:
        self._site = site
        self._analytics = analytics
        self._links = links
        self._ranking = ranking
        site.page(ANALYTICS)(self.of_account)
        site.page(f"{ANALYTICS}/panel")(self.panel_of_account)
        site.page(f"{ANALYTICS}/<id>")(self.of_link)
        site.page(f"{ANALYTICS}/<id>/panel")(self.panel_of_link)

    def of_account(self) -> str:
        return self._render(views.AnalyticsPage, None)

    def panel_of_account(self) -> str:
        return self._render(views.AnalyticsPanel, None)

    def of_link(self, id: str) -> str:  # noqa: A002 - the name in the path
        return self._render(views.AnalyticsPage, self._links.get(self._account, id))

    def panel_of_link(self, id: str) -> str:  # noqa: A002
        return self._render(views.AnalyticsPanel, self._links.get(self._account, id))

    def _render(self, view: type[views.AnalyticsPanel], link: Link | None) -> str:
        """The page, or the part of it that is fetched anew."""
        report = self._report(link)
        ever = report.clicks or self._analytics.ever(self._subject(link)).total.clicks
        return render(
            view(
                frame=framing.frame(self._site, Section.ANALYTICS),
                report=report,
                has_clicks=ever > 0,
                link=self._summary(link),
            )
        )

    def _report(self, link: Link | None) -> views.Report:
        sent = self._site.current_event.get_query_string_value("period") or ""
        known = set(views.Period)
        period = views.Period(sent) if sent in known else views.Period.MONTH
        now, subject = system_clock(), self._subject(link)
        span: Days | Hours
        if period is views.Period.DAY:
            span, before = ranges.last_hours(_HOURS - 1, now), None
        else:
            span = ranges.last_days(_DAYS[period], now)
            before = self._analytics.counts(subject, span.before()).total.clicks
        counts = self._analytics.counts(subject, span)
        quality = quality_of(counts)
        return views.Report(
            period=period,
            clicks=counts.total.clicks,
            unique=counts.total.unique,
            people=quality.human,
            bots=quality.bots + quality.suspicious,
            before=before,
            points=self._points(subject, span),
            breakdowns=tuple(
                _breakdown(counts, dimension, title, heading)
                for dimension, title, heading in _BREAKDOWNS
            ),
            top_links=() if link else self._top_links(counts),
        )

    def _points(self, subject: str, span: Days | Hours) -> tuple[views.Point, ...]:
        words = "{0:%H:%M}" if isinstance(span, ranges.Hours) else "{0.day} {0:%b}"
        return tuple(
            views.Point(
                label=words.format(point.start),
                clicks=point.tally.clicks,
                unique=point.tally.unique,
            )
            for point in self._analytics.series(subject, span).points
        )

    def _top_links(self, counts: Counts) -> tuple[views.TopLink, ...]:
        ranked = self._ranking.top(self._account, counts, TOP_LINKS)
        summaries = presenting.links((entry.link for entry in ranked), self._site.base_url)
        return tuple(
            views.TopLink(summary, entry.share.tally.clicks, entry.share.tally.unique)
            for summary, entry in zip(summaries, ranked, strict=True)
        )

    def _summary(self, link: Link | None) -> views.LinkSummary | None:
        if link is None:
            return None
        (summary,) = presenting.links([link], self._site.base_url)
        return summary

    def _subject(self, link: Link | None) -> str:
        return link_subject(link.id) if link else account_subject(self._account)

    @property
    def _account(self) -> str:
        return self._site.session.account_id


def _breakdown(counts: Counts, dimension: Dimension, title: str, heading: str) -> views.Breakdown:
    return views.Breakdown(
        id=dimension.value.replace("_", "-"),
        title=title,
        heading=heading,
        shares=tuple(
            views.Share(
                name=_NAMES.get(dimension, _plain)(share.value),
                clicks=share.tally.clicks,
                unique=share.tally.unique,
                percentage=share.percentage,
            )
            for share in shares(counts, dimension)
        ),
        empty="No link that was clicked names one.",
    )


def _plain(value: str) -> str:
    return _WORDS.get(value, value)


_WORDS = {OTHER: "Other", UNKNOWN: "Unknown", SourceCategory.DIRECT: "Direct"}


_NAMES: dict[Dimension, Callable[[str], str]] = {
    Dimension.COUNTRY: country_name,
    Dimension.SOURCE: str.capitalize,
    Dimension.DEVICE: str.capitalize,
}

"""What the sample pages of analytics show."""

from collections.abc import Sequence
from typing import Any

from jmpy.analytics import date_range as ranges
from jmpy.analytics.breakdown import Share
from jmpy.analytics.date_range import Days, Hours
from jmpy.analytics.period import Period
from jmpy.analytics.quality import Quality
from jmpy.analytics.ranking import RankedLink
from jmpy.analytics.report import Report
from jmpy.campaigns.model import Campaign
from jmpy.clicks.counts import Counts, Tally
from jmpy.clicks.model import OTHER, Bots, Dimension
from jmpy.dashboard.frame import Section
from jmpy.dashboard.views.analytics import AnalyticsPage, AnalyticsPanel, Figures
from jmpy.links.model import Link
from tests.dashboard_sample_data import NOW, SOME_LINKS, frame

ANALYTICS = frame(Section.ANALYTICS)
LONG_REFERRER = "a-very-long-subdomain.of-some-forum.community.example.co.uk"
BOT_CLICKS = Tally(1_927, 1_392, 1_927, 1_392)
By = dict[Dimension, dict[str, Tally]]


def people(**clicks: int) -> dict[str, Tally]:
    return {value: Tally(count, count * 4 // 5) for value, count in clicks.items()}


def report(
    span: Days | Hours, tallies: Sequence[Tally], by: By | None = None, *, before: int = 0
) -> Report:
    """`tallies`: of the days or hours of the span, in order; `by`: of all of them."""
    starts = span.starts() if isinstance(span, Hours) else span.dates()
    counted: dict[Any, Counts] = {
        start: Counts(tally) for start, tally in zip(starts, tallies, strict=True)
    }
    counted[span.first].by = by or {}
    counted[span.before().first] = Counts(Tally(before, before))
    return Report.from_counted(span, counted)


def figures(
    period: Period, tallies: Sequence[Tally], by: By | None = None, *, before: int = 0, **more: Any
) -> Figures:
    days = ranges.last_days(period.days, NOW)
    found = report(
        ranges.last_hours(23, NOW) if period is Period.DAY else days, tallies, by, before=before
    )
    return Figures(
        period=period,
        report=found,
        **{
            "was_ever_clicked": True,
            "quality": Quality(found.counts.total.human_clicks, found.counts.total.bot_clicks, 0),
            **more,
        },
    )


def top_link(link: Link, tally: Tally) -> RankedLink:
    return RankedLink(link, Share(link.id, tally, 0.0))


def nothing(period: Period, **more: Any) -> Figures:
    return figures(period, [Tally(0, 0)] * (24 if period is Period.DAY else period.days), **more)


# Thirty days with gaps, and one on which the newsletter went out.
_BY_DAY: tuple[int, ...] = (112, 98, 0, 41, 187, 203, 176, 0, 0, 67, 154, 211, 240, 198, 88)
_BY_DAY += (5_803, 2_114, 903, 655, 402, 377, 120, 131, 298, 333, 310, 287, 301, 94, 46)
_TALLIES = [Tally(clicks, (clicks * 3 + 3) // 4) for clicks in _BY_DAY]
_QUALITY = Quality(sum(_BY_DAY), 1_927, 121)
MONTH = figures(
    Period.MONTH,
    _TALLIES,
    {
        Dimension.VIA: people(qr_code=3_118),
        Dimension.COUNTRY: people(
            US=4_310, DE=2_931, GB=1_702, FR=988, VC=641, IN=610, unknown=402, BR=377, JP=120, ES=88
        )
        | {OTHER: Tally(12, 9)},
        Dimension.REFERRER: people(
            **{"direct": 6_204, "news.example.com": 3_170, LONG_REFERRER: 1_911, "t.example": 40}
        ),
        Dimension.SOURCE: people(
            direct=6_204, referral=3_922, search=2_100, social=1_480, email=241
        ),
        Dimension.DEVICE: people(mobile=7_400, desktop=4_420, tablet=202, unknown=1_927),
        Dimension.BROWSER: people(
            Chrome=6_020, Safari=3_800, Firefox=1_501, Edge=700, unknown=1_926
        ),
        Dimension.OS: people(Android=4_100, iOS=3_390, Windows=2_810, macOS=1_204, Linux=518),
        Dimension.UTM_CAMPAIGN: people(**{"autumn-2026": 3_204, "welcome": 41, "x": 1}),
    },
    before=12_450,
    quality=_QUALITY,
)

_BY_HOUR = (3, 0, 0, 1, 2, 9, 14, 22, 31, 28, 17, 12, 19, 24, 40, 38, 21, 11, 6, 2, 0, 0, 5, 13)
HOURS = figures(
    Period.DAY,
    [Tally(clicks, clicks * 2 // 3) for clicks in _BY_HOUR],
    {
        Dimension.COUNTRY: people(unknown=318),
        Dimension.REFERRER: people(**{LONG_REFERRER: 200, "direct": 118}),
        Dimension.SOURCE: people(referral=200, direct=118),
        Dimension.DEVICE: people(desktop=317, tablet=1),
        Dimension.BROWSER: people(Firefox=318),
        Dimension.OS: people(Linux=317, Android=1),
    },
    before=319,
    quality=Quality(sum(_BY_HOUR), 8, 0),
)

ONE_DAY = figures(
    Period.WEEK,
    [Tally(0, 0)] * 6 + [Tally(1, 1, 1, 1)],
    bots=Bots.INCLUDE,
    quality=Quality(0, 1, 1),
)
ALL = figures(
    Period.MONTH,
    [tally + BOT_CLICKS if day == 22 else tally for day, tally in enumerate(_TALLIES)],
    {
        Dimension.COUNTRY: {
            "DE": Tally(9_000, 7_000),
            "unknown": Tally(6_876, 4_702, 1_927, 1_392),
        },
        Dimension.DEVICE: {"mobile": Tally(13_949, 10_310), "bot": BOT_CLICKS},
    },
    before=12_450,
    bots=Bots.INCLUDE,
    quality=_QUALITY,
)
ONLY_BOTS = nothing(Period.WEEK, quality=Quality(0, 1_927, 121))
NO_BOTS = nothing(Period.DAY, quality=Quality(1, 0, 0), bots=Bots.ONLY)
QUIET_WEEK = nothing(Period.WEEK)
NEVER = nothing(Period.MONTH, was_ever_clicked=False)
TOP_LINKS = (
    top_link(SOME_LINKS[0], Tally(11_204, 8_310)),
    top_link(SOME_LINKS[1], Tally(932, 640)),
    top_link(SOME_LINKS[4], Tally(1, 1)),
)

CAMPAIGN = Campaign("019b7a2c-1d2e-7f30-8a9b-0c1d2e3f4a01", "acme", "Autumn 2026", NOW, NOW)

FULL = {
    "analytics": AnalyticsPage(frame=ANALYTICS, figures=MONTH, top_links=TOP_LINKS),
    "analytics-all": AnalyticsPage(
        frame=ANALYTICS,
        figures=ALL,
        top_links=(
            top_link(SOME_LINKS[0], Tally(13_131, 9_702, 1_927, 1_392)),
            top_link(SOME_LINKS[1], Tally(932, 640)),
        ),
    ),
    "analytics-campaign": AnalyticsPage(
        frame=ANALYTICS, figures=MONTH, campaign=CAMPAIGN, top_links=TOP_LINKS
    ),
    "analytics-link": AnalyticsPage(frame=ANALYTICS, figures=HOURS, link=SOME_LINKS[0]),
}
EMPTY = {
    "analytics-one-day": AnalyticsPage(frame=ANALYTICS, figures=ONE_DAY, link=SOME_LINKS[2]),
    "analytics-only-bots": AnalyticsPage(frame=ANALYTICS, figures=ONLY_BOTS),
    "analytics-no-bots": AnalyticsPage(frame=ANALYTICS, figures=NO_BOTS, link=SOME_LINKS[2]),
    "analytics-quiet": AnalyticsPage(frame=ANALYTICS, figures=QUIET_WEEK),
    "analytics-never": AnalyticsPage(frame=ANALYTICS, figures=NEVER),
    "analytics-campaign-never": AnalyticsPage(frame=ANALYTICS, figures=NEVER, campaign=CAMPAIGN),
    "analytics-link-never": AnalyticsPage(frame=ANALYTICS, figures=NEVER, link=SOME_LINKS[4]),
}
PARTS = {"analytics-part": AnalyticsPanel(frame=ANALYTICS, figures=MONTH)}

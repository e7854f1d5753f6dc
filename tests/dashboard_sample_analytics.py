"""What the sample pages of analytics show."""

from dataclasses import replace

from jmpy.clicks.model import OTHER, Bots
from jmpy.clock import DAY, HOUR
from jmpy.dashboard import views
from jmpy.dashboard.filters import day
from jmpy.dashboard.frame import Section
from jmpy.dashboard.views import Breakdown, Figures, Period, Point, Share, TopLink, Totals
from tests.dashboard_sample_data import NOW, SOME_LINKS, frame

ANALYTICS = frame(Section.ANALYTICS)
LONG_REFERRER = "a-very-long-subdomain.of-some-forum.community.example.co.uk"


def shares(**clicks: int) -> tuple[Share, ...]:
    return tuple(Share(name, count, count * 4 // 5) for name, count in clicks.items())


def breakdowns(**shares: tuple[Share, ...]) -> tuple[Breakdown, ...]:
    """By the names of the dimensions; those that are left out are without values."""
    return tuple(Breakdown.by(dimension, shares.get(dimension, ())) for dimension in views.SHOWN)


# Thirty days with gaps, and one on which the newsletter went out.
_BY_DAY: tuple[int, ...] = (112, 98, 0, 41, 187, 203, 176, 0, 0, 67, 154, 211, 240, 198, 88)
_BY_DAY += (5_803, 2_114, 903, 655, 402, 377, 120, 131, 298, 333, 310, 287, 301, 94, 46)


def _day_point(days_ago: int, clicks: int) -> Point:
    start = NOW - 8 * HOUR - days_ago * DAY
    return Point(start, day(start)[:-5], clicks, (clicks * 3 + 3) // 4)


MONTH = Figures(
    period=Period.MONTH,
    totals=Totals(
        clicks=sum(_BY_DAY),
        unique=10_310,
        people=sum(_BY_DAY),
        bots=1_927,
        suspicious=121,
        clicks_before=12_450,
    ),
    points=tuple(_day_point(29 - index, clicks) for index, clicks in enumerate(_BY_DAY)),
    breakdowns=breakdowns(
        country=shares(
            **{
                "United States": 4_310,
                "Germany": 2_931,
                "United Kingdom": 1_702,
                "France": 988,
                "Saint Vincent and the Grenadines": 641,
                "India": 610,
                "Unknown": 402,
                "Brazil": 377,
                "Japan": 120,
                "Spain": 88,
                OTHER: 12,
            }
        ),
        referrer=shares(
            **{"Direct": 6_204, "news.example.com": 3_170, LONG_REFERRER: 1_911, "t.example": 40}
        ),
        source=shares(Direct=6_204, Referral=3_922, Search=2_100, Social=1_480, Email=241),
        device=shares(Mobile=7_400, Desktop=4_420, Tablet=202, Unknown=1_927),
        browser=shares(Chrome=6_020, Safari=3_800, Firefox=1_501, Edge=700, Unknown=1_926),
        os=shares(Android=4_100, iOS=3_390, Windows=2_810, macOS=1_204, Linux=518),
        utm_campaign=shares(**{"autumn-2026": 3_204, "welcome": 41, "x": 1}),
    ),
    was_ever_clicked=True,
)

_BY_HOUR = (3, 0, 0, 1, 2, 9, 14, 22, 31, 28, 17, 12, 19, 24, 40, 38, 21, 11, 6, 2, 0, 0, 5, 13)
HOURS = Figures(
    period=Period.DAY,
    totals=Totals(
        clicks=sum(_BY_HOUR), unique=201, people=sum(_BY_HOUR), bots=8, clicks_before=319
    ),
    points=tuple(
        Point(start, f"{start % DAY // HOUR:02}:00", clicks, clicks * 2 // 3)
        for start, clicks in zip(range(NOW - 23 * HOUR, NOW + HOUR, HOUR), _BY_HOUR, strict=True)
    ),
    breakdowns=breakdowns(
        country=shares(Unknown=318),
        referrer=shares(**{LONG_REFERRER: 200, "Direct": 118}),
        source=shares(Referral=200, Direct=118),
        device=shares(Desktop=317, Tablet=1),
        browser=shares(Firefox=318),
        os=shares(Linux=317, Android=1),
    ),
    was_ever_clicked=True,
)

ONE_DAY = Figures(
    period=Period.WEEK,
    totals=Totals(clicks=1, unique=1, bots=1, suspicious=1),
    bots=Bots.INCLUDE,
    points=(_day_point(0, 1),),
    breakdowns=breakdowns(),
    was_ever_clicked=True,
)
ALL = replace(
    MONTH,
    bots=Bots.INCLUDE,
    totals=replace(MONTH.totals, clicks=sum(_BY_DAY) + 1_927, unique=11_702),
    points=tuple(
        replace(point, clicks=point.clicks + 1_927, unique=point.unique + 1_392, bots=1_927)
        if number == 22
        else point
        for number, point in enumerate(MONTH.points)
    ),
    breakdowns=breakdowns(
        country=(Share("Germany", 9_000, 7_000), Share("Unknown", 6_876, 4_702, 1_927)),
        device=(Share("Mobile", 13_949, 10_310), Share("Bot", 1_927, 1_392, 1_927)),
    ),
)
ONLY_BOTS = Figures(
    period=Period.WEEK, totals=Totals(bots=1_927, suspicious=121), was_ever_clicked=True
)
NO_BOTS = Figures(period=Period.DAY, totals=Totals(people=1), bots=Bots.ONLY, was_ever_clicked=True)
QUIET_WEEK = Figures(period=Period.WEEK, was_ever_clicked=True)
NEVER = Figures(period=Period.MONTH, was_ever_clicked=False)
TOP_LINKS = (
    TopLink(SOME_LINKS[0], 11_204, 8_310),
    TopLink(SOME_LINKS[1], 932, 640),
    TopLink(SOME_LINKS[4], 1, 1),
)

FULL = {
    "analytics": views.AnalyticsPage(frame=ANALYTICS, figures=MONTH, top_links=TOP_LINKS),
    "analytics-all": views.AnalyticsPage(
        frame=ANALYTICS,
        figures=ALL,
        top_links=(
            TopLink(SOME_LINKS[0], 13_131, 9_702, 1_927),
            TopLink(SOME_LINKS[1], 932, 640),
        ),
    ),
    "analytics-link": views.AnalyticsPage(frame=ANALYTICS, figures=HOURS, link=SOME_LINKS[0]),
}
EMPTY = {
    "analytics-one-day": views.AnalyticsPage(frame=ANALYTICS, figures=ONE_DAY, link=SOME_LINKS[2]),
    "analytics-only-bots": views.AnalyticsPage(frame=ANALYTICS, figures=ONLY_BOTS),
    "analytics-no-bots": views.AnalyticsPage(frame=ANALYTICS, figures=NO_BOTS, link=SOME_LINKS[2]),
    "analytics-quiet": views.AnalyticsPage(frame=ANALYTICS, figures=QUIET_WEEK),
    "analytics-never": views.AnalyticsPage(frame=ANALYTICS, figures=NEVER),
    "analytics-link-never": views.AnalyticsPage(frame=ANALYTICS, figures=NEVER, link=SOME_LINKS[4]),
}
PARTS = {"analytics-part": views.AnalyticsPanel(frame=ANALYTICS, figures=MONTH)}

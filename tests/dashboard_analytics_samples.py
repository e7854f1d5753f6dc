"""The pages of clicks: busy, by hour, quiet, and before the first click."""

from dataclasses import replace

from jmpy.dashboard import views
from jmpy.dashboard.frame import Section, View
from jmpy.dashboard.views import Breakdown, Period, Point, Share
from tests.dashboard_sample_data import SOME_LINKS, frame

ANALYTICS = frame(Section.ANALYTICS)

_DAYS = (
    *(0, 0, 3, 12, 18, 31, 24, 22, 9, 11, 35, 41, 38, 29, 44),
    *(12, 8, 51, 67, 1204, 431, 189, 96, 40, 71, 88, 93, 105, 87, 23),
)
MONTH = tuple(
    Point(f"{25 + n} Oct" if n < 7 else f"{n - 6} Nov", clicks, clicks * 2 // 3)
    for n, clicks in enumerate(_DAYS)
)
CLICKS = sum(_DAYS)


def breakdown(name: str, title: str, heading: str, *values: tuple[str, int]) -> Breakdown:
    shares = (
        Share(value, clicks, clicks * 2 // 3, round(100 * clicks / CLICKS, 1))
        for value, clicks in values
    )
    return Breakdown(name, title, heading, tuple(shares), "No link that was clicked names one.")


BREAKDOWNS = (
    breakdown(
        "country",
        "Countries",
        "Country",
        ("Germany", 1412),
        ("United States of America", 680),
        ("Bolivia, Plurinational State of", 344),
        ("Unknown", 212),
        ("France", 160),
        ("Japan", 38),
        ("Chile", 15),
        ("Other", 20),
    ),
    breakdown(
        "referrer",
        "Referrers",
        "Site",
        ("Direct", 1621),
        ("news.ycombinator.com", 840),
        ("a-very-long-name-of-a-site.with-many-parts.and-no-end-in-sight.example.com", 210),
        ("t.co", 201),
    ),
    breakdown("source", "Sources", "Source", ("Direct", 1621), ("Social", 1041), ("Search", 220)),
    breakdown("device", "Devices", "Device", ("Mobile", 1700), ("Desktop", 900), ("Bot", 282)),
    breakdown("browser", "Browsers", "Browser", ("Chrome Mobile", 1500), ("Mobile Safari", 1100)),
    breakdown("os", "Operating systems", "System", ("Android", 1500), ("iOS", 1100)),
    breakdown("utm-campaign", "Campaigns", "utm_campaign"),
)

REPORT = views.Report(
    period=Period.MONTH,
    clicks=CLICKS,
    unique=1921,
    people=2600,
    bots=282,
    before=1804,
    points=MONTH,
    breakdowns=BREAKDOWNS,
    top_links=tuple(
        views.TopLink(link, clicks, clicks // 2)
        for link, clicks in zip(SOME_LINKS[:4], (1800, 941, 77, 1), strict=True)
    ),
)
BY_HOUR = replace(
    REPORT,
    period=Period.DAY,
    clicks=7,
    unique=4,
    people=7,
    bots=0,
    before=None,
    points=tuple(
        Point(f"{hour:02}:00", int(hour in {9, 11}) * 3, hour // 11) for hour in range(24)
    ),
    top_links=(),
)
QUIET = replace(
    REPORT,
    clicks=0,
    unique=0,
    people=0,
    bots=0,
    points=tuple(replace(point, clicks=0, unique=0) for point in MONTH),
)

PAGES: dict[str, View] = {
    "analytics": views.AnalyticsPage(frame=ANALYTICS, report=REPORT, has_clicks=True),
    "analytics-link": views.AnalyticsPage(
        frame=ANALYTICS, report=BY_HOUR, link=SOME_LINKS[0], has_clicks=True
    ),
    "analytics-quiet": views.AnalyticsPage(frame=ANALYTICS, report=QUIET, has_clicks=True),
    "analytics-empty": views.AnalyticsPage(frame=ANALYTICS, report=QUIET, has_clicks=False),
    "analytics-link-empty": views.AnalyticsPage(
        frame=ANALYTICS, report=QUIET, link=SOME_LINKS[2], has_clicks=False
    ),
}
PANEL = views.AnalyticsPanel(frame=ANALYTICS, report=REPORT, has_clicks=True)

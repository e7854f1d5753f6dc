"""What the pages of analytics say."""

import re
from html import unescape
from urllib.parse import quote

import pytest

from jmpy.analytics.period import Period
from jmpy.clicks.counts import Counts, Tally
from jmpy.clicks.model import OTHER, Dimension
from jmpy.dashboard.render import render
from jmpy.dashboard.views.analytics import PERIODS, AnalyticsPage
from jmpy.dashboard.views.breakdown import Breakdown
from tests.dashboard_sample_analytics import (
    ANALYTICS,
    EMPTY,
    FULL,
    HOURS,
    MONTH,
    PARTS,
    figures,
    nothing,
)
from tests.dashboard_sample_data import API, BASE_PATH, SOME_LINKS

PAGES = FULL | EMPTY | PARTS
LINK_ID = SOME_LINKS[0].id


def html(name: str) -> str:
    return " ".join(unescape(render(PAGES[name])).split())


def breakdown(**clicks: tuple[int, int]) -> Breakdown:
    tallies = {value: Tally(*count) for value, count in clicks.items()}
    return Breakdown(Dimension.REFERRER, Counts(Tally(0, 0), {Dimension.REFERRER: tallies}))


def shown(**clicks: tuple[int, int]) -> list[tuple[str, int, int, str]]:
    return [
        (row.name, row.tally.clicks, row.tally.unique, row.percent)
        for row in breakdown(**clicks).rows
    ]


def test_totals_are_compared_with_the_period_before() -> None:
    page = html("analytics")
    assert "13,949" in page
    assert "12% more than the 30 days before" in page
    assert "88% of all clicks" in page
    assert "12% of all clicks, 121 only suspicious" in page


def test_nothing_is_compared_when_there_was_nothing_before() -> None:
    assert " before<" not in html("analytics-one-day")


def test_a_year_is_no_number_of_years() -> None:
    year = figures(Period.YEAR, [Tally(0, 0)] * 364 + [Tally(2, 1)], before=1)
    assert year.change == "100% more than the year before"


def test_a_chart_says_what_it_shows() -> None:
    assert (
        MONTH.chart_words
        == "Clicks by people from 25 Oct to 23 Nov: 13,949 in total, at most 5,803 (9 Nov)"
    )
    assert f'role="img" aria-label="{MONTH.chart_words}"' in html("analytics")


def test_every_bar_says_what_it_stands_for() -> None:
    page = html("analytics-link")
    assert page.count('<g class="slot"><title>') == len(HOURS.points) == 24
    assert "<title>23:00: 40 clicks, 26 unique</title>" in page
    assert "<title>12:00: 1 click, 0 unique</title>" in page


def test_every_chart_has_its_figures_in_a_table() -> None:
    page = html("analytics")
    assert page.count("Show as a table") == page.count('<details class="as-table"') == 9
    table = page[page.index('id="over-time-table"') : page.index("</details>")]
    assert len(re.findall(r'<tr><th scope="row">', table)) == 30
    assert (
        '<time datetime="2026-11-09T00:00:00Z">9 Nov</time></th><td class="numeric">5,803</td>'
        in table
    )


def test_a_breakdown_begins_with_most_clicks() -> None:
    assert shown(a=(1, 1), c=(5, 2), b=(5, 3)) == [
        ("b", 5, 3, "45%"),
        ("c", 5, 2, "45%"),
        ("a", 1, 1, "9%"),
    ]


def test_a_breakdown_adds_up_what_it_does_not_name() -> None:
    values = {f"v{number}": (20 - number, 1) for number in range(10)}
    assert shown(**values)[-2:] == [("v7", 13, 1, "8%"), ("All others", 23, 2, "15%")]
    assert shown(**dict(list(values.items())[:9]))[-1] == ("v8", 12, 1, "8%")


def test_what_was_never_told_apart_comes_last() -> None:
    assert shown(**{OTHER: (90, 9), "a": (10, 1)}) == [
        ("a", 10, 1, "10%"),
        ("All others", 90, 9, "90%"),
    ]


def test_the_longest_bar_takes_the_whole_width() -> None:
    rows = breakdown(a=(30, 1), b=(10, 1)).rows
    assert [row.length for row in rows] == [100.0, 33.3]


def test_a_breakdown_without_values_says_so() -> None:
    assert "No click had utm_campaign in the short URL." in html("analytics-link")


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("analytics-part", f"{BASE_PATH}/dashboard/analytics/figures?period=30d"),
        ("analytics-link", f"{BASE_PATH}/dashboard/analytics/{LINK_ID}/figures?period=24h"),
    ],
)
def test_the_figures_are_fetched_for_the_same_place_and_period(name: str, address: str) -> None:
    assert f'hx-get="{address}" hx-trigger="every 5s"' in html(name)


def test_a_page_without_figures_waits_for_them() -> None:
    for name in EMPTY:
        assert 'hx-trigger="every 5s"' in html(name)


def test_every_period_is_a_link_and_one_is_chosen() -> None:
    page = html("analytics-link")
    for period in PERIODS:
        assert f'{BASE_PATH}/dashboard/analytics/{LINK_ID}?period={period}"' in page
    assert '?period=24h" aria-current="true">24 hours<' in page


def test_top_links_lead_to_their_analytics_of_the_same_period() -> None:
    assert f'{BASE_PATH}/dashboard/analytics/{LINK_ID}?period=30d"' in html("analytics")


def test_before_the_first_click_it_says_what_to_do() -> None:
    assert "Create link" in html("analytics-never")
    assert f'data-copy="{API}/code5"' in html("analytics-link-never")


def test_a_quiet_period_offers_the_next_longer_one() -> None:
    assert f'{BASE_PATH}/dashboard/analytics?period=30d">Show the last 30 days<' in html(
        "analytics-quiet"
    )


def test_there_is_nothing_longer_than_a_year() -> None:
    page = render(AnalyticsPage(frame=ANALYTICS, figures=nothing(Period.YEAR)))
    assert "No clicks in the last year" in page
    assert "Show the last" not in page


def test_a_link_and_its_analytics_lead_to_each_other() -> None:
    back = quote(f"/dashboard/analytics/{LINK_ID}?period=24h", safe="")
    edit = f'href="{BASE_PATH}/dashboard/links/{LINK_ID}?back={back}">Edit link<'
    assert edit in html("analytics-link")


def test_a_bar_of_a_year_is_a_week() -> None:
    assert len(nothing(Period.YEAR).points) == 53

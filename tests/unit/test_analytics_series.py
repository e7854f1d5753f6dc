"""Points of time, shares and quality, from counters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jmpy.analytics import series
from jmpy.analytics.breakdown import SHOWN, percentage, shares, top
from jmpy.analytics.date_range import Days, Hours
from jmpy.analytics.geography import country_code, country_name
from jmpy.analytics.quality import TrafficHealth, quality_of
from jmpy.analytics.report import Report
from jmpy.clicks.counts import NOTHING, Counts, Tally
from jmpy.clicks.model import OTHER, AgentKind, Dimension

BERLIN = ZoneInfo("Europe/Berlin")


def counted(clicks: int, unique: int = 1) -> Counts:
    return Counts(Tally(clicks, unique))


def test_a_day_without_clicks_is_a_point_too() -> None:
    span = Days(date(2026, 11, 20), date(2026, 11, 23))
    found = series.by_day(span, {date(2026, 11, 21): counted(3)})
    assert [(point.start.day, point.tally) for point in found.points] == [
        (20, NOTHING),
        (21, Tally(3, 1)),
        (22, NOTHING),
        (23, NOTHING),
    ]
    assert found.total == Tally(3, 1)


def test_an_hour_without_clicks_is_a_point_too() -> None:
    first = datetime(2026, 10, 25, tzinfo=UTC)
    span = Hours(first, first + timedelta(hours=3), BERLIN)
    found = series.by_hour(span, {first + timedelta(hours=1): counted(5)})
    # Clocks go back: two o'clock comes twice.
    assert [(point.start.isoformat(), point.tally.clicks) for point in found.points] == [
        ("2026-10-25T02:00:00+02:00", 0),
        ("2026-10-25T02:00:00+01:00", 5),
        ("2026-10-25T03:00:00+01:00", 0),
        ("2026-10-25T04:00:00+01:00", 0),
    ]


def test_days_of_a_time_zone_add_up_their_own_hours() -> None:
    days = Days(date(2026, 10, 24), date(2026, 10, 26), BERLIN)
    hours = {hour: counted(1) for hour in days.hours().starts()}
    found = series.by_local_day(days, hours)
    assert [(point.start, point.tally.clicks) for point in found.points] == [
        (date(2026, 10, 24), 24),
        (date(2026, 10, 25), 25),
        (date(2026, 10, 26), 24),
    ]


def test_points_are_grouped_so_that_the_latest_group_is_whole() -> None:
    span = Days(date(2026, 11, 16), date(2026, 11, 23))
    counts = {day: counted(day.day, 1) for day in span.dates()}
    groups = series.by_day(span, counts).grouped(7)
    assert [(group.start.day, group.tally) for group in groups] == [
        (16, Tally(16, 1)),
        (17, Tally(sum(range(17, 24)), 7)),
    ]
    assert series.by_day(span, counts).grouped(1) == series.by_day(span, counts).points
    assert series.Series(span, []).grouped(7) == []


def test_a_report_divides_what_was_counted_into_the_span_and_the_one_before_it() -> None:
    span = Days(date(2026, 11, 22), date(2026, 11, 23))
    report = Report.from_counted(span, {date(2026, 11, day): counted(day) for day in (20, 22)})
    assert (report.counts.total.clicks, report.counts_before.total.clicks) == (22, 20)
    assert [point.tally.clicks for point in report.series().points] == [22, 0]
    assert report.before == Days(date(2026, 11, 20), date(2026, 11, 21))


def test_a_report_of_days_covers_those_before_them_too() -> None:
    span = Days(date(2026, 11, 22), date(2026, 11, 23))
    report = Report.from_counted(span, {date(2026, 11, 20): counted(5)})
    assert [report.covers(date(2026, 11, day)) for day in (19, 20, 23, 24)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert (report.on(date(2026, 11, 20)).clicks, report.on(date(2026, 11, 23)).clicks) == (5, 0)


def test_a_report_of_hours_is_compared_with_as_many_hours_before() -> None:
    first = datetime(2026, 11, 23, 10, tzinfo=UTC)
    span = Hours(first, first + timedelta(hours=23))
    clicked = {first - timedelta(hours=24): counted(2), first: counted(3)}
    report = Report.from_counted(span, clicked)
    assert report.before == Hours(first - timedelta(hours=24), first - timedelta(hours=1))
    assert (report.counts.total.clicks, report.counts_before.total.clicks) == (3, 2)
    assert not report.covers(first.date())


def test_shares_beyond_those_that_are_shown_are_one() -> None:
    counts = Counts()
    for number in range(SHOWN - 1):
        counts.add({Dimension.REFERRER: f"{number}.example"}, Tally(10, 2))
    counts.merge(Counts(Tally(7, 4), {Dimension.REFERRER: {
        "a.example": Tally(4, 1), "b.example": Tally(2, 1), OTHER: Tally(1, 2),
    }}))  # fmt: skip
    found = shares(counts, Dimension.REFERRER)
    assert len(found) == SHOWN + 1
    assert found[-2].value == "a.example"
    assert (found[-1].value, found[-1].tally) == (OTHER, Tally(3, 3))
    assert sum(share.tally.clicks for share in found) == counts.total.clicks


def test_what_has_no_name_is_last_and_never_at_the_top() -> None:
    counts = Counts(Tally(10, 0), {Dimension.OS: {OTHER: Tally(9, 0), "iOS": Tally(1, 0)}})
    assert [share.value for share in shares(counts, Dimension.OS)] == ["iOS", OTHER]
    assert [share.value for share in top(counts, Dimension.OS, 5)] == ["iOS"]
    assert shares(Counts(), Dimension.OS) == []


@pytest.mark.parametrize(
    ("clicks", "of", "percent"), [(1, 3, 33.3), (2, 3, 66.7), (0, 5, 0.0), (0, 0, 0.0), (5, 5, 100)]
)
def test_percentages_have_one_decimal(clicks: int, of: int, percent: float) -> None:
    assert percentage(clicks, of) == percent


@pytest.mark.parametrize(
    ("human", "bots", "suspicious", "health"),
    [
        (0, 0, 0, TrafficHealth.GOOD),
        (81, 10, 9, TrafficHealth.GOOD),
        (80, 20, 0, TrafficHealth.FAIR),
        (51, 0, 49, TrafficHealth.FAIR),
        (50, 25, 25, TrafficHealth.POOR),
        (0, 1, 0, TrafficHealth.POOR),
        (8001, 1999, 0, TrafficHealth.GOOD),
    ],
)
def test_health_is_a_matter_of_how_many_clicks_are_peoples(
    human: int, bots: int, suspicious: int, health: TrafficHealth
) -> None:
    counts = Counts()
    for kind, clicks in zip(AgentKind, (human, bots, suspicious), strict=True):
        counts.add({Dimension.AGENT: kind}, Tally(clicks, 0))
    assert quality_of(counts).health is health


@pytest.mark.parametrize(
    ("value", "name", "code"),
    [
        ("DE", "Germany", "DE"),
        ("XK", "Kosovo", "XK"),
        ("unknown", "Unknown", None),
        (OTHER, "Other", None),
        ("EU", "EU", "EU"),
    ],
)
def test_countries_have_english_names(value: str, name: str, code: str | None) -> None:
    assert (country_name(value), country_code(value)) == (name, code)

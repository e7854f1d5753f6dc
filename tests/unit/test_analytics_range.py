"""From dates, as clients write them, to days and hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from jmpy.analytics import date_range as ranges
from jmpy.analytics import period
from jmpy.analytics.date_range import EVER, Days, GroupBy, Hours
from jmpy.analytics.errors import InvalidRange
from jmpy.analytics.moment import parse_moment, zone_of
from jmpy.analytics.period import LongPeriod, ShortPeriod

NOW = datetime(2026, 11, 23, 8, 31, 5, tzinfo=UTC).timestamp()
TODAY = date(2026, 11, 23)
BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")


def local(hours: Hours) -> list[datetime]:
    return [start.astimezone(hours.zone) for start in hours.starts()]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("20261123", date(2026, 11, 23)),
        ("2026-11-23T08:31", datetime(2026, 11, 23, 8, 31)),  # noqa: DTZ001 - of the question's zone
        ("2026-11-23T08:31:00Z", datetime(2026, 11, 23, 8, 31, tzinfo=UTC)),
        ("2026-11-23 08:31+02:00", at("2026-11-23T06:31:00+00:00")),
    ],
)
def test_a_moment_is_a_date_or_a_time(text: str, moment: date) -> None:
    parsed = parse_moment(text)
    assert (parsed, type(parsed)) == (moment, type(moment))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "2026-02-30",
        "1700000000",
        "2026-11-23T25:00",
        "2026-11-23T08:00+99:00",
        "0001-01-01T00:00+14:00",
        "1970-12-31",
        "9999-01-01",
        "\u0662\u0660\u0662\u0666-11-23",
    ],
)
def test_what_is_no_date_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"ISO 8601|The year must be"):
        parse_moment(text)


@pytest.mark.parametrize(
    "name", ["", "Nowhere/City", "europe", "../UTC", "/etc/passwd", "Europe", "a\0b", "\ud800"]
)
def test_what_is_no_time_zone_is_refused_in_words(name: str) -> None:
    with pytest.raises(ValueError, match="Unknown time zone"):
        zone_of(name)


def test_without_dates_a_range_is_the_last_thirty_days() -> None:
    assert ranges.days(None, None, NOW) == Days(date(2026, 10, 25), TODAY)
    assert ranges.hours(None, None, NOW) == Hours(
        at("2026-10-25T00:00:00+00:00"), at("2026-11-23T08:00:00+00:00")
    )
    assert len(list(ranges.days(None, None, NOW).dates())) == 30


def test_today_is_that_of_the_time_zone() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC).timestamp()
    assert ranges.days(None, None, late).last == TODAY
    assert ranges.days(None, None, late, BERLIN).last == TODAY + timedelta(days=1)


def test_a_range_by_day_is_of_whole_days_both_ends_among_them() -> None:
    start, end = at("2026-11-20T23:59:00+00:00"), at("2026-11-22T00:00:00+00:00")
    assert ranges.days(start, end, NOW) == Days(date(2026, 11, 20), date(2026, 11, 22))
    # 23:30 in UTC is the next day in Berlin, and a time without an offset is Berlin's.
    found = ranges.days(at("2026-11-20T23:30:00+00:00"), at("2026-11-22T00:30"), NOW, BERLIN)
    assert (found.first, found.last) == (date(2026, 11, 21), date(2026, 11, 22))


def test_a_range_by_hour_is_of_whole_hours_both_ends_among_them() -> None:
    found = ranges.hours(at("2026-11-22T10:59:59"), at("2026-11-22T12:00:00"), NOW, BERLIN)
    assert [hour.isoformat() for hour in local(found)] == [
        "2026-11-22T10:00:00+01:00",
        "2026-11-22T11:00:00+01:00",
        "2026-11-22T12:00:00+01:00",
    ]
    whole = local(ranges.hours(date(2026, 11, 22), date(2026, 11, 22), NOW, BERLIN))
    assert (len(whole), whole[0].isoformat()) == (24, "2026-11-22T00:00:00+01:00")


@pytest.mark.parametrize(
    ("day", "now", "hours"),
    [
        (date(2026, 10, 25), NOW, 25),
        (date(2026, 10, 26), NOW, 24),
        (date(2027, 3, 28), datetime(2027, 4, 1, tzinfo=UTC).timestamp(), 23),
    ],
)
def test_a_day_on_which_clocks_change_has_another_number_of_hours(
    day: date, now: float, hours: int
) -> None:
    starts = local(ranges.hours(day, day, now, BERLIN))
    assert len(starts) == hours
    assert {start.date() for start in starts} == {day}
    assert len({start.isoformat() for start in starts}) == hours
    assert Days(day, day, BERLIN).hours() == ranges.hours(day, day, now, BERLIN)


def test_an_hour_belongs_to_the_local_day_in_which_it_starts() -> None:
    found = Days(TODAY, TODAY, KOLKATA).hours()
    # Midnight is 18:30 in UTC.
    assert found.first == at("2026-11-22T19:00:00+00:00")
    assert found.last == at("2026-11-23T18:00:00+00:00")
    assert {start.date() for start in local(found)} == {TODAY}


def test_days_of_a_time_zone_leave_no_hour_out_and_have_none_twice() -> None:
    for zone in (BERLIN, KOLKATA, ZoneInfo("Africa/Cairo"), ZoneInfo("Australia/Lord_Howe")):
        days = [date(2026, 1, 1) + timedelta(days=number) for number in range(400)]
        hours = [hour for day in days for hour in Days(day, day, zone).hours().starts()]
        steps = {after - before for before, after in pairwise(hours)}
        assert steps == {timedelta(hours=1)}
        assert {hour.astimezone(zone).date() for hour in hours} == set(days)


def test_what_comes_before_a_range_is_as_long() -> None:
    assert Days(date(2026, 11, 17), TODAY).before() == Days(date(2026, 11, 10), date(2026, 11, 16))
    assert Days(TODAY, TODAY).before() == Days(date(2026, 11, 22), date(2026, 11, 22))


@pytest.mark.parametrize(
    ("start", "end", "options", "field", "reason"),
    [
        (date(2026, 11, 2), date(2026, 11, 1), {}, "end_date", "is before start_date .2026-11-02."),
        (date(2026, 11, 24), None, {}, "end_date", "now unless it is sent"),
        (at("2026-11-01T09"), at("2026-11-01T08:59"), {"by": GroupBy.HOUR}, "end_date", "before"),
        (date(2025, 11, 22), TODAY, {}, "start_date", "At most 366 days"),
        (date(2026, 10, 23), TODAY, {"by": GroupBy.HOUR}, "start_date", "At most 31 days"),
        (date(2026, 8, 24), date(2026, 8, 25), {"by": GroupBy.HOUR}, "start_date", "90 days"),
        (date(2026, 8, 25), TODAY, {"zone": BERLIN}, "start_date", "Days of a time zone"),
        (None, date(2026, 9, 1), {"zone": BERLIN}, "start_date", "go back 90 days"),
    ],
)  # fmt: skip
def test_a_range_that_cannot_be_answered_is_refused_in_words(
    start: date | None, end: date | None, options: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(InvalidRange, match=reason) as refusal:
        ranges.span(start, end, options.get("by", GroupBy.DAY), NOW, options.get("zone", UTC))
    assert refusal.value.field == field


def test_ranges_up_to_the_bounds_are_answered() -> None:
    assert len(list(ranges.days(date(2025, 11, 23), TODAY, NOW).dates())) == 366
    assert len(list(ranges.hours(date(2026, 10, 24), TODAY, NOW).starts())) == 31 * 24
    # 31 days of which one has 25 hours.
    autumn = ranges.hours(date(2026, 10, 24), TODAY, NOW, BERLIN)
    assert len(list(autumn.starts())) == 31 * 24 + 1
    assert ranges.days(date(2026, 8, 26), TODAY, NOW, BERLIN).first == date(2026, 8, 26)
    assert ranges.hours(date(2026, 8, 25), date(2026, 8, 25), NOW).last.hour == 23


def test_hours_of_days_that_are_long_gone_are_none() -> None:
    assert ranges.hours_counted(Days(EVER, date(2026, 8, 24)), NOW) is None
    by_hour = ranges.hours_counted(Days(EVER, TODAY), NOW)
    assert by_hour is not None
    assert (by_hour.first, by_hour.last) == (
        at("2026-08-25T00:00:00+00:00"),
        at("2026-11-23T23:00:00+00:00"),
    )


@pytest.mark.parametrize(
    ("named", "first"),
    [
        (ShortPeriod.DAYS_7, date(2026, 11, 17)),
        (ShortPeriod.DAYS_30, date(2026, 10, 25)),
        (ShortPeriod.DAYS_90, date(2026, 8, 26)),
        (ShortPeriod.YEAR, date(2025, 11, 24)),
        (ShortPeriod.ALL_TIME, EVER),
        (3, date(2026, 11, 21)),
    ],
)
def test_a_named_period_ends_today(named: ShortPeriod | int, first: date) -> None:
    assert period.short(named, None, None, NOW) == Days(first, TODAY)


def test_the_last_hours_begin_with_a_full_one() -> None:
    now = at("2026-11-23T08:00:00+00:00")
    for named, hours in ((LongPeriod.LAST_HOUR, 1), (LongPeriod.LAST_24_HOURS, 24)):
        assert period.long(named, None, None, NOW) == Hours(now - timedelta(hours=hours), now)
    assert period.long(LongPeriod.LAST_YEAR, None, None, NOW) == Days(date(2025, 11, 24), TODAY)


@pytest.mark.parametrize(
    ("named", "start", "end", "field"),
    [
        (LongPeriod.CUSTOM, None, TODAY, "start_date"),
        (LongPeriod.CUSTOM, TODAY, None, "end_date"),
        (LongPeriod.LAST_HOUR, TODAY, None, "start_date"),
        (LongPeriod.ALL_TIME, None, TODAY, "end_date"),
    ],
)
def test_dates_belong_to_a_custom_period(
    named: LongPeriod, start: date | None, end: date | None, field: str
) -> None:
    with pytest.raises(InvalidRange) as refusal:
        period.long(named, start, end, NOW)
    assert refusal.value.field == field

"""Filters of the templates: numbers, times and URLs in words. All times are UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

from jmpy.clock import DAY, HOUR, MINUTE
from jmpy.formats.times import iso

_MANIFOLD = 10
"""From which factor growth is shown in multiples, since 3,742% is hard to read."""


def number(value: float) -> str:
    return f"{int(value) if value == int(value) else value:,}"


def plural(count: int, noun: str) -> str:
    return f"{number(count)} {noun}" if count == 1 else f"{number(count)} {noun}s"


def compact(count: int) -> str:
    """As in `12K`, for the axis of a chart; exact for the round numbers that stand there."""
    for size, letter in ((10**9, "B"), (10**6, "M"), (10**3, "K")):
        if count >= size:
            return f"{number(count / size)}{letter}"
    return str(count)


def percent(part: int, whole: int) -> str:
    """For people, without decimals: something is never 0%, and only all is 100%. The API has
    `jmpy.analytics.breakdown.percentage`."""
    if not part or not whole:
        return "0%"
    if part * 100 < whole:
        return "<1%"
    rounded = round(part * 100 / whole)
    return f"{rounded if part >= whole else min(rounded, 99)}%"


def change(count: int, before: int, period: str) -> str:
    """How `count` compares to what was `before`, in words; `period` is which that was, as in
    `the 7 days before`. Empty when there is nothing to compare with."""
    if not before:
        return ""
    if count == before:
        return f"as many as {period}"
    if count >= _MANIFOLD * before:
        return f"{count // before:,} times as many as {period}"
    distance = percent(abs(count - before), before)
    return f"{distance} {'more' if count > before else 'fewer'} than {period}"


def iso_start(start: date) -> str:
    """Of a UTC day, or of an hour."""
    if not isinstance(start, datetime):
        start = datetime.combine(start, time(), UTC)
    return iso(int(start.timestamp()))


def axis_label(start: date) -> str:
    """Of a day or an hour, short enough for the axis of a chart, as in `3 Nov` or `14:00`."""
    return f"{start:%H:%M}" if isinstance(start, datetime) else f"{start.day} {start:%b}"


def day(timestamp: int) -> str:
    found = datetime.fromtimestamp(timestamp, UTC)
    return f"{found.day} {found:%b %Y}"


def date_in_full(timestamp: int) -> str:
    found = datetime.fromtimestamp(timestamp, UTC)
    return f"{found.day} {found:%B %Y}"


def moment(timestamp: int) -> str:
    return f"{day(timestamp)}, {datetime.fromtimestamp(timestamp, UTC):%H:%M} UTC"


def ago(timestamp: int, now: int) -> str:
    """How long since; a plain date after a month, when the exact distance says little."""
    passed = now - timestamp
    if passed < MINUTE:
        return "just now"
    if passed < HOUR:
        return f"{passed // MINUTE} min ago"
    if passed < DAY:
        return f"{plural(passed // HOUR, 'hour')} ago"
    if passed < 30 * DAY:
        return f"{plural(passed // DAY, 'day')} ago"
    return day(timestamp)


def countdown(timestamp: int, now: int) -> str:
    """As in `1 day 04:12:09`; dashboard.js goes on counting in the same form."""
    left = max(0, timestamp - now)
    days, seconds = divmod(left, DAY)
    clock = f"{seconds // HOUR:02}:{seconds % HOUR // MINUTE:02}:{seconds % MINUTE:02}"
    return f"{plural(days, 'day')} {clock}" if days else clock


def web_address(text: str) -> str | None:
    """`text` if a browser may follow it: a stored `javascript:` must never become a link."""
    return text if _scheme(text) in {"http", "https"} else None


def without_scheme(url: str) -> str:
    return url.removeprefix("https://").removeprefix("http://")


def contact_address(text: str) -> str | None:
    return text if _scheme(text) in {"http", "https", "mailto"} else None


def _scheme(text: str) -> str:
    try:
        return urlsplit(text).scheme
    except ValueError:
        return ""

"""How the dashboard writes numbers, times and addresses."""

import pytest

from jmpy.clock import DAY, HOUR
from jmpy.dashboard import filters
from jmpy.dashboard.frame import Frame
from jmpy.formats.times import iso

NOW = 1_795_420_800


def test_numbers_have_thousands_separators() -> None:
    assert filters.number(1_234_567) == "1,234,567"
    assert filters.plural(1, "link") == "1 link"
    assert filters.plural(1_200, "link") == "1,200 links"


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (500, "500"), (1_000, "1K"), (2_500, "2.5K"), (4_000_000, "4M"), (10**10, "10B")],
)
def test_an_axis_has_room_for_short_numbers(count: int, text: str) -> None:
    assert filters.compact(count) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 0, "0%"),
        (0, 7, "0%"),
        (1, 1_000, "<1%"),
        (1, 3, "33%"),
        (2, 3, "67%"),
        (999, 1_000, "99%"),
        (7, 7, "100%"),
    ],
)
def test_a_share_is_neither_nothing_nor_all_by_rounding(part: int, whole: int, text: str) -> None:
    assert filters.percent(part, whole) == text


@pytest.mark.parametrize(
    ("count", "before", "text"),
    [
        (5, 0, ""),
        (0, 0, ""),
        (7, 7, "as many as the 7 days before"),
        (112, 100, "12% more than the 7 days before"),
        (250, 100, "150% more than the 7 days before"),
        (88, 100, "12% fewer than the 7 days before"),
        (999, 1_000, "<1% fewer than the 7 days before"),
        (0, 4, "100% fewer than the 7 days before"),
        (1_050, 100, "10 times as many as the 7 days before"),
    ],
)
def test_a_change_is_told_in_words(count: int, before: int, text: str) -> None:
    assert filters.change(count, before, "the 7 days before") == text


def test_times_are_written_in_utc() -> None:
    assert iso(NOW) == "2026-11-23T08:00:00Z"
    assert filters.day(NOW) == "23 Nov 2026"
    assert filters.moment(NOW) == "23 Nov 2026, 08:00 UTC"


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 min ago"),
        (HOUR, "1 hour ago"),
        (DAY - 1, "23 hours ago"),
        (2 * DAY, "2 days ago"),
        (40 * DAY, "14 Oct 2026"),
    ],
)
def test_a_distance_is_as_exact_as_it_is_useful(passed: int, text: str) -> None:
    assert filters.ago(NOW - passed, NOW) == text


@pytest.mark.parametrize(
    ("left", "text"),
    [(-1, "00:00:00"), (61, "00:01:01"), (DAY, "1 day 00:00:00"), (2 * DAY + 1, "2 days 00:00:01")],
)
def test_a_countdown_never_runs_below_zero(left: int, text: str) -> None:
    assert filters.countdown(NOW + left, NOW) == text


@pytest.mark.parametrize("address", ["https://example.com/", "HTTP://example.com"])
def test_web_addresses_may_be_followed(address: str) -> None:
    assert filters.web_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "mailto:a@b",
        "//x",
        "http://[",
        "",
    ],
)
def test_nothing_else_may_be_followed(address: str) -> None:
    assert filters.web_address(address) is None


def test_an_operator_may_be_written_to() -> None:
    assert filters.contact_address("mailto:sales@example.com") == "mailto:sales@example.com"
    assert filters.contact_address("javascript:alert(1)") is None


def test_paths_are_quoted_and_leave_out_what_is_empty() -> None:
    frame = Frame(base_url="https://go.example.com/live", now=NOW)
    assert frame.path("dashboard", "a/../b?c") == "/live/dashboard/a%2F..%2Fb%3Fc"
    assert frame.path("x", search="a&b", status="", cursor=None) == "/live/x?search=a%26b"

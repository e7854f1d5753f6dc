"""The chart of clicks, and what is said of it."""

from dataclasses import replace

import pytest

from jmpy.dashboard.chart import HEIGHT, WIDTH, axis_end, chart
from jmpy.dashboard.views import Point
from tests.dashboard_analytics_samples import BY_HOUR, MONTH, REPORT


@pytest.mark.parametrize(
    ("most", "end"),
    [
        (0, 2),
        (1, 2),
        (2, 2),
        (3, 4),
        (5, 10),
        (11, 20),
        (21, 40),
        (99, 100),
        (10**9 + 1, 2 * 10**9),
    ],
)
def test_the_axis_ends_at_a_round_number_whose_half_is_whole(most: int, end: int) -> None:
    assert axis_end(most) == end
    assert end % 2 == 0


def test_bars_stand_on_the_ground_side_by_side_and_within_the_box() -> None:
    drawn = chart(MONTH)
    assert len(drawn.bars) == len(MONTH)
    ends = 0.0
    for bar in drawn.bars:
        assert bar.x >= ends
        ends = bar.x + bar.width
        assert bar.y >= 0
        assert bar.y + bar.height == pytest.approx(HEIGHT)
        assert bar.unique_y + bar.unique_height == pytest.approx(HEIGHT)
        share = bar.point.clicks / drawn.top
        assert bar.height == pytest.approx(share * HEIGHT, abs=0.01)
    assert ends <= WIDTH


def test_a_single_point_and_none_are_drawn_too() -> None:
    (bar,) = chart([Point("1 Nov", 0, 0)]).bars
    assert (bar.height, bar.unique_height) == (0, 0)
    assert chart([]).bars == ()


@pytest.mark.parametrize("points", [1, 2, 5, 6, 24, 30, 90, 365])
def test_the_first_and_the_last_point_are_named(points: int) -> None:
    labels = chart([Point(str(number), 1, 1) for number in range(points)]).labels
    assert len(labels) == min(points, 5)
    assert len(set(labels)) == len(labels)
    assert (labels[0], labels[-1]) == ("0", str(points - 1))


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (None, ""),
        (0, ""),
        (REPORT.clicks, "As many as in the 30 days before"),
        (REPORT.clicks // 2, "100 % more than in the 30 days before"),
        (REPORT.clicks * 4, "75 % fewer than in the 30 days before"),
        (REPORT.clicks + 1, "Slightly fewer than in the 30 days before"),
    ],
)
def test_a_report_is_compared_with_the_period_before(before: int | None, words: str) -> None:
    assert replace(REPORT, before=before).change == words


def test_without_clicks_nothing_is_compared() -> None:
    assert replace(REPORT, clicks=0, before=5).change == ""


def test_a_chart_is_told_in_words() -> None:
    assert BY_HOUR.summary == "7 clicks in the last 24 hours; the most are 3: 09:00"

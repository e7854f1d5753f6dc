"""Where the bars and lines of a chart stand."""

from itertools import pairwise

import pytest

from jmpy.dashboard.chart import MAX_LABELS, PLOT_HEIGHT, Chart, Plotted, value_step
from jmpy.dashboard.chart import draw as draw_points


def draw(counts: list[tuple[int, int]]) -> Chart:
    return draw_points([Plotted(str(n), "", *count) for n, count in enumerate(counts)])


def top(chart: Chart) -> int:
    return chart.values[-1].value


@pytest.mark.parametrize(
    ("highest", "step", "rounded"),
    [
        (0, 1, 1),
        (1, 1, 1),
        (4, 1, 4),
        (5, 2, 6),
        (9, 5, 10),
        (100, 50, 100),
        (101, 50, 150),
        (5_803, 2_000, 6_000),
        (12_345_678_901, 5_000_000_000, 15_000_000_000),
    ],
)
def test_the_axis_ends_at_a_round_number(highest: int, step: int, rounded: int) -> None:
    assert value_step(highest) == step
    assert top(draw([(highest, 0)])) == rounded


@pytest.mark.parametrize("highest", [1, 7, 23, 999, 1_000, 1_001, 10**12])
def test_the_axis_has_few_lines_in_equal_distances(highest: int) -> None:
    ticks = draw([(highest, highest)]).values
    assert 2 <= len(ticks) <= 5
    assert ticks[0].value == 0
    assert ticks[0].y == PLOT_HEIGHT
    assert ticks[-1].y == 0
    assert len({after.value - before.value for before, after in pairwise(ticks)}) == 1


def test_without_clicks_there_is_an_axis_and_nothing_on_it() -> None:
    chart = draw([(0, 0)] * 7)
    assert top(chart) == 1
    assert {(bar.height, bar.part_height) for bar in chart.bars} == {(0, 0)}


def test_without_points_there_is_no_bar() -> None:
    chart = draw([])
    assert chart.bars == ()
    assert chart.times == ()


def test_a_single_bar_stands_in_the_middle_and_is_no_wall() -> None:
    (bar,) = draw([(3, 1)]).bars
    assert bar.x + bar.width / 2 == 50
    assert bar.width < 10
    assert (bar.slot_x, bar.slot_width) == (0, 100)


@pytest.mark.parametrize("count", [1, 2, 7, 24, 30, 53, 90, 366])
def test_bars_stand_side_by_side_within_the_picture(count: int) -> None:
    bars = draw([(5, 4)] * count).bars
    assert len(bars) == count
    assert bars[0].x >= 0
    assert bars[-1].x + bars[-1].width <= 100
    assert all(before.x + before.width < after.x for before, after in pairwise(bars))


def test_the_part_part_stands_on_the_same_ground_and_is_never_higher() -> None:
    for bar in draw([(8, 8), (8, 2), (6, 0)]).bars:
        assert bar.y + bar.height == PLOT_HEIGHT
        assert bar.part_y + bar.part_height == PLOT_HEIGHT
        assert bar.part_height <= bar.height
    assert [bar.height for bar in draw([(8, 8), (8, 2), (6, 0)]).bars] == [200, 200, 150]


def test_one_click_beside_a_billion_is_still_seen() -> None:
    low, high = draw([(1, 1), (10**9, 1)]).bars
    assert low.height == high.part_height == 2
    assert high.height == PLOT_HEIGHT


@pytest.mark.parametrize("count", [1, 2, 6, 7, 24, 30, 53, 90, 366])
def test_few_labels_are_set_and_the_newest_is_one_of_them(count: int) -> None:
    times = draw([(1, 1)] * count).times
    assert 1 <= len(times) <= MAX_LABELS
    assert int(times[-1].label) == count - 1
    assert not times[-1].is_minor
    assert len([tick for tick in times if not tick.is_minor]) <= 3
    assert len({int(after.label) - int(before.label) for before, after in pairwise(times)}) <= 1

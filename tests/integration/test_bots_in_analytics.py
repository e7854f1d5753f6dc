"""Bots in every number: of any clicks, people's and bots' make the total, with and without the
filter, and all operations agree."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.analytics import click_list
from jmpy.clicks.classify import values_of
from jmpy.clicks.model import AgentKind, Bots, Dimension
from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from project.analytics import BOT, HUMAN, Analytics, Clicked
from project.clicks import AT, traffic
from project.tables import CLICKS, LINKS
from project.template import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.clicks.model import Click
    from tests.integration.conftest import Clock

TODAY = "2027-01-15T07:30Z"
SUSPICIOUS = HUMAN | {Dimension.AGENT: "suspicious"}

OF_ACCOUNT = ("overview", "timeseries", "devices", "browsers", "utm", "referrers", "top-links")
OF_LINK = (
    "overview",
    "timeseries",
    "devices",
    "browsers",
    "utm",
    "geographic",
    "analytics",
    "traffic-quality",
)
WHOLE = (
    "devices",
    "browsers",
    "operating_systems",
    "series",
    "top_devices",
    "top_countries",
    "top_referrers",
    "data",
)
"""Lists whose rows are of all clicks."""


def exported(ask: Analytics, reference: str | None, **query: str) -> list[dict[str, str]]:
    response = ask("export", reference, **query)
    assert response.status == 200, response
    return list(csv.DictReader(io.StringIO(response.text, newline="")))


def body(ask: Analytics, question: str, reference: str | None = None, **query: str) -> Any:
    response = ask(question, reference, **query)
    assert response.status == 200, response
    return response.body.get("data", response.body)


def rows(found: Any) -> Iterator[dict[str, Any]]:
    """Everything in a response that tells people and bots apart."""
    for part in found.values() if isinstance(found, dict) else found:
        if isinstance(part, (dict, list)):
            yield from rows(part)
    if isinstance(found, dict) and "human_clicks" in found:
        yield found


def clicks_of(row: dict[str, Any]) -> int:
    """What the row calls its number of clicks; of the quality, what all parts are."""
    names = ("clicks", "total_clicks", "click_count", "total")
    both: int = row["human_clicks"] + row["bot_clicks"]
    return next((row[name] for name in names if name in row), both)


def assert_adds_up(found: Any, bots: Bots) -> None:
    for row in rows(found):
        assert row["human_clicks"] + row["bot_clicks"] == clicks_of(row)
        assert row.get("unique_clicks", 0) <= clicks_of(row)
        assert row.get("percentage", 0.0) <= 100.0
        if bots is Bots.EXCLUDE:
            assert row["bot_clicks"] == 0
        if bots is Bots.ONLY:
            assert row["human_clicks"] == 0
    if isinstance(found, dict) and "total_clicks" in found:
        for name in WHOLE:
            for kind in ("clicks", "human_clicks", "bot_clicks") if name in found else ():
                whole = found[kind if kind != "clicks" else "total_clicks"]
                assert sum(row[kind] for row in found[name]) == whole, (name, kind)


@pytest.mark.parametrize("seed", range(4))
def test_people_and_bots_make_the_total_in_every_operation_whatever_the_clicks(
    ask: Analytics, dynamodb: DynamoDBClient, clock: Clock, seed: int
) -> None:
    clock.time = AT / 1000 + 7200
    links = [ask.link().id for _ in range(3)]
    clicks = traffic(seed * 25 + 1, links, seed=seed)
    assert ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, 30)).record(clicks) == set()
    for bots in Bots:
        wanted = [
            one
            for one in clicks
            if bots.counts(is_bot=values_of(one)[Dimension.AGENT] != AgentKind.HUMAN)
        ]
        assert_counted(ask, OF_ACCOUNT, None, wanted, bots)
        for link in links:
            own = [one for one in wanted if one.link_id == link]
            assert_counted(ask, OF_LINK, link, own, bots)
        assert_recent_and_top(ask, links, wanted, bots)


def assert_counted(
    ask: Analytics,
    questions: tuple[str, ...],
    reference: str | None,
    clicks: list[Click],
    bots: Bots,
) -> None:
    for question in questions:
        found = body(ask, question, reference, bots=bots)
        assert_adds_up(found, bots)
        assert clicks_of(found) == len(clicks), question
    for query in ({}, {"groupBy": "hour"}, {"timezone": "Asia/Tokyo"}):
        points = exported(ask, reference, bots=bots, **query)
        assert sum(int(point["clicks"]) for point in points) == len(clicks)
        for point in points:
            both = int(point["human_clicks"]) + int(point["bot_clicks"])
            assert both == int(point["clicks"]) >= int(point["unique_clicks"])
    page = ask("click-details", reference, bots=bots, limit="1000").body
    assert_adds_up(page["pagination"], bots)
    assert page["pagination"]["total"] == len(clicks)
    ids = sorted(one.id for one in clicks)
    assert sorted(one["id"] for one in page["data"]) == ids
    assert {one["is_bot"] for one in page["data"]} <= {True, False} - _left_out(bots)
    assert sorted(row["id"] for row in exported(ask, reference, report="clicks", bots=bots)) == ids
    if reference is None:
        sources = body(ask, "user-traffic-sources", bots=bots)
        assert_adds_up(sources, bots)
        assert sum(row["clicks"] for row in sources) == len(clicks)


def assert_recent_and_top(
    ask: Analytics, links: list[str], clicks: list[Click], bots: Bots
) -> None:
    number = Counter(one.link_id for one in clicks)
    recent = body(ask, "recent", bots=bots)
    assert_adds_up(recent, bots)
    assert {row["id"]: row["click_count"] for row in recent} == {
        link: number[link] for link in links
    }
    top = body(ask, "top-links", bots=bots)["links"]
    assert {row["id"]: row["clicks"] for row in top} == dict(number)
    assert [row["clicks"] for row in top] == sorted(number.values(), reverse=True)


def _left_out(bots: Bots) -> set[bool]:
    return {is_bot for is_bot in (True, False) if not bots.counts(is_bot=is_bot)}


def test_a_filter_decides_percentages_visitors_and_the_order_of_links(
    ask: Analytics, click: Clicked
) -> None:
    crawled, read = ask.link(custom_alias="crawled"), ask.link(custom_alias="read")
    click(crawled, TODAY, clicks=9, unique=4, values=BOT)
    click(crawled, TODAY, clicks=1, unique=1)
    click(read, TODAY, clicks=3, unique=2)

    def top(**query: str) -> list[tuple[str, int, int, float]]:
        names = ("short_code", "clicks", "unique_clicks", "percentage")
        return [
            tuple(row[name] for name in names) for row in ask.data("top-links", **query)["links"]
        ]

    assert top() == top(bots="include") == [("crawled", 10, 5, 76.9), ("read", 3, 2, 23.1)]
    assert top(bots="exclude") == [("read", 3, 2, 75.0), ("crawled", 1, 1, 25.0)]
    assert top(bots="only") == [("crawled", 9, 4, 100.0)]
    (direct,) = ask.data("overview", bots="only")["top_referrers"]
    assert (direct["value"], direct["percentage"]) == ("direct", 100.0)


def test_suspicious_clicks_are_among_those_of_bots(ask: Analytics, click: Clicked) -> None:
    link = ask.link()
    for values in (HUMAN, BOT, SUSPICIOUS):
        click(link, TODAY, values=values)
    for bots, people, others, suspicious in (
        ("include", 1, 2, 1),
        ("exclude", 1, 0, 0),
        ("only", 0, 2, 1),
    ):
        for found in (
            ask.data("overview", link.id, bots=bots),
            ask("traffic-quality", link.id, bots=bots).body,
        ):
            assert found["human_clicks"] == people
            assert (found["bot_clicks"], found["suspicious_clicks"]) == (others, suspicious)


def test_days_and_hours_are_active_only_by_what_is_counted(ask: Analytics, click: Clicked) -> None:
    link = ask.link()
    click(link, TODAY)
    click(link, "2027-01-14T08:00Z", values=BOT)
    found = {bots: ask("analytics", link.id, bots=bots).body for bots in Bots}
    assert [found[bots]["active_days"] for bots in Bots] == [2, 1, 1]
    assert [found[bots]["active_hours"] for bots in Bots] == [2, 1, 1]


def test_a_filtered_list_of_clicks_has_pages_of_its_own(ask: Analytics, click: Clicked) -> None:
    link = ask.link()
    for minute in range(20):
        values = BOT if minute % 2 else HUMAN
        click.keep(link, f"2027-01-15T07:{minute:02}Z", f"{minute}", values)

    def page(offset: int) -> list[str]:
        found = ask("click-details", link.id, bots="exclude", limit="4", offset=f"{offset}").body
        assert (found["pagination"]["total"], found["pagination"]["truncated"]) == (10, False)
        return [one["id"] for one in found["data"]]

    assert page(0) + page(4) + page(8) == [f"{minute}" for minute in range(18, -1, -2)]


def test_a_filter_that_searched_in_vain_says_so(
    ask: Analytics, click: Clicked, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = ask.link()
    click.keep(link, "2027-01-14T07:00Z", "person")
    for minute in range(5):
        click.keep(link, f"2027-01-15T07:{minute:02}Z", f"{minute}", BOT)
    monkeypatch.setattr(click_list, "SEARCHED", 5)
    page = ask("click-details", link.id, bots="exclude").body
    assert (page["data"], page["pagination"]["truncated"]) == ([], True)
    response = ask("export", link.id, report="clicks", bots="exclude")
    assert response.headers["x-truncated"] == "true"
    assert ask("click-details", link.id).body["pagination"]["truncated"] is False


def test_another_word_for_the_filter_is_rejected_with_those_there_are(ask: Analytics) -> None:
    response = ask("overview", bots="no")
    assert response.status == 400
    assert all(word in str(response.body) for word in Bots)


DOCUMENT = json.loads((PROJECT / "functions/docs/openapi.json").read_text())


def test_every_operation_of_analytics_takes_the_same_filter() -> None:
    found = {
        path: [one for one in operation["parameters"] if one["name"] == "bots"]
        for path, operations in DOCUMENT["paths"].items()
        for operation in operations.values()
        if path.startswith("/api/v1/analytics/")
    }
    assert len(found) > 20
    for path, parameters in found.items():
        (parameter,) = parameters
        filtered = {"$ref": "#/components/schemas/Bots", "default": "include"}
        assert parameter["schema"] == filtered, path
    assert DOCUMENT["components"]["schemas"]["Bots"]["enum"] == list(Bots)


def test_every_number_of_clicks_in_the_reference_has_those_of_people_and_bots() -> None:
    parts = {"human_clicks", "bot_clicks"}
    numbers = {"clicks", "total_clicks", "click_count"}
    counting = {
        name: schema["properties"]
        for name, schema in DOCUMENT["components"]["schemas"].items()
        if numbers & set(schema.get("properties", ()))
    }
    assert len(counting) > 10
    assert {name for name, fields in counting.items() if not parts <= set(fields)} == set()

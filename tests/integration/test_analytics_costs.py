"""What answers about clicks cost: counted where the SDK sends its calls."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.clicks import item
from jmpy.clicks.counts import Counts, Tally
from tests.integration.analytics import HUMAN, Analytics, Clicked
from tests.integration.conftest import CLICKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.integration.conftest import Clock


@pytest.fixture
def ask(dynamodb: DynamoDBClient, clock: Clock) -> Analytics:
    return Analytics(clock)


@pytest.fixture
def click(dynamodb: DynamoDBClient) -> Clicked:
    return Clicked(dynamodb)


class Calls:
    """What is asked of DynamoDB, and how many items it answers with."""

    def __init__(self, ask: Analytics) -> None:
        self.made: Counter[str] = Counter()
        self.items = 0
        events = ask.dynamodb.meta.events
        events.register("before-call.dynamodb", lambda model, **_: self.made.update([model.name]))
        events.register("after-call.dynamodb", self._count_items)

    def _count_items(self, parsed: dict[str, Any], **_: Any) -> None:
        self.items += len(parsed.get("Items", []))


@pytest.mark.parametrize("clicks_a_day", [1, 1_000_000])
def test_a_year_costs_the_same_whatever_the_number_of_clicks(
    ask: Analytics, dynamodb: DynamoDBClient, clicks_a_day: int
) -> None:
    link = ask.link(custom_alias="abc")
    counts = Counts()
    counts.add(HUMAN, Tally(clicks_a_day, 1))
    for back in range(365):
        day = date(2027, 1, 15) - timedelta(days=back)
        key = {"pk": {"S": item.link_subject(link.id)}, "sk": {"S": f"{item.day_name(day)}#00"}}
        dynamodb.put_item(TableName=CLICKS, Item={**key, **item.from_counts(counts)})
    calls = Calls(ask)
    found = ask.data("timeseries", "abc", startDate="2026-01-16")
    assert (len(found["series"]), found["total_clicks"]) == (365, 365 * clicks_a_day)
    # The limit; code and link; the counters.
    assert calls.made == {"UpdateItem": 1, "GetItem": 2, "Query": 1}
    assert calls.items == 365


def test_clicks_that_are_minutes_apart_are_read_in_batches(ask: Analytics, click: Clicked) -> None:
    links = [ask.link(), ask.link()]
    noon = datetime(2027, 1, 14, 12, tzinfo=UTC)
    for minute in range(100):
        at = (noon - timedelta(minutes=minute)).isoformat()
        click.keep(links[minute % 2], at, str(minute))
    calls = Calls(ask)
    assert len(ask("click-details").body["data"]) == 100
    # Twenty pages at a time; one batch for the links, one query for the total.
    assert calls.made["BatchGetItem"] == 5 + 1
    assert calls.made["Query"] <= 6 + 1

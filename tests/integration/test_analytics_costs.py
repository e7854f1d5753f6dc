"""What answers about clicks cost: counted where the SDK sends its calls."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from jmpy.clicks import item
from jmpy.clicks.counts import Counts, Tally
from project.analytics import HUMAN, Analytics, Clicked
from project.meter import Meter
from project.tables import CLICKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def meter(dynamodb: DynamoDBClient, ask: Analytics) -> Meter:
    meter = Meter(dynamodb)
    meter.watch(ask.dynamodb)
    return meter


@pytest.mark.parametrize("clicks_a_day", [1, 1_000_000])
def test_a_year_costs_the_same_whatever_the_number_of_clicks(
    ask: Analytics, meter: Meter, dynamodb: DynamoDBClient, clicks_a_day: int
) -> None:
    link = ask.link(custom_alias="abc")
    counts = Counts()
    counts.add(HUMAN, Tally(clicks_a_day, 1))
    for back in range(365):
        day = date(2027, 1, 15) - timedelta(days=back)
        key = {"pk": {"S": item.link_subject(link.id)}, "sk": {"S": f"{item.day_name(day)}#00"}}
        dynamodb.put_item(TableName=CLICKS, Item={**key, **item.from_counts(counts)})
    meter.take()
    found = ask.data("timeseries", "abc", startDate="2026-01-16")
    assert (len(found["series"]), found["total_clicks"]) == (365, 365 * clicks_a_day)
    # The limit; code and link; the counters.
    cost = meter.take()
    assert cost.calls == {"UpdateItem": 1, "GetItem": 2, "Query": 1}
    # Code and link, and half a unit for every twenty days.
    assert cost.read_units == pytest.approx(2 + 365 / 20 / 2, rel=0.1)


def test_clicks_that_are_minutes_apart_are_read_in_batches(
    ask: Analytics, click: Clicked, meter: Meter
) -> None:
    links = [ask.link(), ask.link()]
    noon = datetime(2027, 1, 14, 12, tzinfo=UTC)
    for minute in range(100):
        at = (noon - timedelta(minutes=minute)).isoformat()
        click.keep(links[minute % 2], at, str(minute))
    meter.take()
    assert len(ask("click-details").body["data"]) == 100
    # Twenty pages at a time; one batch for the links, one query for the total.
    calls = meter.take().calls
    assert calls["BatchGetItem"] == 5 + 1
    assert calls["Query"] <= 6 + 1

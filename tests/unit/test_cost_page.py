"""docs/cost.md is what its generator makes, and says where each price is from."""

from __future__ import annotations

import json
import re

import pytest

from bench import bill, cost, monitoring
from jmpy.authorizer.denial import DenialReason
from jmpy.metrics import Metric
from project import template

PRICES = bill.Prices()
GIVEN = [*PRICES.file["prices"].values(), *PRICES.file["hosted"]]


def test_the_page_is_what_the_generator_makes() -> None:
    assert cost.PAGE.read_text() == cost.page(), "run: make cost"


@pytest.mark.parametrize("price", GIVEN, ids=lambda price: price["page"])
def test_every_price_has_a_page_and_says_where_and_when_it_was_seen(price: dict[str, str]) -> None:
    assert price["page"].startswith("https://")
    assert price["seen_in"].startswith("https://")
    assert re.fullmatch(r"20\d\d(-\d\d){0,2}|undated", price["as_of"])


def test_what_a_request_costs_grows_with_what_it_writes() -> None:
    read, make = (PRICES.request(f"{name} /api/v1/short-urls") for name in ("GET", "POST"))
    # Nine write units instead of one, and one read unit less.
    assert make["DynamoDB"] - read["DynamoDB"] == pytest.approx((8 * 0.625 - 0.125) / 1e6)


def test_a_function_is_paid_for_what_it_was_measured_to_take_and_for_its_waiting() -> None:
    again, first = (PRICES.redirect(f"GET /{{short_code}}{which}") for which in (" again", ""))
    one_call = PRICES.assumed("call_milliseconds") / 1000 * 0.5 * PRICES.usd("lambda_seconds")
    assert first["Lambda"] - again["Lambda"] == pytest.approx(one_call)
    assert again["Lambda"] > PRICES.usd("lambda_requests") + one_call


def test_a_refused_key_costs_less_than_any_answer() -> None:
    refused = sum(PRICES.request("", authorizer="401, an unknown key", runs=False).values())
    assert refused < sum(PRICES.request("403").values())


def test_a_flood_of_a_key_that_ended_costs_less_than_one_of_a_good_key() -> None:
    """As measured: 120 dollars a day at 500 a second was what one item for each request took."""
    assert PRICES.recorded("ended_key_in_batches_of") < PRICES.recorded() / 5


def test_x_ray_takes_nearly_all_requests_of_a_quiet_stack_and_few_of_a_busy_one() -> None:
    trace, share = PRICES.usd("traces"), PRICES.assumed("traced")
    assert PRICES.first_traces(1000) == pytest.approx(1000 * (1 - share) * trace, rel=0.01)
    assert PRICES.first_traces(1e9) == pytest.approx(365 * 24 * 3600 / 12 * (1 - share) * trace)


def test_an_idle_month_counts_what_the_template_has() -> None:
    assert json.dumps(PRICES.idle()).count("alarm metrics") == 1
    assert sum(PRICES.idle().values()) == PRICES.month(clicks=0)


def test_every_alarm_is_billed_by_its_kind() -> None:
    """A band is two metrics besides the one that is compared with it."""
    counts, metrics = monitoring.alarms(), monitoring.alarm_metrics()
    assert counts.total() == len(template.resources("AWS::CloudWatch::Alarm"))
    assert metrics[monitoring.STANDARD] == counts[monitoring.STANDARD]
    assert metrics[monitoring.ANOMALY] == 3 * counts[monitoring.ANOMALY]
    assert metrics[monitoring.MATH] > 2 * counts[monitoring.MATH]


def test_every_value_of_a_dimension_is_a_metric() -> None:
    counted = monitoring.filter_metrics()
    assert len(counted) == len(template.resources("AWS::Logs::MetricFilter"))
    assert counted["AuthorizerFailures"] == 1
    assert counted["Denials"] == len(DenialReason)
    plans = len(template.load()["Mappings"]["Plans"])
    assert counted["Throttles"] == 2 * plans
    assert monitoring.custom_metrics() > sum(counted.values()) + len(Metric)


def test_the_share_of_monitoring_falls_with_traffic() -> None:
    shares = [
        sum(PRICES.monitoring(clicks).values()) / PRICES.month(clicks=clicks)
        for clicks in (10_000, 1_000_000, 100_000_000)
    ]
    assert 1 > shares[0] > shares[1] > shares[2] > 0


def test_the_tables_use_the_key_that_aws_manages() -> None:
    """As the page says of KMS: no key of its own, and not the one that AWS owns."""
    tables = template.resources("AWS::DynamoDB::Table").values()
    assert [table["SSESpecification"] for table in tables] == [{"SSEEnabled": True}] * len(tables)

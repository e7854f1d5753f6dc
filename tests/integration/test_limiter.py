"""The exact daily limits, below HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from jmpy.clock import DAY
from jmpy.limits.errors import RateLimitExceeded
from jmpy.limits.limiter import CACHED, Limiter
from jmpy.limits.model import Subscriber
from jmpy.limits.plan import LimitClass, Plans, UnknownPlan
from jmpy.limits.report import UsageReports
from jmpy.limits.store import RETENTION_DAYS, UsageStore
from project import template
from project.tables import USAGE
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PLANS = Plans.from_json(template.plans())
FREE = Subscriber("acme", "free")
CREATION = LimitClass.URL_CREATION
MIDNIGHT = 1_800_057_600
"""2027-01-16T00:00:00Z, the one after the clock of the tests."""


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> UsageStore:
    return UsageStore(dynamodb, USAGE)


@pytest.fixture
def limiter(store: UsageStore, clock: Clock) -> Limiter:
    return Limiter(store, PLANS, clock)


@pytest.fixture
def calls(dynamodb: DynamoDBClient) -> list[str]:
    """The DynamoDB operations that were called since."""
    called: list[str] = []
    dynamodb.meta.events.register(
        "before-call.dynamodb", lambda model, **_: called.append(model.name)
    )
    return called


def throttled(limiter: Limiter, subscriber: Subscriber = FREE, cost: int = 1) -> RateLimitExceeded:
    with pytest.raises(RateLimitExceeded) as exceeded:
        limiter.consume(subscriber, CREATION, cost)
    return exceeded.value


def test_the_quota_falls_by_one_to_zero_and_then_throttles(limiter: Limiter) -> None:
    assert [limiter.consume(FREE, CREATION).remaining for _ in range(50)] == [*range(49, -1, -1)]
    exceeded = throttled(limiter)
    assert exceeded.details == {
        "limit": 50,
        "remaining": 0,
        "reset_at": "2027-01-16T00:00:00Z",
    }
    assert exceeded.retry_after == MIDNIGHT - 1_800_000_000


def test_midnight_utc_resets_the_quota(limiter: Limiter, clock: Clock) -> None:
    limiter.consume(FREE, CREATION, 50)
    clock.time = MIDNIGHT - 0.001
    assert throttled(limiter).retry_after == 1
    clock.time = MIDNIGHT
    quota = limiter.consume(FREE, CREATION)
    assert (quota.remaining, quota.resets_at) == (49, MIDNIGHT + DAY)


def test_each_class_and_account_has_a_quota_of_its_own(limiter: Limiter) -> None:
    limiter.consume(FREE, CREATION, 50)
    assert limiter.consume(FREE, LimitClass.URL_READS).remaining == 499
    assert limiter.consume(Subscriber("other", "free"), CREATION).remaining == 49


def test_a_cost_beyond_the_remaining_quota_consumes_nothing(limiter: Limiter) -> None:
    limiter.consume(FREE, CREATION, 45)
    exceeded = throttled(limiter, cost=6)
    assert exceeded.details["remaining"] == 5
    assert "5 left" in str(exceeded)
    assert limiter.consume(FREE, CREATION, 5).remaining == 0


def test_a_cost_beyond_the_whole_limit_is_throttled_on_a_fresh_day(limiter: Limiter) -> None:
    assert throttled(limiter, cost=51).details["remaining"] == 50


def test_limits_of_the_account_replace_those_of_the_plan(limiter: Limiter) -> None:
    subscriber = Subscriber("big", "enterprise", {CREATION: 2})
    assert limiter.consume(subscriber, CREATION, 2).remaining == 0
    throttled(limiter, subscriber)
    assert limiter.consume(subscriber, LimitClass.ANALYTICS).limit == 200_000


def test_a_better_plan_admits_again_at_once(limiter: Limiter) -> None:
    limiter.consume(FREE, CREATION, 50)
    throttled(limiter)
    assert limiter.consume(Subscriber("acme", "pro"), CREATION).remaining == 949
    # ... and back on the lesser one nothing is left, nor owed.
    assert throttled(limiter).details["remaining"] == 0


def test_a_plan_that_is_not_deployed_admits_nobody(limiter: Limiter) -> None:
    with pytest.raises(UnknownPlan):
        limiter.consume(Subscriber("acme", "gold"), CREATION)


def test_a_request_costs_one_call_and_an_exhausted_quota_none(
    limiter: Limiter, calls: list[str]
) -> None:
    limiter.consume(FREE, CREATION, 50)
    assert calls == ["UpdateItem"]
    throttled(limiter)
    assert calls == ["UpdateItem"] * 2
    for _ in range(3):
        throttled(limiter)
    assert calls == ["UpdateItem"] * 2


def test_the_cache_throttles_but_never_admits(store: UsageStore, clock: Clock) -> None:
    one, other = Limiter(store, PLANS, clock), Limiter(store, PLANS, clock)
    one.consume(FREE, CREATION, 40)
    throttled(one, cost=20)  # remembers 40
    other.consume(FREE, CREATION, 10)
    throttled(one)  # what it remembers would have let this pass
    assert one.peek(FREE, CREATION).used == 50


def test_a_full_counter_that_was_lowered_is_found_within_a_minute(
    limiter: Limiter, clock: Clock, dynamodb: DynamoDBClient
) -> None:
    limiter.consume(FREE, CREATION, 50)
    throttled(limiter)
    for item in dynamodb.scan(TableName=USAGE)["Items"]:
        dynamodb.delete_item(TableName=USAGE, Key={"pk": item["pk"], "sk": item["sk"]})
    for _ in range(2):
        clock.time += CACHED / 2 - 1
        throttled(limiter)  # which makes the entry no younger
    clock.time += 2
    assert limiter.consume(FREE, CREATION).used == 1


def test_a_fault_admits_nobody(limiter: Limiter, dynamodb: DynamoDBClient) -> None:
    dynamodb.delete_table(TableName=USAGE)
    with pytest.raises(ClientError):
        limiter.consume(FREE, CREATION)


def test_a_counter_forgets_itself_after_its_reports(
    limiter: Limiter, dynamodb: DynamoDBClient
) -> None:
    limiter.consume(FREE, CREATION)
    (item,) = dynamodb.scan(TableName=USAGE)["Items"]
    assert int(item["expires_ttl"]["N"]) == MIDNIGHT + RETENTION_DAYS * DAY
    properties: Any = template.resources("AWS::DynamoDB::Table")["UsageTable"]
    assert properties["TimeToLiveSpecification"]["AttributeName"] == "expires_ttl"


def test_a_report_has_thirty_days_without_gaps(
    limiter: Limiter, store: UsageStore, clock: Clock
) -> None:
    for back, cost in ((31, 9), (29, 3), (1, 2), (0, 1)):
        clock.time = 1_800_000_000 - back * DAY
        limiter.consume(FREE, CREATION, cost)
    report = UsageReports(store, PLANS, clock).create(FREE)
    used = [day[CREATION] for day in report.days.values()]
    assert used == [3, *[0] * 27, 2, 1]
    assert list(report.days)[::29] == ["2026-12-17", "2027-01-15"]
    today = {quota.limit_class: (quota.limit, quota.used) for quota in report.today}
    assert today == {
        "url_creation": (50, 1),
        "url_reads": (500, 0),
        "qr_generation": (25, 0),
        "qr_reads": (250, 0),
        "analytics": (100, 0),
    }

"""Daily budgets of keys, under the limits of their account."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from jmpy.access.permission import Permission
from jmpy.key_tokens.model import KeyToken, derived
from jmpy.keys.errors import InvalidKeyRequest
from jmpy.keys.store import KeyStore
from jmpy.limits.errors import BudgetExceeded, RateLimitExceeded
from jmpy.limits.limiter import CACHED, Limiter
from jmpy.limits.model import Budget, Counter, Quota, Scope, Subscriber, day_of
from jmpy.limits.plan import MAX_LIMIT, LimitClass, Plans
from jmpy.limits.store import UsageStore
from project import template
from project.keys import issued
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, USAGE
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService

PLANS = Plans.from_json(template.plans())
CREATION, READS = LimitClass.URL_CREATION, LimitClass.URL_READS
DAY_OF_TESTS = day_of(1_800_000_000)


def caller(line: str = "first", *, account: int = 50, **budget: int) -> Subscriber:
    """A key's, in an account with that daily limit of creations; without a budget, another's."""
    limits = {LimitClass(name): limit for name, limit in budget.items()}
    return Subscriber("acme", "free", {CREATION: account}, Budget(line, limits) if limits else None)


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


def used(store: UsageStore, scope: Scope, owner: str) -> int:
    return store.used(Counter(scope, owner, CREATION, DAY_OF_TESTS))


def exceeded(limiter: Limiter, subscriber: Subscriber, cost: int = 1) -> RateLimitExceeded:
    with pytest.raises(RateLimitExceeded) as error:
        limiter.consume(subscriber, CREATION, cost)
    return error.value


class TestCounting:
    def test_a_request_counts_against_the_key_and_its_account(
        self, limiter: Limiter, store: UsageStore
    ) -> None:
        quota = limiter.consume(caller(url_creation=10), CREATION, 3)
        assert (quota.scope, quota.limit, quota.remaining) == (Scope.KEY, 10, 7)
        assert used(store, Scope.KEY, "first") == used(store, Scope.ACCOUNT, "acme") == 3

    def test_the_budget_used_up_throttles_this_key_and_no_other(self, limiter: Limiter) -> None:
        for _ in range(10):
            limiter.consume(caller(url_creation=10), CREATION)
        error = exceeded(limiter, caller(url_creation=10))
        assert isinstance(error, BudgetExceeded)
        assert error.details == {
            "limit": 10,
            "remaining": 0,
            "reset_at": "2027-01-16T00:00:00Z",
            "scope": "key",
        }
        assert str(error) == (
            "This API key's daily budget of 10 for url_creation is used up; it resets at "
            "2027-01-16T00:00:00Z. Its owner can change the budget on the key's page of the "
            "dashboard"
        )
        assert limiter.consume(caller("second", url_creation=10), CREATION).remaining == 9
        quota = limiter.consume(caller(), CREATION)
        assert (quota.scope, quota.remaining) == (Scope.ACCOUNT, 38)

    def test_the_quota_with_the_least_remaining_is_reported(self, limiter: Limiter) -> None:
        scopes = [
            limiter.consume(caller(account=12, url_creation=10), CREATION).scope for _ in range(2)
        ]
        limiter.consume(caller(account=12), CREATION, 5)
        scopes.append(limiter.consume(caller(account=12, url_creation=10), CREATION).scope)
        assert scopes == [Scope.KEY, Scope.KEY, Scope.ACCOUNT]
        peeked = limiter.peek(caller(account=12, url_creation=10), CREATION)
        assert (peeked.scope, peeked.remaining) == (Scope.ACCOUNT, 4)

    def test_a_class_without_a_budget_counts_against_the_account_only(
        self, limiter: Limiter, calls: list[str]
    ) -> None:
        quota = limiter.consume(caller(url_creation=0), READS)
        assert (quota.scope, quota.remaining) == (Scope.ACCOUNT, 499)
        assert calls == ["UpdateItem"]

    def test_zero_denies_the_class_to_the_key(self, limiter: Limiter, calls: list[str]) -> None:
        for _ in range(2):
            error = exceeded(limiter, caller(url_creation=0))
            assert error.details["scope"] == "key"
            assert "budget of 0 for url_creation admits no request on any day. Its" in str(error)
        assert calls == ["GetItem"]

    def test_a_cost_beyond_the_remaining_budget_consumes_nothing(
        self, limiter: Limiter, store: UsageStore
    ) -> None:
        limiter.consume(caller(url_creation=10), CREATION, 8)
        error = exceeded(limiter, caller(url_creation=10), 3)
        assert "budget of 10 for url_creation has 2 left, but this request needs 3" in str(error)
        assert limiter.consume(caller(url_creation=10), CREATION, 2).remaining == 0
        assert used(store, Scope.ACCOUNT, "acme") == 10

    def test_a_request_costs_one_more_write_and_a_throttled_one_none(
        self, limiter: Limiter, calls: list[str]
    ) -> None:
        limiter.consume(caller(url_creation=1), CREATION)
        assert calls == ["UpdateItem"] * 2
        exceeded(limiter, caller(url_creation=1))
        assert calls == ["UpdateItem"] * 3
        for _ in range(3):
            exceeded(limiter, caller(url_creation=1))
        assert calls == ["UpdateItem"] * 3

    def test_the_budgets_of_a_key_are_read_by_class(self, limiter: Limiter) -> None:
        limiter.consume(caller(url_creation=10), CREATION, 4)
        today = limiter.budget_today(Budget("first", {READS: 5, CREATION: 10}))
        assert [(one.limit_class, one.limit, one.used) for one in today] == [
            (CREATION, 10, 4),
            (READS, 5, 0),
        ]


class TestExhaustedAccount:
    """The key's count is taken back: what its account denied is no use of the key."""

    def test_the_scope_is_the_account(self, limiter: Limiter, store: UsageStore) -> None:
        limiter.consume(caller(account=5, url_creation=10), CREATION, 5)
        error = exceeded(limiter, caller(account=5, url_creation=10))
        assert not isinstance(error, BudgetExceeded)
        assert error.details["scope"] == "account"
        assert str(error).startswith("The daily limit of 5 for url_creation is used up")
        assert used(store, Scope.KEY, "first") == used(store, Scope.ACCOUNT, "acme") == 5

    def test_a_larger_request_leaves_the_rest_to_smaller_ones(
        self, limiter: Limiter, store: UsageStore
    ) -> None:
        limiter.consume(caller(account=5), CREATION, 2)
        exceeded(limiter, caller(account=5, url_creation=4), 4)
        assert used(store, Scope.KEY, "first") == 0
        assert limiter.consume(caller(account=5, url_creation=4), CREATION, 3).remaining == 0

    def test_it_is_throttled_without_a_call_once_that_is_known(
        self, limiter: Limiter, calls: list[str]
    ) -> None:
        limiter.consume(caller(account=5), CREATION, 5)
        calls.clear()
        for _ in range(3):
            exceeded(limiter, caller(account=5, url_creation=10))
        # Counted for the key, denied by the account, taken back; then from the cache.
        assert calls == ["UpdateItem", "UpdateItem", "TransactWriteItems"]

    def test_what_is_larger_than_the_whole_limit_is_never_counted(
        self, limiter: Limiter, calls: list[str]
    ) -> None:
        assert (
            exceeded(limiter, caller(account=5, url_creation=10), 6).details["scope"] == "account"
        )
        assert calls == ["GetItem"]

    def test_a_crash_before_it_is_taken_back_leaves_too_much_counted_and_never_too_little(
        self, limiter: Limiter, store: UsageStore, monkeypatch: pytest.MonkeyPatch, clock: Clock
    ) -> None:
        class Crash(BaseException):
            pass

        def crash(*_: Any) -> None:
            raise Crash

        limiter.consume(caller(account=5), CREATION, 5)
        monkeypatch.setattr(store, "subtract", crash)
        with pytest.raises(Crash):
            limiter.consume(caller(account=5, url_creation=10), CREATION)
        assert used(store, Scope.KEY, "first") == 1
        # The account's counter is known to be exhausted, so that a repeat counts nothing.
        exceeded(limiter, caller(account=5, url_creation=10))
        clock.time += CACHED
        assert limiter.consume(caller(account=50, url_creation=10), CREATION).remaining == 8

    def test_a_counter_that_is_gone_does_not_fall_below_zero(
        self, store: UsageStore, dynamodb: DynamoDBClient
    ) -> None:
        counter = Counter(Scope.KEY, "first", CREATION, DAY_OF_TESTS)
        store.subtract(counter, 3)
        assert dynamodb.scan(TableName=USAGE)["Items"] == []


def consumed(limiter: Limiter, subscriber: Subscriber, cost: int) -> tuple[Scope | None, int]:
    """Which limit denied it, if any, and what is left of the one that is reported."""
    try:
        quota = limiter.consume(subscriber, CREATION, cost)
    except RateLimitExceeded as error:
        return error.quota.scope, error.quota.remaining
    return None, quota.remaining


@pytest.mark.parametrize("seed", range(12))
def test_a_request_is_admitted_if_and_only_if_both_limits_have_room(
    limiter: Limiter, store: UsageStore, seed: int
) -> None:
    """Of two keys with a budget, and one without."""
    chance = random.Random(seed)
    limit, budget = chance.randint(0, 30), chance.randint(0, 15)
    of_account, of_keys = limit, {"one": budget, "two": budget}
    for _ in range(15):
        key, cost = chance.choice(["one", "two", None]), chance.randint(1, 6)
        of_key = of_account if key is None else of_keys[key]
        budgets = {} if key is None else {"url_creation": budget}
        denied, left = consumed(limiter, caller(key or "", account=limit, **budgets), cost)
        if denied is None:
            assert min(of_key, of_account) >= cost
            of_account -= cost
            if key is not None:
                of_keys[key] -= cost
            assert left == min(of_key, of_account + cost) - cost
        else:
            # A cached count may be lower than the stored one by now.
            assert (of_key if denied is Scope.KEY else of_account) <= left < cost
        assert used(store, Scope.ACCOUNT, "acme") == limit - of_account
        for line, rest in of_keys.items():
            assert used(store, Scope.KEY, line) == budget - rest


def test_a_token_counts_against_the_budget_of_its_key() -> None:
    _, key = issued(line="first", limits={CREATION: 10})
    token = KeyToken(key.digest, 0, "token", "digest", key.permissions, 0, 60)
    assert derived(key, token).budget == key.budget == Budget("first", {CREATION: 10})


def test_a_fault_of_the_second_write_admits_nobody(
    limiter: Limiter, store: UsageStore, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = store.add
    added: list[Scope] = []

    def fail_later(counter: Counter, *rest: Any) -> int:
        if added:
            dynamodb.delete_table(TableName=USAGE)
        added.append(counter.scope)
        return add(counter, *rest)

    monkeypatch.setattr(store, "add", fail_later)
    with pytest.raises(ClientError):
        limiter.consume(caller(url_creation=10), CREATION)
    assert added == [Scope.KEY, Scope.ACCOUNT]


class TestKeys:
    @pytest.fixture
    def key(self, service: KeyService, account: Account) -> ApiKey:  # noqa: ARG002
        return service.create(
            "acme", "one", ["write"], limits={"url_creation": 10}, by=SOMEBODY
        ).record

    def test_a_budget_is_stored_with_its_key(
        self, key: ApiKey, service: KeyService, dynamodb: DynamoDBClient
    ) -> None:
        assert KeyStore(dynamodb, ACCOUNTS).find(key.digest) == key
        assert key.budget == Budget(key.id, {CREATION: 10})
        assert service.create("acme", "two", ["read"], by=SOMEBODY).record.budget is None

    def test_a_rotation_continues_the_counters(
        self, key: ApiKey, service: KeyService, limiter: Limiter
    ) -> None:
        def consume(one: ApiKey) -> Quota:
            return limiter.consume(Subscriber("acme", "free", budget=one.budget), CREATION, 3)

        consume(key)
        second = service.rotate("acme", key.id, by=SOMEBODY).record
        assert consume(second).remaining == 4
        third = service.rotate("acme", second.id, by=SOMEBODY).record
        assert {second.line, third.line} == {key.id}
        # The old key, which still works, and the new ones share what is left.
        assert consume(key).remaining == 1
        with pytest.raises(BudgetExceeded):
            consume(third)

    def test_budgets_are_replaced_as_a_whole(self, key: ApiKey, service: KeyService) -> None:
        def change(limits: dict[str, int] | None) -> dict[LimitClass, int]:
            return dict(service.change("acme", key.id, limits=limits, by=SOMEBODY).limits)

        assert change({"url_reads": 5}) == {READS: 5}
        assert change({"url_reads": 0, "url_creation": 7}) == {CREATION: 7, READS: 0}
        assert change({}) == {}
        assert change({"analytics": MAX_LIMIT}) == {LimitClass.ANALYTICS: MAX_LIMIT}
        assert change(None) == {}
        service.change("acme", key.id, limits={"url_reads": 5}, by=SOMEBODY)
        assert service.change("acme", key.id, name="two", by=SOMEBODY).limits == {READS: 5}

    @pytest.mark.parametrize(
        ("limits", "message"),
        [
            ({"links": 5}, "no limit 'links'; limits are: url_creation, url_reads"),
            ({"url_reads": -1}, "from 0 to 1,000,000,000"),
            ({"url_reads": MAX_LIMIT + 1}, "from 0 to 1,000,000,000"),
        ],
    )
    def test_an_impossible_budget_is_rejected(
        self, key: ApiKey, service: KeyService, limits: dict[str, int], message: str
    ) -> None:
        with pytest.raises(InvalidKeyRequest, match=message) as rejected:
            service.change("acme", key.id, limits=limits, by=SOMEBODY)
        assert rejected.value.field == "limits"
        with pytest.raises(InvalidKeyRequest, match=message):
            service.create("acme", "two", [Permission.READ], limits=limits, by=SOMEBODY)

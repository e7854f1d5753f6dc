"""What happens at the same time, in threads on AWS's own engine: moto makes no transaction at once
with another."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.accounts.errors import AccountChanged, SubscriptionChanged
from jmpy.accounts.service import AccountService
from jmpy.accounts.store import AccountStore
from jmpy.audit.store import AuditLog
from jmpy.clock import DAY
from jmpy.key_tokens.errors import TooManyTokens
from jmpy.keys import token
from jmpy.keys.errors import KeyNotActive
from jmpy.keys.model import KeyState
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.limits.errors import RateLimitExceeded
from jmpy.limits.limiter import Limiter
from jmpy.limits.model import Budget, Scope, Subscriber, day_of
from jmpy.limits.model import Counter as LimitCounter
from jmpy.limits.plan import LimitClass, Plans
from jmpy.limits.store import UsageStore
from jmpy.links.errors import AliasTaken, LinkNotFound
from jmpy.links.listing import Request
from jmpy.links.model import AliasState
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from jmpy.redirect.lookup import RedirectLookup
from project import template
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, AUDIT, LINKS, SALTS, USAGE
from tests.conftest import Figures
from tests.integration.conftest import DYNAMODB_LOCAL
from tests.integration.key_tokens import token_service
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.accounts.usage_plan_keys import UsagePlanKeys

ENGINES = [DYNAMODB_LOCAL]
THREADS = 8
MIDNIGHT = 1_800_057_600
"""Seconds since the Unix epoch; UTC."""


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """What each answers, or the exception that it raises."""

    def tried(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(tried, works))


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> SomebodysLinks:
    return SomebodysLinks(LinkStore(dynamodb, LINKS))


@pytest.fixture
def keys(dynamodb: DynamoDBClient) -> KeyService:
    return KeyService(
        KeyStore(dynamodb, ACCOUNTS), AccountStore(dynamodb, ACCOUNTS), AuditLog(dynamodb, AUDIT)
    )


@pytest.fixture
def accounts(dynamodb: DynamoDBClient, edge: UsagePlanKeys) -> AccountService:
    store, keys = AccountStore(dynamodb, ACCOUNTS), KeyStore(dynamodb, ACCOUNTS)
    return AccountService(store, keys, edge, AuditLog(dynamodb, AUDIT), pause=lambda _: None)


def test_at_midnight_each_day_admits_its_own_limit_and_no_more(
    dynamodb: DynamoDBClient, figures: Figures
) -> None:
    subscriber = Subscriber("acme", "enterprise", {LimitClass.URL_CREATION: 10})
    store, plans = UsageStore(dynamodb, USAGE), Plans.from_json(template.plans())
    moments = [MIDNIGHT + offset for offset in (-0.001, 0, -1, 0.001) * 10]

    def consume(at: float) -> str:
        quota = Limiter(store, plans, lambda: at).consume(subscriber, LimitClass.URL_CREATION)
        assert quota.resets_at == (MIDNIGHT if at < MIDNIGHT else MIDNIGHT + DAY)
        return day_of(at)

    responses = at_once([partial(consume, at) for at in moments])
    refused = [response for response in responses if isinstance(response, RateLimitExceeded)]
    admitted = Counter(response for response in responses if isinstance(response, str))
    assert len(refused) + admitted.total() == len(moments)
    days = [day_of(MIDNIGHT - 1), day_of(MIDNIGHT)]
    assert [admitted[day] for day in days] == [10, 10]
    for day in days:
        assert store.used(LimitCounter(Scope.ACCOUNT, "acme", LimitClass.URL_CREATION, day)) == 10
    figures("races", races=len(moments))


def racing(dynamodb: DynamoDBClient, requests: list[tuple[Subscriber, int]]) -> list[str]:
    """Of requests with their costs: "admitted", or which limit denied them. Each comes to an
    execution environment that has cached nothing."""
    store, plans = UsageStore(dynamodb, USAGE), Plans.from_json(template.plans())

    def consume(subscriber: Subscriber, cost: int) -> str:
        limiter = Limiter(store, plans, lambda: MIDNIGHT)
        try:
            limiter.consume(subscriber, LimitClass.URL_CREATION, cost)
        except RateLimitExceeded as exceeded:
            return exceeded.quota.scope.value
        return "admitted"

    return at_once([partial(consume, *request) for request in requests])


def stored_use(dynamodb: DynamoDBClient, scope: Scope, owner: str) -> int:
    counter = LimitCounter(scope, owner, LimitClass.URL_CREATION, day_of(MIDNIGHT))
    return UsageStore(dynamodb, USAGE).used(counter)


def with_budget(line: str, budget: int, account: int = 100) -> Subscriber:
    limits = {LimitClass.URL_CREATION: account}
    return Subscriber("acme", "free", limits, Budget(line, {LimitClass.URL_CREATION: budget}))


def test_of_five_hundred_requests_at_once_a_budget_of_ten_lets_ten_pass(
    dynamodb: DynamoDBClient, figures: Figures
) -> None:
    responses = racing(dynamodb, [(with_budget("key", 10), 1)] * 500)
    assert Counter(responses) == {"admitted": 10, "key": 490}
    for scope, owner in ((Scope.KEY, "key"), (Scope.ACCOUNT, "acme")):
        assert stored_use(dynamodb, scope, owner) == 10
    figures("races", races=500)


def test_a_rotation_among_racing_requests_refills_no_budget(
    dynamodb: DynamoDBClient, keys: KeyService, accounts: AccountService, figures: Figures
) -> None:
    account = accounts.ensure("acme", by=SOMEBODY)
    limits = {"url_creation": 10}
    old = keys.create(account.id, "one", ["write"], limits=limits, by=SOMEBODY).record
    admitted: Counter[str] = Counter()

    def race(budgets: list[Budget | None]) -> None:
        requests = [(Subscriber("acme", "free", budget=budget), 1) for budget in budgets]
        admitted.update(racing(dynamodb, requests))

    race([old.budget] * 6)
    new = keys.rotate(account.id, old.id, by=SOMEBODY).record
    race([old.budget, new.budget] * 50)
    assert admitted == {"admitted": 10, "key": 96}
    assert stored_use(dynamodb, Scope.KEY, old.id) == 10
    figures("races", races=100)


def test_an_account_with_less_left_than_the_budgets_admits_what_it_has(
    dynamodb: DynamoDBClient, figures: Figures
) -> None:
    """And each key has used what was admitted with it, once what was not is taken back."""
    lines = [f"key-{number}" for number in range(4)]
    requests = [(line, cost) for line in lines for cost in (1, 2, 5, 9)] * 5
    random.Random(0).shuffle(requests)
    responses = racing(
        dynamodb, [(with_budget(line, 60, account=50), cost) for line, cost in requests]
    )
    used = Counter[str]()
    for (line, cost), response in zip(requests, responses, strict=True):
        used[line] += cost if response == "admitted" else 0
    assert "account" in responses
    assert 50 - 9 < used.total() <= 50
    assert stored_use(dynamodb, Scope.ACCOUNT, "acme") == used.total()
    assert {line: stored_use(dynamodb, Scope.KEY, line) for line in lines} == used
    figures("races", races=len(requests))


def test_a_link_that_is_deleted_while_it_is_followed_leads_where_it_led_or_nowhere(
    dynamodb: DynamoDBClient, links: SomebodysLinks, figures: Figures
) -> None:
    """And once it was deleted, its code may be another account's, and leads nowhere else."""
    urls = {name: f"https://{name}.example.com/" for name in ("first", "second")}

    def follow() -> tuple[str, str]:
        target = RedirectLookup(dynamodb, LINKS, SALTS).follow("race")
        return target.account_id, target.url

    def take_over(link_id: str) -> None:
        links.remove("first", link_id, release=True)
        links.create("second", NewLink(urls["second"], "race"))

    for _ in range(10):
        link = links.create("first", NewLink(urls["first"], "race"))
        works: list[Callable[[], Any]] = [follow] * 6 + [partial(take_over, link.id)] + [follow] * 6
        for response in at_once(works):
            if isinstance(response, tuple):
                assert response[1] == urls[response[0]]
            else:
                assert response is None or isinstance(response, LinkNotFound), response
        assert follow() == ("second", urls["second"])
        assert (links.page("first", Request()).total, links.page("second", Request()).total) == (
            0,
            1,
        )
        links.remove("second", "race", release=True)
    figures("races", races=10)


def test_an_alias_that_many_want_and_give_back_has_one_owner_or_none(
    links: SomebodysLinks, figures: Figures
) -> None:
    def take_and_give(number: int) -> str:
        try:
            made = links.create(f"a{number}", NewLink("https://example.com/", "hot"))
        except AliasTaken:
            return "refused"
        found = links.get(f"a{number}", "hot")
        assert found.id == made.id
        links.remove(f"a{number}", made.id, release=True)
        return "had it"

    for _ in range(5):
        responses = at_once([partial(take_and_give, n) for n in range(THREADS)])
        assert set(responses) <= {"refused", "had it"}
        assert "had it" in responses
        assert links.availability("anybody", "hot").state is AliasState.AVAILABLE
        assert [links.page(f"a{n}", Request()).total for n in range(THREADS)] == [0] * THREADS
    figures("races", races=5)


def test_a_key_is_revoked_rotated_and_used_at_once(
    keys: KeyService, accounts: AccountService, dynamodb: DynamoDBClient, figures: Figures
) -> None:
    """A revoked key never works again, has at most one successor, and none that came after."""
    accounts.ensure("acme", by=SOMEBODY)
    store = KeyStore(dynamodb, ACCOUNTS)
    for _ in range(10):
        old = keys.create("acme", "one", ["read"], by=SOMEBODY)

        def use(secret: str = old.secret) -> Any:
            found = store.find(token.parse(secret))
            assert found is not None
            return found.status

        works: list[Callable[[], Any]] = [
            use,
            partial(keys.rotate, "acme", old.record.id, 3600, by=SOMEBODY),
            partial(keys.revoke, "acme", old.record.id, by=SOMEBODY),
            use,
            partial(keys.rotate, "acme", old.record.id, 3600, by=SOMEBODY),
            partial(keys.change, "acme", old.record.id, name="two", by=SOMEBODY),
        ]
        random.shuffle(works)
        responses = at_once(works)
        faults = [response for response in responses if isinstance(response, Exception)]
        assert all(isinstance(fault, KeyNotActive | AccountChanged) for fault in faults), faults
        found = keys.get("acme", old.record.id)
        assert found.state(0) is KeyState.REVOKED
        successors = [key for key in keys.of_account("acme") if key.id == found.replaced_by]
        assert len(successors) == sum(hasattr(response, "secret") for response in responses) <= 1
        for key in keys.of_account("acme"):
            keys.revoke("acme", key.id, by=SOMEBODY)
    figures("races", races=10)


def test_while_a_plan_changes_every_key_is_on_a_plan_and_in_the_end_on_the_last(
    keys: KeyService, accounts: AccountService, dynamodb: DynamoDBClient, figures: Figures
) -> None:
    accounts.ensure("acme", by=SOMEBODY)
    first = keys.create("acme", "one", ["read"], by=SOMEBODY)
    store = KeyStore(dynamodb, ACCOUNTS)
    seen: Counter[str] = Counter()

    def use() -> None:
        found = store.find(token.parse(first.secret))
        assert found is not None
        assert found.subscription.usage_identifier
        seen[found.subscription.plan] += 1

    def subscribe(plan: str) -> None:
        with suppress(SubscriptionChanged):
            accounts.subscribe("acme", plan, by=SOMEBODY)

    def create() -> None:
        with suppress(AccountChanged):
            keys.create("acme", "more", ["read"], by=SOMEBODY)

    for round_ in range(4):
        plans = ["pro", "enterprise"] if round_ % 2 else ["enterprise", "free"]
        works: list[Callable[[], None]] = [use, create, partial(subscribe, plans[0]), use, create,
                 partial(subscribe, plans[1]), use, use]  # fmt: skip
        assert [response for response in at_once(works) if response is not None] == []
        settled = accounts.subscribe("acme", plans[1], by=SOMEBODY)
        for key in keys.of_account("acme"):
            assert key.subscription == settled.subscription
    assert set(seen) <= {"free", "pro", "enterprise"}
    figures("races", races=4)


def test_of_twenty_five_requests_at_once_exactly_twenty_get_a_short_lived_token(
    dynamodb: DynamoDBClient, keys: KeyService, account: Account
) -> None:
    key, tokens = (
        keys.create(account.id, "CI", ["read"], by=SOMEBODY).record,
        token_service(dynamodb),
    )
    outcomes = at_once([partial(tokens.create, key)] * 25)
    rejected = [one for one in outcomes if isinstance(one, TooManyTokens)]
    created = [one.record.id for one in outcomes if one not in rejected]
    assert (len(rejected), len(created)) == (5, 20)
    assert set(created) == {one.id for one in tokens.of_key(key)}

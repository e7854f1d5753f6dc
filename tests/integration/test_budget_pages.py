"""The daily budgets of keys on the dashboard."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from jmpy.clock import system_clock
from jmpy.limits.limiter import Limiter
from jmpy.limits.model import Subscriber
from jmpy.limits.plan import LimitClass, Plans
from jmpy.limits.store import UsageStore
from project import template
from project.origins import SOMEBODY
from project.tables import USAGE
from tests import cognito
from tests.integration.network import Network, behind

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from tests.integration.browser import Browser

KEYS = "/dashboard/api-keys"
FORM = {"name": "CI", "permissions": "read", "expiry": "never", "environment": ""}
EMPTY = {f"limit_{name}": "" for name in LimitClass}
DETAILS = re.compile(r'<details class="field budgets"( open)?>')


@pytest.fixture
def keys(person: Browser) -> KeyService:
    found: KeyService = person.app.services.keys
    return found


@pytest.fixture
def key(keys: KeyService, person: Browser) -> ApiKey:
    return keys.create(
        cognito.SUBJECT, "CI", ["read"], limits={"url_reads": 10, "analytics": 0}, by=SOMEBODY
    ).record


def test_a_key_is_created_with_the_budgets_that_were_typed(
    person: Browser, keys: KeyService
) -> None:
    assert DETAILS.search(person.get(f"{KEYS}/new").text)[1] is None  # type: ignore[index]
    typed = EMPTY | {"limit_url_creation": " 1,000 ", "limit_analytics": "0"}
    created = person.submit(KEYS, FORM | typed)
    (key,) = keys.of_account(cognito.SUBJECT)
    assert key.limits == {LimitClass.URL_CREATION: 1000, LimitClass.ANALYTICS: 0}
    assert "It is limited to 1,000 link creations and 0 analytics requests a day." in created.text
    page = person.get(f"{KEYS}/{key.id}").text
    assert DETAILS.search(page)[1] == " open"  # type: ignore[index]
    assert 'name="limit_url_creation" type="text" value="1000"' in page
    assert 'name="limit_url_reads" type="text" value=""' in page


@pytest.mark.parametrize("typed", ["-1", "1.5", "ten", "1000000001", "9" * 5000, "٣"])
def test_a_mistake_is_shown_at_its_field_and_opens_the_budgets(
    person: Browser, keys: KeyService, key: ApiKey, typed: str
) -> None:
    one = f"{KEYS}/{key.id}"
    form = FORM | EMPTY | {"limit_qr_reads": typed}
    for response in (person.submit(KEYS, form), person.submit(one, form | person.opened(one))):
        assert response.status == 422
        assert "Enter a whole number from 0 to 1,000,000,000" in unescape(response.text)
        assert '<a href="#limit_qr_reads">' in response.text
        assert re.search(r'<[^>]* id="limit_qr_reads"[^>]* aria-invalid="true"', response.text)
        assert DETAILS.search(response.text)[1] == " open"  # type: ignore[index]
    assert keys.of_account(cognito.SUBJECT) == [key]


def test_empty_fields_remove_budgets_and_a_form_without_them_leaves_them(
    person: Browser, keys: KeyService, key: ApiKey
) -> None:
    one = f"{KEYS}/{key.id}"
    person.submit(one, FORM | {"name": "two"} | person.opened(one))
    changed = keys.get(cognito.SUBJECT, key.id)
    assert (changed.name, changed.limits) == ("two", key.limits)
    response = person.submit(one, FORM | EMPTY | {"limit_url_reads": "7"} | person.opened(one))
    assert response.headers["location"].endswith("done=key-changed")
    assert keys.get(cognito.SUBJECT, key.id).limits == {LimitClass.URL_READS: 7}
    person.submit(one, FORM | EMPTY | person.opened(one))
    assert keys.get(cognito.SUBJECT, key.id).limits == {}
    page = person.get(one).text
    assert 'id="budgets"' not in page
    assert "Daily limits" in page  # of its history


def test_the_use_of_today_is_shown_as_bars(
    person: Browser, key: ApiKey, keys: KeyService, dynamodb: DynamoDBClient
) -> None:
    limiter = Limiter(UsageStore(dynamodb, USAGE), Plans.from_json(template.plans()), system_clock)
    subscriber = Subscriber(cognito.SUBJECT, "free", budget=key.budget)
    limiter.consume(subscriber, LimitClass.URL_READS, 9)
    successor = keys.rotate(cognito.SUBJECT, key.id, by=SOMEBODY).record
    for shown in (key, successor):
        page = person.get(f"{KEYS}/{shown.id}").text
        section = page.partition('id="budgets"')[2].partition("</section>")[0]
        assert 'max="10" value="9"' in section
        assert "Nearly used up" in section
        assert "<strong>0</strong> of 0" in section
        assert "Links created" not in section


def test_a_budget_costs_its_page_one_read_for_each_class(
    person: Browser, key: ApiKey, keys: KeyService
) -> None:
    def reads(one: ApiKey) -> int:
        with behind(Network()) as network:
            assert person.get(f"{KEYS}/{one.id}").status == 200
        return [call.operation for call in network.calls].count("GetItem")

    plain = keys.create(cognito.SUBJECT, "plain", ["read"], by=SOMEBODY).record
    reads(plain)
    assert reads(key) == reads(plain) + 2


def test_a_change_of_plan_keeps_budgets(
    key: ApiKey, keys: KeyService, accounts: AccountService
) -> None:
    accounts.subscribe(cognito.SUBJECT, "pro", by=SOMEBODY)
    changed = keys.get(cognito.SUBJECT, key.id)
    assert (changed.subscription.plan, changed.limits) == ("pro", key.limits)


def test_the_summary_of_a_new_key_names_its_budgets(person: Browser) -> None:
    def summary(typed: str) -> str:
        found = person.get(
            f"{KEYS}/new/summary?permissions=read&expiry=90&limit_url_reads={typed}"
        ).text
        return found.strip().removeprefix("<span>").removesuffix("</span>")

    assert summary("5").endswith("It is limited to 5 link reads a day.")
    assert "limited" not in summary("")
    assert summary("many") == "Enter a whole number from 0 to 1,000,000,000, or nothing."
    (fetched,) = re.findall(r'hx-params="([^"]*)"', person.get(f"{KEYS}/new").text)
    assert {f"limit_{name}" for name in LimitClass} <= set(fetched.split(","))

"""The list of API keys on the dashboard: found, filtered, sorted, and several revoked at once."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from jmpy.activity.key_usage_store import KeyUseStore
from jmpy.activity.model import KeyUse, LastUse
from jmpy.clock import DAY, HOUR, system_clock
from jmpy.dashboard.pages.key_query import PAGE_SIZE
from jmpy.keys.model import KeyState
from project.origins import SOMEBODY
from project.tables import ACTIVITY
from tests import cognito

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from tests.integration.browser import Browser

KEYS = "/dashboard/api-keys"
REVOKE = f"{KEYS}/revoke"


@pytest.fixture
def keys(person: Browser) -> KeyService:
    found: KeyService = person.app.services.keys
    return found


def created(keys: KeyService, name: str, **settings: object) -> ApiKey:
    permissions = settings.pop("permissions", ["read"])
    issued = keys.create(cognito.SUBJECT, name, permissions, by=SOMEBODY, **settings)  # type: ignore[arg-type]
    return issued.record


def used(dynamodb: DynamoDBClient, key: ApiKey, at: int) -> None:
    last = LastUse(at, "203.0.113.7", "curl/8", "GET /api/v1/short-urls", 200)
    use = KeyUse(key.id, key.account_id, at, last)
    KeyUseStore(dynamodb, ACTIVITY).record(use)


def listed(person: Browser, query: str = "") -> list[str]:
    """The names of the keys on the page."""
    page = person.get(f"{KEYS}{query}")
    assert page.status == 200, page.text
    found = re.findall(r'<span class="title-line"><a [^>]*>([^<]*)</a>', page.text)
    return [unescape(name) for name in found]


def test_keys_are_found_filtered_and_sorted(
    person: Browser, keys: KeyService, dynamodb: DynamoDBClient
) -> None:
    now = int(system_clock())
    alpha = created(keys, "Alpha", environment="production", expires_at=now + 5 * DAY)
    beta = created(keys, "beta", permissions=["write"], expires_at=now + 20 * DAY)
    gone = created(keys, "Gone")
    keys.revoke(cognito.SUBJECT, gone.id, by=SOMEBODY)
    used(dynamodb, alpha, now - HOUR)
    used(dynamodb, beta, now - 2 * HOUR)
    for query, names in {
        "?sort=name": ["Alpha", "beta"],
        "?sort=-name": ["beta", "Alpha"],
        "?sort=expires": ["Alpha", "beta"],
        "?sort=-used": ["Alpha", "beta"],
        "?sort=used": ["beta", "Alpha"],
        "?sort=used&status=all": ["Gone", "beta", "Alpha"],
        "?status=revoked": ["Gone"],
        "?search=ALPHA": ["Alpha"],
        f"?search={beta.id}": ["beta"],
        f"?search={beta.last_four}": ["beta"],
        "?permission=write": ["beta"],
        "?environment=production": ["Alpha"],
        "?expiry=7": ["Alpha"],
        "?expiry=30&sort=name": ["Alpha", "beta"],
        "?expiry=never": [],
        "?expiry=never&status=all": ["Gone"],
        "?permission=write&environment=production": [],
        # Of links that somebody shared, or typed.
        "?sort=size&status=lost&permission=admin&expiry=9&page=0&environment=moon&sort=": None,
    }.items():
        expected = {"Alpha", "beta"} if names is None else names
        found = listed(person, query)
        assert (set(found) if names is None else found) == expected, query


def test_what_ended_is_one_link_away(person: Browser, keys: KeyService) -> None:
    assert "No API keys" in person.get(KEYS).text
    keys.revoke(cognito.SUBJECT, created(keys, "Gone").id, by=SOMEBODY)
    page = person.get(KEYS).text
    assert "No working API keys" in page
    assert "Show 1 revoked or expired key</a>" in page
    assert listed(person, "?status=all") == ["Gone"]
    nothing = person.get(f"{KEYS}?search=nothing").text
    assert "No keys match" in nothing
    assert "Clear filters" in nothing


def test_a_rotated_key_follows_its_successor_wherever_the_order_would_put_it(
    person: Browser, keys: KeyService
) -> None:
    old = created(keys, "Old")
    created(keys, "Other")
    new = keys.rotate(cognito.SUBJECT, old.id, DAY, by=SOMEBODY).record
    for query in ("", "?sort=created", "?sort=expires", "?sort=-expires"):
        page = person.get(f"{KEYS}{query}").text
        rows = re.findall(rf'<tr role="row" class="([^"]*)">.*?{KEYS}/([0-9a-f-]*)"', page, re.S)
        position = next(n for n, (_, key_id) in enumerate(rows) if key_id == new.id)
        assert rows[position + 1] == ("replaced", old.id)
        assert "Replaced by the key above" in page
        assert 'class="countdown"' in page
    alone = person.get(f"{KEYS}?status=rotating").text
    assert f'Replaced by <a href="/live{KEYS}/{new.id}">another key</a>' in alone


def test_pages_carry_the_query(person: Browser, keys: KeyService) -> None:
    for number in range(PAGE_SIZE + 2):
        created(keys, f"job {number:02}")
    created(keys, "other")
    query = "?search=job&sort=name"
    first = person.get(f"{KEYS}{query}").text
    assert "<strong>27 keys</strong> of 28" in first
    (following,) = re.findall(r'rel="next" href="/live([^"]*)"', first)
    assert listed(person, unescape(following).removeprefix(KEYS)) == ["job 25", "job 26"]
    assert len(listed(person, query)) == PAGE_SIZE
    beyond = person.get(f"{KEYS}{query}&page=9").text
    assert "This page is empty" in beyond


def test_an_address_never_contains_a_key(person: Browser, keys: KeyService) -> None:
    issued = keys.create(cognito.SUBJECT, "mine", ["read"], by=SOMEBODY)
    created(keys, "other")
    response = person.get(f"{KEYS}?search={issued.secret}&sort=name")
    assert response.status == 303
    assert issued.secret not in response.headers["location"]
    assert issued.secret not in response.text
    page = person.get(response.headers["location"]).text
    assert issued.secret not in page
    assert '<a href="/live/dashboard/api-keys/' + issued.record.id in page
    assert "other" not in listed(person, response.headers["location"].partition(KEYS)[2])


def test_several_keys_are_revoked_after_a_question_that_lists_them(
    person: Browser, keys: KeyService, dynamodb: DynamoDBClient
) -> None:
    now = int(system_clock())
    one, two, three, gone = (created(keys, name) for name in ("One", "Two", "Three", "Gone"))
    keys.revoke(cognito.SUBJECT, gone.id, by=SOMEBODY)
    used(dynamodb, one, now - HOUR)
    used(dynamodb, two, now - 2 * DAY)
    ids = [one.id, two.id, gone.id]
    back = "%2Fdashboard%2Fapi-keys%3Fsort%3Dname"
    question = person.get(f"{REVOKE}?back={back}&{'&'.join(f'key={key_id}' for key_id in ids)}")
    text = unescape(question.text)
    for words in (
        "Revoke 2 API keys?",
        "1 of them was used within the last day",
        "1 selected key left out",
        "curl/8 at 203.0.113.7",
        "One",
        "Two",
    ):
        assert words in text
    assert re.findall(r'name="key" value="([^"]*)"', text) == [one.id, two.id]
    assert all(
        key.state(now) is not KeyState.REVOKED for key in keys.get_all(one.account_id, ids[:2])
    )

    sent = [*ids, "no id", f"{one.id[:-4]}ffff"]
    outcome = person.post(REVOKE, {**person.tokens(), "key": sent, "back": f"{KEYS}?sort=name"})
    text = unescape(outcome.text)
    assert outcome.status == 200
    assert "2 of 4 API keys revoked" in text
    assert text.count("Revoked before") == 1
    assert text.count("Not found") == 1
    assert 'href="/live/dashboard/api-keys?sort=name"' in text
    assert listed(person) == ["Three"]
    assert keys.get(cognito.SUBJECT, three.id).state(now) is KeyState.ACTIVE
    # Sent again, it changes nothing and says so.
    again = person.post(REVOKE, {**person.tokens(), "key": [one.id, two.id]})
    assert "0 of 2 API keys revoked" in again.text
    log = person.get("/dashboard/audit-log?action=api_key.revoked").text
    assert len(re.findall(r'<th role="rowheader"', log)) == 3


def test_a_question_warns_that_a_successor_keeps_working(person: Browser, keys: KeyService) -> None:
    old = created(keys, "Old")
    new = keys.rotate(cognito.SUBJECT, old.id, DAY, by=SOMEBODY).record
    warning = "The key that replaces it keeps working."
    assert warning in person.get(f"{REVOKE}?key={old.id}").text
    assert warning not in person.get(f"{REVOKE}?key={old.id}&key={new.id}").text
    outcome = person.post(REVOKE, person.tokens() | {"key": old.id}).text
    assert f'href="/live{KEYS}/{new.id}">The key that replaced it</a>' in outcome


@pytest.mark.parametrize("query", ["", "?key=", "?key=x", f"?key={'0' * 36}"])
def test_without_a_key_nothing_is_asked(person: Browser, query: str) -> None:
    page = person.get(f"{REVOKE}{query}")
    assert page.status == 200
    assert "Nothing to revoke" in page.text


def test_nobody_revokes_keys_of_another_account(
    person: Browser, keys: KeyService, accounts: AccountService
) -> None:
    accounts.ensure("other", by=SOMEBODY)
    theirs = keys.create("other", "Theirs", ["read"], by=SOMEBODY).record
    assert "Nothing to revoke" in person.get(f"{REVOKE}?key={theirs.id}").text
    outcome = person.post(REVOKE, person.tokens() | {"key": theirs.id}).text
    assert "Not found" in outcome
    assert "Theirs" not in outcome
    assert keys.get("other", theirs.id) == theirs


def test_from_the_list_a_revocation_leads_back_to_it(person: Browser, keys: KeyService) -> None:
    key = created(keys, "One")
    page = person.get(f"{KEYS}?sort=name").text
    (asked,) = re.findall(r'href="/live([^"]*/revoke\?back=[^"]*)" data-confirm', page)
    question = person.get(unescape(asked)).text
    back = unescape(re.findall(r'name="back" value="([^"]*)"', question)[0])
    done = person.submit(f"{KEYS}/{key.id}/revoke", {"back": back})
    assert done.headers["location"].endswith("/dashboard/api-keys?sort=name&done=key-revoked")


def test_a_label_is_found_as_it_is_written(person: Browser, keys: KeyService) -> None:
    created(keys, "Export", labels=["nightly  jobs"])
    created(keys, "Import", labels=["nightly jobs"])
    assert listed(person, "?label=nightly++jobs+") == ["Export"]
    assert (
        'name="label" type="text" value="nightly  jobs"'
        in person.get(f"{KEYS}?label=nightly++jobs").text
    )

"""The pages of alerts and of their settings: what they show and do, and for whom."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from jmpy.alerts.facts import NewCountry, NewNetwork
from jmpy.alerts.model import Alert, Evidence
from jmpy.alerts.settings.store import ThresholdStore
from jmpy.alerts.settings.thresholds import TUNABLES, Thresholds
from jmpy.alerts.store import AlertStore
from jmpy.audit.model import Action, Actor, ActorType
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.keys.model import KeyStatus
from jmpy.webhooks.sender import DeliveryFailed, WebhookSender
from jmpy.webhooks.store import WebhookStore
from project.origins import SOMEBODY
from project.tables import ACTIVITY, AUDIT
from tests.cognito import EMAIL, SUBJECT, FakeCognito
from tests.integration.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService

PATH = "/dashboard/alerts"
SETTINGS = f"{PATH}/settings"
WEBHOOK = f"{PATH}/webhook"
NOW = int(time.time())


@pytest.fixture
def key(person: Browser, service: KeyService) -> ApiKey:
    return service.create(SUBJECT, "<Newsletter>", ["read"], by=SOMEBODY).record


@pytest.fixture
def alarmed(dynamodb: DynamoDBClient, key: ApiKey) -> Alert:
    noticed = Alert(
        SUBJECT,
        key.id,
        NOW - 60,
        NewCountry("<b>"),
        Evidence("192.0.2.1", "GET /api/v1/short-urls", 200, "DE"),
    )
    assert AlertStore(dynamodb, ACTIVITY).add(noticed)
    return noticed


@pytest.fixture
def thresholds(dynamodb: DynamoDBClient) -> ThresholdStore:
    return ThresholdStore(dynamodb, ACTIVITY)


@pytest.fixture
def webhooks(dynamodb: DynamoDBClient) -> WebhookStore:
    return WebhookStore(dynamodb, ACTIVITY)


def test_an_alert_is_shown_until_it_is_dismissed(person: Browser, alarmed: Alert) -> None:
    page = person.get(PATH).text
    for shown in ("API key used from a new country", "before: &lt;b&gt;.", "192.0.2.1 (Germany)"):
        assert shown in page
    response = person.submit(f"{PATH}/{alarmed.id}/dismiss", {})
    assert response.status == 303
    after = person.get(response.headers["location"]).text
    assert "The alert was dismissed" in after
    assert "No open alerts" in after
    everything = person.get(f"{PATH}?show=all").text
    assert "API key used from a new country" in everything
    assert "/revoke" not in everything


def test_one_click_in_an_alert_revokes_the_key_for_whoever_clicked(
    person: Browser, alarmed: Alert, service: KeyService, dynamodb: DynamoDBClient
) -> None:
    assert person.submit(f"{PATH}/{alarmed.id}/revoke", {}).status == 303
    assert service.get(SUBJECT, alarmed.key_id).status is KeyStatus.REVOKED
    revoked = next(
        AuditLog(dynamodb, AUDIT).all(SUBJECT, EntryFilter(action=Action.KEY_REVOKED), 1)
    )
    assert revoked.origin.actor == Actor(ActorType.USER, SUBJECT, EMAIL)
    assert "No open alerts" in person.get(PATH).text


@pytest.mark.parametrize("action", ["dismiss", "revoke"])
def test_an_alert_of_another_account_is_not_found(
    person: Browser, dynamodb: DynamoDBClient, alarmed: Alert, action: str
) -> None:
    foreign = replace(alarmed, account_id="another")
    AlertStore(dynamodb, ACTIVITY).add(foreign)
    assert person.submit(f"{PATH}/{foreign.id}/{action}", {}).status == 404
    assert person.post(f"{PATH}/{alarmed.id}/{action}", {}).status == 403


def test_more_alerts_than_fit_are_on_further_pages(
    person: Browser, dynamodb: DynamoDBClient, alarmed: Alert
) -> None:
    store = AlertStore(dynamodb, ACTIVITY)
    for number in range(30):
        store.add(replace(alarmed, at=NOW - number, facts=NewNetwork(f"192.0.{number}.0/24")))
    page = person.get(PATH).text
    older = re.search(r'rel="next" href="([^"]*)"', page)
    assert older
    second = person.get(older[1].removeprefix("/live").replace("&amp;", "&")).text
    numbers = [int(n) for text in (page, second) for n in re.findall(r"192\.0\.(\d+)\.0/24", text)]
    assert numbers == list(range(30))


def test_a_stranger_is_asked_to_sign_in(browser: Browser) -> None:
    for path in (PATH, SETTINGS):
        assert browser.get(path).status == 302


RULES = [
    "new-country",
    "new-network",
    "burst",
    "rejected-requests",
    "inactive-key",
    "long-inactivity",
    "links-changed",
    "disallowed-address",
]


def save(person: Browser, rules: list[str], **thresholds: str) -> str:
    """The page that answers, after the redirect if it was one."""
    form: dict[str, str | list[str]] = {"csrf_token": person.csrf_token(), "rules": rules}
    response = person.post(SETTINGS, form | dict.fromkeys(TUNABLES, "") | thresholds)
    if response.status == 303:
        return person.get(response.headers["location"]).text
    assert response.status == 422
    return response.text


def test_rules_are_tuned_and_set_back(person: Browser, thresholds: ThresholdStore) -> None:
    page = save(person, RULES, burst_factor="12.5", rejected_minimum="5")
    assert "The rules were changed" in page
    assert 'name="burst_factor" type="text" value="12.5"' in page
    assert thresholds.find([SUBJECT]) == {
        SUBJECT: Thresholds(burst_factor=12.5, rejected_minimum=5, off=("key-in-url",))
    }
    assert "Restore defaults" in page
    response = person.submit(f"{SETTINGS}/defaults", {})
    after = person.get(response.headers["location"]).text
    assert "Restore defaults" not in after
    assert thresholds.find([SUBJECT]) == {SUBJECT: Thresholds()}


@pytest.mark.parametrize("typed", ["0", "many", "nan", "5.5", "1e999", "1000001"])
def test_a_number_out_of_range_is_shown_again_with_the_range(
    person: Browser, thresholds: ThresholdStore, typed: str
) -> None:
    page = save(person, RULES, rejected_minimum=typed)
    assert "enter a whole number from 1 to 1,000,000" in page
    assert f'value="{typed}"' in page
    assert thresholds.find([SUBJECT]) == {}


def test_all_numbers_out_of_range_are_reported_at_once(person: Browser) -> None:
    page = save(person, RULES, rejected_minimum="0", burst_factor="many")
    for field in ("rejected_minimum", "burst_factor"):
        assert f'<a href="#{field}">' in page
        assert f'id="{field}-error"' in page


def test_the_secret_of_a_webhook_is_shown_once(person: Browser, webhooks: WebhookStore) -> None:
    made = person.submit(WEBHOOK, {"url": "https://hooks.example.com/"})
    assert made.status == 201
    assert made.headers["cache-control"] == "no-store"
    first = webhooks.find(SUBJECT)
    assert first is not None
    assert first.secret in made.text
    page = person.get(SETTINGS).text
    assert "https://hooks.example.com/" in page
    assert first.secret not in page
    rolled = person.submit(f"{WEBHOOK}/secret", {})
    second = webhooks.find(SUBJECT)
    assert second is not None
    assert second.secret != first.secret
    assert second.secret in rolled.text
    moved = person.submit(WEBHOOK, {"url": "https://other.example/"})
    assert "The secret is the same" in person.get(moved.headers["location"]).text
    gone = person.submit(f"{WEBHOOK}/remove", {})
    assert "The webhook was removed" in person.get(gone.headers["location"]).text
    assert webhooks.find(SUBJECT) is None
    assert person.submit(f"{WEBHOOK}/secret", {}).status == 409
    log = person.get("/dashboard/audit-log").text
    for shown in ("Webhook set", "Webhook secret rolled", "hooks.example.com", EMAIL):
        assert shown in log


def test_a_wrong_url_is_shown_again(person: Browser) -> None:
    response = person.submit(WEBHOOK, {"url": "http://example.com/"})
    assert response.status == 422
    assert "Use an https URL" in response.text
    assert 'value="http://example.com/"' in response.text


def test_a_test_of_the_webhook_says_how_it_went(
    person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes: Iterator[int | DeliveryFailed] = iter([204, DeliveryFailed("status 500", 500)])

    def send(*_: object) -> int:
        outcome = next(outcomes)
        if isinstance(outcome, DeliveryFailed):
            raise outcome
        return outcome

    monkeypatch.setattr(WebhookSender, "send", send)
    for expected in ("The test was delivered.", "The test was not delivered. It responded with"):
        person.submit(WEBHOOK, {"url": "https://hooks.example.com/"})
        tested = person.submit(f"{WEBHOOK}/test", {})
        assert tested.status == 303
        assert expected in person.get(tested.headers["location"]).text
        assert person.submit(f"{WEBHOOK}/test", {}).status == 429
        person.submit(f"{WEBHOOK}/remove", {})


def test_mails_about_alerts_are_turned_off_and_on(
    dynamodb: DynamoDBClient,
    pool: FakeCognito,
    thresholds: ThresholdStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NOTICE_SENDER", "jmpy@example.com")
    person = Browser(pool)
    person.sign_in()
    switch = '<input id="email_enabled" name="email_enabled" type="checkbox" role="switch"'
    assert f'{switch} value="on" checked' in person.get(SETTINGS).text
    for form, expected in (({}, False), ({"email_enabled": "on"}, True)):
        response = person.submit(f"{PATH}/email", form)
        page = person.get(response.headers["location"]).text
        assert "The setting for emails was changed." in page
        assert (f'{switch} value="on" checked' in page) is expected
        # The rules are as they were.
        assert "Restore defaults" not in page
        settings = thresholds.find([SUBJECT])[SUBJECT]
        assert settings.email_enabled is expected


def test_the_settings_say_that_mails_are_off_without_a_sender(person: Browser) -> None:
    page = person.get(SETTINGS).text
    assert "Emails are off: the operator of this service has not set up a sender." in page
    assert "email_enabled" not in page


def test_restoring_the_rules_leaves_mails_off(person: Browser, thresholds: ThresholdStore) -> None:
    assert person.submit(f"{PATH}/email", {}).status == 303
    assert person.submit(f"{SETTINGS}/defaults", {}).status == 303
    assert thresholds.find([SUBJECT]) == {SUBJECT: Thresholds(email_enabled=False)}


def test_the_navigation_of_every_page_has_the_number_of_open_alerts(
    person: Browser, dynamodb: DynamoDBClient, key: ApiKey
) -> None:
    assert "Alerts, " not in person.get("/dashboard/plan").text
    raised = alerts_about(dynamodb, key, 10)
    for path in ("/dashboard", PATH, SETTINGS, "/dashboard/plan", "/dashboard/api-keys/new"):
        page = person.get(path).text
        assert 'aria-label="Alerts, more than 9 open"' in page, path
        assert '<span class="count">9+</span>' in page, path
    for alert in raised[3:]:
        AlertStore(dynamodb, ACTIVITY).dismiss(alert)
    page = person.get("/dashboard/plan").text
    assert 'aria-label="Alerts, 3 open"' in page
    assert '<span class="count">3</span>' in page
    assert "Alerts, " not in person.get("/dashboard/usage").text


def test_a_page_is_shown_without_the_number_if_it_cannot_be_read(
    person: Browser, dynamodb: DynamoDBClient, key: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise ClientError({"Error": {"Code": "InternalServerError"}}, "Query")

    alerts_about(dynamodb, key, 1)
    monkeypatch.setattr(AlertStore, "count_open", fail)
    page = person.get("/dashboard/plan")
    assert page.status == 200
    assert "Alerts, " not in page.text


def test_counting_open_alerts_reads_ten_keys_however_many_alerts_there_are(
    dynamodb: DynamoDBClient, key: ApiKey
) -> None:
    alerts_about(dynamodb, key, 30)
    store = AlertStore(dynamodb, ACTIVITY)
    assert [store.count_open(SUBJECT, 10), store.count_open("other", 10)] == [10, 0]


def alerts_about(dynamodb: DynamoDBClient, key: ApiKey, count: int) -> list[Alert]:
    store, evidence = AlertStore(dynamodb, ACTIVITY), Evidence("192.0.2.1", "GET /", 200)
    raised = [
        Alert(SUBJECT, key.id, NOW - number, NewNetwork(f"192.0.{number}.0/24"), evidence)
        for number in range(count)
    ]
    assert all(map(store.add, raised))
    return raised

"""The resources `/api/v1/alerts` and `/api/v1/alert-settings`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from jmpy.alerts.facts import NewCountry, NewNetwork
from jmpy.alerts.model import Alert, Evidence
from jmpy.alerts.settings.service import ThresholdService
from jmpy.alerts.settings.store import ThresholdStore
from jmpy.alerts.settings.thresholds import TUNABLES, Thresholds
from jmpy.alerts.store import AlertStore
from jmpy.audit.model import ActorType, Channel
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.clock import DAY
from jmpy.limits.changes import ChangeLimit
from jmpy.webhooks.sender import AddressRejected, DeliveryFailed, WebhookSender
from jmpy.webhooks.service import Webhooks
from jmpy.webhooks.store import WebhookStore
from project import functions
from project.origins import SOMEBODY
from project.tables import ACTIVITY, AUDIT, USAGE
from tests.integration.alerts import stored
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.webhooks.model import Webhook
    from project.functions import Response

NOW = 1_800_000_000
ALERTS = "/api/v1/alerts"
SETTINGS = "/api/v1/alert-settings"
WEBHOOK = f"{SETTINGS}/webhook"
URL = "https://hooks.example.com/jmpy?token=t0ken"


class Post:
    """In place of the internet: what happens to a delivery."""

    def __init__(self) -> None:
        self.outcome: int | Exception = 204
        self.sent: list[tuple[Webhook, str]] = []

    def send(self, webhook: Webhook, body: str) -> int:
        self.sent.append((webhook, body))
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


class Owner:
    """A client that calls the function, signed in."""

    def __init__(self, clock: Clock, post: Post) -> None:
        self.app = functions.load("alerts")
        resource = self.app.resource
        audit = AuditLog(self.app.dynamodb, AUDIT, ChangeLimit(USAGE))
        sender = cast("WebhookSender", post)
        resource.webhooks = Webhooks(resource.webhook_store, sender, audit, clock)

    def __call__(self, method: str, path: str, account: str = "acme", **sent: Any) -> Response:
        if path.startswith(f"{ALERTS}/"):
            head, alert_id, *tail = path.removeprefix("/api/v1/").split("/")
            sent["resource"] = "/".join(["/api/v1", head, "{id}", *tail])
            sent["parameters"] = {"id": alert_id}
        caller = functions.session_context(account)
        event = functions.event(method, path, authorizer=caller, **sent)
        return functions.call(self.app.handler, event)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def owner(dynamodb: DynamoDBClient, clock: Clock, post: Post) -> Owner:
    return Owner(clock, post)


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> AlertStore:
    return AlertStore(dynamodb, ACTIVITY)


def sample(number: int, **changes: Any) -> Alert:
    """The rules' periods differ; what counts is when it happened."""
    alert = Alert(
        "acme",
        f"key-{number % 2}",
        NOW + number * DAY,
        (NewNetwork(f"192.0.{number}.0/24"), NewCountry("DE"))[number % 2],
        Evidence("192.0.2.1", "GET /api/v1/short-urls", 200, "DE"),
    )
    return replace(alert, **changes)


@pytest.fixture
def alerts(store: AlertStore) -> list[Alert]:
    found = [sample(number) for number in range(7)]
    for alert in found:
        assert store.add(alert) == alert
    return found[::-1]


def ids(response: Response) -> list[str]:
    assert response.status == 200, response
    return [alert["id"] for alert in response.body["data"]["alerts"]]


def test_alerts_are_listed_the_newest_first(owner: Owner, alerts: list[Alert]) -> None:
    response = owner("GET", ALERTS)
    assert ids(response) == [alert.id for alert in alerts]
    assert response.body["data"]["next_cursor"] is None
    assert response.body["data"]["alerts"][0] == {
        "id": alerts[0].id,
        "rule": "new-network",
        "title": "API key used from a new network",
        "details": "The key was used from a network where it had not been used before: "
        "192.0.6.0/24.",
        "at": "2027-01-21T08:00:00Z",
        "key_id": "key-0",
        "status": "open",
        "evidence": {
            "ip_address": "192.0.2.1",
            "country": "DE",
            "route": "GET /api/v1/short-urls",
            "status": 200,
        },
    }
    assert ids(owner("GET", ALERTS, "another")) == []


def test_a_cursor_leads_to_the_next_page(owner: Owner, alerts: list[Alert]) -> None:
    seen, query = [], {"limit": "3"}
    for _ in range(3):
        response = owner("GET", ALERTS, query=query)
        seen.append(ids(response))
        query["cursor"] = response.body["data"]["next_cursor"]
    assert [len(page) for page in seen] == [3, 3, 1]
    assert [one for page in seen for one in page] == [alert.id for alert in alerts]
    assert query["cursor"] is None


def test_a_list_is_filtered(owner: Owner, alerts: list[Alert]) -> None:
    assert owner("POST", f"{ALERTS}/{alerts[0].id}/dismiss").body["data"]["status"] == "dismissed"
    assert ids(owner("GET", ALERTS, query={"status": "dismissed"})) == [alerts[0].id]
    left = ids(owner("GET", ALERTS, query={"status": "open", "key_id": "key-0"}))
    assert left == [alerts[2].id, alerts[4].id, alerts[6].id]


@pytest.mark.parametrize("query", [{"status": "shut"}, {"limit": "0"}, {"cursor": "x"}, {"n": "1"}])
def test_a_wrong_parameter_is_named(owner: Owner, query: dict[str, str]) -> None:
    response = owner("GET", ALERTS, query=query)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")


def test_an_alert_is_read_and_dismissed_by_its_owner_only(
    owner: Owner, alerts: list[Alert]
) -> None:
    one = f"{ALERTS}/{alerts[3].id}"
    assert owner("GET", one).body["data"]["status"] == "open"
    for method, path in (("GET", one), ("POST", f"{one}/dismiss")):
        assert owner(method, path, "another").status == 404
    assert owner("GET", f"{ALERTS}/nonsense").status == 404
    assert owner("POST", f"{one}/dismiss").status == 200
    assert owner("POST", f"{one}/dismiss").status == 200
    assert owner("GET", one).body["data"]["status"] == "dismissed"


def test_what_was_sent_is_not_sent_again_and_what_failed_is_once(
    store: AlertStore, alerts: list[Alert]
) -> None:
    first = alerts[-1]
    later = replace(first, at=first.at + 60)
    assert later.id == first.id
    # Nobody marked it: the attempt failed, and the next one goes on with the same alert.
    assert store.add(later) == first
    store.mark_sent(first, NOW)
    assert store.add(later) is None
    assert len(stored(store)) == len(alerts)


def test_without_settings_there_are_the_defaults(owner: Owner) -> None:
    response = owner("GET", SETTINGS).body["data"]
    assert response["webhook"] is None
    assert all(rule["enabled"] and rule["description"] for rule in response["rules"])
    assert set(response["thresholds"]) == set(TUNABLES)
    for threshold in response["thresholds"].values():
        assert threshold["value"] == threshold["default"]
    assert response["thresholds"]["burst_factor"]["maximum"] == 1000


def test_rules_are_tuned_and_set_back(owner: Owner, dynamodb: DynamoDBClient) -> None:
    def value(response: Response, name: str) -> Any:
        return response.body["data"]["thresholds"][name]["value"]

    body = {"off": ["burst", "burst"], "thresholds": {"inactive_days": 30, "rejected_minimum": 5.0}}
    tuned = owner("PATCH", SETTINGS, body=body)
    assert tuned.status == 200
    assert (value(tuned, "inactive_days"), value(tuned, "rejected_minimum")) == (30, 5)
    enabled = {rule["rule"]: rule["enabled"] for rule in tuned.body["data"]["rules"]}
    assert [rule for rule, on in enabled.items() if not on] == ["burst"]
    thresholds = ThresholdStore(dynamodb, ACTIVITY)
    assert thresholds.find(["acme", "another"]) == {
        "acme": Thresholds(inactive_days=30, rejected_minimum=5, off=("burst",))
    }
    part = owner("PATCH", SETTINGS, body={"thresholds": {"inactive_days": None}})
    assert (value(part, "inactive_days"), value(part, "rejected_minimum")) == (90, 5)
    assert not {rule["rule"]: rule["enabled"] for rule in part.body["data"]["rules"]}["burst"]
    owner("PATCH", SETTINGS, body={"off": [], "thresholds": {"rejected_minimum": None}})
    assert thresholds.find(["acme"]) == {"acme": Thresholds()}


def test_mails_are_turned_off_and_on_and_nothing_else_changes(
    owner: Owner, dynamodb: DynamoDBClient
) -> None:
    before = owner("GET", SETTINGS).body["data"]
    assert (before["email_enabled"], before["email_available"]) == (True, False)
    off = owner("PATCH", SETTINGS, body={"email_enabled": False})
    assert (off.status, off.body["data"]) == (200, {**before, "email_enabled": False})
    owner("PATCH", SETTINGS, body={"off": ["burst"]})
    thresholds = ThresholdStore(dynamodb, ACTIVITY)
    assert thresholds.find(["acme"]) == {"acme": Thresholds(off=("burst",), email_enabled=False)}
    owner("PATCH", SETTINGS, body={"off": [], "email_enabled": True})
    assert thresholds.find(["acme"]) == {"acme": Thresholds()}
    entries = AuditLog(dynamodb, AUDIT).all("acme", EntryFilter(), 10)
    changes = [entry.changes for entry in entries if "email_enabled" in entry.changes]
    assert [change["email_enabled"] for change in changes] == [(False, True), (True, False)]


def test_the_settings_say_whether_there_is_a_sender(
    dynamodb: DynamoDBClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTICE_SENDER", "jmpy@example.com")
    owner = Owner(clock, Post())
    assert owner("GET", SETTINGS).body["data"]["email_available"] is True


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email_enabled": "yes"}, "email_enabled"),
        ({"thresholds": {"burst_factor": 1}}, "thresholds.burst_factor"),
        ({"thresholds": {"burst_factor": 1e999}}, "thresholds.burst_factor"),
        ({"thresholds": {"burst_factor": True}}, "thresholds.burst_factor"),
        ({"thresholds": {"rejected_share": 1.1}}, "thresholds.rejected_share"),
        ({"thresholds": {"rejected_minimum": "5"}}, "thresholds.rejected_minimum"),
        ({"thresholds": {"rejected_minimum": 5.5}}, "thresholds.rejected_minimum"),
        ({"thresholds": {"learned_requests": 10**30}}, "thresholds.learned_requests"),
        ({"thresholds": {"nonsense": 1}}, "thresholds.nonsense"),
        ({"thresholds": []}, "thresholds"),
        ({"off": ["nonsense"]}, "off.0"),
        ({"off": ["leaked-key"]}, "off.0"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_a_wrong_setting_is_named_and_changes_nothing(
    owner: Owner, body: dict[str, Any], field: str
) -> None:
    sent = body if body.get("thresholds") != {"burst_factor": 1e999} else None
    text = '{"thresholds": {"burst_factor": 1e999}}'
    response = owner("PATCH", SETTINGS, body=text if sent is None else sent)
    assert (response.status, response.code) == (422, "VALIDATION_ERROR")
    assert response.body["error"]["details"]["errors"][0]["field"] == field
    assert owner("GET", SETTINGS).body["data"]["thresholds"]["burst_factor"]["value"] == 10


def test_what_an_operator_wrote_stays_also_beyond_the_ranges(
    owner: Owner, dynamodb: DynamoDBClient
) -> None:
    item = {
        "pk": {"S": "account#acme"},
        "sk": {"S": "alert-thresholds"},
        "thresholds": {"S": '{"roaming_networks": 0, "burst_minimum": 1000000000}'},
    }
    dynamodb.put_item(TableName=ACTIVITY, Item=item)
    shown = owner("PATCH", SETTINGS, body={"off": ["burst"]}).body["data"]["thresholds"]
    assert (shown["roaming_networks"]["value"], shown["burst_minimum"]["value"]) == (0, 10**9)


def test_of_two_changes_at_once_one_is_rejected(
    owner: Owner, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ThresholdStore(dynamodb, ACTIVITY)
    tuning = ThresholdService(other, AuditLog(dynamodb, AUDIT))
    tuning.change("acme", {"inactive_days": 10}, by=SOMEBODY)
    client = owner.app.dynamodb
    transact_write_items = client.transact_write_items

    def after_another(**parameters: Any) -> Any:
        tuning.change("acme", {"inactive_days": 20}, by=SOMEBODY)
        return transact_write_items(**parameters)

    monkeypatch.setattr(client, "transact_write_items", after_another)
    response = owner("PATCH", SETTINGS, body={"off": ["burst"]})
    assert (response.status, response.code) == (409, "CONFLICT")
    assert other.find(["acme"]) == {"acme": Thresholds(inactive_days=20)}


def test_a_webhook_is_set_changed_rolled_and_removed(
    owner: Owner, dynamodb: DynamoDBClient
) -> None:
    webhooks = WebhookStore(dynamodb, ACTIVITY)
    made = owner("PUT", WEBHOOK, body={"url": URL}).body["data"]
    assert (made["url"], made["created_at"]) == (URL, "2027-01-15T08:00:00Z")
    first = made["secret"]
    assert len(first) >= 43
    # Shown once.
    assert first not in owner("GET", SETTINGS).text
    moved = owner("PUT", WEBHOOK, body={"url": "https://other.example/"}).body["data"]
    assert (moved["url"], moved["secret"]) == ("https://other.example/", None)
    kept = webhooks.find("acme")
    assert kept is not None
    assert kept.secret == first
    rolled = owner("POST", f"{WEBHOOK}/roll-secret").body["data"]
    assert rolled["secret"] not in {None, first}
    kept = webhooks.find("acme")
    assert kept is not None
    assert kept.secret == rolled["secret"]
    assert owner("DELETE", WEBHOOK).body["data"]["webhook"] is None
    for method, path in (
        ("DELETE", WEBHOOK),
        ("POST", f"{WEBHOOK}/roll-secret"),
        ("POST", f"{WEBHOOK}/test"),
    ):
        response = owner(method, path)
        assert (response.status, response.code) == (404, "NOT_FOUND")
    assert webhooks.find("another") is None


def test_changes_are_recorded_as_those_of_whoever_is_signed_in(
    owner: Owner, dynamodb: DynamoDBClient
) -> None:
    owner("PATCH", SETTINGS, body={"off": ["burst"]})
    owner("PUT", WEBHOOK, body={"url": URL})
    owner("POST", f"{WEBHOOK}/roll-secret")
    owner("DELETE", WEBHOOK)
    entries = [*AuditLog(dynamodb, AUDIT).all("acme", EntryFilter(), 9)]
    assert len(entries) == 4
    assert {entry.origin.actor.type for entry in entries} == {ActorType.USER}
    assert {entry.origin.source.channel for entry in entries} == {Channel.API}


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://",
        "https://user:password@example.com/",
        "https://exa mple.com/",
        "ftp://example.com/",
        "https://example.com:0/",
        "https://[::1",
        "",
        "https://" + "x" * 2048,
        None,
    ],
)
def test_a_url_that_alerts_cannot_be_sent_to_is_rejected(owner: Owner, url: str | None) -> None:
    response = owner("PUT", WEBHOOK, body={"url": url})
    assert (response.status, response.code) == (422, "VALIDATION_ERROR")
    assert response.body["error"]["details"]["errors"][0]["field"] == "url"
    assert owner("GET", SETTINGS).body["data"]["webhook"] is None


@pytest.mark.parametrize(
    ("outcome", "status", "problem"),
    [
        (204, 204, None),
        (DeliveryFailed("status 500", 500), 500, "It responded with status 500, which is not 2xx."),
        (DeliveryFailed("gaierror"), None, "Its host was not found."),
        (DeliveryFailed("TimeoutError"), None, "It did not respond in time."),
        (DeliveryFailed("WhoKnowsError"), None, "The connection failed."),
        (
            AddressRejected(),
            None,
            "Its host resolves to a non-public address, so nothing was sent.",
        ),
    ],
)
def test_a_test_says_how_it_went_and_so_do_the_settings(
    owner: Owner, post: Post, outcome: int | Exception, status: int | None, problem: str | None
) -> None:
    owner("PUT", WEBHOOK, body={"url": URL})
    post.outcome = outcome
    response = owner("POST", f"{WEBHOOK}/test")
    assert (response.status, response.body["data"]) == (
        200,
        {"delivered": problem is None, "status": status, "problem": problem},
    )
    webhook = owner("GET", SETTINGS).body["data"]["webhook"]
    assert webhook["last_failure"] == problem
    at = "2027-01-15T08:00:00Z"
    assert (webhook["last_delivered_at"], webhook["last_failed_at"]) == (
        (at, None) if problem is None else (None, at)
    )
    # Another host has not failed yet.
    changed = owner("PUT", WEBHOOK, body={"url": "https://other.example/"}).body["data"]
    assert (changed["last_delivered_at"], changed["last_failed_at"]) == (None, None)


def test_a_test_comes_with_an_id_and_its_own_type(owner: Owner, post: Post) -> None:
    owner("PUT", WEBHOOK, body={"url": URL})
    owner("POST", f"{WEBHOOK}/test")
    ((webhook, body),) = post.sent
    assert webhook.url == URL
    assert '"type": "webhook.test"' in body


def test_a_webhook_is_tested_only_now_and_then(owner: Owner, post: Post, clock: Clock) -> None:
    owner("PUT", WEBHOOK, body={"url": URL})
    assert owner("POST", f"{WEBHOOK}/test").status == 200
    early = owner("POST", f"{WEBHOOK}/test")
    assert (early.status, early.code) == (429, "RATE_LIMIT_EXCEEDED")
    assert int(early.headers["retry-after"]) == 10
    clock.time += 10
    assert owner("POST", f"{WEBHOOK}/test").status == 200
    assert len(post.sent) == 2

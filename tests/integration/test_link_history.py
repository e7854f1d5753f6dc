"""What the audit log knows of links: where they led, who led them elsewhere, and what they were."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.audit.model import Action, ActorType, Channel
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.aws import clients
from jmpy.links import utm
from jmpy.links.changes import LinkChanges
from jmpy.links.errors import LinkConflict
from jmpy.links.new_link import NewLink
from jmpy.links.request_schema import UpdateLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.links.writes import StaleLink
from project import functions
from project.origins import SOMEBODY
from project.tables import AUDIT, LINKS
from tests import cognito
from tests.integration.campaigns import create_campaign
from tests.integration.conftest import Clock
from tests.integration.interleaved import before
from tests.integration.short_urls import Client
from tests.integration.test_audit_missing import Rejecting

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.audit.model import Entry
    from tests.integration.browser import Browser

NOT_AVAILABLE = {"url_type", "subdomain", "branded_domain", "qrCode", "qrFormat"}
URL, EVIL = "https://example.com/", "https://evil.example/"
CAMPAIGN = "3f0e0b52-5d0d-4d0e-9d5c-0f6f7b1b6a11"


@pytest.fixture
def log(dynamodb: DynamoDBClient) -> AuditLog:
    return AuditLog(dynamodb, AUDIT)


@pytest.fixture
def links(dynamodb: DynamoDBClient, clock: Clock) -> LinkService:
    return LinkService(LinkStore(dynamodb, LINKS), clock)


@pytest.fixture
def changes(
    links: LinkService, dynamodb: DynamoDBClient, log: AuditLog, clock: Clock
) -> LinkChanges:
    return LinkChanges(links, LinkStore(dynamodb, LINKS), log, clock)


def history(log: AuditLog, link_id: str, account: str = "a") -> list[Entry]:
    """The latest first."""
    return [*log.all(account, EntryFilter(target_id=link_id), 100)]


def test_a_stolen_key_leaves_where_a_link_led(client: Client, log: AuditLog) -> None:
    link = client.create(url=URL, custom_alias="sale")
    assert client("PATCH", "sale", body={"url": EVIL}).status == 200
    (entry,) = history(log, link["id"])
    assert (entry.action, entry.target_name) == (Action.LINK_CHANGED, "sale")
    assert entry.changes == {"url": (URL, EVIL)}
    actor, source = entry.origin.actor, entry.origin.source
    assert (actor.type, actor.id, actor.name) == (ActorType.API_KEY, "key-1", "Tëst")
    assert (source.channel, source.request_id) == (Channel.API, "request-1")


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"url": EVIL}, {"url": (URL, EVIL)}),
        (
            {"custom_alias": "fresh"},
            {"short_code": ("abc", "fresh"), "custom_alias": ("abc", "fresh")},
        ),
        ({"status": "disabled"}, {"status": ("active", "disabled")}),
        ({"password": "open sesame"}, {"password": (None, "set")}),
        ({"expires_at": "2030-01-01T00:00:00Z"}, {"expires_at": (None, 1893456000)}),
        ({"is_dynamic": True}, {"is_dynamic": (False, True)}),
        ({"forward_query": True}, {"forward_query": (False, True)}),
        *(
            ({name: "x"}, {"url": (URL, f"{URL}?{name}=x"), name: (None, "x")})
            for name in utm.NAMES
        ),
        ({"tracking_enabled": False}, {"tracking_enabled": (True, False)}),
        ({"name": "Sale"}, {"name": (None, "Sale")}),
        ({"tags": ["a", "b"]}, {"tags": ([], ["a", "b"])}),
        ({"campaign_id": "Autumn 2026"}, {"campaign_id": (None, CAMPAIGN)}),
    ],
)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_every_field_is_told_with_what_was_before(
    *,
    client: Client,
    log: AuditLog,
    dynamodb: DynamoDBClient,
    method: str,
    sent: dict[str, Any],
    told: dict[str, Any],
) -> None:
    create_campaign(dynamodb, "a", "Autumn 2026", CAMPAIGN)
    link = client.create(url=URL, custom_alias="abc")
    assert client(method, link["id"], body=sent).status == 200
    (entry,) = history(log, link["id"])
    assert entry.changes == told


def test_no_field_that_a_request_may_change_is_left_out() -> None:
    """Also one that is added later: each has to be in the test above."""
    tested = {"url", "custom_alias", "status", "password", "expires_at", "is_dynamic", "dynamic",
              "tracking_enabled", "forward_query", "name", "tags", "campaign_id",
              *utm.NAMES}  # fmt: skip
    assert set(UpdateLink.model_fields) - NOT_AVAILABLE == tested


def test_a_password_is_never_told(client: Client, log: AuditLog, dynamodb: DynamoDBClient) -> None:
    link = client.create(url=URL, password="first secret")
    for password in ("second secret", None):
        client("PATCH", link["id"], body={"password": password})
    client("DELETE", link["id"])
    told = [entry.changes.get("password") for entry in reversed(history(log, link["id"]))]
    assert told == [("set", "changed"), ("set", None), None]
    items = str(dynamodb.scan(TableName=AUDIT)["Items"])
    assert "secret" not in items
    assert "argon2" not in items


def test_a_deletion_tells_all_that_the_link_was(client: Client, log: AuditLog) -> None:
    link = client.create(url=URL, custom_alias="abc", name="Sale", password="open sesame")
    client("DELETE", link["id"])
    (entry,) = history(log, link["id"])
    assert entry.action is Action.LINK_DELETED
    assert entry.changes == {
        "url": (URL, None),
        "short_code": ("abc", None),
        "custom_alias": ("abc", None),
        "status": ("active", None),
        "password": ("set", None),
        "is_dynamic": (False, None),
        "forward_query": (False, None),
        "tracking_enabled": (True, None),
        "name": ("Sale", None),
    }


def test_what_changes_nothing_writes_nothing(client: Client, log: AuditLog) -> None:
    link = client.create(url=URL, custom_alias="abc", name="Sale")
    tag = client("GET", "abc").headers["etag"]
    same = {"url": URL, "custom_alias": "abc", "name": "Sale", "status": "active"}
    response = client("PUT", "abc", body=same)
    assert (response.status, response.headers["etag"]) == (200, tag)
    assert history(log, link["id"]) == []


@pytest.mark.parametrize(
    "body", [{}, {"dynamic": None}, {"url_type": None}, {"qrCode": False, "subdomain": None}]
)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_change_of_nothing_is_no_way_to_read(
    client: Client, method: str, body: dict[str, Any]
) -> None:
    """With a key that may write and not read."""
    link = client.create(url=URL, name="Secret plans")
    writer = functions.authorizer_context(permissions="write")
    response = client(method, link["id"], body=body, authorizer=writer)
    assert (response.status, response.code) == (422, "VALIDATION_ERROR")
    assert "at least one field" in response.body["error"]["message"]
    assert "Secret plans" not in response.text


def test_a_deletion_is_no_way_to_read(client: Client) -> None:
    link = client.create(url=URL, custom_alias="secret-alias")
    deleter = functions.authorizer_context(permissions="delete")
    response = client("DELETE", link["id"], authorizer=deleter)
    assert (response.status, "secret-alias" in response.text) == (200, False)


def test_a_change_and_its_entry_are_one(
    links: LinkService, dynamodb: DynamoDBClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What gives a link another destination fails without its entry; to delete it does not."""
    monkeypatch.setattr("jmpy.aws.dynamodb.time.sleep", lambda _seconds: None)
    link = links.create("a", NewLink(URL, "abc"))
    full: Any = Rejecting(dynamodb, AUDIT, "ItemCollectionSizeLimitExceeded")
    changes = LinkChanges(links, LinkStore(full, LINKS), AuditLog(full, AUDIT), clock)
    with pytest.raises(clients.faults()):
        changes.change("a", "abc", {"url": EVIL}, by=SOMEBODY)
    assert links.get("a", "abc") == link
    assert changes.change("a", "abc", {"disabled": True}, by=SOMEBODY).disabled
    changes.remove("a", "abc", by=SOMEBODY)
    assert [*links.newest("a", 1)] == []


def test_a_lost_race_is_told_as_it_happened(
    changes: LinkChanges, links: LinkService, log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = links.create("a", NewLink(URL))
    other = partial(changes.change, "a", link.id, {"url": "https://b.example/"}, by=SOMEBODY)
    before(monkeypatch, "change", other, LinkStore)
    changes.change("a", link.id, {"url": EVIL}, by=SOMEBODY)
    told = {entry.changes["url"] for entry in history(log, link.id)}
    assert told == {(URL, "https://b.example/"), ("https://b.example/", EVIL)}


def test_creations_are_not_told(client: Client, dynamodb: DynamoDBClient) -> None:
    """The link itself says where it leads and since when."""
    client.create(url=URL)
    assert dynamodb.scan(TableName=AUDIT)["Items"] == []


# The dashboard


@pytest.fixture
def mine(person: Browser, links: LinkService) -> Any:
    person.submit("/dashboard/links", {"url": URL, "custom_alias": "mine"})
    return links.get(cognito.SUBJECT, "mine")


def change(person: Browser, link: Any, **form: str) -> None:
    version = str(person.app.services.links.get(cognito.SUBJECT, link.id).version)
    sent = {"url": URL, "custom_alias": "mine", "status": "active", "version": version, **form}
    assert person.submit(f"/dashboard/links/{link.id}", sent).status == 303


def test_the_page_of_a_link_shows_its_history(person: Browser, mine: Any) -> None:
    change(person, mine, url=EVIL)
    page = person.get(f"/dashboard/links/{mine.id}").text
    assert "Link changed" in page
    assert f"Destination:</span> <del>{URL}</del>" in page
    assert f"<ins>{EVIL}</ins>" in page
    assert cognito.EMAIL in page


def test_a_long_destination_is_shortened_on_the_page_and_put_back_whole(
    person: Browser, mine: Any, links: LinkService
) -> None:
    long = f"https://example.com/{'x' * 7000}"
    for url in (long, URL):
        change(person, mine, url=url)
    page = person.get(f"/dashboard/links/{mine.id}").text
    assert f"<del>{long[:300]}…</del>" in page
    path = f"/dashboard/links/{mine.id}/destination"
    assert f'name="url" value="{long}"' in page
    assert person.submit(path, {"url": long, "version": "3"}).status == 303
    assert links.get(cognito.SUBJECT, mine.id).url == long


def test_an_old_destination_is_put_back(
    person: Browser, mine: Any, links: LinkService, log: AuditLog
) -> None:
    change(person, mine, url=EVIL)
    page = person.get(f"/dashboard/links/{mine.id}").text
    assert "Restore this destination" in page
    path = f"/dashboard/links/{mine.id}/destination"
    assert person.submit(path, {"url": URL, "version": "1"}).status == 409
    assert person.submit(path, {"url": URL, "version": "2"}).status == 303
    assert links.get(cognito.SUBJECT, mine.id).url == URL
    (latest, *_) = history(log, mine.id, cognito.SUBJECT)
    assert latest.changes == {"url": (EVIL, URL)}
    assert latest.origin.actor.name == cognito.EMAIL


def test_a_destination_that_is_put_back_has_to_be_one(person: Browser, mine: Any) -> None:
    path = f"/dashboard/links/{mine.id}/destination"
    response = person.submit(path, {"url": "javascript:alert(1)", "version": "1"})
    assert response.status == 422
    assert 'id="url-error"' in response.text


def test_the_log_of_a_deleted_link_can_be_read(person: Browser, mine: Any) -> None:
    person.submit(f"/dashboard/links/{mine.id}/delete", {})
    page = person.get(f"/dashboard/audit-log?link={mine.id}").text
    assert "Link deleted" in page
    assert URL in page
    assert URL in person.get("/dashboard/audit-log?action=link.deleted").text
    assert "No matching changes" in person.get("/dashboard/audit-log?link=another").text


def test_what_was_changed_with_one_key_can_be_found(client: Client, log: AuditLog) -> None:
    one, two = client.create(), client.create()
    other = {**functions.authorizer_context(), "key_id": "key-2"}
    client("PATCH", one["id"], body={"url": EVIL})
    client("PATCH", two["id"], body={"url": EVIL}, authorizer=other)
    found = [*log.all("a", EntryFilter(actor_id="key-2"), 10)]
    assert [(entry.target_id, entry.origin.actor.id) for entry in found] == [(two["id"], "key-2")]


def test_a_conflict_is_not_told(
    links: LinkService, changes: LinkChanges, log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = links.create("a", NewLink(URL))

    def stale(*_arguments: Any, **_options: Any) -> None:
        raise StaleLink

    monkeypatch.setattr(LinkStore, "change", stale)
    with pytest.raises(LinkConflict):
        changes.change("a", link.id, {"url": EVIL}, by=SOMEBODY)
    assert history(log, link.id) == []

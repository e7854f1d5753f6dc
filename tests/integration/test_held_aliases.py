"""Codes whose links were deleted or moved: held for their account, until they are released."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.audit.model import Action
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.gateway.own_names import NOWHERE
from jmpy.imports.service import ImportService, Result
from jmpy.links.bulk import BulkService, Row
from jmpy.links.errors import AliasNotHeld, AliasTaken, LinkNotFound
from jmpy.links.held import HeldAliases
from jmpy.links.held_store import HeldCodeStore
from jmpy.links.model import AliasState
from jmpy.links.new_link import NewLink
from jmpy.links.processing import Rules
from jmpy.links.store import LinkStore
from jmpy.links.writes import HELD
from jmpy.redirect.lookup import RedirectLookup
from project import functions
from project.origins import SOMEBODY
from project.tables import AUDIT, LINKS, SALTS
from tests import cognito
from tests.integration.conftest import Clock
from tests.integration.domains import create_domain
from tests.integration.short_urls import Client
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.integration.browser import Browser

URL = "https://example.com/"


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    return LinkStore(dynamodb, LINKS)


@pytest.fixture
def links(store: LinkStore, clock: Clock) -> SomebodysLinks:
    return SomebodysLinks(store, clock)


@pytest.fixture
def held(dynamodb: DynamoDBClient, clock: Clock) -> HeldAliases:
    return HeldAliases(HeldCodeStore(dynamodb, LINKS), AuditLog(dynamodb, AUDIT), clock)


def leave(links: SomebodysLinks, how: str) -> str:
    """A code that a link of `mine` had."""
    alias = None if how == "random code" else "sale"
    link = links.create("mine", NewLink(URL, alias))
    if how == "moved":
        links.change("mine", link.id, {"custom_alias": "moved"})
    else:
        links.remove("mine", link.id)
    return link.short_code


@pytest.mark.parametrize("how", ["deleted", "moved", "random code"])
def test_a_code_that_was_printed_does_not_lead_to_a_stranger(
    links: SomebodysLinks, dynamodb: DynamoDBClient, clock: Clock, how: str
) -> None:
    code = leave(links, how)
    with pytest.raises(LinkNotFound):
        RedirectLookup(dynamodb, LINKS, SALTS, clock).follow(code)
    other = links.create("other", NewLink(URL))
    for age in (0, HELD - 1):
        clock.time += age
        with pytest.raises(AliasTaken):
            links.create("other", NewLink(URL, code))
        with pytest.raises(AliasTaken):
            links.change("other", other.id, {"custom_alias": code})
        assert links.availability("other", code).state is AliasState.HELD
    # DynamoDB deletes what expired within days: the time counts.
    clock.time += 1
    assert links.availability("other", code).state is AliasState.AVAILABLE
    assert links.create("other", NewLink(URL, code)).short_code == code


@pytest.mark.parametrize("how", ["deleted", "moved", "random code"])
def test_its_account_can_use_it_again(links: SomebodysLinks, clock: Clock, how: str) -> None:
    code = leave(links, how)
    found = links.availability("mine", code)
    assert (found.state, found.held_until) == (AliasState.AVAILABLE, int(clock.time) + HELD)
    link = links.create("mine", NewLink("https://example.com/2", code))
    assert links.get("mine", code).id == link.id
    with pytest.raises(AliasTaken):
        links.create("mine", NewLink(URL, code))
    links.remove("mine", link.id)
    other = links.create("mine", NewLink(URL))
    assert links.change("mine", other.id, {"custom_alias": code}).short_code == code


@pytest.mark.parametrize("how", ["deleted", "moved", "random code"])
def test_its_new_link_works_at_once(
    links: SomebodysLinks, dynamodb: DynamoDBClient, clock: Clock, how: str
) -> None:
    code = leave(links, how)
    lookup = RedirectLookup(dynamodb, LINKS, SALTS, clock)  # a warm environment
    with pytest.raises(LinkNotFound):
        lookup.follow(code)
    link = links.create("mine", NewLink(URL, code))
    assert lookup.follow(code).link_id == link.id


def test_a_held_code_is_not_another_name_of_the_link_that_moved(links: SomebodysLinks) -> None:
    code = leave(links, "moved")
    with pytest.raises(LinkNotFound):
        links.get("mine", code)


def test_a_code_is_released_with_its_link(links: SomebodysLinks) -> None:
    link = links.create("mine", NewLink(URL, "sale"))
    links.remove("mine", link.id, release=True)
    assert links.create("other", NewLink(URL, "sale")).short_code == "sale"


def test_a_held_code_is_released_later(
    links: SomebodysLinks, held: HeldAliases, dynamodb: DynamoDBClient
) -> None:
    code = leave(links, "deleted")
    with pytest.raises(AliasNotHeld):
        held.release("other", code, by=SOMEBODY)
    held.release("mine", code, by=SOMEBODY)
    assert links.create("other", NewLink(URL, code)).short_code == code
    with pytest.raises(AliasNotHeld):
        held.release("mine", code, by=SOMEBODY)
    released = EntryFilter(action=Action.ALIAS_RELEASED)
    (entry,) = AuditLog(dynamodb, AUDIT).all("mine", released, 10)
    assert (entry.target_name, entry.origin) == (code, SOMEBODY)


def test_what_is_held_is_listed(links: SomebodysLinks, held: HeldAliases, clock: Clock) -> None:
    for number in range(5):
        links.remove("mine", links.create("mine", NewLink(URL, f"held-{number}")).id)
    links.remove("mine", links.create("mine", NewLink(URL, "released")).id, release=True)
    links.remove("other", links.create("other", NewLink(URL, "others")).id)
    links.create("mine", NewLink(URL, "held-0"))
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(10):
        found, cursor = held.page("mine", 2, cursor)
        seen += [one.code for one in found]
        if cursor is None:
            break
    assert sorted(seen) == [f"held-{number}" for number in range(1, 5)]
    clock.time += HELD
    assert held.page("mine", 100) == ([], None)


def test_bulk_and_import_honour_it(links: SomebodysLinks, store: LinkStore, clock: Clock) -> None:
    code = leave(links, "deleted")
    bulk = BulkService(store, clock)
    imports = ImportService(store, bulk, lambda _link: (), clock)
    row = Row(1, NewLink(URL, code))
    for account, result, count in (("other", Result.REJECTED, 0), ("mine", Result.NEW, 1)):
        planned = imports.plan(account, [row], NOWHERE)
        assert [outcome.result for outcome in imports.preview(planned)] == [result]
        plan = bulk.plan(account, [row], Rules())
        assert len(bulk.preview(account, plan).rows) == count
        created, failures = bulk.create(account, plan)
        assert (len(created), len(failures)) == (count, 1 - count)


# Over the API and on the dashboard


def ask(client: Client, method: str, path: str, account: str = "a", **sent: Any) -> Any:
    resource = "/api/v1/held-aliases" if path.count("/") == 3 else "/api/v1/held-aliases/{id}"
    if "check-alias" in path:
        resource = path
    event = functions.event(
        method,
        path,
        resource=resource,
        parameters={"id": path.rpartition("/")[2]},
        authorizer=functions.authorizer_context(account=account),
        **sent,
    )
    return functions.call(client.app.handler, event)


def test_the_api_lists_and_releases(client: Client) -> None:
    link = client.create(custom_alias="sale")
    client("DELETE", link["id"])
    (alias,) = ask(client, "GET", "/api/v1/held-aliases").body["data"]["aliases"]
    assert (alias["alias"], alias["link_id"]) == ("sale", link["id"])
    assert ask(client, "GET", "/api/v1/held-aliases", "b").body["data"]["aliases"] == []
    foreign = ask(client, "DELETE", "/api/v1/held-aliases/sale", "b")
    assert (foreign.status, foreign.code) == (404, "NOT_FOUND")
    assert ask(client, "DELETE", "/api/v1/held-aliases/sale").status == 200
    assert ask(client, "DELETE", "/api/v1/held-aliases/sale").status == 404
    assert client.create(account="b", custom_alias="sale")
    bad = ask(client, "GET", "/api/v1/held-aliases", query={"cursor": "a b"})
    assert (bad.status, bad.code) == (400, "INVALID_REQUEST")


def test_the_api_lists_and_releases_on_a_domain(
    client: Client, links: SomebodysLinks, dynamodb: DynamoDBClient
) -> None:
    host = create_domain(dynamodb, "a").host
    for alias in ("sale", "other"):
        links.remove("a", links.create("a", NewLink(URL, alias, host=host)).id)
    found: list[tuple[str, str]] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        page = ask(client, "GET", "/api/v1/held-aliases", query={"limit": "1", **cursor}).body[
            "data"
        ]
        found += [(alias["domain"], alias["alias"]) for alias in page["aliases"]]
        cursor = {"cursor": page["next_cursor"]}
        if page["next_cursor"] is None:
            break
    assert sorted(found) == [(host, "other"), (host, "sale")]
    release = "/api/v1/held-aliases/sale"
    assert ask(client, "DELETE", release).status == 404
    assert ask(client, "DELETE", release, "b", query={"domain": host}).status == 404
    assert ask(client, "DELETE", release, query={"domain": host}).status == 200
    assert ask(client, "DELETE", release, query={"domain": host}).status == 404


def test_the_api_releases_with_the_link(client: Client) -> None:
    link = client.create(custom_alias="sale")
    assert client("DELETE", link["id"], query={"release_alias": "true"}).status == 200
    assert client.create(account="b", custom_alias="sale")


@pytest.mark.parametrize(
    ("account", "state", "available"), [("a", "available", True), ("b", "held", False)]
)
def test_check_alias_tells_held_from_taken(
    client: Client, account: str, state: str, available: bool
) -> None:
    client("DELETE", client.create(custom_alias="sale")["id"])
    client.create(custom_alias="taken")
    path = "/api/v1/short-urls/check-alias"
    data = ask(client, "GET", path, account, query={"alias": "sale"}).body["data"]
    assert (data["state"], data["available"]) == (state, available)
    # Until when is for those who can use it meanwhile.
    assert (data["held_until"] is not None) == available
    assert "held" in data["message"]
    taken = ask(client, "GET", path, account, query={"alias": "taken"}).body["data"]
    assert (taken["state"], taken["available"]) == ("taken", False)


def test_the_dashboard_lists_and_releases(person: Browser, links: SomebodysLinks) -> None:
    page = "/dashboard/links/held-aliases"
    assert "No held aliases" in person.get(page).text
    person.submit("/dashboard/links", {"url": URL, "custom_alias": "sale"})
    link = links.get(cognito.SUBJECT, "sale")
    response = person.submit(f"/dashboard/links/{link.id}/delete", {})
    assert "done=link-deleted" in response.headers["location"]
    assert "live/sale" in person.get(page).text
    assert person.submit(f"{page}/release", {"alias": "sale"}).status == 303
    assert "No held aliases" in person.get(page).text
    assert links.create("other", NewLink(URL, "sale")).short_code == "sale"
    assert person.submit(f"{page}/release", {"alias": "sale"}).status == 404


def test_the_dashboard_lists_and_releases_on_a_domain(
    person: Browser, links: SomebodysLinks, dynamodb: DynamoDBClient
) -> None:
    page = "/dashboard/links/held-aliases"
    host = create_domain(dynamodb, cognito.SUBJECT).host
    link = links.create(cognito.SUBJECT, NewLink(URL, "sale", host=host))
    links.remove(cognito.SUBJECT, link.id)
    assert f"{host}/sale" in person.get(page).text
    assert f"{host}/sale" in person.get(f"{page}/release?alias=sale&domain={host}").text
    assert person.submit(f"{page}/release", {"alias": "sale"}).status == 404
    assert person.submit(f"{page}/release", {"alias": "sale", "domain": host}).status == 303
    assert "No held aliases" in person.get(page).text


def test_the_dashboard_releases_with_the_link(person: Browser, links: SomebodysLinks) -> None:
    person.submit("/dashboard/links", {"url": URL, "custom_alias": "sale"})
    link = links.get(cognito.SUBJECT, "sale")
    response = person.submit(f"/dashboard/links/{link.id}/delete", {"release": "on"})
    assert "done=link-released" in response.headers["location"]
    assert links.create("other", NewLink(URL, "sale")).short_code == "sale"

"""The pages of links and of the plan, as a browser meets them."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from jmpy.audit.store import AuditLog
from jmpy.limits.plan import LimitClass
from jmpy.links.blocklist_store import BlocklistStore, Entry
from jmpy.links.listing import Request
from jmpy.links.model import AliasState
from jmpy.links.new_link import NewLink
from jmpy.links.safety import Cause, TakedownReason
from jmpy.links.store import LinkStore
from jmpy.links.takedown import Order, TakedownService
from jmpy.links.takedown_store import TakedownStore
from jmpy.notices.takedowns import TakedownNotices
from project import functions
from project.origins import SOMEBODY
from project.tables import ACTIVITY, AUDIT
from project.tables import LINKS as TABLE
from tests import cognito
from tests.integration.browser import Browser
from tests.integration.campaigns import create_campaign, link_count
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.links.model import Link
    from tests.cognito import FakeCognito

LINKS = "/dashboard/links"
FORM = {"url": "https://example.com/long"}


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> SomebodysLinks:
    return SomebodysLinks(LinkStore(dynamodb, TABLE))


def only(links: SomebodysLinks) -> Link:
    (link,) = links.page(cognito.SUBJECT, Request()).links
    return link


def test_a_link_is_made_changed_and_deleted(person: Browser, links: SomebodysLinks) -> None:
    form = {
        **FORM,
        "custom_alias": "sale",
        "name": "Sale",
        "tags": "a, b,,a",
        "expires_at": "2099-01-31T12:00",
        "is_dynamic": "on",
    }
    assert person.submit(LINKS, form).status == 303
    link = only(links)
    assert (link.short_code, link.name, link.tags) == ("sale", "Sale", ("a", "b"))
    assert (link.expires_at, link.is_dynamic, link.channel) == (4073544000, True, "dashboard")
    listed = person.get(f"{LINKS}?done=link-created").text
    assert "https://api123.execute-api.eu-west-1.amazonaws.com/live/sale" in listed
    one = f"{LINKS}/{link.id}"
    page = person.get(one).text
    assert 'value="2099-01-31T12:00"' in page
    changed = {"url": "https://example.com/new", "version": "1", "status": "disabled"}
    assert person.submit(one, changed | {"custom_alias": "sale"}).status == 303
    link = only(links)
    assert (link.url, link.name, link.tags, link.expires_at) == (changed["url"], None, (), None)
    assert (link.short_code, link.disabled, link.is_dynamic) == ("sale", True, False)
    assert person.submit(f"{one}/delete", {}).status == 303
    assert person.get(one).status == 404


def test_a_link_is_put_into_a_campaign_and_taken_out_of_it(
    person: Browser, links: SomebodysLinks, dynamodb: DynamoDBClient
) -> None:
    campaign_id = create_campaign(dynamodb, cognito.SUBJECT)
    assert person.submit(LINKS, FORM | {"campaign_id": "autumn 2026"}).status == 303
    link = only(links)
    assert link.campaign_id == campaign_id
    one = f"{LINKS}/{link.id}"
    assert 'value="Autumn 2026"' in person.get(one).text
    form = FORM | {"version": "1", "name": "Named", "campaign_id": "Autumn 2026"}
    assert person.submit(one, form).status == 303
    assert only(links).campaign_id == campaign_id
    assert person.submit(one, form | {"version": "2", "campaign_id": ""}).status == 303
    assert only(links).campaign_id is None
    assert link_count(dynamodb, cognito.SUBJECT, campaign_id) == 0


def test_a_change_of_what_somebody_else_changed_is_refused(
    person: Browser,
    links: SomebodysLinks,
) -> None:
    person.submit(LINKS, FORM)
    link = only(links)
    links.change(cognito.SUBJECT, link.id, {"name": "theirs"})
    response = person.submit(f"{LINKS}/{link.id}", FORM | {"version": "1", "name": "mine"})
    assert response.status == 409
    assert 'value="mine"' in response.text
    assert only(links).name == "theirs"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "ftp://example.com"}, "url"),
        ({"url": ""}, "url"),
        ({"url": "https://api123.execute-api.eu-west-1.amazonaws.com/live/x"}, "url"),
        ({"custom_alias": "a b"}, "custom_alias"),
        ({"name": "x" * 256}, "name"),
        ({"expires_at": "never"}, "expires_at"),
        ({"password": "short"}, "password"),
        ({"tags": "x" * 51}, "tags"),
        ({"campaign_id": "Winter"}, "campaign_id"),
    ],
)
def test_a_mistake_is_told_beside_its_field(
    person: Browser,
    changes: dict[str, str],
    field: str,
) -> None:
    response = person.submit(LINKS, FORM | changes)
    assert response.status == 422
    assert f'id="{field}-error"' in response.text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "x" * 312}, "The name is 312 characters long; the maximum is 255"),
        ({"custom_alias": "x" * 51}, "The alias is 51 characters long; the maximum is 50"),
        ({"password": "x" * 65}, "The password is 65 characters long; the maximum is 64"),
        ({"tags": ",".join("abcdefghijklmnopqrstuvwxyz")}, "There are 26 tags; the maximum is 20"),
        ({"tags": "x" * 51}, "at most 50 characters; this one has 51"),
        ({"url": f"https://example.com/{'x' * 8000}"}, "this one has 8,020"),
    ],
)
def test_what_is_too_long_is_neither_cut_nor_taken_and_told_with_its_length(
    person: Browser, links: SomebodysLinks, changes: dict[str, str], message: str
) -> None:
    response = person.submit(LINKS, FORM | changes)
    assert (response.status, message in unescape(response.text)) == (422, True)
    assert links.page(cognito.SUBJECT, Request()).total == 0


ALL_WRONG = {
    "url": "ftp://example.com",
    "custom_alias": "a b",
    "name": "x" * 256,
    "tags": "x" * 51,
    "expires_at": "2020-01-01T00:00",
    "password": "short",
}


def test_all_mistakes_are_told_at_once_each_at_its_field(
    person: Browser, links: SomebodysLinks
) -> None:
    link = links.create(cognito.SUBJECT, NewLink("https://example.com/", custom_alias="taken"))
    for path, form in (
        (LINKS, ALL_WRONG),
        (f"{LINKS}/{link.id}", ALL_WRONG | {"version": "1"}),
        (LINKS, ALL_WRONG | {"custom_alias": "taken"}),
    ):
        response = person.submit(path, form)
        assert response.status == 422
        told = re.findall(r'<a href="#(\w+)">', response.text)
        assert told == list(ALL_WRONG)
        for field in ALL_WRONG:
            described = rf'id="{field}"[^>]* aria-describedby="{field}-error[^"]*"'
            assert re.search(rf'{described} aria-invalid="true"', response.text)
        assert 'value="ftp://example.com"' in response.text
        assert 'value="short"' not in response.text
    assert links.page(cognito.SUBJECT, Request()).total == 1


def test_a_mistake_costs_nothing_of_the_days_links(person: Browser) -> None:
    person.submit(LINKS, ALL_WRONG)
    person.submit(LINKS, FORM | {"custom_alias": "a b"})
    assert "<strong>0</strong> of 50" in person.get("/dashboard/plan").text


def test_an_expiry_with_seconds_is_not_set_again_by_the_form(
    person: Browser, links: SomebodysLinks
) -> None:
    then = SomebodysLinks(links._store, now=lambda: 0)
    link = then.create(cognito.SUBJECT, NewLink(FORM["url"], expires_at=90))
    sent = {**FORM, "name": "New", "expires_at": "1970-01-01T00:01", "version": "1"}
    assert person.submit(f"{LINKS}/{link.id}", sent).status == 303
    assert (only(links).name, only(links).expires_at) == ("New", 90)


def test_a_search_is_not_cut(person: Browser) -> None:
    url = f"https://example.com/{'a' * 300}/end"
    person.submit(LINKS, FORM | {"url": url})
    assert "1 link found" in person.get(f"{LINKS}?search={url}").text
    assert "Nothing found" in person.get(f"{LINKS}?search={url}s").text


@pytest.mark.parametrize("expiry", ["2020-01-01T00:00", "1960-01-01T00:00"])
def test_an_expiry_in_the_past_is_told_at_its_field(
    person: Browser, links: SomebodysLinks, expiry: str
) -> None:
    response = person.submit(LINKS, FORM | {"expires_at": expiry, "name": "Kept"})
    assert response.status == 422
    assert 'id="expires_at-error"' in response.text
    assert "must be in the future" in response.text
    assert links.page(cognito.SUBJECT, Request()).total == 0


def test_a_link_that_has_expired_is_renamed_without_a_new_expiry(
    person: Browser, links: SomebodysLinks
) -> None:
    then = SomebodysLinks(links._store, now=lambda: 0)
    link = then.create(cognito.SUBJECT, NewLink(FORM["url"], expires_at=60))
    sent = {**FORM, "name": "Old", "expires_at": "1970-01-01T00:01", "version": "1"}
    assert person.submit(f"{LINKS}/{link.id}", sent).status == 303
    assert (only(links).name, only(links).expires_at) == ("Old", 60)
    again = sent | {"expires_at": "1970-01-01T00:02", "version": "2"}
    assert person.submit(f"{LINKS}/{link.id}", again).status == 422


def test_a_taken_alias_is_told(person: Browser) -> None:
    person.submit(LINKS, FORM | {"custom_alias": "taken"})
    response = person.submit(LINKS, FORM | {"custom_alias": "taken"})
    assert response.status == 422
    assert "already in use" in unescape(response.text)


def test_links_made_here_count_against_the_limit(
    person: Browser,
    accounts: AccountService,
    links: SomebodysLinks,
) -> None:
    accounts.subscribe(cognito.SUBJECT, "free", {LimitClass.URL_CREATION: 1}, by=SOMEBODY)
    assert person.submit(LINKS, FORM).status == 303
    response = person.submit(LINKS, FORM)
    assert response.status == 429
    assert "You have used 1 of 1 link creations today." in response.text
    assert only(links)


def test_a_list_is_searched_and_filtered(person: Browser) -> None:
    for name in ("winter", "summer"):
        person.submit(LINKS, FORM | {"name": name})
    page = person.get(f"{LINKS}?search=wint").text
    assert "winter" in page
    assert "summer" not in page
    assert "Nothing found" in person.get(f"{LINKS}?status=disabled").text
    search = '"><script>alert(1)</script>'
    assert search not in person.get(f"{LINKS}?search={search}").text
    for query in ("page=x", "page=999999", "cursor=x", "status=x", "page=-1"):
        assert person.get(f"{LINKS}?{query}").status == 200, query


def test_another_accounts_link_is_not_found(person: Browser, links: SomebodysLinks) -> None:
    theirs = links.create("other", NewLink("https://example.com/theirs"))
    for response in (
        person.get(f"{LINKS}/{theirs.id}"),
        person.submit(f"{LINKS}/{theirs.id}", FORM),
        person.submit(f"{LINKS}/{theirs.id}/delete", {}),
    ):
        assert response.status == 404


def test_a_password_is_set_kept_and_removed(person: Browser, links: SomebodysLinks) -> None:
    person.submit(LINKS, FORM | {"password": "correct horse"})
    one = f"{LINKS}/{only(links).id}"
    first = only(links).password_hash
    assert first is not None
    assert "correct horse" not in person.get(one).text
    person.submit(one, FORM | person.opened(one))
    assert only(links).password_hash == first
    person.submit(one, FORM | {"remove_password": "on"} | person.opened(one))
    assert only(links).password_hash is None


def test_the_plan_shows_every_limit_and_the_other_plans(person: Browser) -> None:
    person.submit(LINKS, FORM)
    page = person.get("/dashboard/plan").text
    for words in ("Links created", "<strong>1</strong> of 50", "Free", "Pro", "Enterprise"):
        assert words in page
    assert "Upgrade" not in page


def test_the_plan_leads_to_where_the_operator_offers_others(
    person: Browser, pool: FakeCognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPGRADE_URL", "https://example.com/upgrade")
    later = Browser(pool)
    later.cookies = person.cookies
    assert 'href="https://example.com/upgrade"' in later.get("/dashboard/plan").text


def test_the_overview_leads_a_new_account_to_its_first_key(person: Browser) -> None:
    assert "/live/dashboard/api-keys/new" in person.get("/dashboard").text
    assert "<strong>0</strong> of 50" in person.get("/dashboard").text


@pytest.fixture
def takedowns(dynamodb: DynamoDBClient) -> TakedownService:
    notices = TakedownNotices(dynamodb, ACTIVITY)
    return TakedownService(TakedownStore(dynamodb, TABLE), AuditLog(dynamodb, AUDIT), notices)


@pytest.fixture
def taken_down(person: Browser, links: SomebodysLinks, takedowns: TakedownService) -> Link:
    person.submit(LINKS, {**FORM, "custom_alias": "bad"})
    order = Order(Cause.LINK, TakedownReason.PHISHING, "reported by <Example> Bank")
    down = takedowns.take_down("bad", order, by=SOMEBODY)
    assert down is not None
    return down


def test_the_owner_sees_what_is_held_against_a_link(person: Browser, taken_down: Link) -> None:
    page = person.get(f"{LINKS}/{taken_down.id}").text
    assert "took this link down" in page
    assert "phishing: reported by &lt;Example&gt; Bank" in page
    assert page.count("readonly=") == 7  # destination, UTM parameters, alias
    assert "Taken down" in person.get(LINKS).text


def test_links_that_were_taken_down_can_be_listed(person: Browser, taken_down: Link) -> None:
    person.submit(LINKS, {**FORM, "custom_alias": "good"})
    page = person.get(f"{LINKS}?status=taken_down").text
    assert ("live/bad" in page, "live/good" in page) == (True, False)


@pytest.mark.parametrize(
    "change", [{"url": "https://example.org/"}, {"custom_alias": "elsewhere"}, {"custom_alias": ""}]
)
def test_the_form_leads_a_taken_down_link_nowhere_else(
    person: Browser, links: SomebodysLinks, taken_down: Link, change: dict[str, str]
) -> None:
    sent = {**FORM, "custom_alias": "bad", "version": str(taken_down.version), **change}
    response = person.submit(f"{LINKS}/{taken_down.id}", sent)
    assert response.status == 403
    assert "taken down by the operator" in response.text
    assert (only(links).url, only(links).short_code) == (FORM["url"], "bad")


def test_the_rest_of_a_taken_down_link_can_be_changed_and_it_can_be_deleted(
    person: Browser, links: SomebodysLinks, taken_down: Link
) -> None:
    one = f"{LINKS}/{taken_down.id}"
    sent = {**FORM, "custom_alias": "bad", "name": "Mine", "version": str(taken_down.version)}
    assert person.submit(one, sent).status == 303
    assert (only(links).name, only(links).taken_down) == ("Mine", True)
    assert person.submit(f"{one}/delete", {}).status == 303
    assert links.availability(cognito.SUBJECT, "bad").state is AliasState.HELD


def test_a_link_to_a_blocked_host_can_be_renamed_and_led_elsewhere(
    person: Browser, links: SomebodysLinks, dynamodb: DynamoDBClient
) -> None:
    person.submit(LINKS, {**FORM, "custom_alias": "bad"})
    link = only(links)
    BlocklistStore(dynamodb, TABLE).add(Entry("example.com", "phishing", 1, "op"))
    person.app = functions.load("dashboard")
    one = f"{LINKS}/{link.id}"
    assert "blocks the destination" in person.get(one).text
    sent = {**FORM, "custom_alias": "bad", "name": "Mine", "version": str(link.version)}
    assert person.submit(one, sent).status == 303
    sent |= {"url": "https://example.org/", "version": str(link.version + 1)}
    assert person.submit(one, sent).status == 303
    assert "blocks the destination" not in person.get(one).text

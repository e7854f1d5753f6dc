"""The pages of campaigns on the dashboard."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.aws.dynamodb import transact
from jmpy.dashboard.pages import link_forms
from jmpy.links import membership
from jmpy.links.errors import LinkConflict
from jmpy.links.new_link import NewLink
from project.tables import LINKS
from tests import cognito
from tests.integration.campaign_client import Client
from tests.integration.short_urls import Client as ShortUrls

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response
    from tests.integration.browser import Browser

PAGES = "/dashboard/campaigns"


@pytest.fixture
def api(dynamodb: DynamoDBClient) -> Client:
    return Client()


def create(api: Client, name: str = "Autumn", **fields: Any) -> Any:
    return api.create(name, account=cognito.SUBJECT, **fields)


def values(page: Response) -> dict[str, str]:
    found = re.findall(r'<input id="(\w+)"[^>]* value="([^"]*)"', page.text)
    return {name: unescape(value) for name, value in found}


def test_a_campaign_is_created_and_shown(person: Browser, api: Client) -> None:
    assert "No campaigns yet" in person.get(PAGES).text
    form = {
        "name": " Été & Co ",
        "description": "Posters\r\nand flyers",
        "start_date": "2029-12-01T00:00",
        "end_date": "2029-12-31T23:59",
        "tags": "sale, print",
    }
    done = person.submit(PAGES, form)
    assert done.status == 303
    (created,) = api.listed(cognito.SUBJECT)["data"]
    assert done.headers["location"].endswith(f"{PAGES}/{created['id']}?done=campaign-created")
    assert created["name"] == "Été & Co"
    assert created["tags"] == ["sale", "print"]
    dates = (created["start_date"], created["end_date"], created["status"])
    assert dates == ("2029-12-01T00:00:00Z", "2029-12-31T23:59:00Z", "scheduled")
    page = person.get(f"{PAGES}/{created['id']}")
    assert page.status == 200
    shown = values(page)
    assert (shown["name"], shown["tags"]) == ("Été & Co", "sale, print")
    assert shown["end_date"] == "2029-12-31T23:59"
    assert "Campaign created" in page.text


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "AUTUMN"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "x", "description": "x" * 501}, "description"),
        ({"name": "x", "start_date": "soon"}, "start_date"),
        ({"name": "x", "start_date": "2029-12-02", "end_date": "2029-12-01"}, "end_date"),
        ({"name": "x", "tags": "y" * 51}, "tags"),
    ],
)
def test_a_mistake_is_shown_at_its_field(
    person: Browser, api: Client, form: dict[str, str], field: str
) -> None:
    create(api)
    response = person.submit(PAGES, form)
    assert response.status == 422
    assert f'id="{field}-error"' in response.text
    other = create(api, "other")
    response = person.submit(f"{PAGES}/{other['id']}", {**form, "version": "1"})
    assert response.status == 422
    assert f'id="{field}-error"' in response.text


def test_a_campaign_is_changed_as_a_whole(person: Browser, api: Client) -> None:
    created = create(api, description="Snow", end_date="2029-12-31", tags=["sale"])
    one = f"{PAGES}/{created['id']}"
    shown = values(person.get(one))
    form = {"name": "Winter", "end_date": shown["end_date"], "version": "1", "archived": "on"}
    assert person.submit(one, form).status == 303
    changed = api.get(created["id"], account=cognito.SUBJECT)
    expected: dict[str, Any] = {
        "name": "Winter",
        "description": None,
        "tags": [],
        "status": "archived",
        "end_date": "2029-12-31T23:59:59Z",
    }
    assert {name: changed[name] for name in expected} == expected


def test_a_form_that_is_out_of_date_says_what_changed(person: Browser, api: Client) -> None:
    created = create(api)
    api("PATCH", created["id"], account=cognito.SUBJECT, body={"name": "Winter"})
    response = person.submit(f"{PAGES}/{created['id']}", {"name": "Spring", "version": "1"})
    assert response.status == 409
    assert "This campaign changed after you opened this page" in response.text
    assert values(response)["name"] == "Spring"
    assert api.get(created["id"], account=cognito.SUBJECT)["name"] == "Winter"


def test_a_campaign_with_links_is_deleted_after_a_question(
    person: Browser, api: Client, dynamodb: DynamoDBClient
) -> None:
    created = create(api)
    transact(dynamodb, [membership.CAMPAIGN.counted(LINKS, cognito.SUBJECT, created["id"], 12)])
    one = f"{PAGES}/{created['id']}"
    question = person.get(f"{one}/delete?back=/dashboard/campaigns?page=2")
    assert "Its 12 links will be in no campaign" in unescape(question.text)
    assert person.submit(f"{one}/delete", {}).status == 303
    assert person.get(one).status == 404
    assert api.listed(cognito.SUBJECT)["meta"]["total"] == 0


def test_clicks_are_shown_by_people_and_by_bots(
    person: Browser, api: Client, dynamodb: DynamoDBClient
) -> None:
    created = create(api)
    key = membership.CAMPAIGN.count_key(cognito.SUBJECT, created["id"], 1)
    counted = {"links": {"N": "0"}, "clicks": {"N": "1234"}, "bots": {"N": "4"}}
    dynamodb.put_item(TableName=LINKS, Item=key | counted)
    one = person.get(f"{PAGES}/{created['id']}")
    assert "<dd>1,230 + 4 by bots</dd>" in one.text
    assert ">1,230<span" in person.get(PAGES).text


def test_the_list_is_searched_and_filtered(person: Browser, api: Client) -> None:
    for name in ("Autumn", "Winter"):
        create(api, name)
    create(api, "Spring", start_date="2090-01-01")
    for query, names in (
        ("", ["Spring", "Winter", "Autumn"]),
        ("?search=WIN", ["Winter"]),
        ("?status=active", ["Winter", "Autumn"]),
        ("?status=scheduled&search=in", ["Spring"]),
        ("?status=nonsense", ["Spring", "Winter", "Autumn"]),
        ("?status=ended", []),
        ("?page=3", []),
        ("?page=99999", ["Spring", "Winter", "Autumn"]),
    ):
        page = person.get(f"{PAGES}{query}")
        assert page.status == 200
        found = re.findall(r'class="title-line"><a [^>]*>([^<]+)</a>', page.text)
        assert found == names, query


def removals(page: Response) -> list[str]:
    """The parameters that are chosen to be removed."""
    return re.findall(r'name="removed_utm" value="(\w+)" checked', page.text)


def test_the_template_of_utm_parameters_is_part_of_the_form(person: Browser, api: Client) -> None:
    form = {"name": "Autumn", "utm_source": " news ", "removed_utm": "utm_term"}
    person.submit(PAGES, form)
    created = api.get("autumn", account=cognito.SUBJECT)
    shown = ("utm_source", "utm_medium", "utm_term")
    assert [created[name] for name in shown] == ["news", None, ""]
    one = f"{PAGES}/{created['id']}"
    page = person.get(one)
    assert (values(page)["utm_source"], removals(page)) == ("news", ["utm_term"])
    assert "<ins>removed from destinations</ins>" in page.text
    form = {"name": "Autumn", "utm_medium": "mail", "removed_utm": "utm_source"}
    person.submit(one, {**form, **person.hidden(page)})
    changed = api.get("autumn", account=cognito.SUBJECT)
    assert [changed[name] for name in shown] == ["", "mail", None]


@pytest.mark.parametrize(
    ("form", "field", "chosen"),
    [
        ({"utm_term": "x" * 256}, "utm_term", []),
        ({"utm_source": "news", "removed_utm": "utm_source"}, "utm_source", ["utm_source"]),
    ],
)
def test_a_mistake_in_the_template_is_shown_at_its_field(
    person: Browser, form: dict[str, str], field: str, chosen: list[str]
) -> None:
    wrong = person.submit(PAGES, {"name": "Winter", **form})
    assert (wrong.status, f'id="{field}-error"' in wrong.text) == (422, True)
    assert removals(wrong) == chosen


def test_an_unknown_parameter_to_remove_is_none(person: Browser, api: Client) -> None:
    person.submit(PAGES, {"name": "Autumn", "removed_utm": "name"})
    assert api.get("autumn", account=cognito.SUBJECT)["utm_source"] is None


def test_the_form_of_a_link_suggests_campaigns(
    person: Browser, api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest, without those that are archived."""
    monkeypatch.setattr(link_forms, "SUGGESTED", 3)
    for name in ("too old", "A & B", "archived", "Winter"):
        create(api, name)
    api("PATCH", "archived", account=cognito.SUBJECT, body={"archived": True})
    suggested = '<datalist id="campaigns"><option value="Winter"></option>'
    suggested += '<option value="A &amp; B"></option></datalist>'
    assert suggested in person.get("/dashboard/links/new").text
    assert suggested in person.submit("/dashboard/links", {"url": "nowhere"}).text
    person.submit("/dashboard/links", {"url": "https://e.com/", "campaign_id": "a & b"})
    (link,) = ShortUrls()("GET", account=cognito.SUBJECT).body["data"]["shortUrls"]
    page = person.get(f"/dashboard/links/{link['id']}")
    assert suggested in page.text
    assert values(page)["campaign_id"] == "A & B"


def shown_links(page: Response) -> list[str]:
    """The codes in the table of links, as it orders them."""
    return re.findall(r'data-copied="short URL (\w+) copied"', page.text)


def test_a_campaign_shows_its_newest_links_and_leads_to_all_of_them(
    person: Browser, api: Client
) -> None:
    campaign = create(api)
    one = f"{PAGES}/{campaign['id']}"
    empty = person.get(one).text
    assert "Set the campaign in the form of a" in empty
    assert "No links yet" in person.get(f"{one}/links").text
    links = person.app.services.links
    for number in range(21):
        new = NewLink("https://example.com/", f"code{number}", campaign_id=campaign["id"])
        links.create(cognito.SUBJECT, new)
    links.create(cognito.SUBJECT, NewLink("https://example.com/", "elsewhere"))
    newest = [f"code{number}" for number in reversed(range(21))]
    page = person.get(one)
    assert shown_links(page) == newest[:10]
    assert f'<a href="/live{one}/links">All 21 links</a>' in page.text
    first = person.get(f"{one}/links")
    assert shown_links(first) == newest[:20]
    following = re.search(r'rel="next" href="/live([^"]+)"', first.text)
    assert following is not None
    assert shown_links(person.get(unescape(following[1]))) == newest[20:]
    assert shown_links(person.get(f"{one}/links?page=2")) == newest[20:]
    assert "This page is empty" in person.get(f"{one}/links?page=3").text
    for query in ("?page=99999", "?cursor=nonsense", "?page=0"):
        assert shown_links(person.get(f"{one}/links{query}")) == newest[:20], query


def test_a_link_is_removed_from_a_campaign_and_remains(person: Browser, api: Client) -> None:
    campaign = create(api)
    one = f"{PAGES}/{campaign['id']}"
    new = NewLink("https://example.com/", "sale", campaign_id=campaign["id"])
    link = person.app.services.links.create(cognito.SUBJECT, new)
    shown = person.get(f"{one}?back=/dashboard/campaigns?page=2").text
    shown = shown.partition("/links/remove")[2].partition("</form>")[0]
    form = dict(re.findall(r'name="(link|back)" value="([^"]+)"', shown))
    for _ in range(2):
        done = person.submit(f"{one}/links/remove", form)
        assert done.status == 303
        back = "?back=%2Fdashboard%2Fcampaigns%3Fpage%3D2"
        assert done.headers["location"].endswith(f"{one}{back}&done=campaign-left")
    page = person.get(f"{one}?done=campaign-left")
    assert "removed from the campaign. It works as before" in page.text
    assert shown_links(page) == []
    found = person.app.services.links.get(cognito.SUBJECT, link.id)
    assert (found.campaign_id, found.short_code) == (None, "sale")
    assert api.get(campaign["id"], account=cognito.SUBJECT)["url_count"] == 0


@pytest.mark.parametrize("link", ["", "unknown", "x" * 2_000, "campaign#1", "é\0"])
def test_what_is_no_link_is_not_removed(person: Browser, api: Client, link: str) -> None:
    one = f"{PAGES}/{create(api)['id']}"
    assert person.submit(f"{one}/links/remove", {"link": link}).status == 404
    assert person.submit(f"{PAGES}/unknown/links/remove", {"link": link}).status == 404
    assert person.get(f"{PAGES}/unknown/links").status == 404


def test_a_link_that_others_keep_changing_is_shown_with_the_problem(
    person: Browser, api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def contended(*_args: Any, **_kwargs: Any) -> None:
        raise LinkConflict

    one = f"{PAGES}/{create(api)['id']}"
    monkeypatch.setattr(person.app.services.campaign_links, "remove", contended)
    response = person.submit(f"{one}/links/remove", {"link": "sale"})
    assert response.status == 409
    assert "Links of Autumn" in response.text

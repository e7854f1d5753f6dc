"""The pages of campaigns on the dashboard."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.aws.dynamodb import transact
from jmpy.campaigns import membership
from project.tables import LINKS
from tests import cognito
from tests.integration.campaign_client import Client

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
    transact(dynamodb, [membership.counted(LINKS, cognito.SUBJECT, created["id"], 12)])
    one = f"{PAGES}/{created['id']}"
    question = person.get(f"{one}/delete?back=/dashboard/campaigns?page=2")
    assert "Its 12 links will be in no campaign" in unescape(question.text)
    assert person.submit(f"{one}/delete", {}).status == 303
    assert person.get(one).status == 404
    assert api.listed(cognito.SUBJECT)["meta"]["total"] == 0


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


def test_the_template_of_utm_parameters_is_part_of_the_form(person: Browser, api: Client) -> None:
    person.submit(PAGES, {"name": "Autumn", "utm_source": " news "})
    (created,) = api.listed(cognito.SUBJECT)["data"]
    one = f"{PAGES}/{created['id']}"
    assert api("PATCH", "autumn", account=cognito.SUBJECT, body={"utm_term": ""}).status == 200
    page = person.get(one)
    assert values(page)["utm_source"] == "news"
    form = {"name": "Autumn", "utm_medium": "mail", **person.hidden(page)}
    assert person.submit(one, form).status == 303
    changed = api.get("autumn", account=cognito.SUBJECT)
    found = (changed["utm_source"], changed["utm_medium"], changed["utm_term"])
    assert found == (None, "mail", "")
    wrong = person.submit(PAGES, {"name": "Winter", "utm_term": "x" * 256})
    assert (wrong.status, 'id="utm_term-error"' in wrong.text) == (422, True)

"""The pages of domains on the dashboard."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.domains.model import DomainKind, DomainState
from tests import cognito
from tests.integration.domains import create_domain
from tests.integration.subdomain_client import ZONE, Client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response
    from tests.integration.browser import Browser

PAGES = "/dashboard/domains"
NEW = f"{PAGES}/new/subdomain"


@pytest.fixture
def api(dynamodb: DynamoDBClient) -> Client:
    return Client()


def create(api: Client, subdomain: str = "promo", **body: Any) -> Any:
    return api.create(subdomain, account=cognito.SUBJECT, **body)


def words(page: Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def values(page: Response) -> dict[str, str]:
    found = re.findall(r'<input id="(\w+)"[^>]* value="([^"]*)"', page.text)
    return {name: unescape(value) for name, value in found}


def test_without_a_domain_the_list_teaches_what_there_is(person: Browser) -> None:
    page = person.get(PAGES)
    assert "A subdomain is a name of your own within go.example.com" in words(page)
    assert "A branded domain is one that you own" in words(page)
    assert f'href="/live{NEW}"' in page.text


def test_a_subdomain_is_created_and_shown(person: Browser, api: Client) -> None:
    form = {"subdomain": " Promo ", "name": "Été & Co", "description": "Posters\r\nand flyers"}
    done = person.submit(NEW, form)
    assert done.status == 303
    (created,) = api.listed(cognito.SUBJECT)["data"]
    assert (created["full_domain"], created["name"]) == (f"promo.{ZONE}", "Été & Co")
    assert done.headers["location"].endswith(f"{PAGES}/{created['id']}?done=domain-created")
    page = person.get(f"{PAGES}/{created['id']}")
    assert f"<h1>promo.{ZONE}</h1>" in page.text
    assert "Active" in words(page)
    assert "Domain created" in words(page)
    listed = person.get(PAGES)
    assert f'href="/live{PAGES}/{created["id"]}">promo.{ZONE}</a>' in listed.text


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"subdomain": ""}, "subdomain"),
        ({"subdomain": "www"}, "subdomain"),
        ({"subdomain": "-ab"}, "subdomain"),
        ({"subdomain": "x" * 64}, "subdomain"),
        ({"subdomain": "taken"}, "subdomain"),
        ({"subdomain": "promo", "name": "x" * 101}, "name"),
        ({"subdomain": "promo", "description": "x" * 501}, "description"),
    ],
)
def test_a_mistake_is_shown_at_its_field(
    person: Browser, api: Client, form: dict[str, str], field: str
) -> None:
    api.create("taken", account="other")
    response = person.submit(NEW, form)
    assert response.status in (409, 422)
    assert f'id="{field}-error"' in response.text
    assert api.listed(cognito.SUBJECT)["data"] == []


def test_all_mistakes_are_shown_at_once(person: Browser, api: Client) -> None:
    response = person.submit(NEW, {"subdomain": "www", "name": "x" * 101})
    assert response.status == 422
    for field in ("subdomain", "name"):
        assert f'id="{field}-error"' in response.text


@pytest.mark.parametrize(
    ("subdomain", "message"),
    [
        ("promo", "The subdomain is available"),
        ("taken", "The subdomain is already in use"),
        ("mine", "The subdomain is yours already"),
        ("www", "'www' is a reserved word; choose another subdomain"),
        ("", "Type a name to see whether it is available."),
    ],
)
def test_availability_is_said_at_its_field(
    person: Browser, api: Client, subdomain: str, message: str
) -> None:
    api.create("taken", account="other")
    create(api, "mine")
    part = person.get(f"{NEW}/availability?subdomain={subdomain}")
    assert part.status == 200
    assert words(part) == message


def test_a_plan_includes_so_many_domains(person: Browser, api: Client) -> None:
    for subdomain in ("one", "two", "three"):
        create(api, subdomain)
    response = person.submit(NEW, {"subdomain": "four"})
    assert response.status == 409
    assert "Your plan includes 3 domains" in words(response)
    assert "See your plan" in response.text


def test_settings_are_changed_as_a_whole(person: Browser, api: Client) -> None:
    created = create(api, description="Posters")
    one = f"{PAGES}/{created['id']}"
    form = {
        "name": "Menus",
        "root_url": "https://www.example.com/",
        "is_primary": "on",
        "version": "1",
    }
    done = person.submit(one, form)
    assert done.headers["location"].endswith(f"{one}?done=domain-changed")
    changed = api.get(created["id"], account=cognito.SUBJECT)
    expected = {"name": "Menus", "description": None, "is_primary": True}
    assert {name: changed[name] for name in expected} == expected
    assert changed["root_url"] == "https://www.example.com/"
    page = person.get(one)
    assert values(page)["root_url"] == "https://www.example.com/"
    assert "Domain changed" in words(page)
    assert f"New ones are on promo.{ZONE} unless" in words(person.get(PAGES))


@pytest.mark.parametrize("field", ["root_url", "not_found_url", "expired_url"])
def test_a_redirect_that_leads_nowhere_is_shown_at_its_field(
    person: Browser, api: Client, field: str
) -> None:
    created = create(api)
    one = f"{PAGES}/{created['id']}"
    response = person.submit(one, {"name": "Menus", field: "ftp://x", "version": "1"})
    assert response.status == 422
    assert f'id="{field}-error"' in response.text
    assert values(response)[field] == "ftp://x"


def test_a_form_that_is_out_of_date_says_what_changed(person: Browser, api: Client) -> None:
    created = create(api)
    api("PATCH", created["id"], account=cognito.SUBJECT, body={"name": "Winter"})
    response = person.submit(f"{PAGES}/{created['id']}", {"name": "Spring", "version": "1"})
    assert response.status == 409
    assert "This domain changed after you opened this page" in response.text
    assert values(response)["name"] == "Spring"
    assert api.get(created["id"], account=cognito.SUBJECT)["name"] == "Winter"


def test_a_domain_is_its_accounts_own(person: Browser, api: Client) -> None:
    other = api.create(account="other")
    for path in ("", "/status", "/status?was=pending"):
        assert person.get(f"{PAGES}/{other['id']}{path}").status == 404
    response = person.submit(f"{PAGES}/{other['id']}", {"name": "Mine", "version": "1"})
    assert response.status == 404
    assert api.get(other["id"], account="other")["name"] == "promo"


def test_a_state_that_others_end_is_looked_at_again(
    person: Browser, dynamodb: DynamoDBClient
) -> None:
    domain = create_domain(
        dynamodb,
        cognito.SUBJECT,
        "links.acme.example",
        DomainState.VERIFYING,
        DomainKind.BRANDED,
    )
    one = f"{PAGES}/{domain.id}"
    assert f'hx-get="/live{one}/status?was=verifying"' in person.get(one).text
    assert "Being set up" in words(person.get(f"{one}/status?was=verifying"))


def test_a_domain_that_was_deleted_meanwhile_is_said_to_be(person: Browser) -> None:
    gone = "019b7a2c-1d2e-7f30-8a9b-0c1d2e3f4a5b"
    part = person.get(f"{PAGES}/{gone}/status?was=deleting")
    assert part.status == 200
    assert "The domain was deleted." in words(part)
    assert "hx-get" not in part.text


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("{", "This is not JSON: "),
        ('{"a": 1\n "b": 2}', "(line 2, column 2)"),
        ("1", "has to be a JSON object or array"),
        ("[" * 20_000, "too much is nested"),
        (f"[{'1' * 5000}]", "A number is too long"),
        ('{"a": 1e999}', "a number that is too large"),
        (f'["{"x" * 65_536}"]', "the maximum is 65,536"),
    ],
)
def test_a_file_that_cannot_be_served_is_a_mistake_at_its_field(
    person: Browser, api: Client, content: str, wrong: str
) -> None:
    one = f"{PAGES}/{create(api)['id']}"
    response = person.submit(f"{one}/assetlinks.json", {"content": content})
    assert response.status == 422
    assert 'id="assetlinks.json-error"' in response.text
    assert wrong in words(response)
    assert content.splitlines()[0][:20] in unescape(response.text)


def test_a_file_is_saved_shown_and_removed(person: Browser, api: Client) -> None:
    one = f"{PAGES}/{create(api)['id']}"
    save = f"{one}/apple-app-site-association"
    for _ in range(2):
        done = person.submit(save, {"content": '{"applinks": {"ü": []}}'})
        assert done.headers["location"].endswith(f"{one}?done=file-saved")
    assert '"applinks": {\n    "ü": []' in unescape(person.get(one).text)
    for _ in range(2):
        done = person.submit(save, {"content": " "})
        assert done.headers["location"].endswith(f"{one}?done=file-removed")
    assert "applinks" not in person.get(one).text.partition("History")[0]
    assert person.submit(f"{one}/robots.txt", {"content": "{}"}).status == 404


def test_a_domain_without_links_is_deleted_after_a_question(person: Browser, api: Client) -> None:
    created = create(api)
    one = f"{PAGES}/{created['id']}"
    question = words(person.get(f"{one}/delete"))
    assert f"Delete promo.{ZONE}?" in question
    assert "held for you for 30 days" in question
    assert "Delete 0" not in question
    done = person.submit(f"{one}/delete", {})
    assert done.headers["location"].endswith(f"{PAGES}?done=domain-deleted")
    assert person.get(one).status == 404
    assert api.listed(cognito.SUBJECT)["data"] == []


def test_a_domain_with_links_is_deleted_only_with_them(
    person: Browser, api: Client, dynamodb: DynamoDBClient
) -> None:
    created = create(api)
    one = f"{PAGES}/{created['id']}"
    form = {"url": "https://example.com/", "domain": f"promo.{ZONE}"}
    for _ in range(2):
        person.submit("/dashboard/links", form)
    assert "It has 2 links." in words(person.get(f"{one}/delete"))
    kept = person.submit(f"{one}/delete", {})
    assert kept.status == 409
    assert "links or QR codes are on it" in words(kept)
    done = person.submit(f"{one}/delete", {"force": "on"})
    assert done.headers["location"].endswith(f"{one}?done=domain-deleting")
    page = person.get(one)
    assert "Being deleted 2 links to go" in words(page)
    assert f'hx-get="/live{one}/status?was=deleting"' in page.text
    assert "Save changes" not in page.text
    assert "Delete domain" not in page.text


def test_links_are_counted_for_each_domain(
    person: Browser, api: Client, dynamodb: DynamoDBClient
) -> None:
    named = create_domain(dynamodb, cognito.SUBJECT)
    for alias in ("one", "two"):
        form = {"url": "https://example.com/", "custom_alias": alias, "domain": named.host}
        assert person.submit("/dashboard/links", form).status == 303
    page = person.get(f"{PAGES}/{named.id}")
    assert "2 links on this domain" in words(page)
    assert f'href="/live/dashboard/links?domain={named.host}"' in page.text

"""Where a form leads when it is done, and how pages tell apart what has one name."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from jmpy.activity.key_usage_store import KeyUseStore
from jmpy.activity.model import KeyUse, LastUse
from jmpy.clock import system_clock
from project.origins import SOMEBODY
from project.tables import ACTIVITY
from tests import cognito

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.keys.service import KeyService
    from tests.integration.browser import Browser

LINKS = "/dashboard/links"
URL = "https://example.com/"


@pytest.fixture
def keys(person: Browser) -> KeyService:
    found: KeyService = person.app.services.keys
    return found


def created(person: Browser, alias: str) -> str:
    """The path of its page."""
    response = person.submit(LINKS, {"url": URL, "custom_alias": alias, "name": f"Name of {alias}"})
    assert response.status == 303, response.text
    return urlsplit(response.headers["location"]).path.removeprefix("/live")


def test_a_new_link_is_shown_with_a_button_that_copies_it(person: Browser) -> None:
    response = person.submit(LINKS, {"url": URL, "custom_alias": "sale"})
    location = response.headers["location"]
    assert re.search(r"/dashboard/links/[0-9a-f-]{36}\?done=link-created$", location)
    page = person.get(location).text
    assert "The link is ready." in page
    assert re.search(r'<input id="short-url"[^>]* value="https://[^"]*/live/sale"', page)
    assert re.search(r'data-copy="https://[^"]*/live/sale" data-copied="short URL copied"', page)
    # Only once: the page of a link that is there already is another.
    assert 'id="short-url"' not in person.get(location.partition("?")[0]).text


def test_saving_a_link_leads_back_to_the_list_that_it_was_found_in(person: Browser) -> None:
    for number in range(25):
        created(person, f"sale-{number}")
    listed = person.get(f"{LINKS}?search=sale&status=active&page=2").text
    address = unescape(re.findall(rf'href="/live({LINKS}/[0-9a-f-]{{36}}\?back=[^"]+)"', listed)[0])
    page = person.get(address).text
    back = parse_qs(urlsplit(address).query)["back"][0]
    assert back == f"{LINKS}?search=sale&status=active&page=2"
    assert f'href="/live{back.replace("&", "&amp;")}"' in page  # so does the link to the list
    form = {"url": URL, "name": "Renamed", "version": "1", "status": "active", "back": back}
    one = address.partition("?")[0]
    response = person.submit(one, form)
    assert response.headers["location"].endswith(f"{back}&done=link-changed")
    assert "The link was changed." in person.get(response.headers["location"]).text
    question = person.get(f"{one}/delete?back={quote(back, safe='')}").text
    assert f'name="back" value="{back.replace("&", "&amp;")}"' in question
    response = person.submit(f"{one}/delete", {"back": back})
    assert response.headers["location"].endswith(f"{back}&done=link-deleted")


def test_a_mistake_keeps_the_way_back(person: Browser) -> None:
    one, back = created(person, "sale"), f"{LINKS}?search=sale"
    response = person.submit(one, {"url": "nonsense", "version": "1", "back": back})
    assert response.status == 422
    assert f'<input type="hidden" name="back" value="{back}">' in response.text


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/", "//evil.example/", "/logout", "javascript:alert(1)", "x" * 999],
)
def test_a_way_back_never_leads_elsewhere(person: Browser, back: str) -> None:
    one = created(person, "sale")
    form = {"url": URL, "name": "Renamed", "version": "1", "status": "active", "back": back}
    response = person.submit(one, form)
    assert response.headers["location"].endswith(f"/live{LINKS}?done=link-changed")
    page = person.get(f"{one}?back={quote(back, safe='')}").text
    assert f'href="/live{LINKS}"' in page
    assert "evil" not in page


def test_the_overview_shows_what_it_promises(
    person: Browser, keys: KeyService, dynamodb: DynamoDBClient
) -> None:
    """Sign-ins, changes of keys and calls of the API, with where they came from."""
    page = person.get("/dashboard").text
    assert "Signed in" in page.partition("Recent activity")[2]
    assert "192.0.2.1" in page
    key = keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY).record
    keys.change(cognito.SUBJECT, key.id, by=SOMEBODY, permissions=["read", "write"])
    at = int(system_clock())
    last = LastUse(at, "203.0.113.7", "curl/8.5", "GET /api/v1/usage", 200)
    KeyUseStore(dynamodb, ACTIVITY).record(KeyUse(key.id, cognito.SUBJECT, at, last))
    activity = unescape(person.get("/dashboard").text).partition("Recent activity")[2]
    shape = f"{key.display_prefix}…{key.last_four}"
    for words in (
        "Key created",
        f"Key changed: “CI” ({shape})",
        f"GET /api/v1/usage with the API key “CI” ({shape})",
        "203.0.113.7",
    ):
        assert words in activity


@pytest.mark.parametrize("path", ["/dashboard/activity", "/dashboard/audit-log"])
def test_keys_of_one_name_are_told_apart_where_one_is_chosen(
    person: Browser, keys: KeyService, path: str
) -> None:
    old = keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY).record
    new = keys.rotate(cognito.SUBJECT, old.id, 3600, by=SOMEBODY).record
    page = unescape(person.get(f"{path}?status=5xx&action=link.deleted").text)
    options = re.findall(r'<option value="([^"]+)"[^>]*>(CI [^<]+)</option>', page)
    said = dict(options)
    assert said.keys() == {old.id, new.id}
    assert re.fullmatch(
        rf"CI \({old.display_prefix}…{old.last_four}, old, created \d+ \w+ \d+\)", said[old.id]
    )
    assert re.fullmatch(
        rf"CI \({new.display_prefix}…{new.last_four}, created \d+ \w+ \d+\)", said[new.id]
    )


def test_keys_of_one_name_are_told_apart_in_the_audit_log(
    person: Browser, keys: KeyService
) -> None:
    old = keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY).record
    new = keys.rotate(cognito.SUBJECT, old.id, 3600, by=SOMEBODY).record
    page = person.get("/dashboard/audit-log").text
    for key, note in ((old, ", old"), (new, "")):
        assert f"<code>{key.display_prefix}…{key.last_four}{note}</code>" in page


@pytest.mark.parametrize(
    "path", ["/dashboard/nothing", "/dashboard/links/export/nothing", "/login/x"]
)
def test_a_page_that_is_not_there_shows_the_way_on(person: Browser, path: str) -> None:
    response = person.get(path)
    assert response.status == 404
    for target in ("/dashboard/links", "/dashboard/api-keys", "/dashboard/sessions", "/docs"):
        assert f'href="/live{target}"' in response.text
    assert 'action="/live/logout"' in response.text
    person.cookies.clear()
    response = person.get(path)
    assert response.status == 404
    for target in ("/login", "/docs", "/dashboard"):
        assert f'href="/live{target}"' in response.text

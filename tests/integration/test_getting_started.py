"""The checklist on the overview, as the owner of a new account meets it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from jmpy.activity.key_usage_store import KeyUseStore
from jmpy.activity.model import KeyUse, LastUse
from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from jmpy.clock import system_clock
from project.clicks import click
from project.tables import ACTIVITY, CLICKS, LINKS
from tests import cognito

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.cognito import FakeCognito
    from tests.integration.browser import Browser

PANEL = "/dashboard/getting-started"
KEY = {"name": "CI", "permissions": "write", "expiry": "never", "environment": ""}


def ticked(page: str) -> list[str]:
    """The titles of the steps that are done."""
    return re.findall(r'<li class="done">.*?<h3>(.*?)</h3>', page, re.DOTALL)


def create_key(person: Browser) -> str:
    person.submit("/dashboard/api-keys", KEY)
    (key,) = person.app.services.keys.of_account(cognito.SUBJECT)
    key_id: str = key.id
    return key_id


def send_request(client: DynamoDBClient, key_id: str) -> None:
    """As the access log reports it."""
    at = int(system_clock())
    last = LastUse(at, "203.0.113.7", "curl/8.5", "POST /api/v1/short-urls", 201)
    KeyUseStore(client, ACTIVITY).record(KeyUse(key_id, cognito.SUBJECT, at, last))


def create_links(person: Browser, number: int) -> str:
    """The id of the oldest."""
    for _ in range(number):
        person.submit("/dashboard/links", {"url": "https://example.com/"})
    links = [*person.app.services.links.newest(cognito.SUBJECT, number)]
    link_id: str = links[-1].id
    return link_id


def follow(client: DynamoDBClient, link_id: str) -> None:
    at = int(system_clock() * 1000)
    clicked = click(1, link=link_id, account=cognito.SUBJECT, at=at)
    ClickRecorder(ClickStore(client, CLICKS, LINKS, 30)).record([clicked])


def test_each_step_ticks_itself_and_the_list_ends_with_the_last(
    person: Browser, dynamodb: DynamoDBClient
) -> None:
    page = person.get("/dashboard").text
    assert (ticked(page), "0 of 5 done" in page) == ([], True)
    done = ["Create an API key"]
    key_id = create_key(person)
    page = person.get("/dashboard").text
    assert ticked(page) == done
    assert f"/dashboard/api-keys/{key_id}#try-it" in page
    send_request(dynamodb, key_id)
    done.append("Send the first request")
    assert ticked(person.get(PANEL).text) == done
    link_id = create_links(person, 1)
    done.append("Create a link")
    page = person.get("/dashboard").text
    assert ticked(page) == done
    assert f'/dashboard/links/{link_id}">Show link' in page
    follow(dynamodb, link_id)
    done.append("See a click")
    assert ticked(person.get(PANEL).text) == done
    person.submit("/dashboard/alerts/webhook", {"url": "https://hooks.example.com/jmpy"})
    done.append("Set up alerts")
    assert ticked(person.get(PANEL).text) == done
    page = person.get("/dashboard").text
    assert "Getting started" not in page
    assert "getting started" not in page


def test_a_revoked_key_counts_as_created_and_a_request_needs_another(person: Browser) -> None:
    key_id = create_key(person)
    person.submit(f"/dashboard/api-keys/{key_id}/revoke", {})
    page = person.get("/dashboard").text
    assert ticked(page) == ["Create an API key"]
    assert "#try-it" not in page


def test_a_click_on_an_older_link_is_seen(person: Browser, dynamodb: DynamoDBClient) -> None:
    oldest = create_links(person, 6)
    assert "See a click" not in ticked(person.get("/dashboard").text)
    follow(dynamodb, oldest)
    assert "See a click" in ticked(person.get("/dashboard").text)


def test_own_rules_are_set_up_alerts(person: Browser) -> None:
    person.submit("/dashboard/alerts/settings", {"off": "denials"})
    assert ticked(person.get("/dashboard").text) == ["Set up alerts"]


def test_it_stays_hidden_until_it_is_shown_again(
    person: Browser, browser: Browser, pool: FakeCognito
) -> None:
    response = person.submit(f"{PANEL}/hide", {})
    assert response.status == 303
    page = person.get(response.headers["location"]).text
    assert "Getting started is hidden" in page
    assert "Undo</button>" in page
    again = type(browser)(pool)
    again.sign_in()  # on another day, in another browser
    page = again.get("/dashboard").text
    assert "Getting started</h2>" not in page
    assert "Show getting started</button>" in page
    again.submit(f"{PANEL}/show", {})
    assert "Getting started</h2>" in person.get("/dashboard").text


@pytest.mark.parametrize("has_link", [True, False])
def test_whoever_got_started_is_not_offered_the_hidden_checklist(
    has_link: bool, person: Browser, dynamodb: DynamoDBClient
) -> None:
    person.submit(f"{PANEL}/hide", {})
    send_request(dynamodb, create_key(person))
    create_links(person, int(has_link)) if has_link else None
    assert ("Show getting started" in person.get("/dashboard").text) is not has_link


def test_hiding_changes_nothing_else_of_the_account(person: Browser) -> None:
    accounts = person.app.services.accounts
    before = accounts.get(cognito.SUBJECT)
    person.submit(f"{PANEL}/hide", {})
    assert accounts.get(cognito.SUBJECT).hides_getting_started
    person.submit(f"{PANEL}/show", {})
    assert accounts.get(cognito.SUBJECT) == before

"""The form for a new key: its expiry, its templates, and the sentence that summarizes it."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from jmpy.access.permission import Permission
from jmpy.clock import DAY
from jmpy.dashboard import filters
from tests import cognito
from tests.integration.test_api_key_pages import FORM, KEYS, only

if TYPE_CHECKING:
    from jmpy.keys.service import KeyService
    from tests.integration.browser import Browser

NEW = f"{KEYS}/new"


@pytest.fixture
def keys(person: Browser) -> KeyService:
    found: KeyService = person.app.services.keys
    return found


def checked(page: str) -> set[str]:
    """The names and values of the boxes that are checked."""
    boxes = re.findall(r"<input [^>]*>", page)
    return {
        f"{name[1]}={value[1]}"
        for box in boxes
        if " checked" in box
        and (name := re.search(r' name="([^"]*)"', box))
        and (value := re.search(r' value="([^"]*)"', box))
    }


def set_policy(person: Browser, days: int | None) -> None:
    accounts = person.app.services.accounts
    accounts.set_max_key_days(accounts.get(cognito.SUBJECT), days)


def test_a_new_key_expires_in_90_days_unless_its_owner_says_otherwise(person: Browser) -> None:
    page = person.get(NEW).text
    assert checked(page) == {"permissions=read", "expiry=90"}
    assert "until " in page
    assert filters.day(int(time.time()) + 90 * DAY) in page


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("read-only", {"permissions=read", "permissions=analytics", "expiry=90"}),
        ("ci", {"permissions=read", "permissions=write", "expiry=90"}),
        ("all", {*(f"permissions={one}" for one in Permission), "expiry=30"}),
    ],
)
def test_a_template_fills_in_the_form_without_scripts(
    person: Browser, template: str, expected: set[str]
) -> None:
    assert checked(person.get(f"{NEW}?template={template}").text) == expected | {"header_only=on"}


def test_an_unknown_template_fills_in_nothing(person: Browser) -> None:
    assert checked(person.get(f"{NEW}?template=root").text) == {"permissions=read", "expiry=90"}


def test_under_a_policy_the_form_offers_what_it_permits(person: Browser) -> None:
    set_policy(person, 60)
    page = person.get(NEW).text
    assert re.findall(r'name="expiry" [^>]*value="(\w+)"', page) == ["30", "60", "date"]
    assert "expiry=60" in checked(page)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"expiry": "never"}, "expiry"),
        ({"expiry": "90"}, "expiry"),
        ({"expiry": "date", "expires_on": "2099-12-31"}, "expires_on"),
    ],
)
def test_a_key_that_would_exceed_the_policy_is_explained_at_its_field(
    person: Browser, keys: KeyService, sent: dict[str, str], field: str
) -> None:
    set_policy(person, 60)
    response = person.submit(KEYS, FORM | sent)
    assert response.status == 422
    assert f'id="{field}-error"' in response.text
    assert keys.of_account(cognito.SUBJECT) == []


def test_the_longest_period_of_the_policy_can_be_chosen(person: Browser, keys: KeyService) -> None:
    set_policy(person, 60)
    assert person.submit(KEYS, FORM | {"expiry": "60"}).status == 201
    key = only(keys)
    assert key.expires_at is not None
    assert key.expires_at - key.created_at <= 60 * DAY


def test_the_summary_follows_the_form(person: Browser) -> None:
    sent = {
        "permissions": "analytics",
        "expiry": "date",
        "expires_on": "2099-12-30",
        "allowed_ips": "203.0.113.5/24",
        "header_only": "on",
    }
    response = person.get(f"{NEW}/summary?{urlencode(sent)}&permissions=read")
    assert response.text.strip() == (
        "<span>This key will be able to read links and statistics from 203.0.113.0/24 until "
        "30 December 2099. It has to be sent in a header.</span>"
    )


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "at least one permission"),
        ("permissions=admin", "Unknown permission"),
        ("permissions=read&allowed_ips=nowhere", "neither an IP address"),
        ("permissions=read&expiry=soon", "Choose one of the periods"),
        ("permissions=read&expiry=date&expires_on=%00", "Choose a day"),
    ],
)
def test_the_summary_of_a_form_with_a_mistake_says_what_is_missing(
    person: Browser, query: str, says: str
) -> None:
    response = person.get(f"{NEW}/summary?{query}")
    assert (response.status, says in response.text) == (200, True)


def test_the_created_key_is_summarized(person: Browser) -> None:
    created = person.submit(KEYS, FORM | {"permissions": "analytics"})
    assert "This key can read statistics from any address until it is revoked." in created.text

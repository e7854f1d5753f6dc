"""Forms that were opened before somebody else changed what they are about: nothing is overwritten
before their sender has seen what happened."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from jmpy.access.permission import Permission
from jmpy.clock import DAY, system_clock
from jmpy.keys.model import KeyState
from jmpy.links.listing import Request
from jmpy.links.store import LinkStore
from project.origins import SOMEBODY
from project.tables import LINKS as TABLE
from tests import cognito
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from jmpy.links.model import Link
    from tests.integration.browser import Browser

KEYS, LINKS = "/dashboard/api-keys", "/dashboard/links"


@pytest.fixture
def keys(person: Browser) -> KeyService:
    found: KeyService = person.app.services.keys
    return found


@pytest.fixture
def key(keys: KeyService) -> ApiKey:
    return keys.create(cognito.SUBJECT, "CI", ["read", "write"], by=SOMEBODY).record


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> SomebodysLinks:
    return SomebodysLinks(LinkStore(dynamodb, TABLE))


@pytest.fixture
def link(person: Browser, links: SomebodysLinks) -> Link:
    person.submit(LINKS, {"url": "https://example.com/long", "custom_alias": "sale"})
    (made,) = links.page(cognito.SUBJECT, Request()).links
    return made


def typed(**changes: str) -> dict[str, str]:
    """In the form of a key, as a tab that was opened long ago sends it."""
    return {"name": "Mine", "permissions": "write", "environment": "staging"} | changes


def test_a_stale_tab_re_grants_no_permission(
    person: Browser, keys: KeyService, key: ApiKey
) -> None:
    one = f"{KEYS}/{key.id}"
    stale = person.opened(one)
    keys.change(cognito.SUBJECT, key.id, permissions=["read"], by=SOMEBODY)
    response = person.submit(one, typed() | stale)
    assert response.status == 409
    assert keys.get(cognito.SUBJECT, key.id).permissions == {Permission.READ}


def test_the_page_says_what_changed_and_who_did_it_and_keeps_what_was_typed(
    person: Browser, keys: KeyService, key: ApiKey
) -> None:
    one = f"{KEYS}/{key.id}"
    stale = person.opened(one)
    keys.change(cognito.SUBJECT, key.id, permissions=["read"], by=SOMEBODY)
    response = person.submit(one, typed() | stale)
    page = unescape(response.text)
    conflict = page.partition('class="summary conflict"')[2].partition("</div>\n")[0]
    assert "This key changed after you opened this page" in page
    assert "<del>read, write</del> " in conflict
    assert "<ins>read</ins>" in conflict
    assert f"{SOMEBODY.actor.name} · {SOMEBODY.source.ip_address}" in conflict
    assert "Key created" not in conflict  # was before the page was opened
    assert 'value="Mine"' in page
    assert 'value="staging" selected' in page
    assert f'href="/live{one}">discard your input' in page


def test_what_was_typed_can_be_saved_over_it(
    person: Browser, keys: KeyService, key: ApiKey
) -> None:
    one = f"{KEYS}/{key.id}"
    stale = person.opened(one)
    keys.change(cognito.SUBJECT, key.id, permissions=["read"], by=SOMEBODY)
    response = person.submit(one, typed() | stale)
    assert person.submit(one, typed() | person.hidden(response)).status == 303
    now = keys.get(cognito.SUBJECT, key.id)
    assert (now.name, *now.permissions) == ("Mine", Permission.WRITE)


def test_a_mistake_in_a_stale_form_does_not_make_it_current_unseen(
    person: Browser, keys: KeyService, key: ApiKey
) -> None:
    """Else the corrected form would overwrite what its sender was never shown."""
    one = f"{KEYS}/{key.id}"
    stale = person.opened(one)
    keys.change(cognito.SUBJECT, key.id, permissions=["read"], by=SOMEBODY)
    response = person.submit(one, typed(name="") | stale)
    assert response.status in {409, 422}
    assert "This key changed after you opened this page" in response.text


def test_a_form_that_does_not_say_what_it_was_about_overwrites_nothing(
    person: Browser, keys: KeyService, key: ApiKey
) -> None:
    """As of a tab from before there were versions."""
    for sent in ({}, {"version": "x"}, {"version": "9" * 16}, {"version": "-1"}):
        assert person.submit(f"{KEYS}/{key.id}", typed() | sent).status == 409
    assert keys.get(cognito.SUBJECT, key.id) == key


def test_a_key_that_was_revoked_meanwhile_says_so_and_shows_what_was_typed(
    person: Browser, keys: KeyService, key: ApiKey
) -> None:
    one = f"{KEYS}/{key.id}"
    stale = person.opened(one)
    keys.revoke(cognito.SUBJECT, key.id, by=SOMEBODY)
    for path, form in ((one, typed()), (f"{one}/rotate", {"grace_days": "1"})):
        response = person.submit(path, form | stale)
        assert response.status == 409
        assert "Key revoked" in response.text
    assert "Mine" in person.submit(one, typed() | stale).text
    assert keys.get(cognito.SUBJECT, key.id).state(system_clock()) is KeyState.REVOKED
    assert len(keys.of_account(cognito.SUBJECT)) == 1


def test_a_key_that_was_rotated_meanwhile_says_so(
    person: Browser, keys: KeyService, key: ApiKey
) -> None:
    one = f"{KEYS}/{key.id}"
    stale = person.opened(one)
    new = keys.rotate(cognito.SUBJECT, key.id, DAY, by=SOMEBODY).record
    for path, form in ((one, typed()), (f"{one}/rotate", {"grace_days": "1"})):
        response = person.submit(path, form | stale)
        assert response.status == 409
        assert "Key rotated" in response.text
        assert f"{KEYS}/{new.id}" in response.text
    assert keys.get(cognito.SUBJECT, key.id).name == "CI"
    assert len(keys.of_account(cognito.SUBJECT)) == 2


def test_a_stale_tab_does_not_rotate_a_key_that_changed_meanwhile(
    person: Browser, keys: KeyService, key: ApiKey
) -> None:
    """The new key would have other permissions than the page shows."""
    one = f"{KEYS}/{key.id}"
    stale = person.opened(one)
    keys.change(cognito.SUBJECT, key.id, permissions=["delete"], by=SOMEBODY)
    response = person.submit(f"{one}/rotate", {"grace_days": "3"} | stale)
    assert response.status == 409
    assert "<ins>delete</ins>" in response.text
    assert 'value="3" checked' in response.text
    response = person.submit(f"{one}/rotate", {"grace_days": "3"} | person.hidden(response))
    assert response.status == 201


def test_changes_before_the_latest_ones_are_counted(
    person: Browser, keys: KeyService, key: ApiKey
) -> None:
    one = f"{KEYS}/{key.id}"
    stale = person.opened(one)
    for number in range(7):
        keys.change(cognito.SUBJECT, key.id, name=f"name {number}", by=SOMEBODY)
    page = person.submit(one, typed() | stale).text
    conflict = page.partition('class="summary conflict"')[2].partition("iscard your input")[0]
    assert conflict.count("Key changed") == 5
    assert "and 2 earlier changes" in conflict


def test_a_stale_form_of_a_link_says_what_changed_and_can_be_saved_over_it(
    person: Browser, links: SomebodysLinks, link: Link
) -> None:
    one = f"{LINKS}/{link.id}"
    stale = person.opened(one)
    links.change(cognito.SUBJECT, link.id, {"url": "https://example.com/theirs"})
    sent = {"url": link.url, "custom_alias": "sale", "name": "mine", "status": "active"}
    response = person.submit(one, sent | stale)
    assert response.status == 409
    assert "<ins>https://example.com/theirs</ins>" in response.text
    assert 'value="mine"' in response.text
    assert links.get(cognito.SUBJECT, link.id).url == "https://example.com/theirs"
    assert person.submit(one, sent | person.hidden(response)).status == 303
    assert links.get(cognito.SUBJECT, link.id).url == link.url


@pytest.mark.parametrize("mistake", [{"url": "ftp://x"}, {"custom_alias": "a b"}])
def test_a_mistake_in_a_stale_form_of_a_link_does_not_make_it_current_unseen(
    person: Browser, links: SomebodysLinks, link: Link, mistake: dict[str, str]
) -> None:
    one = f"{LINKS}/{link.id}"
    stale = person.opened(one)
    links.change(cognito.SUBJECT, link.id, {"name": "theirs"})
    response = person.submit(one, {"url": link.url, "custom_alias": "sale", **mistake} | stale)
    assert response.status == 422
    assert "This link changed after you opened this page" in response.text
    assert "<ins>theirs</ins>" in response.text


def test_a_destination_is_not_put_back_into_a_link_that_changed_meanwhile(
    person: Browser, links: SomebodysLinks, link: Link
) -> None:
    stale = person.opened(f"{LINKS}/{link.id}")
    links.change(cognito.SUBJECT, link.id, {"url": "https://example.com/theirs"})
    sent = {"url": "https://example.com/earlier"} | stale
    response = person.submit(f"{LINKS}/{link.id}/destination", sent)
    assert response.status == 409
    assert 'value="https://example.com/earlier"' in response.text
    assert links.get(cognito.SUBJECT, link.id).url == "https://example.com/theirs"


SETTINGS, WEBHOOK = "/dashboard/alerts/settings", "/dashboard/alerts/webhook"
RULES = {"rules": "burst", "burst_factor": "20"}


def versions(page: str) -> list[dict[str, str]]:
    """Of the webhook, and of the rules."""
    return [{"version": found} for found in re.findall(r'name="version" value="(\w*)"', page)]


def test_a_stale_form_of_rules_turns_no_rule_off_again(person: Browser) -> None:
    person.submit(SETTINGS, {"rules": "burst", "burst_factor": "4"})  # before it was opened
    _, stale = versions(person.get(SETTINGS).text)
    assert person.submit(SETTINGS, {"rules": "unused", "burst_factor": "5"} | stale).status == 303
    _, between = versions(person.get(SETTINGS).text)
    assert person.submit(SETTINGS, {"rules": "burst", "burst_factor": "6"} | between).status == 303
    response = person.submit(SETTINGS, RULES | stale)
    assert response.status == 409
    conflict = response.text.partition('class="summary conflict"')[2].partition(
        "iscard your input"
    )[0]
    assert conflict.count("Alert rules changed") == 2
    assert "<ins>6</ins>" in conflict
    assert 'value="20"' in response.text
    _, fresh = versions(response.text)
    assert person.submit(SETTINGS, RULES | fresh).status == 303


def test_a_mistake_in_a_stale_form_of_rules_does_not_make_it_current_unseen(
    person: Browser,
) -> None:
    _, stale = versions(person.get(SETTINGS).text)
    person.submit(SETTINGS, {"burst_factor": "5"})
    response = person.submit(SETTINGS, {"burst_factor": "much"} | stale)
    assert response.status == 422
    assert "This set of rules changed after you opened this page" in response.text


def test_a_stale_form_does_not_lead_alerts_to_the_former_url(person: Browser) -> None:
    none, _ = versions(person.get(SETTINGS).text)
    first, second, third = (f"https://hooks.example.com/{name}" for name in "abc")
    assert person.submit(WEBHOOK, {"url": first} | none).status == 201
    stale, _ = versions(person.get(SETTINGS).text)
    assert person.submit(WEBHOOK, {"url": second} | stale).status == 303
    for old in (none, stale):
        response = person.submit(WEBHOOK, {"url": third} | old)
        assert response.status == 409
        assert "This webhook changed after you opened this page" in response.text
        assert f'value="{third}"' in response.text
    fresh, _ = versions(response.text)
    assert f'value="{second}"' in person.get(SETTINGS).text
    assert person.submit(WEBHOOK, {"url": third} | fresh).status == 303


def test_a_form_that_wants_what_there_is_changes_nothing(person: Browser) -> None:
    """As when it is sent twice."""
    none, rules = versions(person.get(SETTINGS).text)
    for _ in range(2):
        assert person.submit(SETTINGS, {"burst_factor": "5"} | rules).status == 303
        assert person.submit(WEBHOOK, {"url": "https://hooks.example.com/a"} | none).status < 400

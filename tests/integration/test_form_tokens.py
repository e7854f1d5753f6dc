"""What a form creates is created once, however often it is sent; what it shows once stays so."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.idempotency.store import ResponseStore
from jmpy.links.listing import Request
from project.functions import Response
from project.origins import SOMEBODY
from project.tables import IDEMPOTENCY
from tests import cognito

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.keys.model import ApiKey
    from tests.integration.browser import Browser

KEYS, LINKS = "/dashboard/api-keys", "/dashboard/links"
QR_CODES = "/dashboard/qr-codes"
SETTINGS, WEBHOOK = "/dashboard/alerts/settings", "/dashboard/alerts/webhook"
KEY = {"name": "CI", "permissions": "read", "expiry": "never", "environment": ""}
LINK = {"url": "https://example.com/"}
HOOK = {"url": "https://hooks.example.com/"}
SHOWN = r'id="secret"[^>]* value="([^"]+)"'


def keys_of(person: Browser) -> list[ApiKey]:
    found: list[ApiKey] = person.app.services.keys.of_account(cognito.SUBJECT)
    return found


def links_of(person: Browser) -> list[Any]:
    found: list[Any] = person.app.services.links.page(cognito.SUBJECT, Request()).links
    return found


def qr_codes_of(person: Browser) -> int:
    return int(person.app.services.qr_code_store.count(cognito.SUBJECT))


def secret_in(response: Response) -> str:
    found = re.search(SHOWN, response.text)
    assert response.status == 201
    assert found is not None
    return found[1]


def test_a_link_form_that_is_sent_twice_creates_one_link_and_says_the_same(
    person: Browser,
) -> None:
    form = {**person.tokens(), **LINK, "custom_alias": "sale"}
    first, second = person.post(LINKS, form), person.post(LINKS, form)
    assert (first.status, second.status) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert [link.short_code for link in links_of(person)] == ["sale"]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        (LINKS, LINK),
        (LINKS, {**LINK, "custom_alias": "sale"}),
        (KEYS, KEY),
        (f"{KEYS}/<id>/rotate", {"grace_days": "1", "version": "1"}),
        (WEBHOOK, HOOK),
        (f"{WEBHOOK}/secret", {}),
        (f"{QR_CODES}/new/url", {"content_data.url": "https://a.example/"}),
        (f"{QR_CODES}/new/url", {"content_data.url": "https://a.example/", "is_dynamic": "on"}),
    ],
)
def test_of_two_clicks_at_once_the_slower_one_finds_what_the_other_did(
    person: Browser, monkeypatch: pytest.MonkeyPatch, path: str, sent: dict[str, str]
) -> None:
    if path.endswith("rotate"):
        person.submit(KEYS, KEY)
        path = path.replace("<id>", keys_of(person)[0].id)
    if path.endswith("secret"):
        person.submit(WEBHOOK, HOOK)
    form = {**person.tokens(), **sent}
    first = person.post(path, form)
    counts = len(keys_of(person)), len(links_of(person)), qr_codes_of(person)
    finds = iter([False])
    find = ResponseStore.find

    def at_once(kept: ResponseStore, request_id: str, now: float) -> Any:
        return find(kept, request_id, now) if next(finds, True) else None

    monkeypatch.setattr(ResponseStore, "find", at_once)
    second = person.post(path, form)
    assert (first.status in {201, 303}, second.status) == (True, 303)
    assert (len(keys_of(person)), len(links_of(person)), qr_codes_of(person)) == counts


def test_a_key_form_that_is_sent_again_creates_no_other_key_and_shows_none(
    person: Browser, dynamodb: DynamoDBClient
) -> None:
    form = {**person.tokens(), **KEY}
    secret = secret_in(person.post(KEYS, form))
    again = person.post(KEYS, form)
    (key,) = keys_of(person)
    assert again.status == 303
    assert again.headers["location"].endswith(f"{KEYS}/{key.id}?problem=key-was-shown")
    page = person.get(again.headers["location"]).text
    assert "which cannot be shown again" in unescape(page)
    assert "rotate or revoke it" in unescape(page)
    stored = str(dynamodb.scan(TableName=IDEMPOTENCY)["Items"])
    for text in (again.text, page, stored, again.headers["location"]):
        assert secret not in text
        assert secret[9:-4] not in text


def test_a_rotation_that_is_sent_again_creates_no_third_key(person: Browser) -> None:
    person.submit(KEYS, KEY)
    (old,) = keys_of(person)
    form = {**person.tokens(), "grace_days": "1", "version": "1"}
    secret = secret_in(person.post(f"{KEYS}/{old.id}/rotate", form))
    again = person.post(f"{KEYS}/{old.id}/rotate", form)
    assert len(keys_of(person)) == 2
    (new,) = [key for key in keys_of(person) if key.id != old.id]
    assert again.headers["location"].endswith(f"{KEYS}/{new.id}?problem=key-was-shown")
    assert secret not in person.get(again.headers["location"]).text


def test_the_secret_of_a_webhook_is_created_once_by_each_form(person: Browser) -> None:
    for path, form in ((WEBHOOK, HOOK), (f"{WEBHOOK}/secret", {})):
        sent = {**person.tokens(), **form}
        secret = secret_in(person.post(path, sent))
        again = person.post(path, sent)
        assert again.headers["location"].endswith(f"{SETTINGS}?problem=secret-was-shown")
        assert "cannot be shown again" in person.get(again.headers["location"]).text
        assert person.app.services.webhook_store.find(cognito.SUBJECT).secret == secret


def test_a_form_that_is_sent_again_with_something_else_is_shown_again_and_does_nothing(
    person: Browser,
) -> None:
    tokens = person.tokens()
    person.post(LINKS, {**tokens, **LINK})
    other = person.post(LINKS, {**tokens, "url": "https://other.example/"})
    assert other.status == 409
    assert "sent before" in unescape(other.text)
    assert 'value="https://other.example/"' in other.text
    assert len(links_of(person)) == 1
    form = re.search(r'action="/live/dashboard/links".*?</form>', other.text, re.DOTALL)
    assert form is not None
    fresh = re.findall(r'name="form_token" value="(\w+)"', form[0])
    sent = {**tokens, "form_token": fresh[0], "url": "https://other.example/"}
    assert person.post(LINKS, sent).status == 303
    assert len(links_of(person)) == 2


@pytest.mark.parametrize("token", [None, "", "x", "0" * 31, "0" * 33, "é" * 32])
@pytest.mark.parametrize(
    ("path", "form", "typed"),
    [
        (LINKS, LINK, 'value="https://example.com/"'),
        (KEYS, KEY, 'value="CI"'),
        (WEBHOOK, HOOK, 'value="https://hooks.example.com/"'),
    ],
)
def test_a_form_without_a_token_of_ours_is_shown_again_with_what_was_typed(
    person: Browser, token: str | None, path: str, form: dict[str, str], typed: str
) -> None:
    sent = {"csrf_token": person.csrf_token(), **form}
    response = person.post(path, sent if token is None else {**sent, "form_token": token})
    assert (response.status, typed in response.text) == (409, True)
    assert keys_of(person) == links_of(person) == []


def test_what_was_wrong_can_be_sent_again_with_the_same_form(person: Browser) -> None:
    tokens = person.tokens()
    assert person.post(LINKS, {**tokens, "url": "nowhere"}).status == 422
    assert person.post(LINKS, {**tokens, **LINK}).status == 303
    assert len(links_of(person)) == 1


def test_two_tabs_with_two_forms_create_two(person: Browser) -> None:
    first, second = person.tokens(), person.tokens()
    assert first["form_token"] != second["form_token"]
    for tokens in (first, second):
        assert person.post(LINKS, {**tokens, **LINK}).status == 303
    assert len(links_of(person)) == 2


def test_the_token_of_another_account_says_nothing_about_it(person: Browser) -> None:
    tokens = person.tokens()
    person.post(LINKS, {**tokens, **LINK})
    person.app.services.keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY)
    key = {**tokens, **KEY}
    assert secret_in(person.post(KEYS, key))  # another form, though with the same token


def test_a_quota_is_used_once_by_a_form_that_is_sent_twice(person: Browser) -> None:
    form = {**person.tokens(), **LINK}
    for _ in range(3):
        assert person.post(LINKS, form).status == 303
    assert "<strong>1</strong> of 50" in person.get("/dashboard/plan").text


def test_a_change_a_deletion_and_a_release_that_are_sent_twice_say_the_same_twice(
    person: Browser,
) -> None:
    person.submit(LINKS, {**LINK, "custom_alias": "sale"})
    (link,) = links_of(person)
    one = f"{LINKS}/{link.id}"
    change = {"url": "https://other.example/", "custom_alias": "sale", "version": "1"}
    for path, form in (
        (one, {**change, "password": "correct horse"}),
        (f"{one}/destination", {**LINK, "version": "2"}),
        (f"{one}/delete", {}),
        (f"{LINKS}/held-aliases/release", {"alias": "sale"}),
    ):
        sent = {**person.tokens(), **form}
        responses = [person.post(path, sent) for _ in range(2)]
        assert [response.status for response in responses] == [303, 303], path
        assert len({response.headers["location"] for response in responses}) == 1
    assert links_of(person) == []


def test_a_webhook_that_is_removed_twice_is_removed(person: Browser) -> None:
    person.submit(WEBHOOK, HOOK)
    for _ in range(2):
        assert person.submit(f"{WEBHOOK}/remove", {}).status == 303

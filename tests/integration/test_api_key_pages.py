"""The pages of API keys, as a browser meets them: forms in, pages out."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from jmpy.activity.key_usage_store import KeyUseStore
from jmpy.activity.model import KeyUse, LastUse
from jmpy.clock import DAY, system_clock
from jmpy.dashboard.asset import ASSETS
from jmpy.keys import token
from jmpy.keys.item import reference_key
from jmpy.keys.model import Environment, KeyState
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, ACTIVITY
from tests import cognito
from tests.integration.browser import STAGE
from tests.integration.calls import called

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from project.functions import Response
    from tests.integration.browser import Browser

KEYS = "/dashboard/api-keys"
FORM = {"name": "CI", "permissions": "read", "expiry": "never", "environment": ""}


@pytest.fixture
def keys(person: Browser) -> KeyService:
    found: KeyService = person.app.services.keys
    return found


def shown_key(response: Response) -> str:
    assert response.status == 201, response.text
    found = re.search(r'id="secret"[^>]* value="(jmpy_\w+)"', response.text)
    assert found is not None
    return found[1]


def only(keys: KeyService) -> ApiKey:
    (key,) = keys.of_account(cognito.SUBJECT)
    return key


def test_a_key_is_shown_once_with_a_ready_command(person: Browser, keys: KeyService) -> None:
    response = person.submit(KEYS, FORM)
    secret = shown_key(response)
    key = only(keys)
    assert token.parse(secret) == key.digest
    assert (key.name, sorted(key.permissions), key.expires_at) == ("CI", ["read"], None)
    assert f"-H 'Authorization: Bearer {secret}'" in unescape(response.text)
    assert response.headers["cache-control"] == "no-store"
    for path in (KEYS, f"{KEYS}/{key.id}", "/dashboard", f"{KEYS}?status=all"):
        page = person.get(path)
        assert page.status == 200
        assert secret not in page.text
        assert secret[9:-4] not in page.text
    assert f"{key.display_prefix}…{key.last_four}" in person.get(KEYS).text


def test_a_new_form_has_read_selected_and_nothing_else(person: Browser) -> None:
    page = person.get(f"{KEYS}/new").text
    boxes = re.findall(r'<input type="checkbox"[^>]*name="permissions"[^>]*>', page)
    assert [re.findall(r'value="(\w+)"', box)[0] for box in boxes if "checked" in box] == ["read"]
    for words in (
        "Read access to all resources",
        "Create and update resources",
        "Delete resources",
        "Access to analytics endpoints",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"name": ""}, "name", "1 to 100"),
        ({"name": "x" * 312}, "name", "The name is 312 characters long; the maximum is 100"),
        ({"permissions": "admin"}, "permissions", "admin"),
        ({"environment": "moon"}, "environment", "moon"),
        ({"expiry": "date", "expires_on": ""}, "expires_on", "Choose a day"),
        ({"expiry": "date", "expires_on": "2020-01-01"}, "expires_on", "future"),
        ({"expiry": "soon"}, "expiry", "Choose one"),
        ({"allowed_ips": "203.0.113.7\nhere"}, "allowed_ips", "Entry 2 is neither"),
        ({"allowed_ips": "192.168.0.0/16"}, "allowed_ips", "private or reserved"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(
    person: Browser, keys: KeyService, changes: dict[str, str], field: str, message: str
) -> None:
    response = person.submit(KEYS, FORM | {"name": "Kept"} | changes)
    assert response.status == 422
    assert message in unescape(response.text)
    assert f'id="{field}-error"' in response.text
    assert ('value="Kept"' in response.text) is ("name" not in changes)
    assert keys.of_account(cognito.SUBJECT) == []


def test_all_mistakes_are_told_at_once_each_at_its_field(person: Browser, keys: KeyService) -> None:
    wrong = {
        "name": "x" * 101,
        "environment": "moon",
        "permissions": "admin",
        "expiry": "date",
        "expires_on": "2020-01-01",
        "allowed_ips": "0.0.0.0/0",
    }
    response = person.submit(KEYS, wrong)
    assert response.status == 422
    for field in ("name", "environment", "permissions", "expires_on", "allowed_ips"):
        assert f'<a href="#{field}">' in response.text
        assert f'id="{field}-error"' in response.text
        assert re.search(rf'<[^>]* id="{field}"[^>]* aria-invalid="true"', response.text), field
    assert keys.of_account(cognito.SUBJECT) == []


def test_a_key_lives_until_the_end_of_the_day_that_was_chosen(
    person: Browser, keys: KeyService
) -> None:
    person.submit(KEYS, FORM | {"expiry": "date", "expires_on": "2099-12-31"})
    assert only(keys).expires_at == 4102444800  # 2100-01-01T00:00:00Z


def test_a_key_is_changed(person: Browser, keys: KeyService) -> None:
    person.submit(KEYS, FORM)
    one = f"{KEYS}/{only(keys).id}"
    form = {"name": "Deploy", "permissions": "write", "environment": "staging", "header_only": "on"}
    response = person.submit(one, form | person.opened(one))
    assert (response.status, response.headers["location"].endswith("done=key-changed")) == (
        303,
        True,
    )
    key = only(keys)
    assert (key.name, sorted(key.permissions)) == ("Deploy", ["write"])
    assert key.environment is Environment.STAGING
    assert key.header_only is True
    person.submit(one, FORM | person.opened(one))
    key = only(keys)
    assert (key.environment, key.header_only) == (None, False)


def test_a_key_is_restricted_to_addresses_one_per_line_or_separated_by_commas(
    person: Browser, keys: KeyService
) -> None:
    created = person.submit(
        KEYS, FORM | {"allowed_ips": "203.0.113.5/24\r\n2001:db8::7, 198.51.100.7"}
    )
    addresses = ("198.51.100.7", "203.0.113.0/24", "2001:db8::7")
    assert only(keys).allowed_ips == addresses
    one = f"{KEYS}/{only(keys).id}"
    page = person.get(one).text
    assert ">\n198.51.100.7\n203.0.113.0/24\n2001:db8::7</textarea>" in page
    for address in addresses:
        assert address in created.text
        assert f'<code class="wrap">{address}</code>' in page
    assert "Restricted by address" in person.get(KEYS).text
    response = person.submit(one, FORM | {"allowed_ips": "203.0.113.5/24"} | person.opened(one))
    assert response.headers["location"].endswith("done=key-changed-adjusted")
    assert "stored in another form" in person.get(response.headers["location"]).text
    assert only(keys).allowed_ips == ("203.0.113.0/24",)
    # A page that was opened before there was the field.
    person.submit(one, FORM | person.opened(one))
    assert only(keys).allowed_ips == ("203.0.113.0/24",)
    response = person.submit(one, FORM | {"allowed_ips": ""} | person.opened(one))
    assert response.headers["location"].endswith("done=key-changed")
    assert only(keys).allowed_ips == ()
    assert "Any address" in person.get(one).text


def test_a_preview_shows_who_would_be_denied_and_saves_nothing(
    person: Browser, keys: KeyService, dynamodb: DynamoDBClient
) -> None:
    person.submit(KEYS, FORM)
    key = only(keys)
    one = f"{KEYS}/{key.id}"
    for address in ("198.51.100.7", "198.51.100.7", "203.0.113.7"):
        called(dynamodb, key, ip=address)
    form = FORM | {"name": "Typed", "allowed_ips": "203.0.113.5/24"} | person.opened(one)
    response = person.submit(f"{one}/allowed-ips/preview", form)
    assert response.status == 200
    for words in ("2 of 3 requests", "198.51.100.7", "203.0.113.5/24", 'value="Typed"'):
        assert words in response.text
    assert only(keys) == key
    everybody = person.submit(f"{one}/allowed-ips/preview", form | {"allowed_ips": ""})
    assert "None of 3 requests" in everybody.text
    wrong = person.submit(f"{one}/allowed-ips/preview", form | {"allowed_ips": "10.0.0.0/8"})
    assert wrong.status == 422
    assert 'id="allowed_ips-error"' in wrong.text
    saved = person.submit(one, form)
    assert (saved.status, only(keys).allowed_ips) == (303, ("203.0.113.0/24",))


def test_a_rotation_shows_the_new_key_and_the_end_of_the_old_one(
    person: Browser, keys: KeyService, dynamodb: DynamoDBClient
) -> None:
    person.submit(KEYS, FORM)
    old = only(keys)
    one = f"{KEYS}/{old.id}"
    response = person.submit(f"{one}/rotate", {"grace_days": "2"} | person.opened(one))
    secret = shown_key(response)
    retired = keys.get(cognito.SUBJECT, old.id)
    assert retired.expires_at is not None
    assert abs(retired.expires_at - system_clock() - 2 * DAY) < 60
    assert keys.get(cognito.SUBJECT, str(retired.replaced_by)).digest == token.parse(secret)
    page = person.get(f"{KEYS}/{old.id}").text
    assert "data-countdown" in page
    assert "Not used since the rotation" in page
    called(dynamodb, old, ip="192.0.2.77", userAgent="old-bot/1")
    part = person.get(f"{KEYS}/{old.id}/rotation").text
    for words in ("192.0.2.77", "old-bot/1", "GET /api/v1/short-urls"):
        assert words in part
    assert "<html" not in part


def test_a_rotation_without_a_choice_does_nothing(person: Browser, keys: KeyService) -> None:
    person.submit(KEYS, FORM)
    response = person.submit(f"{KEYS}/{only(keys).id}/rotate", {"grace_days": "30"})
    assert response.status == 422
    assert only(keys).replaced_by is None


def test_before_a_key_is_revoked_its_last_use_is_told(
    person: Browser, keys: KeyService, dynamodb: DynamoDBClient
) -> None:
    """Whatever it is called: nothing has to be typed."""
    person.submit(KEYS, FORM | {"name": "🔑 CI"})
    one = f"{KEYS}/{only(keys).id}"
    assert f'href="/live{one}/revoke"' in person.get(one).text
    question = person.get(f"{one}/revoke")
    assert "Revoke “🔑 CI”?" in question.text
    assert "Never" in question.text
    at = int(system_clock()) - 240
    last = LastUse(at, "203.0.113.7", "curl/8.5", "GET /api/v1/usage", 200)
    KeyUseStore(dynamodb, ACTIVITY).record(KeyUse(only(keys).id, cognito.SUBJECT, at, last))
    question = person.get(f"{one}/revoke")
    for words in ("4 min ago", "GET /api/v1/usage", "curl/8.5 at 203.0.113.7"):
        assert words in question.text
    assert only(keys).state(system_clock()) is KeyState.ACTIVE
    assert person.submit(f"{one}/revoke", {}).status == 303
    assert only(keys).state(system_clock()) is KeyState.REVOKED


def test_a_revoked_key_is_neither_changed_nor_rotated(person: Browser, keys: KeyService) -> None:
    person.submit(KEYS, FORM)
    one = f"{KEYS}/{only(keys).id}"
    response = person.submit(f"{one}/revoke", {})
    assert response.status == 303
    assert only(keys).state(system_clock()) is KeyState.REVOKED
    assert person.submit(one, FORM).status == 409
    assert person.submit(f"{one}/rotate", {"grace_days": "1"}).status == 409


def test_warnings_are_shown(person: Browser, keys: KeyService, dynamodb: DynamoDBClient) -> None:
    person.submit(KEYS, FORM)
    exposed = KeyUse(only(keys).id, cognito.SUBJECT, exposed_at=int(system_clock()))
    KeyUseStore(dynamodb, ACTIVITY).record(exposed)
    assert "Was sent in a URL" in person.get(KEYS).text
    assert "Last used" in person.get(KEYS).text


def test_another_accounts_key_is_not_found_on_any_page(
    person: Browser, keys: KeyService, accounts: AccountService
) -> None:
    accounts.ensure("other", by=SOMEBODY)
    theirs = keys.create("other", "Theirs", ["read"], by=SOMEBODY).record
    one = f"{KEYS}/{theirs.id}"
    responses = [
        person.get(one),
        person.get(f"{one}/rotation"),
        person.get(f"{one}/revoke"),
        person.submit(one, FORM),
        person.submit(f"{one}/rotate", {"grace_days": "0"}),
        person.submit(f"{one}/revoke", {}),
    ]
    assert [response.status for response in responses] == [404] * 6
    assert "Theirs" not in str(responses)
    assert keys.get("other", theirs.id) == theirs


def test_a_name_is_text_wherever_it_is_shown(person: Browser, keys: KeyService) -> None:
    name = "<script>alert(1)</script>\"'onload=x"
    person.submit(KEYS, FORM | {"name": name})
    one = f"{KEYS}/{only(keys).id}"
    for page in (person.get(KEYS), person.get(one), person.get("/dashboard")):
        assert name not in page.text
        assert name in unescape(page.text)


def test_an_unknown_word_in_the_address_says_nothing(person: Browser) -> None:
    assert "notice" not in person.get(f"{KEYS}?done=<b>hacked</b>").text
    assert "The key was changed" in person.get(f"{KEYS}?done=key-changed").text


def test_a_part_that_is_fetched_anew_without_a_session_is_refused(browser: Browser) -> None:
    response = browser.get("/dashboard/usage", **{"HX-Request": "true"})
    assert (response.status, "location" in response.headers) == (401, False)


def test_assets_are_public_and_stored_for_good(browser: Browser) -> None:
    path = f"/{ASSETS.path('dashboard.css')}"
    response = browser.get(path)
    assert (response.status, response.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["vary"] == "Accept-Encoding"
    again = browser.get(path, **{"If-None-Match": response.headers["etag"]})
    assert (again.status, again.text) == (304, "")


@pytest.mark.parametrize("name", ["dashboard.css", f"dashboard.{'0' * 12}.css"])
def test_an_asset_of_another_deployment_leads_to_todays_and_is_stored_nowhere(
    browser: Browser, name: str
) -> None:
    response = browser.get(f"/dashboard/assets/{name}")
    assert (response.status, response.headers["cache-control"]) == (302, "no-store")
    assert response.headers["location"] == f"{STAGE}/{ASSETS.path('dashboard.css')}"


@pytest.mark.parametrize(
    "name",
    ["../views/links.py", "THIRD_PARTY.md", "htmx.js", f"x.{'0' * 12}.css", "dashboard", ".css"],
)
def test_nothing_else_is_served(browser: Browser, name: str) -> None:
    assert browser.get(f"/dashboard/assets/{name}").status == 404


def test_a_rotated_key_has_its_page_also_when_its_successor_was_lost(
    person: Browser, keys: KeyService, dynamodb: DynamoDBClient
) -> None:
    """As after a restore from a backup that was made before the rotation."""
    old = keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY).record
    new = keys.rotate(cognito.SUBJECT, old.id, 3600, by=SOMEBODY).record
    dynamodb.delete_item(TableName=ACCOUNTS, Key=reference_key(cognito.SUBJECT, new.id))
    assert person.get(f"{KEYS}/{old.id}").status == 200
    assert person.get(f"{KEYS}/{old.id}/rotation").text == ""

"""A form that is sent after its session ended, or after another tab signed in, is not lost."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from jmpy.links.listing import Request
from jmpy.links.new_link import NewLink
from project.origins import SOMEBODY
from tests import cognito
from tests.integration import paths
from tests.integration.browser import STAGE
from tests.integration.campaign_client import Client as Campaigns
from tests.integration.qr_codes import Client as QrCodes
from tests.integration.subdomain_client import Client as Subdomains

if TYPE_CHECKING:
    from project.functions import Response
    from tests.integration.browser import Browser

KEYS, LINKS = "/dashboard/api-keys", "/dashboard/links"
OURS = {"Origin": STAGE.removesuffix("/live"), "Sec-Fetch-Site": "same-origin"}
LONG = f"https://example.com/{'x' * 7900}?q=a&b=ü%20"
LINK: dict[str, str] = {
    "url": LONG,
    "name": "<b>Sale</b> \"'",
    "tags": "a, b",
    "password": "correct horse",
}
KEY: dict[str, str | list[str]] = {
    "name": "CI",
    "permissions": ["read", "write"],
    "expiry": "date",
    "expires_on": "2031-01-02",
}


def hidden(response: Response, action: str) -> dict[str, list[str]]:
    """The fields of the form that is posted there, as the browser would send them."""
    form = re.search(rf'<form[^>]*action="/live{action}".*?</form>', response.text, re.DOTALL)
    assert form is not None, response.text
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]):
        fields.setdefault(name, []).append(unescape(value))
    return fields


def created(person: Browser) -> int:
    links = person.app.services.links.page(cognito.SUBJECT, Request()).total
    return int(links) + len(person.app.services.keys.of_account(cognito.SUBJECT))


def test_a_form_that_is_sent_after_its_session_ended_keeps_what_was_typed(person: Browser) -> None:
    sent = {**person.tokens(), **LINK}
    person.cookies.clear()
    response = person.post(LINKS, sent, **OURS)
    assert response.status == 401
    stored = hidden(response, LINKS)
    assert stored["url"] == [LONG]
    assert stored["name"] == [LINK["name"]]
    assert "password" not in stored
    assert "correct horse" not in response.text
    assert str(sent["csrf_token"]) not in response.text
    login = re.search(r'href="(/live/login\?[^"]+)"', response.text)
    assert login is not None
    assert parse_qs(urlsplit(unescape(login[1])).query)["return_to"] == [f"{LINKS}/new"]


def test_after_sign_in_the_form_is_shown_as_it_was_typed_and_nothing_is_done(
    person: Browser,
) -> None:
    sent = {**person.tokens(), **LINK}
    person.cookies.clear()
    stored = hidden(person.post(LINKS, sent, **OURS), LINKS)
    person.sign_in()
    form = person.post(LINKS, stored, **OURS)
    assert (form.status, created(person)) == (409, 0)
    assert f'value="{LONG.replace("&", "&amp;")}"' in form.text
    assert "Check it, then send it again" in form.text
    fresh = {name: values[0] for name, values in hidden(form, LINKS).items()}
    done = person.post(LINKS, {**fresh, "url": LONG}, **OURS)
    assert (done.status, created(person)) == (303, 1)


def test_another_tabs_sign_in_costs_a_form_nothing_that_was_typed(person: Browser) -> None:
    sent = {**person.tokens(), **KEY}
    person.sign_in()
    form = person.post(KEYS, sent, **OURS)
    assert (form.status, created(person)) == (409, 0)
    text = unescape(form.text)
    for value in ('value="CI"', 'value="2031-01-02"', f"you signed in again, as {cognito.EMAIL}"):
        assert value in text
    assert len(re.findall(r'name="permissions"[^>]* checked', text)) == 2


def test_a_password_is_not_sent_back_and_it_says_so(person: Browser) -> None:
    sent = {**person.tokens(), **LINK}
    person.sign_in()
    form = person.post(LINKS, sent, **OURS)
    assert "correct horse" not in form.text
    assert 'id="password-error"' in form.text
    assert "Enter the password again" in form.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {},
    ],
)
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_no_other_site_fills_in_a_form(
    person: Browser, headers: dict[str, str], is_signed_in: bool
) -> None:
    if not is_signed_in:
        person.cookies.clear()
    response = person.post(
        LINKS, {"csrf_token": "0" * 96, "url": "https://evil.example/x"}, **headers
    )
    assert response.status in (401, 403)
    assert "evil.example/x" not in response.text


@pytest.mark.parametrize("path", sorted(paths.FORMS))
def test_every_form_leads_back_to_where_it_is(person: Browser, path: str) -> None:
    """From before the session to itself or to its page; without one to sign-in, and then there."""
    key = person.app.services.keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY).record
    link = person.app.services.links.create(cognito.SUBJECT, NewLink("https://example.com/"))
    person.submit("/dashboard/alerts/webhook", {"url": "https://hooks.example.com/"})
    qr_code = QrCodes().create(cognito.SUBJECT, is_dynamic=True)
    ids = {
        "api-keys": key.id,
        "links": link.id,
        "qr-codes": qr_code["id"],
        "domains": Subdomains().create(account=cognito.SUBJECT)["id"],
        "campaigns": Campaigns().create(account=cognito.SUBJECT)["id"],
        "alerts": "0" * 32,
        "sessions": "0" * 32,
    }
    at = path.replace("<id>", ids.get(path.split("/")[2] if "<id>" in path else "", ""))
    at = at.replace("<kind>", "email")
    sent = {
        "csrf_token": "0" * 96,
        "url": "https://typed.example/",
        "name": "typed",
        "max_key_days": "typed",
        "visual_settings.logoUrl": "typed",
    }
    before = created(person)
    response = person.post(at, sent, **OURS)
    assert response.status in (303, 409)
    if response.status == 303:
        page = urlsplit(response.headers["location"])
        assert page.query == "problem=out-of-date"
        assert page.path.removeprefix("/live") in {at, *parents(at)}
        if "0" * 32 not in page.path:
            assert "that page was out of date" in person.get(response.headers["location"]).text
    else:
        assert "typed" in response.text
    assert created(person) == before
    person.cookies.clear()
    signed_out = person.post(at, sent, **OURS)
    assert signed_out.status == 401
    assert hidden(signed_out, at)["name"] == ["typed"]
    assert "return_to=%2Fdashboard" in signed_out.text


def parents(path: str) -> list[str]:
    above = path.rpartition("/")[0]
    page = {
        "/dashboard/alerts/webhook/test": "/dashboard/alerts/settings",
        "/dashboard/alerts/email": "/dashboard/alerts/settings",
    }.get(path, above.removesuffix("/tokens"))
    return [page, "/dashboard", "/dashboard/alerts"]


def test_every_form_says_where_it_is(person: Browser) -> None:
    site = person.app.site
    forms = {path for path, methods in site.methods.items() if "POST" in methods}
    assert site.form_pages.keys() == forms
    for page in site.form_pages.values():
        assert "GET" in site.methods[page], page

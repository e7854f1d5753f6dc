"""What every page of the dashboard's function withstands: forged changes, foreign sites, faults."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from jmpy.sessions.errors import SignInUnavailable
from project import template
from project.tables import SESSIONS
from tests import cognito
from tests.cognito import FakeCognito
from tests.integration.browser import STAGE, Browser

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.mark.parametrize("form", [{}, {"csrf_token": ""}, {"csrf_token": "0" * 64}])
def test_a_change_without_the_forms_token_is_rejected(
    browser: Browser, form: dict[str, str]
) -> None:
    browser.sign_in()
    assert browser.post("/logout", form).status == 403
    assert browser.get("/dashboard").status == 200


def test_a_change_with_another_sessions_token_is_rejected(
    browser: Browser, pool: FakeCognito
) -> None:
    browser.sign_in()
    other = Browser(pool)
    other.sign_in()
    assert browser.post("/logout", {"csrf_token": other.csrf_token()}).status == 403
    assert browser.get("/dashboard").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://go.example.com"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_change_from_another_site_is_rejected_even_with_the_token(
    browser: Browser, headers: dict[str, str]
) -> None:
    browser.sign_in()
    form = {"csrf_token": browser.csrf_token()}
    assert browser.post("/logout", form, **headers).status == 403
    assert browser.get("/dashboard").status == 200


def test_a_change_from_our_own_page_is_accepted(browser: Browser) -> None:
    browser.sign_in()
    ours = {"Origin": STAGE.removesuffix("/live"), "Sec-Fetch-Site": "same-origin"}
    assert browser.post("/logout", {"csrf_token": browser.csrf_token()}, **ours).status == 303


def test_a_change_without_a_session_is_rejected_and_offers_sign_in(browser: Browser) -> None:
    response = browser.post("/logout", {"csrf_token": "0" * 64})
    assert response.status == 401
    assert 'href="/live/login?return_to=%2Fdashboard"' in response.text


def test_get_changes_nothing(browser: Browser) -> None:
    browser.sign_in()
    response = browser.get(f"/logout?csrf_token={browser.csrf_token()}")
    assert (response.status, response.headers["allow"]) == (405, "POST")
    assert browser.get("/dashboard").status == 200


def test_every_response_has_strict_security_headers(browser: Browser) -> None:
    responses = [
        browser.get("/dashboard"),
        browser.get("/login"),
        browser.get("/login/callback"),
        browser.get("/dashboard/nowhere"),
        browser.post("/logout", {}),
        browser.sign_in(),
        browser.get("/dashboard"),
    ]
    assert [response.status for response in responses] == [302, 302, 400, 404, 401, 302, 200]
    for response in responses:
        policy = response.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "unsafe" not in policy
        assert f"form-action 'self' {STAGE.removesuffix('/live')} {cognito.SIGN_IN_URL}" in policy
        assert response.headers["x-frame-options"] == "DENY"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "same-origin"
        assert response.headers["strict-transport-security"].startswith("max-age=")
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-request-id"] == "request-1"


def test_a_page_shows_an_address_as_text(browser: Browser, pool: FakeCognito) -> None:
    pool.changes = {"email": '"<script>alert(1)</script>"@example.com'}
    browser.sign_in()
    page = browser.get("/dashboard").text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_cognito_down_is_503_and_authorizes_nobody(browser: Browser, pool: FakeCognito) -> None:
    state = browser.start()
    pool.down = SignInUnavailable
    response = browser.get(f"/login/callback?code=code&state={state}")
    assert (response.status, response.headers["retry-after"]) == (503, "5")
    assert browser.session_id is None
    pool.down = None
    assert browser.get(f"/login/callback?code=code&state={state}").status == 302


def test_dynamodb_down_is_503_and_authorizes_nobody(
    browser: Browser, dynamodb: DynamoDBClient
) -> None:
    browser.sign_in()
    dynamodb.delete_table(TableName=SESSIONS)
    for response in (browser.get("/dashboard"), browser.post("/logout", {"csrf_token": "x"})):
        assert (response.status, response.headers["retry-after"]) == (503, "5")


def test_the_log_holds_no_secret(
    browser: Browser, pool: FakeCognito, caplog: pytest.LogCaptureFixture
) -> None:
    browser.sign_in("/login?return_to=/dashboard?secret=1")
    (refresh_token,) = pool.refresh_tokens
    session_id, token = browser.session_id, browser.csrf_token()
    browser.post("/logout", {"csrf_token": token}, Origin="https://evil.example")
    state = browser.start("/login?return_to=/dashboard?secret=1")
    pool.changes = {"aud": "secret"}
    browser.get(f"/login/callback?code=code&state={state}&x=secret")
    pool.down = SignInUnavailable
    browser.get(f"/login/callback?code=secret-code&state={state}")
    browser.post("/logout", {"csrf_token": token})
    written = caplog.text + str([record.__dict__ for record in caplog.records])
    assert "'route': '/login/callback'" in written
    assert "Traceback" in written
    for secret in (refresh_token, session_id, token, state, "secret", "eyJ", cognito.EMAIL):
        assert secret
        assert secret not in written


def test_every_path_of_the_template_is_served_and_no_page_is_lost(browser: Browser) -> None:
    events = template.api_events()
    routes = {event.path for event in events if event.function == "DashboardFunction"}
    pages = set(browser.app.site.methods)
    assert {path for path in routes if "{" not in path} <= pages
    assert "/dashboard/{proxy+}" in routes
    assert {path for path in pages - routes if not path.startswith("/dashboard/")} == set()


def test_every_page_but_those_of_sign_in_requires_a_session(browser: Browser) -> None:
    for declared, methods in browser.app.site.methods.items():
        path = re.sub(r"<\w+>", "x", declared)
        for method in methods:
            if path in ("/login", "/login/callback", "/dashboard/assets/x"):
                continue
            response = browser.get(path) if method == "GET" else browser.post(path, {})
            assert response.status == (302 if method == "GET" else 401), path


def test_an_unknown_page_is_not_found(browser: Browser) -> None:
    assert browser.get("/dashboard/nowhere").status == 404

"""Signing in and out, as the dashboard's function does it, and what it withstands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from jmpy.clock import system_clock
from jmpy.sessions import web
from jmpy.sessions.errors import SignInUnavailable
from tests import cognito, template
from tests.cognito import FakeCognito
from tests.integration import functions
from tests.integration.browser import STAGE, Browser
from tests.integration.conftest import ACCOUNTS, SESSIONS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CUSTOM = "https://go.example.com"
LOCAL = "http://127.0.0.1:4566/_aws/execute-api/jmpy/live"


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> FakeCognito:
    pool = FakeCognito(now=system_clock())
    monkeypatch.setattr(web, "post_form", pool.post_form)
    monkeypatch.setattr(web, "get_json", pool.get_json)
    return pool


@pytest.fixture
def browser(dynamodb: DynamoDBClient, pool: FakeCognito) -> Browser:
    return Browser(pool)


def at(base_url: str, pool: FakeCognito, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setenv("PUBLIC_BASE_URL", base_url)
    return Browser(pool, base_url)


@pytest.mark.parametrize("base_url", [STAGE, CUSTOM, LOCAL])
def test_a_person_signs_in_and_out_wherever_this_is_deployed(
    dynamodb: DynamoDBClient, pool: FakeCognito, monkeypatch: pytest.MonkeyPatch, base_url: str
) -> None:
    browser = at(base_url, pool, monkeypatch)
    asked = browser.get("/dashboard")
    assert (asked.status, asked.headers["location"]) == (
        302,
        f"{base_url}/login?return_to=%2Fdashboard",
    )
    answer = browser.sign_in(asked.headers["location"])
    assert (answer.status, answer.headers["location"]) == (302, f"{base_url}/dashboard")
    assert pool.sent[0]["redirect_uri"] == f"{base_url}/login/callback"
    assert pool.sent[0]["code_verifier"]
    page = browser.get("/dashboard")
    assert page.status == 200
    assert f"Signed in as {cognito.EMAIL}" in page.text
    assert f'action="{base_url}/logout"' in page.text
    out = browser.post("/logout", {"csrf_token": browser.csrf_token()})
    assert out.status == 303
    assert out.headers["location"] == (
        f"{cognito.SIGN_IN_URL}/logout?client_id={cognito.CLIENT_ID}"
        f"&logout_uri={quote(f'{base_url}/login', safe='')}"
    )
    assert browser.cookies == {}
    assert browser.get("/dashboard").status == 302
    assert pool.refresh_tokens == set()


def test_no_token_of_cognito_reaches_the_browser(browser: Browser, pool: FakeCognito) -> None:
    answers = [browser.sign_in(), browser.get("/dashboard")]
    (refresh_token,) = pool.refresh_tokens
    for secret in (refresh_token, "eyJ"):
        assert secret not in str(answers)
        assert secret not in str(browser.cookies)


def test_the_cookies_are_closed_to_scripts_other_sites_and_plain_http(browser: Browser) -> None:
    browser.start()
    (kept,) = browser.set_cookies
    flags = "HttpOnly; Secure; SameSite=Lax"
    assert kept.startswith("__Secure-jmpy_sign_in=")
    assert kept.endswith(f"; Path=/live/login; Max-Age=600; {flags}")
    browser.sign_in()
    session, deleted = browser.set_cookies
    assert session == (
        f"__Secure-jmpy_session={browser.session_id}; Path=/live; Max-Age=43200; {flags}"
    )
    assert deleted == f"__Secure-jmpy_sign_in=; Path=/live/login; Max-Age=0; {flags}"


# ---------------------------------------------------------------- the way back


@pytest.mark.parametrize(
    "return_to",
    [
        "https://evil.example/dashboard",
        "//evil.example/dashboard",
        "/\\evil.example",
        "/dashboard/../../evil.example",
        "/dashboard@evil.example",
        "/login",
        "javascript:alert(1)",
    ],
)
def test_sign_in_never_leads_elsewhere(browser: Browser, return_to: str) -> None:
    answer = browser.sign_in(f"/login?return_to={quote(return_to, safe='')}")
    assert (answer.status, answer.headers["location"]) == (302, f"{STAGE}/dashboard")


def test_sign_in_leads_back_to_the_page_that_was_asked_for(browser: Browser) -> None:
    asked = browser.get("/dashboard?page=2&search=a b")
    answer = browser.sign_in(asked.headers["location"])
    assert answer.headers["location"] == f"{STAGE}/dashboard?page=2&search=a+b"


def refused(browser: Browser, query: str) -> None:
    answer = browser.get(f"/login/callback{query}")
    assert answer.status == 400
    assert "Signing in did not work" in answer.text
    assert "location" not in answer.headers
    assert browser.session_id is None


def test_a_wrong_state_is_refused(browser: Browser, pool: FakeCognito) -> None:
    state = browser.start()
    for wrong in ("?code=code", "?code=code&state=", f"?code=code&state={state}x"):
        refused(browser, wrong)
    assert pool.sent == []  # the code was not even tried


def test_an_answer_to_no_sign_in_of_this_browser_is_refused(
    browser: Browser, pool: FakeCognito
) -> None:
    # Somebody else's answer, to sign this browser in to their account.
    state = browser.start()
    browser.cookies.clear()
    refused(browser, f"?code=code&state={state}")
    assert pool.sent == []


def test_a_state_works_once(browser: Browser, pool: FakeCognito) -> None:
    state = browser.start()
    kept = dict(browser.cookies)
    assert browser.get(f"/login/callback?code=code&state={state}").status == 302
    browser.cookies.pop("__Secure-jmpy_session")
    pool.codes.add("code")
    refused(browser, f"?code=code&state={state}")  # the cookie is gone
    pool.codes.clear()
    browser.cookies = kept
    refused(browser, f"?code=code&state={state}")  # and so is the code


def test_an_error_of_cognito_is_a_page_that_repeats_nothing_of_it(browser: Browser) -> None:
    state = browser.start()
    answer = browser.get(
        f"/login/callback?error=access_denied&error_description=<script>&state={state}"
    )
    assert answer.status == 400
    assert "script" not in answer.text
    assert "access_denied" not in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 1},
        {"aud": "client-2"},
        {"iss": "https://evil.example"},
        {"token_use": "access"},
        {"nonce": "other"},
    ],
)
def test_a_wrong_id_token_signs_nobody_in(
    browser: Browser, pool: FakeCognito, dynamodb: DynamoDBClient, changes: dict[str, object]
) -> None:
    pool.changes = changes
    refused(browser, f"?code=code&state={browser.start()}")
    assert dynamodb.scan(TableName=SESSIONS)["Items"] == []
    assert dynamodb.scan(TableName=ACCOUNTS)["Items"] == []


def test_a_planted_session_id_is_never_used(browser: Browser, dynamodb: DynamoDBClient) -> None:
    planted = "A" * 43
    browser.cookies["__Secure-jmpy_session"] = planted
    browser.sign_in()
    assert browser.session_id not in (None, planted)
    browser.cookies = {"__Secure-jmpy_session": planted}
    assert browser.get("/dashboard").status == 302


def test_a_new_sign_in_replaces_the_session_before(
    browser: Browser, dynamodb: DynamoDBClient
) -> None:
    browser.sign_in()
    before = browser.session_id
    browser.sign_in()
    assert browser.session_id != before
    assert len(dynamodb.scan(TableName=SESSIONS)["Items"]) == 1


# ---------------------------------------------------------------- changes


@pytest.mark.parametrize("form", [{}, {"csrf_token": ""}, {"csrf_token": "0" * 64}])
def test_a_change_without_the_forms_token_is_refused(
    browser: Browser, form: dict[str, str]
) -> None:
    browser.sign_in()
    assert browser.post("/logout", form).status == 403
    assert browser.get("/dashboard").status == 200


def test_a_change_with_another_sessions_token_is_refused(
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
        {"Origin": f"{CUSTOM}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_change_from_another_site_is_refused_even_with_the_token(
    browser: Browser, headers: dict[str, str]
) -> None:
    browser.sign_in()
    form = {"csrf_token": browser.csrf_token()}
    assert browser.post("/logout", form, **headers).status == 403
    assert browser.get("/dashboard").status == 200


def test_a_change_of_our_own_page_is_made(browser: Browser) -> None:
    browser.sign_in()
    ours = {"Origin": STAGE.removesuffix("/live"), "Sec-Fetch-Site": "same-origin"}
    assert browser.post("/logout", {"csrf_token": browser.csrf_token()}, **ours).status == 303


def test_a_change_without_a_session_is_refused_and_offers_sign_in(browser: Browser) -> None:
    answer = browser.post("/logout", {"csrf_token": "0" * 64})
    assert answer.status == 401
    assert f'href="{STAGE}/login"' in answer.text


def test_get_changes_nothing(browser: Browser) -> None:
    browser.sign_in()
    answer = browser.get(f"/logout?csrf_token={browser.csrf_token()}")
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert browser.get("/dashboard").status == 200


# ---------------------------------------------------------------- all answers


def test_every_answer_tells_the_browser_to_be_strict(browser: Browser) -> None:
    answers = [
        browser.get("/dashboard"),
        browser.get("/login"),
        browser.get("/login/callback"),
        browser.get("/dashboard/nowhere"),
        browser.post("/logout", {}),
        browser.sign_in(),
        browser.get("/dashboard"),
    ]
    assert [answer.status for answer in answers] == [302, 302, 400, 404, 401, 302, 200]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert f"form-action 'self' {STAGE.removesuffix('/live')} {cognito.SIGN_IN_URL}" in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-request-id"] == "request-1"


def test_a_page_shows_an_address_as_text(browser: Browser, pool: FakeCognito) -> None:
    pool.changes = {"email": '"<script>alert(1)</script>"@example.com'}
    browser.sign_in()
    page = browser.get("/dashboard").text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_cognito_down_is_503_and_opens_no_gate(browser: Browser, pool: FakeCognito) -> None:
    state = browser.start()
    pool.down = SignInUnavailable
    answer = browser.get(f"/login/callback?code=code&state={state}")
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert browser.session_id is None
    pool.down = None
    assert browser.get(f"/login/callback?code=code&state={state}").status == 302


def test_dynamodb_down_is_503_and_opens_no_gate(browser: Browser, dynamodb: DynamoDBClient) -> None:
    browser.sign_in()
    dynamodb.delete_table(TableName=SESSIONS)
    for answer in (browser.get("/dashboard"), browser.post("/logout", {"csrf_token": "x"})):
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")


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


def test_every_page_but_those_of_sign_in_wants_a_session(browser: Browser) -> None:
    for declared, methods in browser.app.site.methods.items():
        path = re.sub(r"<\w+>", "x", declared)
        for method in methods:
            if path in ("/login", "/login/callback"):
                continue
            answer = browser.get(path) if method == "GET" else browser.post(path, {})
            assert answer.status == (302 if method == "GET" else 401), path


def test_an_unknown_page_is_not_found(browser: Browser) -> None:
    assert browser.get("/dashboard/nowhere").status == 404


def test_an_id_token_opens_the_api(
    dynamodb: DynamoDBClient, browser: Browser, pool: FakeCognito
) -> None:
    authorizer = functions.load("authorizer")
    token = cognito.sign(cognito.claims(pool.now))
    event = {
        "methodArn": "arn:aws:execute-api:eu-west-1:123456789012:api/live/GET/api/v1/short-urls",
        "multiValueHeaders": {"Authorization": [f"Bearer {token}"]},
    }

    def effect() -> str:
        statement = authorizer.handler(event, None)["policyDocument"]["Statement"][0]
        return str(statement["Effect"])

    assert effect() == "Deny"  # nobody of that name has signed in yet
    browser.sign_in()
    authorizer = functions.load("authorizer")
    assert effect() == "Allow"


def test_the_first_answer_to_a_sign_in_names_the_client_of_the_parameter(browser: Browser) -> None:
    url = browser.get("/login").headers["location"]
    assert parse_qs(urlsplit(url).query)["client_id"] == [cognito.CLIENT_ID]

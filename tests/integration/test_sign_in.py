"""Signing in and out, as the dashboard's function does it, and what it withstands."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from project import functions
from project.tables import ACCOUNTS, SESSIONS
from tests import cognito
from tests.cognito import FakeCognito
from tests.integration import over_http
from tests.integration.browser import STAGE, Browser

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CUSTOM = "https://go.example.com"
LOCAL = "http://127.0.0.1:8080"


def at(base_url: str, pool: FakeCognito, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setenv("PUBLIC_BASE_URL", base_url)
    return Browser(pool, base_url)


@pytest.mark.parametrize("base_url", [STAGE, CUSTOM, LOCAL])
def test_a_person_signs_in_and_out_wherever_this_is_deployed(
    dynamodb: DynamoDBClient, pool: FakeCognito, monkeypatch: pytest.MonkeyPatch, base_url: str
) -> None:
    browser = at(base_url, pool, monkeypatch)
    requested = browser.get("/dashboard")
    assert (requested.status, requested.headers["location"]) == (
        302,
        f"{base_url}/login?return_to=%2Fdashboard",
    )
    response = browser.sign_in(requested.headers["location"])
    assert (response.status, response.headers["location"]) == (302, f"{base_url}/dashboard")
    assert pool.sent[0]["redirect_uri"] == f"{base_url}/login/callback"
    assert pool.sent[0]["code_verifier"]
    page = browser.get("/dashboard")
    assert page.status == 200
    assert f"Signed in as </span>{cognito.EMAIL}" in page.text
    assert f'action="{urlsplit(base_url).path}/logout"' in page.text
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
    responses = [browser.sign_in(), browser.get("/dashboard")]
    (refresh_token,) = pool.refresh_tokens
    for secret in (refresh_token, "eyJ"):
        assert secret not in str(responses)
        assert secret not in str(browser.cookies)


def test_the_cookies_are_closed_to_scripts_other_sites_and_plain_http(browser: Browser) -> None:
    state = browser.start()
    (stored,) = browser.set_cookies
    flags = "HttpOnly; Secure; SameSite=Lax"
    assert stored.startswith(f"__Host-jmpy_sign_in.live.{state[:10]}=")
    assert stored.endswith(f"; Path=/; Max-Age=600; {flags}")
    browser.get(f"/login/callback?code=code&state={state}")
    session, deleted = browser.set_cookies
    assert session == (
        f"__Host-jmpy_session.live={browser.session_id}; Path=/; Max-Age=43200; {flags}"
    )
    assert deleted == f"__Host-jmpy_sign_in.live.{state[:10]}=; Path=/; Max-Age=0; {flags}"


def test_two_tabs_sign_in_at_once(browser: Browser, pool: FakeCognito) -> None:
    states = {}
    for path in ("/dashboard/links", "/dashboard/plan"):
        states[path] = browser.start(f"/login?return_to={path}"), pool.nonce
    for path, (state, nonce) in states.items():
        pool.codes.add("code")
        pool.nonce = nonce
        response = browser.get(f"/login/callback?code=code&state={state}")
        assert response.headers["location"] == f"{STAGE}{path}"
    assert browser.get("/dashboard").status == 200
    assert len(browser.cookies) == 1


def test_sign_ins_that_were_given_up_never_fill_the_header(browser: Browser) -> None:
    for _ in range(30):
        browser.start(f"/login?return_to=/dashboard/links?search={'x' * 300}")
    assert len(browser.cookies) == 10
    assert browser.sign_in().status == 302


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
    response = browser.sign_in(f"/login?return_to={quote(return_to, safe='')}")
    assert (response.status, response.headers["location"]) == (302, f"{STAGE}/dashboard")


def test_sign_in_leads_back_to_the_requested_page(browser: Browser) -> None:
    requested = browser.get("/dashboard?page=2&search=a b")
    response = browser.sign_in(requested.headers["location"])
    assert response.headers["location"] == f"{STAGE}/dashboard?page=2&search=a+b"


def rejected(browser: Browser, query: str) -> None:
    response = browser.get(f"/login/callback{query}")
    assert response.status == 400
    assert "Sign-in failed" in response.text
    assert "location" not in response.headers
    assert browser.session_id is None


def test_a_wrong_state_is_rejected(browser: Browser, pool: FakeCognito) -> None:
    state = browser.start()
    for wrong in ("?code=code", "?code=code&state=", f"?code=code&state={state}x"):
        rejected(browser, wrong)
    assert pool.sent == []  # the code was not even tried


def test_a_response_to_no_sign_in_of_this_browser_is_rejected(
    browser: Browser, pool: FakeCognito
) -> None:
    # Somebody else's answer, to sign this browser in to their account.
    state = browser.start()
    browser.cookies.clear()
    rejected(browser, f"?code=code&state={state}")
    assert pool.sent == []


def test_a_state_works_once(browser: Browser, pool: FakeCognito) -> None:
    state = browser.start()
    stored = dict(browser.cookies)
    assert browser.get(f"/login/callback?code=code&state={state}").status == 302
    browser.cookies.pop("__Host-jmpy_session.live")
    pool.codes.add("code")
    rejected(browser, f"?code=code&state={state}")  # the cookie is gone
    pool.codes.clear()
    browser.cookies = stored
    rejected(browser, f"?code=code&state={state}")  # and so is the code


def test_an_error_of_cognito_is_a_page_that_repeats_nothing_of_it(browser: Browser) -> None:
    state = browser.start()
    response = browser.get(
        f"/login/callback?error=access_denied&error_description=<script>&state={state}"
    )
    assert response.status == 400
    assert "<script>" not in response.text
    assert "access_denied" not in response.text


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
    rejected(browser, f"?code=code&state={browser.start()}")
    assert dynamodb.scan(TableName=SESSIONS)["Items"] == []
    assert dynamodb.scan(TableName=ACCOUNTS)["Items"] == []


def test_a_planted_session_id_is_never_used(browser: Browser, dynamodb: DynamoDBClient) -> None:
    planted = "A" * 43
    browser.cookies["__Host-jmpy_session.live"] = planted
    browser.sign_in()
    assert browser.session_id not in (None, planted)
    browser.cookies = {"__Host-jmpy_session.live": planted}
    assert browser.get("/dashboard").status == 302


def test_a_new_sign_in_replaces_the_session_before(
    browser: Browser, dynamodb: DynamoDBClient
) -> None:
    browser.sign_in()
    before = browser.session_id
    browser.sign_in()
    assert browser.session_id != before
    assert len(dynamodb.scan(TableName=SESSIONS)["Items"]) == 2  # of one session


def test_an_id_token_opens_the_api(
    browser: Browser, pool: FakeCognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = cognito.sign(cognito.claims(pool.now))
    event = {
        "methodArn": "arn:aws:execute-api:eu-west-1:123456789012:api/live/GET/api/v1/short-urls",
        "requestContext": functions.AUTHORIZER_CONTEXT,
        "multiValueHeaders": {"Authorization": [f"Bearer {token}"]},
    }

    def effect() -> str:
        """Of an authorizer that remembers nothing yet."""
        with over_http.lambda_of(functions.load("id_token").handler) as endpoint:
            monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", endpoint)
            response = functions.load("authorizer").handler(event, None)
        return str(response["policyDocument"]["Statement"][0]["Effect"])

    assert effect() == "Deny"  # nobody of that name has signed in yet
    browser.sign_in()
    assert effect() == "Allow"


def test_the_first_redirect_of_a_sign_in_names_the_client_of_the_parameter(
    browser: Browser,
) -> None:
    url = browser.get("/login").headers["location"]
    assert parse_qs(urlsplit(url).query)["client_id"] == [cognito.CLIENT_ID]


def test_a_key_in_the_address_of_a_page_is_not_repeated(browser: Browser) -> None:
    response = browser.get("/dashboard/links?api_key=some-key&page=2")
    assert response.status == 302
    assert response.headers["location"].endswith("return_to=%2Fdashboard%2Flinks%3Fpage%3D2")


@pytest.mark.parametrize(
    "url", ["/dashboard/links?search=\ud800", "/login?return_to=/dashboard?\ud800"]
)
def test_half_of_a_surrogate_pair_on_the_way_to_sign_in_is_no_fault(
    browser: Browser, url: str
) -> None:
    assert browser.get(url).status == 302


@pytest.mark.parametrize("path", ["links", "audit-log", "activity", "analytics"])
def test_half_of_a_surrogate_pair_in_a_filter_is_no_fault(person: Browser, path: str) -> None:
    response = person.get(f"/dashboard/{path}?search=\ud800&key_id=\ud800&key=\ud800&page=\ud800")
    assert response.status < 500

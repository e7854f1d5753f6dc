"""Signing in and out of the deployed stack, on the emulator's Cognito."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from ops.smoke.assertions import SHORT_URLS, bearer
from project.hosted_login import Person, refresher
from project.stack import Stack
from tests.e2e.conftest import INVALID_API_KEY, assert_response
from tests.e2e.test_faults import dynamodb_at, stopped

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


def test_the_demo_user_signs_in_and_out(stack: Stack, person: Person) -> None:
    page = person.sign_in()
    assert (page.status_code, str(page.url)) == (200, stack.env.dashboard_url)
    assert "Signed in as </span>demo@example.com" in page.text
    token = person.csrf_token()
    out = person.http.post("/logout", data={"csrf_token": token})
    assert out.status_code == 303
    assert person.session_id is None
    assert person.follow(out).url.path == "/oauth2/authorize"
    assert person.http.get("/dashboard").status_code == 302


def test_a_wrong_password_signs_nobody_in(person: Person) -> None:
    response = person.to_callback(password="wrong")
    assert (response.status_code, person.session_id) == (200, None)
    assert "Incorrect username or password" in response.text


def test_a_callback_works_once_and_in_its_own_browser_only(stack: Stack, person: Person) -> None:
    callback = person.to_callback().headers["location"]
    other = Person(stack)
    assert other.http.get(callback).status_code == 400
    assert person.http.get(callback).status_code == 302
    assert person.http.get(callback).status_code == 400
    other.http.close()


def test_every_sign_in_gets_a_new_session_and_ends_the_one_before(
    stack: Stack, person: Person
) -> None:
    person.sign_in()
    first = person.session_id
    person.http.get(person.to_callback("/login").headers["location"])
    assert person.session_id not in (None, first)
    headers = {"Cookie": f"jmpy_session={first}"}
    asked = httpx.get(stack.env.dashboard_url, headers=headers, timeout=60, trust_env=False)
    assert asked.status_code == 302


def test_signing_out_revokes_the_refresh_token(stack: Stack, person: Person) -> None:
    refresh = refresher(stack, person)
    assert refresh().status_code == 200
    person.http.post("/logout", data={"csrf_token": person.csrf_token()})
    assert refresh().status_code == 400


def test_a_change_without_the_forms_token_is_rejected(stack: Stack, person: Person) -> None:
    person.sign_in()
    assert person.http.post("/logout", data={"csrf_token": "x"}).status_code == 403
    foreign = {"Origin": "https://evil.example"}
    form = {"csrf_token": person.csrf_token()}
    assert person.http.post("/logout", data=form, headers=foreign).status_code == 403
    assert person.http.get("/dashboard").status_code == 200


def test_a_session_that_was_ended_ends_at_once(stack: Stack, person: Person) -> None:
    person.sign_in()
    kept = person.session_id
    person.http.post("/logout", data={"csrf_token": person.csrf_token()})
    person.http.cookies.set("jmpy_session", kept or "")
    assert person.http.get("/dashboard").status_code == 302


def test_an_id_token_opens_its_own_account(
    stack: Stack, person: Person, http: httpx.Client, everything: str
) -> None:
    token = refresher(stack, person)().json()["id_token"]
    made = http.post(SHORT_URLS, headers=bearer(token), json={"url": "https://example.com/session"})
    assert made.status_code == 201
    one = f"{SHORT_URLS}/{made.json()['data']['id']}"
    assert http.get(one, headers=bearer(token)).status_code == 200
    assert http.get(one, headers=bearer(everything)).status_code == 404  # of another account
    assert http.delete(one, headers=bearer(token)).status_code == 200


def test_a_session_manages_keys_that_then_work(
    stack: Stack, person: Person, http: httpx.Client
) -> None:
    session = bearer(refresher(stack, person)().json()["id_token"])
    body = {"name": "By JSON", "permissions": ["read"]}
    made = http.post("/api/v1/api-keys", headers=session, json=body)
    assert made.status_code == 201
    key = made.json()["data"]
    stack.secrets.append(key["key"])
    one = f"/api/v1/api-keys/{key['id']}"
    assert http.get(SHORT_URLS, headers=bearer(key["key"])).status_code == 200
    assert "key" not in http.get(one, headers=session).json()["data"]
    rotated = http.post(f"{one}/rotate", headers=session, json={"grace_period": 3600})
    assert rotated.status_code == 201
    stack.secrets.append(rotated.json()["data"]["key"])
    assert http.get(one, headers=session).json()["data"]["status"] == "rotating"
    assert http.delete(one, headers=session).json()["data"]["status"] == "revoked"
    current = http.get("/api/v1/api-keys/current", headers=session)
    assert current.status_code == 400


def test_a_changed_id_token_opens_nothing(stack: Stack, person: Person, http: httpx.Client) -> None:
    head, _, signature = refresher(stack, person)().json()["id_token"].rpartition(".")
    forged = f"{head}.{'A' * len(signature)}"
    assert_response(http.get(SHORT_URLS, headers=bearer(forged)), 401, INVALID_API_KEY)


def test_a_fault_of_dynamodb_is_a_page_and_authorizes_nobody(
    person: Person, lambdas: LambdaClient
) -> None:
    person.sign_in()
    with stopped() as endpoint, dynamodb_at(lambdas, endpoint, "DashboardFunction"):
        response = person.http.get("/dashboard")
        assert (response.status_code, response.headers["retry-after"]) == (503, "5")
        assert "demo@example.com" not in response.text
    assert person.http.get("/dashboard").status_code == 200


def test_the_short_links_beside_the_pages_still_work(http: httpx.Client, everything: str) -> None:
    link = {"url": "https://example.com/", "custom_alias": "dashboards"}
    assert http.post(SHORT_URLS, headers=bearer(everything), json=link).status_code == 201
    assert http.get("/dashboards").status_code == 301

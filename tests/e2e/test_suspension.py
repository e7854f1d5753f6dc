"""Somebody is taken out: through the gateway, on the dashboard, and where their links led."""

from __future__ import annotations

import argparse
import secrets
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import httpx
import pytest

from ops import account
from ops.smoke.assertions import SHORT_URLS, bearer
from project.hosted_login import Person, newcomer
from project.stack import Stack
from tests.e2e.conftest import INVALID_API_KEY, assert_response, await_redirect

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

BOUND = 5.0
KEYS = "/api/v1/api-keys"
NEW_KEY = {"name": "theirs", "permissions": ["read", "write"]}


@pytest.fixture
def email(person: Person) -> str:
    """Of somebody new, who sits before the browser."""
    address = f"leaver-{secrets.token_hex(4)}@example.com"
    person.env = replace(person.env, dashboard_email=address)
    return address


@pytest.fixture
def pool(stack: Stack) -> CognitoIdentityProviderClient:
    return stack.env.session().client("cognito-idp", endpoint_url=stack.env.endpoint)


def create_key(stack: Stack, http: httpx.Client, session: dict[str, str]) -> str:
    made = http.post(KEYS, headers=session, json=NEW_KEY)
    assert made.status_code == 201, made.text
    secret: str = made.json()["data"]["key"]
    stack.secrets.append(secret)
    return secret


def await_refusal(http: httpx.Client, credential: str) -> None:
    """A request that begins after the bound is refused, however long earlier ones took."""
    changed = time.monotonic()
    while time.monotonic() - changed < BOUND:
        if http.get(SHORT_URLS, headers=bearer(credential)).status_code == 401:
            break
    assert_response(http.get(SHORT_URLS, headers=bearer(credential)), 401, INVALID_API_KEY)


def await_admission(http: httpx.Client, credential: str) -> None:
    deadline = time.monotonic() + 30
    while http.get(SHORT_URLS, headers=bearer(credential)).status_code != 200:
        assert time.monotonic() < deadline


def test_a_suspended_account_is_kept_out_everywhere_until_that_is_lifted(
    stack: Stack,
    http: httpx.Client,
    person: Person,
    email: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account_id, token = newcomer(stack, email)
    key = create_key(stack, http, bearer(token))
    made = http.post(SHORT_URLS, headers=bearer(key), json={"url": "https://example.com/"})
    code = made.json()["data"]["short_code"]
    assert person.sign_in().status_code == 200
    unhurried = SimpleNamespace(**{**vars(time), "sleep": lambda _seconds: None})
    monkeypatch.setattr(account, "time", unhurried)
    named = argparse.Namespace(account=account_id, reason="left", keep_links=False, json=False)
    account.suspend(stack.deployment, named)
    assert person.http.get("/dashboard").status_code == 302
    for credential in (key, token):
        await_refusal(http, credential)
    assert_response(http.post(KEYS, headers=bearer(token), json=NEW_KEY), 401, INVALID_API_KEY)
    assert "Your account is suspended" in person.sign_in().text
    await_redirect(http, f"/{code}", 410)
    account.unsuspend(stack.deployment, named)
    for credential in (key, token):
        await_admission(http, credential)
    assert person.sign_in().status_code == 200
    await_redirect(http, f"/{code}", 301, "https://example.com/")


@pytest.mark.parametrize("how", ["disabled", "deleted"])
def test_who_cognito_does_not_let_in_any_more_gets_no_key(
    *,
    stack: Stack,
    http: httpx.Client,
    person: Person,
    email: str,
    pool: CognitoIdentityProviderClient,
    how: str,
) -> None:
    _, token = newcomer(stack, email)
    create_key(stack, http, bearer(token))
    person.sign_in()
    form = {"csrf_token": person.csrf_token(), "name": "theirs", "permissions": "read"}
    gone = pool.admin_disable_user if how == "disabled" else pool.admin_delete_user
    gone(UserPoolId=stack.deployment.outputs["UserPoolId"], Username=email)
    assert_response(http.post(KEYS, headers=bearer(token), json=NEW_KEY), 401, INVALID_API_KEY)
    refused = person.http.post("/dashboard/api-keys", data={**form, "expiry": "never"})
    assert (refused.status_code, "You are not signed in" in refused.text) == (401, True)
    assert person.http.get("/dashboard").status_code == 302
    await_refusal(http, token)

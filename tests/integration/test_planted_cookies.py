"""Cookies that a page of a sibling domain puts into a person's browser. Browsers take any from it
but those whose name starts with `__Host-`, and send what it set beside our own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.integration.browser import STAGE, Browser

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.cognito import FakeCognito

CUSTOM = "https://go.example.com"
WITH_A_PATH = "https://tools.example.com/links"

# What Python takes for white space, and a browser for the first character of a name.
DISGUISES = ["", "\xa0", "\x85", "\u2003", "\u3000", "\x1f"]


def plant(cookies: dict[str, str], browser: Browser, disguise: str = "") -> None:
    named = {f"{disguise}{name}": value for name, value in cookies.items()}
    browser.cookies |= {
        name: value for name, value in named.items() if not name.startswith("__Host-")
    }


@pytest.fixture(params=[STAGE, CUSTOM, WITH_A_PATH])
def base_url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    url: str = request.param
    monkeypatch.setenv("PUBLIC_BASE_URL", url)
    return url


@pytest.mark.parametrize("disguise", DISGUISES)
def test_nobody_is_signed_in_to_an_attackers_account_by_a_planted_sign_in(
    dynamodb: DynamoDBClient, pool: FakeCognito, base_url: str, disguise: str
) -> None:
    attacker, victim = Browser(pool, base_url), Browser(pool, base_url)
    response = urlencode({"code": "code", "state": attacker.start()})
    plant(attacker.cookies, victim, disguise)
    assert victim.get(f"/login/callback?{response}").status == 400
    assert victim.session_id is None


@pytest.mark.parametrize("disguise", DISGUISES)
def test_nobody_works_in_an_attackers_account_by_a_planted_session(
    dynamodb: DynamoDBClient, pool: FakeCognito, base_url: str, disguise: str
) -> None:
    attacker, victim = Browser(pool, base_url), Browser(pool, base_url)
    attacker.sign_in()
    plant(attacker.cookies, victim, disguise)
    assert victim.get("/dashboard").status == 302


def test_a_planted_cookie_keeps_nobody_from_signing_in(
    dynamodb: DynamoDBClient, pool: FakeCognito, base_url: str
) -> None:
    attacker, victim = Browser(pool, base_url), Browser(pool, base_url)
    attacker.sign_in()
    attacker.start()
    plant(attacker.cookies, victim)
    assert victim.sign_in().status == 302
    assert victim.get("/dashboard").status == 200

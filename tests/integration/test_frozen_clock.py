"""An execution environment that was frozen between two requests, as Lambda does: its monotonic
clock stands where it stood, and what it remembers is old all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.authorizer.id_tokens import RemoteVerifier
from jmpy.authorizer.sessions import SessionAccounts
from jmpy.aws import clients
from jmpy.cache import TTL, Cache
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from jmpy.redirect.lookup import RedirectLookup
from jmpy.sessions.model import Claims
from jmpy.sessions.settings import LIFETIME, SignInSettings
from project import functions
from project.origins import SOMEBODY
from project.tables import LINKS, SALTS
from tests import cognito
from tests.clocks import Clocks
from tests.cognito import CLIENT_PARAMETER
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.keys.service import KeyService

FROZEN = [TTL, 60.0, 3600.0, 86_400.0]


@pytest.fixture
def clocks() -> Iterator[Clocks]:
    clocks = Clocks()
    with clocks.ticking():
        yield clocks


@pytest.mark.parametrize("seconds", FROZEN)
def test_a_revoked_key_does_not_live_on_in_a_frozen_environment(
    service: KeyService, account: Account, clocks: Clocks, seconds: float
) -> None:
    issued = service.create(account.id, "CI", ["read"], by=SOMEBODY)
    handler = functions.load("authorizer").handler
    event = functions.authorizer_event(issued.secret)
    assert _effect(handler(event, None)) == "Allow"
    service.revoke(account.id, issued.record.id, by=SOMEBODY)
    clocks.run(TTL - 0.5)
    assert _effect(handler(event, None)) == "Allow"  # within the bound
    clocks.freeze(seconds)
    assert _effect(handler(event, None)) == "Deny"


@pytest.mark.parametrize("seconds", [TTL - 0.5, 3600.0])
def test_a_revoked_key_does_not_live_on_when_the_wall_clock_is_set_back(
    service: KeyService, account: Account, clocks: Clocks, seconds: float
) -> None:
    issued = service.create(account.id, "CI", ["read"], by=SOMEBODY)
    handler = functions.load("authorizer").handler
    event = functions.authorizer_event(issued.secret)
    handler(event, None)
    service.revoke(account.id, issued.record.id, by=SOMEBODY)
    clocks.run(TTL - 0.5)
    assert _effect(handler(event, None)) == "Allow"
    clocks.set_back(seconds)
    assert _effect(handler(event, None)) == "Deny"


@pytest.mark.parametrize("seconds", [TTL - 0.5, 3600.0])
def test_a_link_does_not_lead_to_its_old_destination_when_the_wall_clock_is_set_back(
    dynamodb: DynamoDBClient, clocks: Clocks, seconds: float
) -> None:
    links = SomebodysLinks(LinkStore(dynamodb, LINKS))
    code = links.create("a", NewLink("https://example.com/old")).short_code
    lookup = RedirectLookup(dynamodb, LINKS, SALTS)
    lookup.follow(code)
    links.change("a", code, {"url": "https://example.com/new"})
    clocks.run(TTL - 0.5)
    assert lookup.follow(code).url.endswith("/old")
    clocks.set_back(seconds)
    assert lookup.follow(code).url.endswith("/new")


@pytest.mark.parametrize("seconds", FROZEN)
def test_a_link_does_not_lead_to_its_old_destination_from_a_frozen_environment(
    dynamodb: DynamoDBClient, clocks: Clocks, seconds: float
) -> None:
    links = SomebodysLinks(LinkStore(dynamodb, LINKS))
    link = links.create("a", NewLink("https://example.com/old"))
    event = functions.event(
        "GET", f"/{link.short_code}", resource="/{proxy+}", parameters={"proxy": link.short_code}
    )
    handler = functions.load("redirect").handler
    assert functions.call(handler, event).headers["location"].endswith("/old")
    links.change("a", link.id, {"url": "https://example.com/new"})
    clocks.freeze(seconds)
    assert functions.call(handler, event).headers["location"].endswith("/new")


@pytest.mark.parametrize("seconds", FROZEN)
def test_an_account_and_a_token_are_looked_up_anew_after_a_freeze(
    clocks: Clocks, seconds: float
) -> None:
    far = int(clocks.wall) + 10 * 86_400
    stated = {"subject": "s-1", "email": "a@example.com", "expires_at": far}
    requested: list[Any] = []

    def recorded(response: Any) -> Callable[[Any], Any]:
        def ask(about: Any) -> Any:
            requested.append(about)
            return response

        return ask

    verifier = RemoteVerifier(recorded(stated), Cache())
    accounts = SessionAccounts(verifier.verify, recorded(None), Cache())
    assert verifier.verify("a.b.c") == Claims("s-1", "a@example.com", far)
    accounts.find("a.b.c")
    assert requested == [{"id_token": "a.b.c"}, "s-1"]
    clocks.freeze(seconds)
    accounts.find("a.b.c")
    assert requested == [{"id_token": "a.b.c"}, "s-1"] * 2


def _effect(policy: dict[str, Any]) -> str:
    return str(policy["policyDocument"]["Statement"][0]["Effect"])


def test_a_client_that_a_deployment_replaced_is_found_after_a_freeze(
    clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = {CLIENT_PARAMETER: "old"}
    monkeypatch.setattr(clients, "parameter", store.__getitem__)
    settings = SignInSettings(cognito.ISSUER, CLIENT_PARAMETER)
    assert settings.client_id == "old"
    store |= {CLIENT_PARAMETER: "new"}
    clocks.freeze(LIFETIME)
    assert settings.client_id == "new"

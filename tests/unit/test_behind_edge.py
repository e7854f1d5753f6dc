"""What the authorizer does behind a CDN."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from jmpy.access.identity import Identity, NoIdentity
from jmpy.authorizer.service import Authorizer
from jmpy.authorizer.sessions import SessionAccounts
from jmpy.cache import Cache
from jmpy.gateway.viewer import Edge
from jmpy.keys.model import ApiKey, KeyStatus
from project.keys import issued
from tests.authorizer_events import ADDRESS, NO_TOKENS, SETTINGS, effect, event

PROOF = "what-the-edge-proves-itself-with-0123456789"
EDGE = Edge((sha256(PROOF.encode()).hexdigest(),))
CLOSED = replace(EDGE, required=True)
SECRET, REVOKED = issued(status=KeyStatus.REVOKED)


class LookedUp(Exception):
    """A key was looked up."""


def look_up(_digest: str) -> ApiKey:
    raise LookedUp


def revoked(_digest: str) -> ApiKey:
    return REVOKED


def authorize(edge: Edge, proof: str, find_key: Any = look_up) -> dict[str, Any]:
    settings = replace(SETTINGS, edge=edge)
    sessions = SessionAccounts(lambda _: pytest.fail("verified"), lambda _: None, Cache())
    return Authorizer(settings, find_key, Cache(), sessions, NO_TOKENS).authorize(through(proof))


def through(proof: str) -> dict[str, Any]:
    headers = {
        "X-Jmpy-Edge": proof,
        "CloudFront-Viewer-Address": "198.51.100.10:46532",
        "CloudFront-Viewer-Country": "DE",
        "X-API-Key": SECRET,
    }
    return event({name: [value] for name, value in headers.items()})


@pytest.mark.parametrize(
    ("edge", "proof", "viewer"),
    [
        (EDGE, PROOF, {"viewer": "198.51.100.10", "country": "DE"}),
        (CLOSED, PROOF, {"viewer": "198.51.100.10", "country": "DE"}),
        (EDGE, PROOF[:-1], {"viewer": ADDRESS}),
        # No CDN is trusted: clients can send any header.
        (Edge(), PROOF, {"viewer": ADDRESS}),
    ],
)
def test_the_access_log_gets_address_and_country_of_denied_callers_too(
    edge: Edge, proof: str, viewer: dict[str, str]
) -> None:
    context = authorize(edge, proof, revoked)["context"]
    assert context.items() >= {"reason": "revoked", **viewer}.items()
    assert ("country" in context) is ("country" in viewer)


def test_past_a_required_edge_no_key_is_looked_up_and_functions_get_no_identity() -> None:
    response = authorize(CLOSED, "a guess")
    assert response["context"] == {"reason": "edge", "viewer": ADDRESS}
    # Throttled together with all others of its kind; the function says why (403).
    assert (effect(response), response["usageIdentifierKey"]) == ("Allow", "closed-1")
    with pytest.raises(NoIdentity):
        Identity.from_event({"requestContext": {"authorizer": response["context"]}})


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_for_a_host_of_short_links_no_key_is_looked_up_either(method: str) -> None:
    sessions = SessionAccounts(lambda _: pytest.fail("verified"), lambda _: None, Cache())
    authorizer = Authorizer(SETTINGS, look_up, Cache(), sessions, NO_TOKENS)
    key = {"X-API-Key": [SECRET]}
    response = authorizer.authorize(event(key, method=method, domain_name="go.acme.com"))
    assert response["context"] == {"reason": "host", "viewer": ADDRESS}
    assert (effect(response), response["usageIdentifierKey"]) == ("Allow", "closed-1")


def test_through_a_required_edge_keys_are_looked_up() -> None:
    with pytest.raises(LookedUp):
        authorize(CLOSED, PROOF)

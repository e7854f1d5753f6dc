"""What the authorizer makes of a CDN in front."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from jmpy.access import identity
from jmpy.access.identity import NoIdentity
from jmpy.authorizer import policy
from jmpy.authorizer.behind_edge import BehindEdge
from jmpy.gateway.viewer import Edge

ARN = "arn:aws:execute-api:eu-west-1:123456789012:api/live/GET/api/v1/short-urls"
PROOF = "what-the-edge-proves-itself-with-0123456789"
EDGE = Edge((sha256(PROOF.encode()).hexdigest(),))
CLOSED = replace(EDGE, required=True)


class Asked(Exception):
    """Somebody was looked up."""


def look_up(_event: dict[str, Any]) -> dict[str, Any]:
    raise Asked


def denial(event: dict[str, Any]) -> dict[str, Any]:
    return policy.deny(event["methodArn"], "revoked")


def through(proof: str) -> dict[str, Any]:
    headers = {
        "X-Jmpy-Edge": proof,
        "CloudFront-Viewer-Address": "198.51.100.10:46532",
        "CloudFront-Viewer-Country": "DE",
    }
    return {
        "methodArn": ARN,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "requestContext": {"identity": {"sourceIp": "192.0.2.1"}},
    }


@pytest.mark.parametrize(
    ("edge", "proof", "viewer"),
    [
        (EDGE, PROOF, {"viewer": "198.51.100.10", "country": "DE"}),
        (CLOSED, PROOF, {"viewer": "198.51.100.10", "country": "DE"}),
        (EDGE, PROOF[:-1], {"viewer": "192.0.2.1"}),
        # No CDN is trusted: a caller may send what it likes.
        (Edge(), PROOF, {"viewer": "192.0.2.1"}),
    ],
)
def test_the_access_log_learns_address_and_country_also_of_who_is_denied(
    edge: Edge, proof: str, viewer: dict[str, str]
) -> None:
    context = BehindEdge(denial, edge, "closed-1").decide(through(proof))["context"]
    assert context.items() >= {"reason": "revoked", **viewer}.items()


def test_past_a_required_edge_nobody_is_looked_up_and_functions_learn_of_nobody() -> None:
    response = BehindEdge(look_up, CLOSED, "closed-1").decide(through("a guess"))
    assert response["context"] == {"reason": "edge", "viewer": "192.0.2.1"}
    # Throttled together with all others of its kind; the function says why (403).
    (statement,) = response["policyDocument"]["Statement"]
    assert (statement["Effect"], response["usageIdentifierKey"]) == ("Allow", "closed-1")
    with pytest.raises(NoIdentity):
        identity.from_event({"requestContext": {"authorizer": response["context"]}})


def test_through_a_required_edge_callers_are_looked_up() -> None:
    with pytest.raises(Asked):
        BehindEdge(look_up, CLOSED, "closed-1").decide(through(PROOF))

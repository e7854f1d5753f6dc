"""Address and country of a caller, from a CDN's headers to the owner's access log."""

from __future__ import annotations

import time
from hashlib import sha256
from typing import TYPE_CHECKING

import httpx

from ops.smoke.assertions import SHORT_URLS, bearer
from project.hosted_login import Person, refresher
from project.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

SECRET = "what-the-edge-proves-itself-with-0123456789"
FROM_CDN = {"CloudFront-Viewer-Address": "2001:db8::7:46532", "CloudFront-Viewer-Country": "DE"}


def trust(lambdas: LambdaClient, hashes: str) -> None:
    """As deploying with the parameter EdgeSecretHashes does."""
    (found,) = (
        function
        for function in lambdas.list_functions()["Functions"]
        if "AuthorizerFunction" in function["FunctionName"]
    )
    assert "EDGE_SECRET_HASHES" in found["Environment"]["Variables"]
    variables = {**found["Environment"]["Variables"], "EDGE_SECRET_HASHES": hashes}
    lambdas.update_function_configuration(
        FunctionName=found["FunctionName"], Environment={"Variables": variables}
    )


def test_the_log_names_viewers_and_countries_only_with_the_proof_of_the_edge(
    stack: Stack, person: Person, http: httpx.Client, lambdas: LambdaClient
) -> None:
    session = bearer(refresher(stack, person)().json()["id_token"])
    secret, key_id = stack.key("read", account=stack.env.account, name="travels")

    def ask(proof: str) -> str:
        sent = {**bearer(secret), **FROM_CDN, "X-Jmpy-Edge": proof}
        response = http.get(SHORT_URLS, headers=sent)
        assert response.status_code == 200
        return response.headers["x-request-id"]

    itself, viewer = ("127.0.0.1", None), ("2001:db8::7", "DE")
    expected: dict[str, tuple[str, str | None]] = {ask(SECRET): itself}
    trust(lambdas, sha256(SECRET.encode()).hexdigest())
    try:
        expected |= {ask(SECRET): viewer, ask("a guess"): itself}
    finally:
        trust(lambdas, "")
    deadline = time.monotonic() + 60
    while True:
        query = {"key_id": key_id}
        page = http.get("/api/v1/access-logs", headers=session, params=query).json()["data"]
        found = {one["id"]: (one["ip_address"], one["country"]) for one in page["requests"]}
        if len(found) == len(expected):
            break
        assert time.monotonic() < deadline, found
        time.sleep(0.3)
    assert found == expected

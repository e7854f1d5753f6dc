"""The country of a caller, from a CDN's header to the owner's access log."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from tests.e2e.conftest import SHORT_URLS, Stack, bearer
from tests.e2e.hosted_login import Person, refresher

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

HEADER = "CloudFront-Viewer-Country"


def trust(lambdas: LambdaClient, header: str) -> None:
    """As deploying with the parameter TrustedCountryHeader does."""
    (found,) = (
        function
        for function in lambdas.list_functions()["Functions"]
        if "AuthorizerFunction" in function["FunctionName"]
    )
    variables = {**found["Environment"]["Variables"], "COUNTRY_HEADER": header}
    assert "COUNTRY_HEADER" in found["Environment"]["Variables"]
    lambdas.update_function_configuration(
        FunctionName=found["FunctionName"], Environment={"Variables": variables}
    )


def test_the_log_names_countries_only_when_the_operator_trusts_who_tells_them(
    stack: Stack, person: Person, http: httpx.Client, lambdas: LambdaClient
) -> None:
    session = bearer(refresher(stack, person)().json()["id_token"])
    secret, key_id = stack.key("read", account=stack.env.account, name="travels")

    def ask(country: str) -> str:
        sent = {**bearer(secret), HEADER: country}
        answer = http.get(SHORT_URLS, headers=sent)
        assert answer.status_code == 200
        return answer.headers["x-request-id"]

    expected: dict[str, str | None] = {ask("DE"): None}
    trust(lambdas, HEADER)
    try:
        expected |= {ask("DE"): "DE", ask("nowhere"): None}
    finally:
        trust(lambdas, "")
    deadline = time.monotonic() + 60
    while True:
        query = {"key_id": key_id}
        page = http.get("/api/v1/access-logs", headers=session, params=query).json()["data"]
        found = {one["id"]: one["country"] for one in page["requests"]}
        if len(found) == len(expected):
            break
        assert time.monotonic() < deadline, found
        time.sleep(0.3)
    assert found == expected

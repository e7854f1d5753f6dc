"""Events and settings for tests of the authorizer that need no table."""

from __future__ import annotations

from typing import Any

import pytest

from jmpy.authorizer.service import Authorizer
from jmpy.authorizer.sessions import SessionAccounts
from jmpy.authorizer.settings import AuthorizerSettings
from jmpy.authorizer.tokens import TokenKeys
from jmpy.cache import Cache
from project.keys import issued

ARN = "arn:aws:execute-api:eu-west-1:123456789012:api/live/GET/api/v1/short-urls"
STAGE = "arn:aws:execute-api:eu-west-1:123456789012:api/live/*"
API_HOST = "api123.execute-api.eu-west-1.amazonaws.com"
ADDRESS = "192.0.2.1"
SETTINGS = AuthorizerSettings("preflight-1", "closed-1")
NO_TOKENS = TokenKeys(lambda _: pytest.fail("a token was looked up"), Cache())


def event(
    headers: dict[str, list[str]] | None = None,
    query: dict[str, list[str]] | None = None,
    *,
    method: str = "GET",
    arn: str = ARN,
    domain_name: str = API_HOST,
) -> dict[str, Any]:
    """A REQUEST authorizer event."""
    return {
        "methodArn": arn,
        "httpMethod": method,
        "multiValueHeaders": headers,
        "multiValueQueryStringParameters": query,
        "requestContext": {
            "apiId": "api123",
            "domainName": domain_name,
            "identity": {"sourceIp": ADDRESS},
        },
    }


def effect(response: dict[str, Any]) -> str:
    (statement,) = response["policyDocument"]["Statement"]
    assert statement["Resource"] == STAGE
    return str(statement["Effect"])


def granted_context() -> dict[str, str]:
    """The context that functions get from a request with a valid key."""
    secret, key = issued()
    sessions = SessionAccounts(lambda _: pytest.fail("verified"), lambda _: None, Cache())
    authorizer = Authorizer(SETTINGS, {key.digest: key}.get, Cache(), sessions, NO_TOKENS)
    context: dict[str, str] = authorizer.authorize(event({"X-API-Key": [secret]}))["context"]
    return context

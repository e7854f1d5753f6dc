"""Usage plans of API Gateway that tests create for accounts on the local stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from project.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient

NEVER_REFILLED = 0.0001
"""Requests per second, one in three hours: a burst that was consumed stays consumed, however slow
the machine is."""


def gateway(stack: Stack) -> APIGatewayClient:
    client: APIGatewayClient = stack.deployment.session.client(
        "apigateway", endpoint_url=stack.env.endpoint
    )
    return client


def usage_plan_key(stack: Stack, account: str) -> str:
    """The id of the account's usage plan key."""
    identifier = stack.deployment.accounts.get(account).subscription.usage_identifier
    (key,) = gateway(stack).get_api_keys(nameQuery=identifier)["items"]
    return key["id"]


@contextmanager
def plan_of_its_own(stack: Stack, account: str, **limits: Any) -> Iterator[None]:
    """The account's key is in a usage plan with these limits, then in that of its subscription."""
    client, key = gateway(stack), usage_plan_key(stack, account)
    name = stack.deployment.accounts.get(account).subscription.plan
    subscribed = json.loads(stack.deployment.outputs["UsagePlans"])[name]
    own = client.create_usage_plan(
        name=account, apiStages=[{"apiId": "jmpy", "stage": "live"}], **limits
    )["id"]
    client.delete_usage_plan_key(usagePlanId=subscribed, keyId=key)
    client.create_usage_plan_key(usagePlanId=own, keyId=key, keyType="API_KEY")
    yield
    client.delete_usage_plan_key(usagePlanId=own, keyId=key)
    client.create_usage_plan_key(usagePlanId=subscribed, keyId=key, keyType="API_KEY")


def throttled_after(stack: Stack, account: str, requests: int) -> AbstractContextManager[None]:
    """API Gateway throttles every request of the account after that many."""
    throttle = {"rateLimit": NEVER_REFILLED, "burstLimit": requests}
    return plan_of_its_own(stack, account, throttle=throttle)

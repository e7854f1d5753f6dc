"""Retain a Lambda authorizer's whole output with the request that it authorized.

MiniStack drops `usageIdentifierKey`, drops the context when the policy denies, accepts a Resource
of any length, and takes any spelling of "Unauthorized". On AWS both are part of the output (API
Gateway developer guide, "Output from an API Gateway Lambda authorizer"), also when the output comes
from the authorizer cache, a Resource of more than 512 characters makes it invalid, and only an
authorizer that raises exactly "Unauthorized" leads to `UNAUTHORIZED`. It must never decide
anything: MiniStack evaluates the policy.

Tests: tests/emulator/test_gap_usage_identifier.py, tests/emulator/test_gap_access_log.py.
"""

import json
from typing import Any

from ministack.services import apigateway_v1 as apigw

from local.emulator.execution import current

LONGEST = 512
"""Characters of a Resource."""


class Policy(dict[str, Any]):
    """An authorizer's policy document, with the rest of the output attached.

    MiniStack's authorizer cache stores the policy and evaluates it for every request, so the
    attached parts are found again on a cache hit.
    """

    def __init__(self, output: dict[str, Any]) -> None:
        super().__init__(output["policyDocument"])
        key = output.get("usageIdentifierKey")
        self.usage_identifier_key = key if isinstance(key, str) else None
        self.context: dict[str, str] = apigw._stringify_context(output.get("context"))
        if output.get("principalId"):
            self.context["principalId"] = str(output["principalId"])


def apply() -> None:
    """Note the authorizer's output on the current `Execution`."""
    invoke, evaluate = apigw._invoke_authorizer_lambda, apigw._evaluate_policy

    async def invoke_authorizer(*arguments: Any) -> Any:
        result = await invoke(*arguments)
        if _fails_in_another_spelling(result):
            return {**result, "body": {}}
        output = _decoded(result)
        if not isinstance(output.get("policyDocument"), dict):
            return result
        if _is_too_long(output["policyDocument"]):
            return {**result, "body": {}}
        return {**result, "body": {**output, "policyDocument": Policy(output)}}

    def evaluate_policy(policy: Any, method_arn: str) -> Any:
        running = current.get()
        if running is not None and isinstance(policy, Policy):
            running.authorizer = policy.context
            running.usage_identifier_key = policy.usage_identifier_key
        return evaluate(policy, method_arn)

    apigw._invoke_authorizer_lambda = invoke_authorizer
    apigw._evaluate_policy = evaluate_policy


def _fails_in_another_spelling(result: Any) -> bool:
    if not (result or {}).get("error"):
        return False
    message = str((result.get("body") or {}).get("errorMessage", ""))
    return message.strip().lower() == "unauthorized" and message != "Unauthorized"


def _is_too_long(policy: dict[str, Any]) -> bool:
    found = [statement.get("Resource", "") for statement in policy.get("Statement", [])]
    return any(isinstance(resource, str) and len(resource) > LONGEST for resource in found)


def _decoded(result: Any) -> dict[str, Any]:
    """The output as an object; empty when the function failed or returned something else."""
    body = (result or {}).get("body")
    if isinstance(body, (str, bytes)):
        try:
            body = json.loads(body)
        except ValueError:
            return {}
    return body if isinstance(body, dict) else {}

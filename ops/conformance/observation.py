"""Sends what a fact names to a stack, and returns what is seen of the response."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError

from ops.conformance.fact import AtOnce, Call, Calls, Failure, NewKey, Probe, Request
from ops.conformance.target import Response, Target
from ops.contract.placeholders import filled

_PAUSE = 0.1
_ON_AWS = 240.0
"""Seconds for a usage plan to know a key."""


def observe(probe: Probe, expected: Mapping[str, Any], target: Target) -> dict[str, Any]:
    """What is seen at once. Of a request that is all but its line in the access log, of a failure
    only `mark` and `awaited`: see `ops/conformance/late.py`. Raises urllib3's and botocore's errors
    if nobody responds."""
    own: Probe = filled(probe, _values(target))
    match own:
        case Request():
            return _requested(own, expected, target)
        case Calls():
            return [_called(each, target) for each in own.calls][-1]
        case AtOnce():
            return _called_at_once(own, target)
        case Failure():
            _called(own.call, target)
            return {"mark": own.mark, "awaited": own.messages}
        case NewKey():
            return _new_key(target)


def _values(target: Target) -> dict[str, Any]:
    return {
        "run": f"run-{secrets.token_hex(8)}",
        "plan_key": target.plan_key,
        "ample_key": target.ample_key,
        "out": target.outputs,
    }


def _requested(request: Request, expected: Mapping[str, Any], target: Target) -> dict[str, Any]:
    for earlier in request.after:
        for _ in range(earlier.times):
            _sent(earlier, target)
    for _ in range(request.times):
        response = _sent(request, target)
        if response.status == expected["status"]:
            break
        time.sleep(request.pause)
    return {
        "status": response.status,
        "headers": {name.lower(): response.headers[name] for name in response.headers},
        "body": parsed(response.text),
        "request_id": response.headers.get("x-amzn-requestid"),
    }


def _sent(request: Request, target: Target) -> Response:
    return target.send(request.method, request.path, request.headers, request.body)


def _called(call: Call, target: Target) -> dict[str, Any]:
    client = target.client(call.service)
    try:
        response = getattr(client, call.operation)(**call.arguments)
    except ClientError as error:
        details = {k: v for k, v in error.response.items() if k not in _NOT_SHOWN}
        return {
            **details,
            "error": error.response["Error"]["Code"],
            "message": error.response["Error"]["Message"],
        }
    seen = {name: value for name, value in response.items() if name not in _NOT_SHOWN}
    if "Payload" in seen:
        seen["Payload"] = parsed(seen["Payload"].read().decode())
    return seen


_NOT_SHOWN = {"ResponseMetadata", "Error"}


def _called_at_once(probe: AtOnce, target: Target) -> dict[str, Any]:
    for earlier in probe.before:
        _called(earlier, target)
    with ThreadPoolExecutor(probe.times) as pool:
        seen = pool.map(lambda _: _called(probe.call, target), range(probe.times))
        return {"outcomes": sorted({_outcome(each) for each in seen})}


def _outcome(seen: Mapping[str, Any]) -> str:
    reasons = [reason.get("Code", "") for reason in seen.get("CancellationReasons", [])]
    return " ".join([seen.get("error", "ok"), *reasons])


def _new_key(target: Target) -> dict[str, Any]:
    gateway, value = target.client("apigateway"), f"run-{secrets.token_hex(16)}"
    made = gateway.create_api_key(name=value, value=value, enabled=True)["id"]
    try:
        gateway.create_usage_plan_key(
            usagePlanId=target.outputs["AmplePlanId"], keyId=made, keyType="API_KEY"
        )
        seconds = _seconds_until(HTTPStatus.OK, value, target)
        again = _called(
            Call("apigateway", "create_api_key", {"name": value, "value": value}), target
        )
        if "id" in again:
            gateway.delete_api_key(apiKey=again["id"])
    finally:
        gateway.delete_api_key(apiKey=made)
    gone = _seconds_until(HTTPStatus.FORBIDDEN, value, target)
    return {"seconds": seconds, "again": again.get("error"), "seconds_until_deleted": gone}


def _seconds_until(status: HTTPStatus, key: str, target: Target) -> float | None:
    """Until a request with the key gets this status; None if it did not."""
    started = time.monotonic()
    while (passed := time.monotonic() - started) < _ON_AWS:
        response = target.send("GET", "/planned", [("Authorization", f"Allow* {key}")])
        if response.status == status:
            return round(passed, 1)
        time.sleep(_PAUSE)
    return None


def parsed(text: str) -> Any:
    """As JSON if it is some, else as it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text

"""Sends what a fact names to a stack, and returns what is seen of the response."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from ops.conformance.fact import AtOnce, Call, Calls, Failure, Probe, Request
from ops.conformance.target import Response, Target
from ops.contract.placeholders import filled

_PAUSE = 0.1
_ON_AWS = 240.0
_ON_THE_EMULATOR = 15.0
"""Seconds until a failure has to be in its queue."""


def observe(probe: Probe, expected: Mapping[str, Any], target: Target) -> dict[str, Any]:
    """What is seen; of a request without its line in the access log (`ops/conformance/run.py`), but
    with its id as `request_id`. Raises urllib3's and botocore's errors if nobody responds."""
    own: Probe = filled(probe, _values(target))
    match own:
        case Request():
            return _requested(own, expected, target)
        case Calls():
            return [_called(each, target) for each in own.calls][-1]
        case AtOnce():
            return _called_at_once(own, target)
        case Failure():
            return _failed(own, target)


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
        "headers": {name.lower(): value for name, value in response.headers.items()},
        "body": _parsed(response.text),
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
        seen["Payload"] = _parsed(seen["Payload"].read().decode())
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


def _failed(probe: Failure, target: Target) -> dict[str, Any]:
    """Waits for the first failure, and then takes those that have arrived with it."""
    sqs, queue = target.client("sqs"), target.outputs["FailureQueue"]
    mark = probe.mark
    _called(probe.call, target)
    found: list[Any] = []
    deadline = time.monotonic() + (_ON_THE_EMULATOR if target.endpoint else _ON_AWS)
    while time.monotonic() < deadline:
        arrived = sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=0, VisibilityTimeout=30
        ).get("Messages", [])
        for message in arrived:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        own = [message["Body"] for message in arrived if mark in message["Body"]]
        found += map(_parsed, own)
        if found and not own:
            break
        time.sleep(_PAUSE)
    return {"messages": found}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text

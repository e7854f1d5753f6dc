"""Deploy the conformance stack on an emulator, through a change set, as `sam deploy` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

import boto3

from local.emulator_process import Emulator
from ops.conformance.target import TEMPLATE, Target, find

REGION = "eu-central-1"
_DEADLINE_SECONDS = 120.0
"""Only for what never happens: a function's first start takes seconds on a busy machine."""

T = TypeVar("T")


def root_session(emulator: Emulator) -> boto3.Session:
    """As the emulator's root user."""
    return boto3.Session(
        aws_access_key_id=emulator.credentials.key_id,
        aws_secret_access_key=emulator.credentials.secret,
        region_name=REGION,
    )


def deploy(
    emulator: Emulator,
    name: str,
    template: str = TEMPLATE.read_text(encoding="utf-8"),
    tags: Mapping[str, str] | None = None,
) -> Target:
    """Create the stack, or update it. Raises AssertionError if CloudFormation fails."""
    session = root_session(emulator)
    cloudformation = session.client("cloudformation", endpoint_url=emulator.endpoint)
    kind: Literal["CREATE", "UPDATE"] = "UPDATE" if _status(cloudformation, name) else "CREATE"
    change = cloudformation.create_change_set(
        StackName=name,
        ChangeSetName=f"change-{time.time_ns()}",
        ChangeSetType=kind,
        TemplateBody=template,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()],
    )["Id"]
    cloudformation.get_waiter("change_set_create_complete").wait(
        ChangeSetName=change,
        WaiterConfig={"Delay": 0.1, "MaxAttempts": 300},  # type: ignore[typeddict-item]  # botocore takes fractions
    )
    cloudformation.execute_change_set(ChangeSetName=change)
    wait_for(f"{kind} of {name}", lambda: _settled(cloudformation, name, kind))
    return find(name, session, emulator.endpoint)


def wait_for(what: str, probe: Callable[[], T | None]) -> T:
    """What the probe returns as soon as that is not None. Raises TimeoutError."""
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if (found := probe()) is not None:
            return found
        time.sleep(0.05)
    raise TimeoutError(what)


def _status(cloudformation: Any, name: str) -> str | None:
    stacks = cloudformation.describe_stacks()["Stacks"]
    return next((stack["StackStatus"] for stack in stacks if stack["StackName"] == name), None)


def _settled(cloudformation: Any, name: str, kind: str) -> bool | None:
    status = _status(cloudformation, name) or ""
    if status == f"{kind}_COMPLETE":
        return True
    if "FAILED" in status or "ROLLBACK" in status:
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        reasons = [event.get("ResourceStatusReason") for event in events]
        raise AssertionError(f"{name} is {status}: {[r for r in reasons if r]}")
    return None

"""Deploy the gap stack and talk to it, as `sam deploy` and a caller would."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

import boto3
import urllib3

from local.emulator_process import Emulator
from ops.local_credentials import Credentials

REGION = "eu-central-1"
_TEMPLATE = Path(__file__).with_name("gap_stack.yaml")
_DEADLINE_SECONDS = 30.0

T = TypeVar("T")


@dataclass(frozen=True)
class Response:
    status: int
    headers: urllib3.HTTPHeaderDict
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def request_id(self) -> str:
        return self.headers["x-amzn-requestid"]


@dataclass(frozen=True)
class Stack:
    """The gap stack on one emulator."""

    emulator: Emulator
    name: str
    api_id: str
    log_group: str
    plan_key: str
    function: str

    @property
    def endpoint(self) -> str:
        return self.emulator.endpoint

    @property
    def credentials(self) -> Credentials:
        return self.emulator.credentials

    def get(self, path: str, query: str = "", **headers: str) -> Response:
        base = f"{self.endpoint}/restapis/{self.api_id}/test/_user_request_"
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"{base}{path}{query}"
        response = urllib3.request(
            "GET", url, headers=sent, retries=False, timeout=_DEADLINE_SECONDS
        )
        return Response(response.status, response.headers, response.data.decode())

    def get_allowed(self, **headers: str) -> Response:
        """A planned request the authorizer allows; waits while the usage plan is exhausted."""

        def attempt() -> Response | None:
            response = self.get("/planned", Authorization=f"Allow {self.plan_key}", **headers)
            return None if response.status == HTTPStatus.TOO_MANY_REQUESTS else response

        return wait_for("the usage plan's next token", attempt)

    def function_logs(self) -> list[str]:
        """What the function has written since it was deployed."""
        group = f"/aws/lambda/{self.function}"
        found = client("logs", self).filter_log_events(logGroupName=group)["events"]
        return [event["message"].strip() for event in found]

    def logged(self, response: Response) -> dict[str, Any]:
        """The access log's line for the answered request."""
        logs = client("logs", self)
        found = logs.filter_log_events(logGroupName=self.log_group)["events"]
        lines = [json.loads(event["message"]) for event in found]
        (line,) = [line for line in lines if line["id"] == response.request_id]
        return dict(line)


def status_after(stack: Stack, name: str, template: Any) -> str:
    """How making a stack ended."""
    cloudformation = client("cloudformation", stack)
    cloudformation.create_stack(
        StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
    )

    def settled() -> str | None:
        (found,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        status = str(found["StackStatus"])
        return None if status.endswith("_IN_PROGRESS") else status

    return wait_for(f"stack {name}", settled)


def client(service: str, on: Emulator | Stack) -> Any:
    """As the emulator's root user."""
    return boto3.client(  # type: ignore[call-overload]  # the stubs list names, not str
        service,
        endpoint_url=on.endpoint,
        region_name=REGION,
        aws_access_key_id=on.credentials.key_id,
        aws_secret_access_key=on.credentials.secret,
    )


def wait_for(what: str, probe: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if (found := probe()) is not None:
            return found
        time.sleep(0.05)
    raise TimeoutError(what)


def deploy(
    on: Emulator | Stack, name: str, refusal: str, tags: dict[str, str] | None = None
) -> Stack:
    """Create or update the gap stack through a change set, as `sam deploy` does."""
    cloudformation = client("cloudformation", on)
    kind = "UPDATE" if _stack_status(cloudformation, name) else "CREATE"
    plan_key = f"{name}-plan-key-of-enough-length"
    change = cloudformation.create_change_set(
        StackName=name,
        ChangeSetName=f"change-{time.time_ns()}",
        ChangeSetType=kind,
        TemplateBody=_TEMPLATE.read_text(encoding="utf-8").replace("REFUSAL", refusal),
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[{"ParameterKey": "PlanKey", "ParameterValue": plan_key}],
        Tags=[{"Key": k, "Value": v} for k, v in (tags or {}).items()],
    )["Id"]
    cloudformation.get_waiter("change_set_create_complete").wait(
        ChangeSetName=change, WaiterConfig={"Delay": 0.1, "MaxAttempts": 300}
    )
    cloudformation.execute_change_set(ChangeSetName=change)
    wait_for(f"{kind} of {name}", lambda: _settled(cloudformation, name, kind))
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    return Stack(
        on.emulator if isinstance(on, Stack) else on,
        name,
        outputs["ApiId"],
        outputs["LogGroup"],
        plan_key,
        outputs["EchoFunction"],
    )


def _stack_status(cloudformation: Any, name: str) -> str | None:
    stacks = cloudformation.describe_stacks()["Stacks"]
    return next((stack["StackStatus"] for stack in stacks if stack["StackName"] == name), None)


def _settled(cloudformation: Any, name: str, kind: str) -> bool | None:
    status = _stack_status(cloudformation, name) or ""
    if status == f"{kind}_COMPLETE":
        return True
    if "FAILED" in status or "ROLLBACK" in status:
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        reasons = [event.get("ResourceStatusReason") for event in events]
        raise AssertionError(f"{name} is {status}: {[r for r in reasons if r]}")
    return None

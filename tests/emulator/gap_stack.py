"""The conformance stack (ops/conformance/template.yaml) on an emulator, for the tests of the
adapters."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from local import conformance_stack
from local.conformance_stack import REGION, root_session, wait_for
from local.emulator_process import Emulator
from ops.conformance.target import TEMPLATE, Response, Target
from ops.local_credentials import Credentials

__all__ = ["REGION", "Response", "Stack", "client", "deploy", "status_after", "wait_for"]


@dataclass(frozen=True)
class Stack:
    """The stack on one emulator."""

    emulator: Emulator
    target: Target

    @property
    def name(self) -> str:
        return self.target.name

    @property
    def api_id(self) -> str:
        return self.target.outputs["ApiId"]

    @property
    def log_group(self) -> str:
        return self.target.outputs["LogGroup"]

    @property
    def function(self) -> str:
        return self.target.outputs["EchoFunction"]

    @property
    def plan_key(self) -> str:
        return self.target.plan_key

    @property
    def endpoint(self) -> str:
        return self.emulator.endpoint

    @property
    def credentials(self) -> Credentials:
        return self.emulator.credentials

    def get(self, path: str, query: str = "", **headers: str) -> Response:
        sent = [(name.replace("_", "-"), value) for name, value in headers.items()]
        return self.target.send("GET", f"{path}{query}", sent)

    def get_allowed(self, **headers: str) -> Response:
        """A planned request the authorizer allows; waits while the usage plan is exhausted."""

        def attempt() -> Response | None:
            response = self.get("/planned", Authorization=f"Allow {self.plan_key}", **headers)
            return None if response.status == HTTPStatus.TOO_MANY_REQUESTS else response

        return wait_for("the usage plan's next token", attempt)

    def logged(self, response: Response) -> dict[str, Any]:
        """The access log's line for the answered request."""
        lines = self.target.log_lines()
        (line,) = [line for line in lines if line["id"] == response.request_id]
        return line


def status_after(stack: Stack, name: str, template: Any) -> str:
    """How creating a stack ended."""
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
    emulator = on.emulator if isinstance(on, Stack) else on
    return root_session(emulator).client(service, endpoint_url=on.endpoint)  # type: ignore[call-overload]  # the stubs list names, not str


def deploy(
    on: Emulator | Stack, name: str, refusal: str, tags: dict[str, str] | None = None
) -> Stack:
    """With a text of its own in the template: SAM creates a new deployment when that changes."""
    emulator = on.emulator if isinstance(on, Stack) else on
    template = TEMPLATE.read_text(encoding="utf-8").replace(
        '"refusal": "first"', f'"refusal": "{refusal}"'
    )
    return Stack(emulator, conformance_stack.deploy(emulator, name, template, tags))

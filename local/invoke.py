"""Runs one function of the local stack on a sample event: the built function, with its role and its
tables, without the gateway and without containers.

The samples are `events/<folder of the function>-<name>.json`. Their placeholders are replaced:
`jmpy_KEY` by the demo key, `ACCOUNT` by the demo account. `make sam-local` writes them filled in,
for `sam local invoke`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ops import private
from ops.deployment import Deployment
from ops.stack_env import StackEnv

EVENTS = Path(__file__).resolve().parents[1] / "events"


class NoSuchEvent(Exception):
    def __init__(self, function: str, event: str) -> None:
        known = "\n".join(f"  make invoke F={name} E={what}" for name, what in samples())
        super().__init__(f"There is no events/{function}-{event}.json; there are:\n{known}")


class Invocation(NamedTuple):
    payload: Any
    """The function's response, or the error that it raised."""
    failed: bool
    log: str


def samples() -> list[tuple[str, str]]:
    """Folder of the function and name of the event."""
    names = sorted(path.stem.partition("-") for path in EVENTS.glob("*.json"))
    return [(function, event) for function, _, event in names]


def logical_id(function: str) -> str:
    """In the template, of the function with that folder."""
    return "".join(word.title() for word in function.split("_")) + "Function"


def read(function: str, event: str, values: Mapping[str, str]) -> Any:
    """The event, with the values in place of their names. Raises NoSuchEvent."""
    path = EVENTS / f"{function}-{event}.json"
    if (function, event) not in samples():
        raise NoSuchEvent(function, event)
    text = path.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(name, value)
    return json.loads(text)


def values(env: StackEnv) -> dict[str, str]:
    """The values for the placeholders of the samples on the local stack."""
    return {"jmpy_KEY": env.api_key, "ACCOUNT": env.account}


def fill_in(env: StackEnv, folder: Path) -> None:
    """Writes all samples as they are on the local stack, for `sam local invoke`."""
    folder.mkdir(parents=True, exist_ok=True)
    for function, event in samples():
        filled = json.dumps(read(function, event, values(env)), indent=2)
        private.write(folder / f"{function}-{event}.json", filled + "\n")


def invoke(target: Deployment, function: str, event: Any) -> Invocation:
    client = target.session.client("lambda", endpoint_url=target.endpoint)
    response = client.invoke(
        FunctionName=_name(target, function),
        LogType="Tail",
        Payload=json.dumps(event).encode(),
    )
    return Invocation(
        payload=json.loads(response["Payload"].read() or b"null"),
        failed="FunctionError" in response,
        log=base64.b64decode(response.get("LogResult", "")).decode(errors="replace"),
    )


def _name(target: Deployment, function: str) -> str:
    cloudformation = target.session.client("cloudformation", endpoint_url=target.endpoint)
    found = cloudformation.describe_stack_resource(
        StackName=target.id, LogicalResourceId=logical_id(function)
    )
    return found["StackResourceDetail"]["PhysicalResourceId"]

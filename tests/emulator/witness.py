"""A function that notes its events in a file.

The bare emulator loses lines of a function's log when the machine is busy, so what a function was
invoked with is not read from there.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

from tests.emulator.gap_stack import Stack, client, wait_for

_NOTES_EVENTS = """
import base64, gzip, json, os

def texts(event):
    if "awslogs" in event:
        lines = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
        return [line["message"] for line in lines["logEvents"]]
    return [record["body"] for record in event["Records"]]

def handler(event, context):
    with open(os.environ["NOTES"], "a") as notes:
        notes.write(json.dumps(texts(event)) + "\\n")
    if os.environ["ERROR"]:
        raise RuntimeError(os.environ["ERROR"])
"""


class Witness:
    """The function on one emulator, which fails with the error after the note, if there is one."""

    def __init__(self, stack: Stack, folder: Path, error: str = "") -> None:
        self.stack, self.name = stack, f"witness-{time.time_ns()}"
        self._notes = folder / self.name
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("app.py", _NOTES_EVENTS)
        lambdas = client("lambda", stack)
        role = lambdas.get_function_configuration(FunctionName=stack.function)["Role"]
        self.arn = lambdas.create_function(
            FunctionName=self.name,
            Runtime="python3.13",
            Role=role,
            Handler="app.handler",
            Code={"ZipFile": packed.getvalue()},
            Environment={"Variables": {"NOTES": str(self._notes), "ERROR": error}},
        )["FunctionArn"]

    def subscribe(self, pattern: str = "") -> None:
        """To a log group of its name."""
        logs = client("logs", self.stack)
        logs.create_log_group(logGroupName=self.name)
        logs.create_log_stream(logGroupName=self.name, logStreamName="one")
        logs.put_subscription_filter(
            logGroupName=self.name,
            filterName="some",
            filterPattern=pattern,
            destinationArn=self.arn,
        )

    def write(self, *lines: str) -> None:
        """To that log group, at once."""
        now = int(time.time() * 1000)
        events: list[Any] = [{"timestamp": now, "message": line} for line in lines]
        client("logs", self.stack).put_log_events(
            logGroupName=self.name, logStreamName="one", logEvents=events
        )

    def noted(self) -> list[list[str]]:
        """The texts it was invoked with, invocation by invocation."""
        if not self._notes.exists():
            return []
        lines = self._notes.read_text(encoding="utf-8").splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def await_texts(self, count: int) -> list[list[str]]:
        def all_of_them() -> list[list[str]] | None:
            noted = self.noted()
            return noted if sum(map(len, noted)) >= count else None

        return wait_for(f"{count} texts", all_of_them)

"""MiniStack hands on messages in tens and log events by words: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

import functools
import io
import json
import time
import zipfile
from typing import Any

from tests.emulator.gap_stack import Stack, client, wait_for

NOTES_EVENTS = b"""
import base64, gzip, json

def handler(event, context):
    if "awslogs" in event:
        lines = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
        texts = [line["message"] for line in lines["logEvents"]]
    else:
        texts = [record["body"] for record in event["Records"]]
    print("noted " + json.dumps(texts))
"""


class Witness:
    """A function that writes down what it is handed."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.name = stack, f"witness-{time.time_ns()}"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("app.py", NOTES_EVENTS)
        lambdas = client("lambda", stack)
        role = lambdas.get_function_configuration(FunctionName=stack.function)["Role"]
        self.arn = lambdas.create_function(
            FunctionName=self.name,
            Runtime="python3.13",
            Role=role,
            Handler="app.handler",
            Code={"ZipFile": packed.getvalue()},
        )["FunctionArn"]

    def noted(self) -> list[list[str]]:
        """What it was handed, call by call."""
        logs = client("logs", self.stack)
        group = f"/aws/lambda/{self.name}"
        try:
            events = logs.filter_log_events(logGroupName=group)["events"]
        except logs.exceptions.ResourceNotFoundException:
            return []
        lines = [line for event in events for line in event["message"].splitlines()]
        return [json.loads(line[6:]) for line in lines if line.startswith("noted ")]

    def await_texts(self, count: int) -> list[list[str]]:
        def all_of_them() -> list[list[str]] | None:
            noted = self.noted()
            return noted if sum(map(len, noted)) >= count else None

        return wait_for(f"{count} texts", all_of_them)


def handed_on(stack: Stack, messages: int) -> list[list[str]]:
    """The batches in which messages sent at once reach a function that asks for a hundred."""
    sqs, witness = client("sqs", stack), Witness(stack)
    url = sqs.create_queue(QueueName=witness.name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    client("lambda", stack).create_event_source_mapping(
        EventSourceArn=arn["QueueArn"],
        FunctionName=witness.name,
        BatchSize=100,
        MaximumBatchingWindowInSeconds=2,
    )
    for number in range(messages):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))
    return witness.await_texts(messages)


def test_batches_bare_emulator_lacks_it(bare: Stack) -> None:
    assert max(map(len, handed_on(bare, 25))) <= 10


def test_batches_adapted(adapted: Stack) -> None:
    (batch,) = handed_on(adapted, 25)
    assert sorted(map(int, batch)) == list(range(25))


def selected(stack: Stack, lines: list[str]) -> list[str]:
    """Those of the log events that a subscription for lines with a key is handed."""
    logs, witness = client("logs", stack), Witness(stack)
    logs.create_log_group(logGroupName=witness.name)
    logs.create_log_stream(logGroupName=witness.name, logStreamName="one")
    for name, pattern in (("keys", "%keyId.:.[0-9A-Za-z]%"), ("end", "end")):
        logs.put_subscription_filter(
            logGroupName=witness.name,
            filterName=name,
            filterPattern=pattern,
            destinationArn=witness.arn,
        )
    # Events are handed on at once and arrive in any order; by the last end, the others have.
    for written in (lines, ["end 1"], ["end 2"], ["end 3"]):
        now = int(time.time() * 1000)
        events: list[Any] = [{"timestamp": now, "message": line} for line in written]
        logs.put_log_events(logGroupName=witness.name, logStreamName="one", logEvents=events)
        if written is not lines:
            wait_for(written[0], functools.partial(_has, witness, written))
    return [text for texts in witness.noted() for text in texts if "end" not in text]


def calls(stack: Stack) -> list[list[str]]:
    """What a function is handed of events that are written one right after the other."""
    logs, witness = client("logs", stack), Witness(stack)
    logs.create_log_group(logGroupName=witness.name)
    logs.create_log_stream(logGroupName=witness.name, logStreamName="one")
    logs.put_subscription_filter(
        logGroupName=witness.name, filterName="all", filterPattern="", destinationArn=witness.arn
    )
    for number in range(10):
        event: Any = {"timestamp": int(time.time() * 1000), "message": str(number)}
        logs.put_log_events(logGroupName=witness.name, logStreamName="one", logEvents=[event])
    return witness.await_texts(10)


def test_log_batches_bare_emulator_lacks_it(bare: Stack) -> None:
    assert len(calls(bare)) == 10


def test_log_batches_adapted(adapted: Stack) -> None:
    batches = calls(adapted)
    assert len(batches) < 10
    assert [text for batch in batches for text in batch] == [str(number) for number in range(10)]


def _has(witness: Witness, written: list[str]) -> bool | None:
    return written in witness.noted() or None


LINES = ['{"keyId":"-","n":"1"}', '{"keyId":"key-1","n":"2"}', '{"keyId":"key-1","cut', "keyId"]


def test_regular_expression_bare_emulator_lacks_it(bare: Stack) -> None:
    assert LINES[1] not in selected(bare, LINES)


def test_regular_expression_adapted(adapted: Stack) -> None:
    assert selected(adapted, LINES) == LINES[1:3]

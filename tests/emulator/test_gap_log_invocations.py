"""MiniStack forgets log events that a function did not take: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

import base64
import gzip
import io
import json
import time
import zipfile
from typing import Any

from tests.emulator.gap_stack import Stack, client, wait_for

FAILS = b"""
def handler(event, context):
    print("tried")
    raise RuntimeError("not now")
"""


class Failing:
    """A function that takes nothing, subscribed to a log group, with a queue for what it failed."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.name = stack, f"failing-{time.time_ns()}"
        self.sqs, self.logs = client("sqs", stack), client("logs", stack)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("app.py", FAILS)
        lambdas = client("lambda", stack)
        arn = lambdas.create_function(
            FunctionName=self.name,
            Runtime="python3.13",
            Role=lambdas.get_function_configuration(FunctionName=stack.function)["Role"],
            Handler="app.handler",
            Code={"ZipFile": packed.getvalue()},
        )["FunctionArn"]
        self.queue = self.sqs.create_queue(QueueName=self.name)["QueueUrl"]
        attributes = self.sqs.get_queue_attributes(
            QueueUrl=self.queue, AttributeNames=["QueueArn"]
        )["Attributes"]
        lambdas.put_function_event_invoke_config(
            FunctionName=self.name,
            MaximumRetryAttempts=1,
            DestinationConfig={"OnFailure": {"Destination": attributes["QueueArn"]}},
        )
        self.logs.create_log_group(logGroupName=self.name)
        self.logs.create_log_stream(logGroupName=self.name, logStreamName="one")
        self.logs.put_subscription_filter(
            logGroupName=self.name, filterName="all", filterPattern="", destinationArn=arn
        )

    def write(self, text: str) -> None:
        event: Any = {"timestamp": int(time.time() * 1000), "message": text}
        self.logs.put_log_events(logGroupName=self.name, logStreamName="one", logEvents=[event])

    def attempts(self) -> int:
        try:
            events = self.logs.filter_log_events(logGroupName=f"/aws/lambda/{self.name}")["events"]
        except self.logs.exceptions.ResourceNotFoundException:
            return 0
        return sum(line == "tried" for event in events for line in event["message"].splitlines())

    def failed(self) -> list[str]:
        """The log events that wait in the queue."""
        found = self.sqs.receive_message(QueueUrl=self.queue, VisibilityTimeout=0)
        bodies = [json.loads(message["Body"]) for message in found.get("Messages", [])]
        data = [body["requestPayload"]["awslogs"]["data"] for body in bodies]
        lines = [json.loads(gzip.decompress(base64.b64decode(packed))) for packed in data]
        return [event["message"] for line in lines for event in line["logEvents"]]


def test_failure_destination_bare_emulator_lacks_it(bare: Stack) -> None:
    failing = Failing(bare)
    failing.write("lost")
    wait_for("the first attempt", lambda: failing.attempts() or None)
    # The bare emulator writes the second only after the first has failed for good.
    failing.write("lost as well")
    wait_for("the next event", lambda: failing.attempts() > 1 or None)
    assert failing.failed() == []
    assert failing.attempts() == 2


def test_failure_destination_adapted(adapted: Stack) -> None:
    failing = Failing(adapted)
    failing.write("kept")
    assert wait_for("the failure destination", lambda: failing.failed() or None) == ["kept"]
    assert failing.attempts() == 2


def test_who_invokes_with_an_event_of_logs_has_the_answer(adapted: Stack) -> None:
    failing = Failing(adapted)
    lambdas = client("lambda", adapted)
    response = lambdas.invoke(FunctionName=failing.name, Payload=b'{"awslogs": {"data": ""}}')
    assert response["FunctionError"]

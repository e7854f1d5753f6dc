"""MiniStack forgets log events that a function failed on: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

import base64
import gzip
import json
from pathlib import Path

from tests.emulator.gap_stack import Stack, client, wait_for
from tests.emulator.witness import Witness


class Failing(Witness):
    """A function that always fails, subscribed to a log group, with a queue as its destination for
    failures. It is retried once."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        super().__init__(stack, folder, error="not now")
        self.sqs = client("sqs", stack)
        self.queue = self.sqs.create_queue(QueueName=self.name)["QueueUrl"]
        attributes = self.sqs.get_queue_attributes(
            QueueUrl=self.queue, AttributeNames=["QueueArn"]
        )["Attributes"]
        client("lambda", stack).put_function_event_invoke_config(
            FunctionName=self.name,
            MaximumRetryAttempts=1,
            DestinationConfig={"OnFailure": {"Destination": attributes["QueueArn"]}},
        )
        self.subscribe()

    def failed(self) -> list[str]:
        """The log events that wait in the queue."""
        found = self.sqs.receive_message(QueueUrl=self.queue, VisibilityTimeout=0)
        bodies = [json.loads(message["Body"]) for message in found.get("Messages", [])]
        data = [body["requestPayload"]["awslogs"]["data"] for body in bodies]
        lines = [json.loads(gzip.decompress(base64.b64decode(packed))) for packed in data]
        return [event["message"] for line in lines for event in line["logEvents"]]


def test_failure_destination_bare_emulator_lacks_it(bare: Stack, tmp_path: Path) -> None:
    failing = Failing(bare, tmp_path)
    failing.write("lost")
    failing.await_texts(1)
    failing.write("lost as well")
    assert failing.await_texts(2) == [["lost"], ["lost as well"]]
    assert failing.failed() == []


def test_failure_destination_adapted(adapted: Stack, tmp_path: Path) -> None:
    failing = Failing(adapted, tmp_path)
    failing.write("stored")
    assert wait_for("the failure destination", lambda: failing.failed() or None) == ["stored"]
    assert failing.noted() == [["stored"], ["stored"]]


def test_a_client_that_invokes_with_log_events_gets_the_response(
    adapted: Stack, tmp_path: Path
) -> None:
    failing = Failing(adapted, tmp_path)
    lambdas = client("lambda", adapted)
    response = lambdas.invoke(FunctionName=failing.name, Payload=b'{"awslogs": {"data": ""}}')
    assert response["FunctionError"]

"""MiniStack deletes the messages of a malformed report: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

import json
import time

from tests.emulator.gap_stack import Stack, client, wait_for


def failed(stack: Stack) -> list[str]:
    """What is in the queue of failures once a message whose report names nothing has left its own
    queue."""
    sqs, outputs, text = client("sqs", stack), stack.target.outputs, f"message {time.time_ns()}"
    body = json.dumps({"report": {"wrong": "key"}, "text": text})
    sqs.send_message(QueueUrl=outputs["ReportQueue"], MessageBody=body)

    def is_empty() -> bool | None:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = sqs.get_queue_attributes(QueueUrl=outputs["ReportQueue"], AttributeNames=names)
        return all(found["Attributes"][name] == "0" for name in names) or None

    wait_for("the queue's end", is_empty)
    found = sqs.receive_message(QueueUrl=outputs["FailureQueue"], MaxNumberOfMessages=10)
    return [each["Body"] for each in found.get("Messages", []) if text in each["Body"]]


def test_a_malformed_report_bare_emulator_lacks_it(bare: Stack) -> None:
    assert failed(bare) == []


def test_a_malformed_report_adapted(adapted: Stack) -> None:
    assert len(failed(adapted)) == 1

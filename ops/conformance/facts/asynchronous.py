"""What becomes of asynchronous invocations and of messages whose functions fail. The function's
events are tried twice; a message is received twice before it is given up."""

from __future__ import annotations

import json
from typing import Any

from ops.conformance.fact import Fact, Failure, call
from ops.conformance.sources import recorded

_DESTINATIONS = "lambda_/test_lambda_destinations"
_SQS = "lambda_/event_source_mapping/test_lambda_integration_sqs"


def _messages(queue: str, *bodies: dict[str, Any], fail: int) -> Failure:
    entries = [
        {"Id": str(number), "MessageBody": json.dumps(body | {"run": "{run}"})}
        for number, body in enumerate(bodies)
    ]
    batch = call("sqs", "send_message_batch", QueueUrl=f"{{out.{queue}}}", Entries=entries)
    return Failure(batch, messages=fail)


_EVENT = Failure(
    call(
        "lambda",
        "invoke",
        FunctionName="{out.ToldFunction}",
        InvocationType="Event",
        Payload='{"error": "not now", "run": "{run}"}',
    )
)
_RETRIES = recorded("TestLambdaDestinationSqs::test_retries", _DESTINATIONS, "2025-11-25")

FACTS = (
    Fact(
        "asynchronous-failure",
        "An event whose attempts have failed reaches the failure destination, with its payload.",
        _EVENT,
        {
            "messages": [
                {
                    "requestContext": {"condition": "RetriesExhausted"},
                    "requestPayload": {"error": "not now"},
                    "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
                    "responsePayload": {"errorMessage": "not now"},
                }
            ]
        },
        _RETRIES,
    ),
    Fact(
        "asynchronous-failure-details",
        "It says how often it was tried, which version failed, and the type of the error.",
        _EVENT,
        {
            "messages": [
                {
                    "version": "1.0",
                    "requestContext": {"approximateInvokeCount": 2},
                    "responseContext": {"executedVersion": "$LATEST"},
                    "responsePayload": {"errorType": "Exception"},
                }
            ]
        },
        _RETRIES,
    ),
    Fact(
        "queue-partial-batch",
        "Of a batch only the messages that are reported as failed come again.",
        _messages("Queue", {"number": 1}, {"number": 2, "fail": True}, {"number": 3}, fail=1),
        {"messages": [{"number": 2}]},
        recorded("test_report_batch_item_failures", _SQS, "2025-03-03"),
    ),
    Fact(
        "queue-malformed-report",
        "A report without an identifier fails the whole batch.",
        _messages("ReportQueue", {"report": {"wrong": "key"}}, fail=1),
        {"messages": [{"report": {"wrong": "key"}}]},
        recorded(
            "test_report_batch_item_failures_invalid_result_json_batch_fails", _SQS, "2025-11-25"
        ),
    ),
)

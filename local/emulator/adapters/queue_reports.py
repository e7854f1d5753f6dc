"""Fail a batch of a queue's messages whose report is malformed.

MiniStack skips entries of `batchItemFailures` without an `itemIdentifier`, and deletes the messages
as processed. On AWS an empty, absent or misnamed identifier fails the whole batch (Lambda developer
guide, "Handling errors for an SQS event source"; recorded by LocalStack's
`test_report_batch_item_failures_invalid_result_json_batch_fails`). It must never change what a
function returns to anybody but its event source mapping.

Tests: tests/emulator/test_gap_queue_reports.py.
"""

from contextvars import ContextVar
from typing import Any

from ministack.services import lambda_svc


def apply() -> None:
    """Report every message of such a batch as failed."""
    run, execute = lambda_svc._run_sqs_batch, lambda_svc._execute_function
    reports = ContextVar("reports", default=False)

    def run_batch(esm: dict[str, Any], *arguments: Any) -> Any:
        token = reports.set("ReportBatchItemFailures" in esm.get("FunctionResponseTypes", []))
        try:
            return run(esm, *arguments)
        finally:
            reports.reset(token)

    def execute_function(function: Any, event: Any, *arguments: Any, **named: Any) -> Any:
        result = execute(function, event, *arguments, **named)
        if not (reports.get() and _is_malformed(result.get("body"))):
            return result
        failures = [{"itemIdentifier": record["messageId"]} for record in event["Records"]]
        return {**result, "body": {"batchItemFailures": failures}}

    lambda_svc._run_sqs_batch = run_batch
    lambda_svc._execute_function = execute_function


def _is_malformed(returned: Any) -> bool:
    entries = returned.get("batchItemFailures") if isinstance(returned, dict) else None
    return any(
        not isinstance(entry, dict) or not entry.get("itemIdentifier") for entry in entries or []
    )

"""Retry a failed function of a log subscription, then send the event to its destination.

MiniStack invokes the function of a subscription filter once and ignores the result, although it
supports asynchronous invocations. On AWS, CloudWatch Logs invokes asynchronously: Lambda tries
twice more, or as often as the function's EventInvokeConfig says, and then sends the event to the
destination for failures (Lambda developer guide, "Adding error handling to asynchronous
invocations"). The pauses between the attempts are MiniStack's, seconds instead of minutes. It must
never affect other invocations.

Tests: tests/emulator/test_gap_log_invocations.py.
"""

from contextvars import ContextVar
from typing import Any

from ministack.services import lambda_svc


def apply() -> None:
    """Invoke for log events as for other asynchronous events."""
    invoke_once, response = lambda_svc._execute_function_with_config_scope, lambda_svc._invoke
    is_awaited = ContextVar("is_awaited", default=False)

    async def request(*arguments: Any, **named: Any) -> Any:
        """A client that invokes synchronously waits for the response, also with log events."""
        token = is_awaited.set(True)
        try:
            return await response(*arguments, **named)
        finally:
            is_awaited.reset(token)

    def invoke(func: dict[str, Any], event: dict[str, Any]) -> Any:
        if is_awaited.get() or set(event) != {"awslogs"}:
            return invoke_once(func, event)
        return lambda_svc.invoke_async_with_retry(func, event)

    lambda_svc._execute_function_with_config_scope = invoke
    lambda_svc._invoke = request

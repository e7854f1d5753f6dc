"""Try again what the function of a log subscription did not take, then tell its destination.

MiniStack invokes the function of a subscription filter once and forgets how it ended, although it
knows asynchronous invocations. On AWS, CloudWatch Logs invokes asynchronously: Lambda tries twice
more, or as often as the function's EventInvokeConfig says, and then sends the event to the
destination for failures (Lambda developer guide, "Adding error handling to asynchronous
invocations"). The pauses between the attempts are MiniStack's, seconds where AWS has minutes. It
must never touch other invocations.
"""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from ministack.services import cloudwatch_logs, lambda_svc


def apply() -> None:
    """Invoke for log events as for other asynchronous events."""

    def thread(*, target: Callable[..., Any], **rest: Any) -> threading.Thread:
        if target is lambda_svc._execute_function_with_config_scope:
            target = lambda_svc.invoke_async_with_retry
        return threading.Thread(target=target, **rest)

    # Only what this module starts: whoever invokes the function otherwise waits for its answer.
    cloudwatch_logs.threading = SimpleNamespace(**{**vars(threading), "Thread": thread})

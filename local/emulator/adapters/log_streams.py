"""Name the log streams of a group that functions share for their function.

MiniStack leaves the function's name out. On AWS a stream of a custom log group is called
`YYYY/MM/DD/<function name>[<version>]<environment>` (Lambda developer guide, "Configuring
CloudWatch log groups"), which is how one function's log is found among those of all. It must
never change the streams of a group that belongs to one function.

Tests: tests/emulator/test_gap_log_streams.py.
"""

from typing import Any

from ministack.services import cloudwatch_logs, lambda_svc

_NEWEST = 100
"""Streams among which an invocation's own is looked for: it has just been added."""


def apply() -> None:
    """Rename each new stream after its function has written to it."""
    emit = lambda_svc._emit_lambda_logs

    def emit_and_name(
        function: dict[str, Any], request_id: str, *rest: Any, **options: Any
    ) -> None:
        emit(function, request_id, *rest, **options)
        config = function.get("config") or function
        if group := (config.get("LoggingConfig") or {}).get("LogGroup"):
            streams = cloudwatch_logs._log_groups[group]["streams"]
            _rename(streams, config["FunctionName"], request_id)

    lambda_svc._emit_lambda_logs = emit_and_name


def _rename(streams: dict[str, Any], function: str, request_id: str) -> None:
    for name in reversed(list(streams)[-_NEWEST:]):
        day, _, stream = name.rpartition("/")
        events = streams[name]["events"]
        if stream.startswith("[") and events and request_id in events[0]["message"]:
            streams[f"{day}/{function}{stream}"] = streams.pop(name)
            return

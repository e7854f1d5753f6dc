"""Log as Lambda's Python runtime does, and drop what is below a function's level.

MiniStack's worker installs no log handler, so that a function's `logging` calls below WARNING
vanish, and stores whatever a function prints. On Lambda, with the log format JSON, records become
JSON objects with their extra fields, AWS_LAMBDA_LOG_LEVEL is the function's ApplicationLogLevel,
INFO by default, and lines below it are dropped; a line without a level counts as INFO (Lambda
developer guide, "Log and monitor Python Lambda functions", "Log-level filtering"). With the format
Text, a record here lacks the request id that it has on Lambda. It must never drop a line of a
function with that format.

Tests: tests/emulator/test_gap_runtime_logging.py.
"""

import json
import logging
from functools import wraps
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

_LEVELS = {
    "TRACE": 5,
    "DEBUG": logging.DEBUG,
    "INFO": logging.INFO,
    "WARN": logging.WARNING,
    "WARNING": logging.WARNING,
    "ERROR": logging.ERROR,
    "FATAL": logging.CRITICAL,
    "CRITICAL": logging.CRITICAL,
}
"""Lambda's names, and those of Python."""

# Runs in the function's process before the function is imported.
_BOOTSTRAP = """
def _install_log_handler():
    import json
    import logging
    import os
    import sys

    standard = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}

    class Formatter(logging.Formatter):
        def format(self, record):
            line = {
                "timestamp": self.formatTime(record),
                "level": record.levelname,
                "message": record.getMessage(),
                "logger": record.name,
            }
            extra = {k: v for k, v in record.__dict__.items() if k not in standard}
            if record.exc_info:
                line["stackTrace"] = self.formatException(record.exc_info)
            return json.dumps({**line, **extra}, default=str)

    is_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"
    text = logging.Formatter("[%(levelname)s]\\t%(asctime)s\\t%(message)s")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter() if is_json else text)
    logging.getLogger().addHandler(handler)
    if os.environ.get("AWS_LAMBDA_LOG_LEVEL") in logging.getLevelNamesMapping():
        logging.getLogger().setLevel(os.environ["AWS_LAMBDA_LOG_LEVEL"])

_install_log_handler()
"""


def apply() -> None:
    """Run the bootstrap in every Python function's process, and filter what is stored."""
    lambda_runtime._PYTHON_WORKER_SCRIPT = _BOOTSTRAP + lambda_runtime._PYTHON_WORKER_SCRIPT
    create, emit = lambda_runtime.Worker.__init__, lambda_svc._emit_lambda_logs

    @wraps(create)
    def create_with_level(worker: Any, name: str, config: dict[str, Any], code: bytes) -> None:
        variables = (config.get("Environment") or {}).get("Variables") or {}
        of_logs = _variables(config.get("LoggingConfig") or {})
        create(worker, name, config | {"Environment": {"Variables": variables | of_logs}}, code)

    @wraps(emit)
    def emit_filtered(
        function: dict[str, Any], request_id: str, text: str, *rest: Any, **named: Any
    ) -> None:
        config = function.get("config") or function
        lowest = _variables(config.get("LoggingConfig") or {}).get("AWS_LAMBDA_LOG_LEVEL")
        if lowest is not None:
            lines = (text or "").splitlines()
            text = "\n".join(line for line in lines if _level(line) >= _LEVELS[lowest])
        emit(function, request_id, text, *rest, **named)

    lambda_runtime.Worker.__init__ = create_with_level
    lambda_svc._emit_lambda_logs = emit_filtered


def _variables(logging_config: dict[str, str]) -> dict[str, str]:
    """The variables that describe it to a runtime."""
    if logging_config.get("LogFormat") != "JSON":
        return {"AWS_LAMBDA_LOG_FORMAT": "Text"}
    level = logging_config.get("ApplicationLogLevel") or "INFO"
    return {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": level}


def _level(line: str) -> int:
    try:
        level = json.loads(line)["level"]
    except (ValueError, TypeError, KeyError):
        return logging.INFO
    return _LEVELS.get(str(level).upper(), logging.INFO)

"""Give functions the root log handler that Lambda's Python runtime installs.

MiniStack's worker installs none, so that a function's `logging` calls below WARNING vanish. On
Lambda they are written as JSON objects with the record's extra fields (Lambda developer guide,
"Log and monitor Python Lambda functions"). It must never change what a function logs: only that
it arrives.

Tests: tests/emulator/test_gaps.py.
"""

from ministack.core import lambda_runtime

# Runs in the function's process before the function is imported.
_BOOTSTRAP = """
def _install_log_handler():
    import json
    import logging
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

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter())
    logging.getLogger().addHandler(handler)

_install_log_handler()
"""


def apply() -> None:
    """Run the bootstrap in every Python function's process."""
    lambda_runtime._PYTHON_WORKER_SCRIPT = _BOOTSTRAP + lambda_runtime._PYTHON_WORKER_SCRIPT

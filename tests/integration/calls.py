"""Requests with a key, written to the access log as functions/activity writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.activity import access_log_line
from jmpy.activity.request_writer import AccessLogWriter
from jmpy.clock import system_clock
from project.tables import ACTIVITY
from tests.unit.test_access_log import line

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.keys.model import ApiKey


def called(
    client: DynamoDBClient, key: ApiKey, *, at: float | None = None, times: int = 1, **fields: Any
) -> None:
    """Requests a second apart, the first at `at` (now); `fields` as the log has them."""
    first = system_clock() if at is None else at
    lines = [
        line(
            accountId=key.account_id,
            keyId=key.id,
            time=f"{int((first + number) * 1000):013d}",
            requestId=f"{key.id}-{first}-{number}",
            **fields,
        )
        for number in range(times)
    ]
    AccessLogWriter(client, ACTIVITY, retention=30).record(access_log_line.read(lines))

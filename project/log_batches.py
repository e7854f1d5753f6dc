"""Batches of the access log, as CloudWatch Logs delivers them to a function."""

from __future__ import annotations

import base64
import gzip
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def packed(
    lines: Iterable[str], at: int = 1_800_000_000, kind: str = "DATA_MESSAGE"
) -> dict[str, Any]:
    """`at`: seconds since the Unix epoch."""
    data = {
        "messageType": kind,
        "owner": "123456789012",
        "logGroup": "access",
        "logStream": "s",
        "subscriptionFilters": ["f"],
        "logEvents": [
            {"id": str(number), "timestamp": at * 1000, "message": line}
            for number, line in enumerate(lines)
        ],
    }
    return {
        "awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(data).encode())).decode()}
    }

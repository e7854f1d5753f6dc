"""Evaluate conditions on `dynamodb:LeadingKeys`.

MiniStack does not support this condition key, so `ForAllValues` allows any item. On AWS it contains
the partition keys that a request names (DynamoDB developer guide, "Using IAM policy conditions for
fine-grained access control"). Only for requests about one partition of one table: a condition on
the keys of a batch or a transaction remains unchecked here. It must never decide anything:
MiniStack evaluates the policies.

Tests: tests/emulator/test_gap_permissions.py.
"""

import json
import re
from typing import Any

from ministack.core import iam_actions
from ministack.services import dynamodb

KEY = "dynamodb:LeadingKeys"


def apply() -> None:
    """Add the key to the context that a request of DynamoDB is evaluated with."""
    original = iam_actions.dynamodb_service_context

    def context(body: bytes) -> dict[str, Any]:
        found: dict[str, Any] = original(body)
        if (leading := _leading_key(body)) is not None:
            found[KEY] = [leading]
        return found

    iam_actions.dynamodb_service_context = context


def _leading_key(body: bytes) -> str | None:
    try:
        request = json.loads(body)
        # A name or an ARN, of the table.
        table = dynamodb._tables[request["TableName"].rpartition("/")[2]]
        name = table["pk_name"]
        if "KeyConditionExpression" in request:
            value = _queried(request, name)
        else:
            value = (request.get("Key") or request["Item"])[name]
        return str(next(iter(value.values())))
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration):
        return None  # DynamoDB would reject it.


def _queried(request: dict[str, Any], name: str) -> Any:
    names = request.get("ExpressionAttributeNames") or {}
    for left, right in re.findall(r"([#\w]+)\s*=\s*(:\w+)", request["KeyConditionExpression"]):
        if names.get(left, left) == name:
            return request["ExpressionAttributeValues"][right]
    raise KeyError(name)  # A query of an index.

"""Support the resource type AWS::Logs::QueryDefinition.

MiniStack rejects it as unsupported, so a stack with saved queries cannot be created. On AWS they
appear in the console under Logs Insights (CloudWatch Logs user guide, "Save and re-run queries").
It must never run one: nothing of them is stored here.

Tests: tests/emulator/test_gap_watching.py.
"""

import uuid
from typing import Any

from ministack.services.cloudformation import provisioners

QUERY = "AWS::Logs::QueryDefinition"


def apply() -> None:
    """Let CloudFormation create, change and delete saved queries."""
    provisioners._RESOURCE_HANDLERS[QUERY] = {
        "create": _create,
        "update": _update,
        "delete": _delete,
    }


def _create(_logical_id: str, _props: dict[str, Any], _stack_name: str) -> Any:
    query_id = str(uuid.uuid4())
    return query_id, {"QueryDefinitionId": query_id}


def _update(physical_id: str, _old: Any, _new: Any, *_rest: Any) -> Any:
    return physical_id, {"QueryDefinitionId": physical_id}


def _delete(_physical_id: str, _props: dict[str, Any]) -> None:
    """Nothing is stored."""

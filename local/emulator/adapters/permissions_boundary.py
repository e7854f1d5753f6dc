"""Give a role the permissions boundary that its template names.

MiniStack's CloudFormation ignores `PermissionsBoundary`, so a role may do what its boundary
forbids. On AWS a role's permissions are those that its policies and its boundary both allow (IAM
user guide, "Permissions boundaries for IAM entities"). It must never evaluate anything: MiniStack
evaluates boundaries that were set through its API.

Tests: tests/emulator/test_gap_permissions.py.
"""

from collections.abc import Callable
from typing import Any

from ministack.services import iam
from ministack.services.cloudformation import provisioners

ROLE = "AWS::IAM::Role"


def apply() -> None:
    """Set the boundary when a role is created or changed."""
    handlers = provisioners._RESOURCE_HANDLERS[ROLE]
    create, update = handlers["create"], handlers["update"]

    def bounded_create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        return _bounded(create, props, logical_id, props, stack_name)

    def bounded_update(
        physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **named: Any
    ) -> Any:
        return _bounded(update, new, physical_id, old, new, *rest, **named)

    handlers |= {"create": bounded_create, "update": bounded_update}


def _bounded(done: Callable[..., Any], props: dict[str, Any], *rest: Any, **named: Any) -> Any:
    name, attributes = done(*rest, **named)
    iam._roles[name]["PermissionsBoundary"] = props.get("PermissionsBoundary")
    return name, attributes

"""Support the resource type AWS::Cognito::ManagedLoginBranding.

MiniStack rejects it as unsupported, so a stack with managed login cannot be created. On AWS,
managed login shows its pages to a client only once it has a style (Amazon Cognito developer guide,
"Apply branding to managed login pages"). It must never style anything: MiniStack's page stays as it
is.

Tests: tests/emulator/test_gap_sign_in.py.
"""

import uuid
from typing import Any

from ministack.services import cognito
from ministack.services.cloudformation import provisioners

BRANDING = "AWS::Cognito::ManagedLoginBranding"


def apply() -> None:
    """Let CloudFormation create, change and delete styles."""
    provisioners._RESOURCE_HANDLERS[BRANDING] = {
        "create": _create,
        "update": _update,
        "delete": _delete,
    }


def _create(_logical_id: str, props: dict[str, Any], _stack_name: str) -> Any:
    pool = cognito._user_pools.get(props["UserPoolId"])
    if pool is None or props.get("ClientId") not in pool["_clients"]:
        raise ValueError(f"{BRANDING}: there is no such user pool client")
    branding_id = str(uuid.uuid4())
    # Ref is the pool and the style, as the resource reference has it.
    return f"{props['UserPoolId']}|{branding_id}", {"ManagedLoginBrandingId": branding_id}


def _update(physical_id: str, _old: Any, _new: Any, *_rest: Any) -> Any:
    return physical_id, {"ManagedLoginBrandingId": physical_id.partition("|")[2]}


def _delete(_physical_id: str, _props: dict[str, Any]) -> None:
    """Nothing is stored."""

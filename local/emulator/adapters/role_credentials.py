"""Generate the credentials of a function's role at random.

MiniStack computes them from the names of function and role, which any process on the machine can
see, and they never expire: any process can act as the function. On AWS they are temporary
credentials that Lambda obtains from STS (Lambda developer guide, "Defining Lambda function
permissions with an execution role"). It must never provide those of another role, nor root's.

Tests: tests/emulator/test_gap_front_door.py.
"""

import secrets
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc, sts


def apply() -> None:
    """One session per function and role, for as long as the emulator runs."""
    drawn: dict[tuple[str, str], dict[str, str]] = {}

    def credentials(config: dict[str, Any]) -> dict[str, str]:
        function, role = str(config.get("FunctionArn", "")), str(config.get("Role", ""))
        if (function, role) not in drawn:
            account, _region = lambda_runtime._account_region_from_function_config(config)
            drawn[function, role] = _session(account, role, str(config.get("FunctionName", "")))
        return drawn[function, role]

    # Imported by name in both.
    lambda_runtime.execution_credentials = credentials
    lambda_svc.execution_credentials = credentials


def _session(account: str, role: str, function_name: str) -> dict[str, str]:
    key_id, secret = f"ASIA{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30)
    token, role_name = secrets.token_urlsafe(48), role.rpartition("/")[2]
    session_name = function_name[:64]
    sts.register_session(
        key_id,
        {
            "Arn": f"arn:aws:sts::{account}:assumed-role/{role_name}/{session_name}",
            "UserId": f"{role_name}:{session_name}",
            "SecretAccessKey": secret,
            "SessionToken": token,
        },
    )
    return {
        "AWS_ACCESS_KEY_ID": key_id,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_SESSION_TOKEN": token,
    }

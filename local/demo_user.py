"""The user who can sign in to the local stack's dashboard."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ops.deployment import Deployment

EMAIL = "demo@example.com"


def new_password() -> str:
    """The random part, and one of each kind of character that the user pool demands."""
    return f"{secrets.token_urlsafe(12)}-aA1"


def ensure(target: Deployment, password: str, email: str = EMAIL) -> str:
    """Creates the user if it does not exist, and sets the password. Returns the id of its account,
    which is Cognito's `sub`."""
    client = target.session.client("cognito-idp", endpoint_url=target.endpoint)
    pool_id = target.outputs["UserPoolId"]
    with suppress(client.exceptions.UsernameExistsException):
        client.admin_create_user(
            UserPoolId=pool_id,
            Username=email,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": email},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
    client.admin_set_user_password(
        UserPoolId=pool_id, Username=email, Password=password, Permanent=True
    )
    user = client.admin_get_user(UserPoolId=pool_id, Username=email)
    attributes = {entry["Name"]: entry.get("Value", "") for entry in user["UserAttributes"]}
    return attributes["sub"]

"""Cognito's user pools, with the part of boto3's client that is used here.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUserGlobalSignOut.html
"""

from __future__ import annotations

from typing import Any

from jmpy.aws.client import SignedClient


class Cognito:
    def __init__(self, client: SignedClient | None = None) -> None:
        self._client = client or SignedClient("cognito-idp")

    def admin_get_user(self, **parameters: Any) -> Any:
        """Raises AwsRejected, AwsUnavailable."""
        return self._call("AdminGetUser", parameters)

    def admin_user_global_sign_out(self, **parameters: Any) -> Any:
        """Raises AwsRejected, AwsUnavailable."""
        return self._call("AdminUserGlobalSignOut", parameters)

    def _call(self, action: str, parameters: dict[str, Any]) -> Any:
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{action}",
        }
        return self._client.post("/", headers, parameters).document

"""Cognito's user pools, with as much of boto3's client as is used here.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
"""

from __future__ import annotations

from typing import Any

from jmpy.signed.client import SignedClient

_HEADERS = {
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "AWSCognitoIdentityProviderService.AdminGetUser",
}


class Cognito:
    def __init__(self, client: SignedClient | None = None) -> None:
        self._client = client or SignedClient("cognito-idp")

    def admin_get_user(self, **parameters: Any) -> Any:
        """Raises AwsRefused, AwsUnavailable."""
        return self._client.post("/", _HEADERS, parameters).document

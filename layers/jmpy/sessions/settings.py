"""Where users of this deployment sign in.

Only the client's id is read at run time: in the functions' environment it would be a circular
dependency, because the client needs the address of the API, which needs its functions.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from jmpy.aws import clients
from jmpy.refreshed import Refreshed

LIFETIME = 300
"""Seconds after which the client's id is read again; a deployment may replace the client."""


class SignInSettings:
    def __init__(self, issuer: str, client_parameter: str) -> None:
        self.issuer = issuer
        self._client_id = Refreshed(
            client_parameter, lambda: clients.parameter(client_parameter), LIFETIME
        )

    @property
    def client_id(self) -> str:
        """Raises `aws.faults()`."""
        return self._client_id.get()

    @property
    def keys_url(self) -> str:
        """Below the issuer, at the endpoint that the AWS SDKs use for Cognito."""
        origin = (
            os.environ.get("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER")
            or os.environ.get("AWS_ENDPOINT_URL")
            or "https://" + urlsplit(self.issuer).netloc
        )
        return f"{origin.rstrip('/')}{urlsplit(self.issuer).path}/.well-known/jwks.json"

"""Where this deployment's people sign in, from the environment and the Parameter Store.

The client's id alone is looked up at run time: in the functions' environment it would close a
circle, because the client needs the address of the API, which needs its functions.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from jmpy import aws


@dataclass(frozen=True)
class SignInSettings:
    issuer: str
    client_parameter: str

    @classmethod
    def from_environment(cls) -> SignInSettings:
        return cls(os.environ["SIGN_IN_ISSUER"], os.environ["SIGN_IN_CLIENT_PARAMETER"])

    @cached_property
    def client_id(self) -> str:
        """Read once per execution environment. Raises `aws.faults()`, and then reads anew."""
        return aws.parameter(self.client_parameter)

    @property
    def keys_url(self) -> str:
        """Below the issuer, at the endpoint that the AWS SDKs would use for Cognito."""
        origin = (
            os.environ.get("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER")
            or os.environ.get("AWS_ENDPOINT_URL")
            or "https://" + urlsplit(self.issuer).netloc
        )
        return f"{origin.rstrip('/')}{urlsplit(self.issuer).path}/.well-known/jwks.json"

"""AWS clients with bounded waiting: a fault behind us has to become a response before Lambda
terminates the function, because only a response can carry the envelope and `Retry-After`.

Calls that requests wait for do without the SDK (docs/adr/0022). The rest uses botocore, which is
loaded with the first client that needs it.
"""

from __future__ import annotations

import logging
import sys
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from jmpy.aws.cognito import Cognito
from jmpy.aws.dynamodb_client import DynamoDb
from jmpy.aws.errors import AwsError
from jmpy.aws.sqs import Sqs

if TYPE_CHECKING:
    from botocore.session import Session
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

    from jmpy.aws.cloudfront import CloudFrontOperations
    from jmpy.aws.operations import DynamoDBOperations


def faults() -> tuple[type[Exception], ...]:
    """The exceptions of clients, for `except`. botocore's are included only if it is loaded:
    otherwise none of its clients exists, and loading it for two names would take too long."""
    loaded = sys.modules.get("botocore.exceptions")
    of_botocore = (loaded.BotoCoreError, loaded.ClientError) if loaded else ()
    return (AwsError, *of_botocore)


def dynamodb() -> DynamoDBOperations:
    return DynamoDb()


def sqs() -> SQSClient:
    return cast("SQSClient", Sqs())


def cognito() -> Cognito:
    return Cognito()


def sns() -> SNSClient:
    return cast("SNSClient", _client("sns"))


# Management calls and emails take longer, and are few.
_LONG = 5


def api_gateway() -> APIGatewayClient:
    return cast("APIGatewayClient", _client("apigateway", _LONG))


def cloudfront() -> CloudFrontOperations:
    """A global service: botocore finds its endpoint and signing region, whatever the function's."""
    return cast("CloudFrontOperations", _client("cloudfront", _LONG))


def mail() -> SESV2Client:
    return cast("SESV2Client", _client("sesv2", _LONG))


def parameter(name: str) -> str:
    """The value of a Parameter Store parameter."""
    response = _client("ssm").get_parameter(Name=name)
    return str(response["Parameter"]["Value"])


def secret_parameter(name: str) -> str:
    """The value of a SecureString, decrypted."""
    response = _client("ssm").get_parameter(Name=name, WithDecryption=True)
    return str(response["Parameter"]["Value"])


@cache
def _session() -> Session:
    """Shared, because each reads a megabyte of endpoints. botocore's own: boto3 adds resources and
    file transfers to it, which are not used here, and their imports to every cold start."""
    from botocore.session import get_session  # noqa: PLC0415

    # Its DEBUG events contain session tokens, and whatever AWS responds: also decrypted parameters.
    logging.getLogger("botocore").setLevel(logging.INFO)
    return get_session()


def _client(service: str, read_timeout: float = 1) -> Any:
    """Three attempts of at most one second each, with jittered back-off between them ("standard"
    retry mode), end within about five seconds: below every function's timeout in template.yaml."""
    from botocore.config import Config  # noqa: PLC0415

    bounded = Config(
        connect_timeout=1,
        read_timeout=read_timeout,
        retries={"mode": "standard", "total_max_attempts": 3},
    )
    return _session().create_client(service, config=bounded)

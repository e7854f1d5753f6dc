"""AWS clients with bounded waiting: a fault behind us has to become an answer before Lambda
gives up on the function, because only an answer can carry the envelope and `Retry-After`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

# Three attempts of at most one second each, with jittered back-off between them ("standard"
# retry mode), end within about five seconds: below every function's timeout in template.yaml.
_BOUNDED = Config(
    connect_timeout=1,
    read_timeout=1,
    retries={"mode": "standard", "total_max_attempts": 3},
)


# Management calls and mails take longer, and are few.
_MANAGEMENT = _BOUNDED.merge(Config(read_timeout=5))


def dynamodb() -> DynamoDBClient:
    return boto3.client("dynamodb", config=_BOUNDED)


def api_gateway() -> APIGatewayClient:
    return boto3.client("apigateway", config=_MANAGEMENT)


def sqs() -> SQSClient:
    return boto3.client("sqs", config=_BOUNDED)


def sns() -> SNSClient:
    return boto3.client("sns", config=_BOUNDED)


def mail() -> SESV2Client:
    return boto3.client("sesv2", config=_MANAGEMENT)


def parameter(name: str) -> str:
    """The value of a Parameter Store parameter."""
    client = boto3.client("ssm", config=_BOUNDED)
    return client.get_parameter(Name=name)["Parameter"]["Value"]

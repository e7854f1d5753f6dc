"""AWS clients with bounded waiting: a fault behind us has to become an answer before Lambda
gives up on the function, because only an answer can carry the envelope and `Retry-After`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

import botocore
from botocore.config import Config
from botocore.session import Session, get_session

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
    # Most of what a request costs is botocore (docs/performance.md). It would compare all that it
    # sends with its model of the service, which the service does as well: our stores build it, and
    # most of their tests use clients that compare. And it would put together what it calls itself,
    # twice a request; here it is told.
    parameter_validation=False,
    user_agent=f"jmpy botocore/{botocore.__version__}",
)


# Management calls and mails take longer, and are few.
_MANAGEMENT = _BOUNDED.merge(Config(read_timeout=5, parameter_validation=True))


@cache
def _session() -> Session:
    """Shared, because each reads a megabyte of endpoints. botocore's own: boto3 adds resources and
    transfers of files to it, which nothing here uses, and their imports to every cold start."""
    return get_session()


def _client(service: str, config: Config) -> Any:
    return _session().create_client(service, config=config)


def dynamodb() -> DynamoDBClient:
    return cast("DynamoDBClient", _client("dynamodb", _BOUNDED))


def api_gateway() -> APIGatewayClient:
    return cast("APIGatewayClient", _client("apigateway", _MANAGEMENT))


def sqs() -> SQSClient:
    return cast("SQSClient", _client("sqs", _BOUNDED))


def sns() -> SNSClient:
    return cast("SNSClient", _client("sns", _BOUNDED))


def mail() -> SESV2Client:
    return cast("SESV2Client", _client("sesv2", _MANAGEMENT))


def parameter(name: str) -> str:
    """The value of a Parameter Store parameter."""
    answer = _client("ssm", _BOUNDED).get_parameter(Name=name)
    return str(answer["Parameter"]["Value"])

"""Where the facts are from."""

from __future__ import annotations

from dataclasses import replace

from ops.conformance.fact import Certainty, Source

_LOCALSTACK = (
    "https://github.com/localstack/localstack/blob/8b9a79f05846835cf4dff63ab7eefdde9df83783/"
    "tests/aws/services"
)
_PAGES = "https://docs.aws.amazon.com"


def recorded(test: str, file: str, day: str) -> Source:
    """A snapshot that a test of LocalStack's took of AWS; `file` as in its tests, without `.py`."""
    title = f"LocalStack's snapshot of AWS: {test}"
    return Source(Certainty.RECORDED, title, f"{_LOCALSTACK}/{file}.snapshot.json", day)


def observed(title: str, link: str, day: str = "") -> Source:
    return Source(Certainty.OBSERVED, title, link, day)


def documented(title: str, page: str) -> Source:
    return Source(Certainty.DOCUMENTED, title, f"{_PAGES}/{page}")


def assumed(closest: Source) -> Source:
    """By nobody but us; the source that comes closest does not say what is expected."""
    return replace(closest, certainty=Certainty.ASK_AWS, recorded="")


def azul(number: int, title: str, day: str = "") -> Source:
    """An issue of DataBiosphere/azul that quotes the access log of a REST API."""
    link = f"https://github.com/DataBiosphere/azul/issues/{number}"
    return observed(
        f"DataBiosphere/azul#{number}, which quotes access logs of AWS: {title}", link, day
    )


PROXY_EVENT = recorded(
    "test_lambda_aws_proxy_integration", "apigateway/test_apigateway_lambda", "2024-08-02"
)
PROXY_RESPONSE = recorded(
    "test_aws_proxy_response_payload_format_validation",
    "apigateway/test_apigateway_lambda",
    "2024-11-15",
)
ROUTING = recorded(
    "TestApigatewayRouting::test_routing_not_found",
    "apigateway/test_apigateway_common",
    "2024-07-23",
)
KNOWN_ISSUES = documented(
    "Amazon API Gateway important notes",
    "apigateway/latest/developerguide/api-gateway-known-issues.html",
)
GATEWAY_RESPONSES = documented(
    "Gateway response types for API Gateway",
    "apigateway/latest/developerguide/supported-gateway-response-types.html",
)
AUTHORIZER_OUTPUT = documented(
    "Output from an API Gateway Lambda authorizer",
    "apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html",
)
PROXY_INTEGRATION = documented(
    "Lambda proxy integrations in API Gateway",
    "apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html",
)

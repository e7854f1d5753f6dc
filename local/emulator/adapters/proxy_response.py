"""Read the response of a function as strictly as a Lambda proxy integration.

MiniStack checks nothing: it turns what it does not understand into a 200, sends a status that is
text on as it is, and drops a value from `headers` whose name is also in `multiValueHeaders`. On AWS
a malformed response is `INTEGRATION_FAILURE` ("Malformed Lambda proxy response"), both values are
sent, and `WWW-Authenticate` is renamed (API Gateway developer guide, "Lambda proxy integrations in
API Gateway", "Amazon API Gateway important notes"; recorded by LocalStack's
`test_aws_proxy_response_payload_format_validation`, but for a header that is a list or a number).
It must never repair a response.

Tests: tests/emulator/test_gap_proxy_response.py.
"""

from typing import Any

from ministack.services import apigateway_v1 as apigw

from local.emulator.adapters.integration_failure import IntegrationError

_KEYS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
_REMAPPED = {"www-authenticate": "x-amzn-Remapped-WWW-Authenticate"}
_MALFORMED = "Malformed Lambda proxy response"


def apply() -> None:
    """Replace how MiniStack reads what a function returned; failures are not its business."""

    def lambda_proxy_response(result: dict[str, Any]) -> tuple[dict[str, Any], None]:
        return _read(result.get("body")), None

    apigw._lambda_proxy_response = lambda_proxy_response


def _read(returned: Any) -> dict[str, Any]:
    """A response with an integer as status, and with every header in `multiValueHeaders`."""
    if not isinstance(returned, dict) or not returned.keys() <= _KEYS:
        raise IntegrationError(_MALFORMED)
    body = returned.get("body")
    if not isinstance(body, str | None):
        raise IntegrationError(_MALFORMED)
    return {
        "statusCode": _status(returned.get("statusCode", 200)),
        "multiValueHeaders": _headers(returned),
        "body": body or "",
        "isBase64Encoded": returned.get("isBase64Encoded") is True,
    }


def _status(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise IntegrationError(_MALFORMED) from None


def _headers(returned: dict[str, Any]) -> dict[str, list[str]]:
    """By name; values of `multiValueHeaders` come first, and none comes twice."""
    single, multiple = returned.get("headers") or {}, returned.get("multiValueHeaders") or {}
    if not (isinstance(single, dict) and isinstance(multiple, dict)):
        raise IntegrationError(_MALFORMED)
    names: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for name, values in [*multiple.items(), *((name, [value]) for name, value in single.items())]:
        if not isinstance(values, list):
            raise IntegrationError(_MALFORMED)
        sent = found.setdefault(names.setdefault(name.lower(), name), [])
        sent += [text for text in map(_text, values) if text not in sent]
    return {_REMAPPED.get(name.lower(), name): values for name, values in found.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise IntegrationError(_MALFORMED)
    return value

"""Render an API Gateway access log line.

The variables are those of the API Gateway developer guide, "Variables for access logging for API
Gateway". It must never render a header, a query string or an API key's value beyond what AWS
lists there.
"""

import json
import re

from local.emulator.execution import Execution, Response

_VARIABLE = re.compile(r"\$context((?:\.[A-Za-z]\w*)+)")
_ABSENT = "-"


def render(template: str, execution: Execution, response: Response, latency_ms: int) -> str:
    """The line for one completed request; unknown and absent variables become "-", as on AWS."""
    values = _values(execution, response, latency_ms)

    def value(match: re.Match[str]) -> str:
        found = values.get(match[1].removeprefix("."))
        # Escaped, so that a caller's quotes or line breaks cannot forge a field or a line.
        return _ABSENT if found in (None, "") else json.dumps(str(found))[1:-1]

    return _VARIABLE.sub(value, template)


def _values(execution: Execution, response: Response, latency_ms: int) -> dict[str, object]:
    status, _headers, body = response
    message = execution.error_message
    values: dict[str, object] = {
        "requestId": execution.request_id,
        "extendedRequestId": execution.extended_request_id,
        "requestTime": execution.request_time,
        "requestTimeEpoch": int(execution.started * 1000),
        "httpMethod": execution.method,
        "resourcePath": execution.resource_path,
        "path": f"{execution.base_path}{execution.path}",
        "protocol": "HTTP/1.1",
        "status": status,
        "responseLength": len(body),
        "responseLatency": latency_ms,
        "integrationLatency": execution.integration_latency_ms,
        "integration.error": execution.integration_error,
        "integrationErrorMessage": execution.integration_error,
        "identity.sourceIp": execution.source_ip,
        "identity.userAgent": execution.user_agent,
        "error.responseType": execution.error_type,
        "error.message": message,
        "error.messageString": json.dumps(message) if message else None,
        "stage": execution.stage_name,
        "apiId": execution.api_id,
        "deploymentId": execution.deployment_id,
        "domainName": execution.host,
    }
    return values | {f"authorizer.{key}": value for key, value in execution.authorizer.items()}

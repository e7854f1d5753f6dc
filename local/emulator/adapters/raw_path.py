"""Keep the path of a REST API's request as it was sent.

MiniStack decodes escapes and drops empty segments before it looks for the resource. AWS decodes
nothing, drops slashes before the path only, and keeps empty segments further on and a slash at the
end; `requestContext.path` is what was sent (recorded by LocalStack's
`test_lambda_aws_proxy_integration`). An empty segment therefore is no value of a path parameter,
except as a part of `{proxy+}`. It must never change the path of a request to anything but a REST
API: the emulator's other services share its port.

Tests: tests/emulator/test_gap_raw_path.py.
"""

from typing import Any

from ministack import app
from ministack.services import apigateway_v1 as apigw

from local.emulator.execution import current


def apply() -> None:
    """Route by the path that was sent, and give it to functions."""
    _keep_escapes()
    _drop_slashes_before()
    _keep_empty_segments()


def _keep_escapes() -> None:
    handle = app._handle_execute_api_request

    async def handle_raw(
        host: str, path: str, *rest: Any, raw_path: str | None = None, **named: Any
    ) -> Any:
        # Most requests contain no escape.
        if raw_path is not None and raw_path != path and _is_rest_api(host, raw_path):
            path = raw_path
        return await handle(host, path, *rest, raw_path=raw_path, **named)

    app._handle_execute_api_request = handle_raw


def _is_rest_api(host: str, path: str) -> bool:
    parsed = app._parse_execute_api_url(host, path)
    return parsed is not None and apigw.find_api_scope(parsed[0]) is not None


def _drop_slashes_before() -> None:
    execute = apigw._execute_in_scope

    async def execute_below(
        request: dict[str, Any], api_id: str, stage: str, method: str, path: str, *rest: Any
    ) -> Any:
        return await execute(request, api_id, stage, method, f"/{path.lstrip('/')}", *rest)

    apigw._execute_in_scope = execute_below


def _keep_empty_segments() -> None:
    match, fall_back = apigw._match_resource_tree, apigw._match_greedy_fallback
    match_below = apigw._match_recursive

    def match_resource_tree(api_id: str, segments: list[str]) -> Any:
        return match(api_id, _segments(segments))

    def match_greedy_fallback(api_id: str, segments: list[str], method: str) -> Any:
        return fall_back(api_id, _segments(segments), method)

    def match_recursive(
        resources: dict[str, Any], parent_id: str, segments: list[str], params: dict[str, str]
    ) -> Any:
        if segments and not segments[0]:
            resources = {key: found for key, found in resources.items() if _is_greedy(found)}
        return match_below(resources, parent_id, segments, params)

    apigw._match_resource_tree = match_resource_tree
    apigw._match_greedy_fallback = match_greedy_fallback
    apigw._match_recursive = match_recursive


def _segments(found: list[str]) -> list[str]:
    """Those of the request's path; `found` if this is no request."""
    execution = current.get()
    return execution.path.strip("/").split("/") if execution is not None else found


def _is_greedy(resource: dict[str, Any]) -> bool:
    return str(resource.get("pathPart", "")).endswith("+}")

"""Follows short links, and answers every path that no other function serves.

Public, hence without the API's machinery: it knows no caller and reads one item.
"""

import os
from typing import Any

from aws_lambda_powertools import Logger

from jmpy import aws
from jmpy.http import errors
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore

logger = Logger()
links = LinkService(LinkStore(aws.dynamodb(), os.environ["LINKS_TABLE"]))


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    request_id = event["requestContext"]["requestId"]
    try:
        answer = _answer(event)
    except Exception as error:
        api_error = errors.from_exception(error)
        if api_error.is_fault:
            logger.exception(api_error.code, request_id=request_id)
        answer = _error(api_error)
    answer["headers"]["X-Request-Id"] = request_id
    logger.info("redirect", request_id=request_id, status=answer["statusCode"])
    return answer


def _answer(event: dict[str, Any]) -> dict[str, Any]:
    path = (event.get("pathParameters") or {}).get("proxy") or ""
    if event["httpMethod"] not in ("GET", "HEAD") or not path or "/" in path:
        return _error(errors.NO_ROUTE)
    return {
        "statusCode": 302,
        # A browser that remembered the answer would take later clicks past the counter.
        "headers": {"Location": links.follow(path), "Cache-Control": "private, no-store"},
        "body": "",
    }


def _error(error: errors.ApiError) -> dict[str, Any]:
    return {
        "statusCode": error.status,
        "headers": {"Content-Type": "application/json", **error.headers},
        "body": error.to_json(),
    }

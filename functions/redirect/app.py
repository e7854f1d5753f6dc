"""Follows short links, and answers every path that no other function serves.

Public, hence without the API's machinery: it knows no caller. A redirect reads once and queues the
click. The query string of a short URL is not passed on to the destination. Who prefers HTML gets
pages, everybody else the envelope of the API.
"""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
import base64
import os
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from aws_lambda_powertools import Logger

from jmpy import aws, metrics
from jmpy.clicks.queue import ClickQueue
from jmpy.http import errors, pages, viewer
from jmpy.links import password
from jmpy.links.attempts import Attempts
from jmpy.links.errors import InvalidLinkPassword, PasswordRequired
from jmpy.links.model import Target
from jmpy.metrics import Dimension, Metric
from jmpy.redirect.lookup import Lookup
from jmpy.redirect.outcome import Outcome
from jmpy.redirect.request import click

MAX_FORM = 4096
"""Characters of a password form that are looked at."""

logger = Logger()
_dynamodb = aws.dynamodb()
_sqs = aws.sqs()
lookup = Lookup(_dynamodb, os.environ["LINKS_TABLE"], os.environ["SALTS_TABLE"])
clicks = ClickQueue(_sqs, os.environ["CLICKS_QUEUE_URL"])
attempts = Attempts(_dynamodb, os.environ["LINKS_TABLE"])

Answer = dict[str, Any]


def handler(event: dict[str, Any], _context: object) -> Answer:
    request_id = event["requestContext"]["requestId"]
    try:
        answer = _answer(event)
        outcome = Outcome.FOLLOWED
    except Exception as error:
        api_error = errors.from_exception(error)
        if api_error.is_fault:
            logger.exception(api_error.code, request_id=request_id)
        answer = _refusal(event, error, api_error)
        outcome = Outcome.of(api_error.status)
    answer["headers"]["X-Request-Id"] = request_id
    logger.info("redirect", request_id=request_id, status=answer["statusCode"])
    metrics.count(Metric.REDIRECTS, by={Dimension.OUTCOME: outcome.value})
    return answer


def _answer(event: dict[str, Any]) -> Answer:
    """Raises EdgeRequired, and what the domain raises."""
    viewer.admit(event)
    method = event["httpMethod"]
    path = (event.get("pathParameters") or {}).get("proxy") or ""
    if method not in ("GET", "HEAD", "POST") or not path or "/" in path:
        raise errors.NoRoute
    target = lookup.follow(path)
    if target.password_hash is None:
        if method == "POST":
            raise errors.NoRoute
        return _redirect(302 if target.is_dynamic else 301, event, target)
    if method != "POST":
        raise PasswordRequired
    attempts.count(path, event["requestContext"]["identity"]["sourceIp"])
    if not password.matches(_sent_password(event), target.password_hash):
        raise InvalidLinkPassword
    return _redirect(303, event, target)


def _redirect(status: int, event: dict[str, Any], target: Target) -> Answer:
    # HEAD asks where a link leads, and goes nowhere.
    if target.tracking_enabled and event["httpMethod"] != "HEAD":
        clicks.send(click(event, event["pathParameters"]["proxy"], target, lookup.salt()))
    # Without no-store a browser would remember the answer and later clicks would go uncounted.
    headers = {"Location": target.url, "Cache-Control": "private, no-store"}
    return {"statusCode": status, "headers": headers, "body": ""}


def _sent_password(event: dict[str, Any]) -> str:
    """The field `password` of the form; whatever is not such a form holds a wrong one."""
    body: str = (event.get("body") or "")[:MAX_FORM]
    try:
        if event.get("isBase64Encoded"):
            body = base64.b64decode(body).decode()
        return parse_qs(body, max_num_fields=10).get("password", [""])[0]
    except ValueError:
        return ""


def _refusal(event: dict[str, Any], error: Exception, api_error: errors.ApiError) -> Answer:
    accept = {k.lower(): v for k, v in (event.get("headers") or {}).items()}.get("accept")
    if not pages.wants_page(accept):
        headers = {"Content-Type": "application/json", **api_error.headers}
        return {"statusCode": api_error.status, "headers": headers, "body": api_error.to_json()}
    if isinstance(error, PasswordRequired):
        # For a person the form is what they asked for, not an error.
        page, api_error = pages.password(), replace(api_error, status=200, headers={})
    elif isinstance(error, InvalidLinkPassword):
        page = pages.password("That is not the password. Try again.")
    else:
        page = pages.error(api_error, event["requestContext"]["requestId"])
    headers = {**pages.headers(), **api_error.headers}
    return {"statusCode": api_error.status, "headers": headers, "body": page}

"""Follows short links, shows previews, and serves every path that no other function serves.

Public, hence without the API's framework: it identifies no caller. A redirect reads once and queues
the click. The query string of a short URL is passed on to the destination of links that ask for it
only. Clients that prefer HTML get pages, all others the envelope of the API.
"""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs

from aws_lambda_powertools import Logger

from jmpy import metrics
from jmpy.aws import clients
from jmpy.clicks.queue import ClickQueue
from jmpy.clock import system_clock
from jmpy.gateway import base_url, viewer
from jmpy.http import errors
from jmpy.links import codes, passes, password
from jmpy.links.attempts import Attempts
from jmpy.links.errors import InvalidLinkPassword, PasswordRequired, TooManyAttempts
from jmpy.links.model import Target
from jmpy.metrics import Dimension, Metric
from jmpy.redirect import preview
from jmpy.redirect.click import click, is_visit
from jmpy.redirect.lookup import RedirectLookup
from jmpy.redirect.outcome import VisitOutcome
from jmpy.redirect.preview import Preview
from jmpy.settings import FunctionSettings, ReadWriteTable
from jmpy.web import report_link, visitor_pages

MAX_FORM = 4096
"""Characters of a password form that are read."""

_AFTER_A_CODE = "/.,;:!?)]}>'\""


@dataclass(frozen=True)
class Settings(FunctionSettings):
    links_table: ReadWriteTable
    salts_table: ReadWriteTable
    clicks_queue_url: str
    report_url: str = ""


settings = Settings.from_environment()
logger = Logger()
dynamodb = clients.dynamodb()
lookup = RedirectLookup(dynamodb, settings.links_table, settings.salts_table)
sqs = clients.sqs()
clicks = ClickQueue(sqs, settings.clicks_queue_url)
attempts = Attempts(dynamodb, settings.links_table)

ProxyResponse = dict[str, Any]


def handler(event: dict[str, Any], _context: object) -> ProxyResponse:
    request_id = event["requestContext"]["requestId"]
    try:
        response, outcome = _response(event)
    except Exception as error:
        api_error = errors.from_exception(error)
        if api_error.is_fault:
            logger.exception(api_error.code, request_id=request_id)
        response = _error_response(event, error, api_error)
        outcome = VisitOutcome.from_status(api_error.status)
    response["headers"]["X-Request-Id"] = request_id
    logger.info("redirect", request_id=request_id, status=response["statusCode"])
    metrics.count(Metric.REDIRECTS, by={Dimension.OUTCOME: outcome.value})
    return response


def _response(event: dict[str, Any]) -> tuple[ProxyResponse, VisitOutcome]:
    """Raises EdgeRequired, and the errors of the domain."""
    visitor = viewer.admit(event)
    path = _path(event)
    if event["httpMethod"] not in ("GET", "HEAD", "POST") or not path or "/" in path:
        raise errors.NoRoute
    if (code := preview.requested_code(path)) is not None:
        return _preview(event, code), VisitOutcome.PREVIEWED
    return _followed(event, path, visitor), VisitOutcome.FOLLOWED


def _followed(event: dict[str, Any], path: str, visitor: viewer.Viewer) -> ProxyResponse:
    method = event["httpMethod"]
    target = lookup.follow(path)
    if target.password_hash is None:
        if method == "POST":
            raise errors.NoRoute
        return _redirect(302 if target.is_dynamic else 301, event, target, visitor)
    return _unlocked(event, target, visitor)


def _unlocked(event: dict[str, Any], target: Target, visitor: viewer.Viewer) -> ProxyResponse:
    """A link with a password: for visitors who enter it, now or in the days before."""
    from jmpy.web import pass_cookie  # noqa: PLC0415 - few links have one

    code = _path(event)
    if passes.admit(target, pass_cookie.read(event, code), system_clock()):
        return _redirect(303 if event["httpMethod"] == "POST" else 302, event, target, visitor)
    if event["httpMethod"] != "POST" or _is_of_another_site(event):
        raise PasswordRequired
    attempt = attempts.begin(code, visitor.address)
    if not password.matches(_sent_password(event), target.password_hash or ""):
        attempts.was_wrong(attempt)
        raise InvalidLinkPassword
    attempts.was_right(attempt)
    response = _redirect(303, event, target, visitor)
    issued = pass_cookie.for_link(event, code).carrying(
        passes.issue(target, system_clock()), passes.LIFETIME
    )
    response["headers"]["Set-Cookie"] = str(issued)
    return response


def _is_of_another_site(event: dict[str, Any]) -> bool:
    """Whether a page of another site sent the form: it could use up the attempts of its visitors'
    networks. Programs, and browsers that do not send the headers, may proceed."""
    return _header(event, "sec-fetch-site") not in (None, "none", "same-origin")


def _preview(event: dict[str, Any], code: str) -> ProxyResponse:
    """Counts no click, and queues nothing."""
    if event["httpMethod"] == "POST":
        raise errors.NoRoute
    found = Preview.from_target(code, _short_url(event, code), lookup.follow(code))
    if _prefers_page(event):
        return _page(200, visitor_pages.preview(found, _report_link(event)))
    body = json.dumps({"success": True, "data": found.body()}, ensure_ascii=False)
    # As with pages: destinations are not for search engines, and may change.
    headers = {name: visitor_pages.headers()[name] for name in ("X-Robots-Tag", "Cache-Control")}
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json", **headers},
        "body": body,
    }


def _redirect(
    status: int, event: dict[str, Any], target: Target, visitor: viewer.Viewer
) -> ProxyResponse:
    if target.tracking_enabled and is_visit(event):
        clicks.send(click(event, _path(event), target, lookup.salt(), visitor))
    # Without no-store, browsers would cache the response, and later clicks would not be counted.
    headers = {"Location": _location(event, target), "Cache-Control": "private, no-store"}
    return {"statusCode": status, "headers": headers, "body": ""}


def _location(event: dict[str, Any], target: Target) -> str:
    sent = event.get("multiValueQueryStringParameters")
    if not target.forward_query or not sent:
        return target.url
    from jmpy.redirect import forwarding  # noqa: PLC0415 - few redirects forward anything

    return forwarding.forwarded(target.url, sent)


def _sent_password(event: dict[str, Any]) -> str:
    """The field `password` of the form; any other body counts as a wrong password."""
    body: str = (event.get("body") or "")[:MAX_FORM]
    try:
        if event.get("isBase64Encoded"):
            body = base64.b64decode(body).decode()
        return parse_qs(body, max_num_fields=10).get("password", [""])[0]
    except ValueError:
        return ""


def _error_response(
    event: dict[str, Any], error: Exception, api_error: errors.ApiError
) -> ProxyResponse:
    if not _prefers_page(event):
        headers = {"Content-Type": "application/json", **api_error.headers}
        return {"statusCode": api_error.status, "headers": headers, "body": api_error.to_json()}
    report = _report_link(event)
    if isinstance(error, PasswordRequired):
        # For a person the form is the page that they requested, not an error.
        return _page(200, visitor_pages.password(report=report))
    if isinstance(error, InvalidLinkPassword):
        page = visitor_pages.password("Incorrect password. Try again.", report)
    elif isinstance(error, TooManyAttempts):
        page = visitor_pages.password(visitor_pages.too_many_attempts(error.retry_after), report)
    else:
        page = visitor_pages.error(api_error, event["requestContext"]["requestId"], report)
    return _page(api_error.status, page, api_error.headers)


def _page(
    status: int, page: str, headers: Mapping[str, str] = MappingProxyType({})
) -> ProxyResponse:
    return {"statusCode": status, "headers": {**visitor_pages.headers(), **headers}, "body": page}


def _prefers_page(event: dict[str, Any]) -> bool:
    return visitor_pages.prefers_page(_header(event, "accept"))


def _header(event: dict[str, Any], name: str) -> str | None:
    """`name` in lower case."""
    return {sent.lower(): value for sent, value in (event.get("headers") or {}).items()}.get(name)


def _report_link(event: dict[str, Any]) -> str | None:
    path = _path(event)
    code = preview.requested_code(path) or path
    known = code if codes.is_code(code) else ""
    return report_link.address(settings.report_url, known, _short_url(event, known))


def _path(event: dict[str, Any]) -> str:
    """Without characters that no code ends in: programs that turn text into links include the
    sentence's punctuation, and others append a slash to every address."""
    path: str = (event.get("pathParameters") or {}).get("proxy") or ""
    return path.rstrip(_AFTER_A_CODE)


def _short_url(event: dict[str, Any], code: str) -> str:
    return f"{base_url.from_event(event)}/{code}"

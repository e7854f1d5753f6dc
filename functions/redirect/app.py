"""Follows short links, shows previews, and serves every path that no other function serves.

Public, hence without the API's framework: it identifies no caller. A redirect reads once and queues
the click. The query string of a short URL is passed on to the destination of links that ask for it
only. Clients that prefer HTML get pages, all others the envelope of the API.

On other hosts than the default domain it serves the host's root, too, and files that programs
request of every host.
"""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from aws_lambda_powertools import Logger

from jmpy import metrics
from jmpy.aws import clients
from jmpy.clicks.queue import ClickQueue
from jmpy.clock import system_clock
from jmpy.domains.model import WellKnownFile
from jmpy.http import errors
from jmpy.links import codes, passes, password
from jmpy.links.errors import (
    InvalidLinkPassword,
    LinkExpired,
    LinkNotFound,
    PasswordRequired,
    TooManyAttempts,
)
from jmpy.links.model import Target
from jmpy.metrics import Dimension, Metric
from jmpy.redirect import preview
from jmpy.redirect.click import click, is_visit
from jmpy.redirect.lookup import RedirectLookup
from jmpy.redirect.outcome import VisitOutcome
from jmpy.redirect.preview import Preview
from jmpy.settings import FunctionSettings, ReadWriteTable
from jmpy.web import report_link, visitor_pages
from jmpy.web.visit import Visit

if TYPE_CHECKING:
    from jmpy.links.attempts import Attempts

MAX_FORM = 4096
"""Characters of a password form that are read."""

_FILES = {f".well-known/{name.value}": name for name in WellKnownFile}

_ROBOTS = "User-agent: *\nAllow: /\n"
"""As without the file, which must not be redirected to where unknown codes are: the programs that
show previews of links have to be able to follow these."""

_CACHED = "public, max-age=300"
"""Of the files of a host."""


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

ProxyResponse = dict[str, Any]


def handler(event: dict[str, Any], _context: object) -> ProxyResponse:
    request_id = event["requestContext"]["requestId"]
    visit = Visit(event)
    outcome: VisitOutcome | None
    try:
        response, outcome = _response(visit)
    except Exception as error:
        api_error = errors.from_exception(error)
        if api_error.is_fault:
            logger.exception(api_error.code, request_id=request_id)
        response = _error_response(visit, error, api_error)
        outcome = VisitOutcome.from_status(api_error.status)
    response["headers"]["X-Request-Id"] = request_id
    logger.info(
        "redirect", request_id=request_id, status=response["statusCode"], host=visit.host or None
    )
    if outcome is not None:
        metrics.count(Metric.REDIRECTS, by={Dimension.OUTCOME: outcome.value})
    return response


def _response(visit: Visit) -> tuple[ProxyResponse, VisitOutcome | None]:
    """Without an outcome where no link was requested. Raises EdgeRequired, and the errors of the
    domain."""
    visit.require_proof()
    if visit.method not in ("GET", "HEAD", "POST"):
        raise errors.NoRoute
    if visit.host and visit.method != "POST" and (served := _of_host(visit)) is not None:
        return served, None
    if not visit.code or "/" in visit.code:
        raise errors.NoRoute
    if (code := preview.requested_code(visit.code)) is not None:
        return _preview(visit, code), VisitOutcome.PREVIEWED
    found = lookup.find(visit.code, visit.host)
    try:
        target = found.follow(system_clock())
    except (LinkNotFound, LinkExpired) as ended:
        if visit.method == "POST" or (url := found.instead(ended)) is None:
            raise
        return _away(302, url), VisitOutcome.from_status(errors.from_exception(ended).status)
    return _followed(visit, target), VisitOutcome.FOLLOWED


def _of_host(visit: Visit) -> ProxyResponse | None:
    """What another host than the default domain serves beside links."""
    if not visit.path:
        return _away(302, lookup.find("", visit.host).root())
    if (name := _FILES.get(visit.path)) is not None:
        return _file("application/json", lookup.file(visit.host, name))
    if visit.path == "robots.txt":
        lookup.find("", visit.host).serving()
        return _file("text/plain; charset=utf-8", _ROBOTS)
    if visit.path == "favicon.ico":
        lookup.find("", visit.host).serving()
        return {"statusCode": 204, "headers": {"Cache-Control": _CACHED}, "body": ""}
    return None


def _file(content_type: str, body: str) -> ProxyResponse:
    headers = {"Content-Type": content_type, "Cache-Control": _CACHED}
    return {"statusCode": 200, "headers": headers, "body": body}


def _followed(visit: Visit, target: Target) -> ProxyResponse:
    if target.password_hash is None:
        if visit.method == "POST":
            raise errors.NoRoute
        return _redirect(302 if target.is_dynamic else 301, visit, target)
    return _unlocked(visit, target)


def _unlocked(visit: Visit, target: Target) -> ProxyResponse:
    """A link with a password: for visitors who enter it, now or in the days before."""
    from jmpy.web import pass_cookie  # noqa: PLC0415 - few links have one

    short_url = visit.short_url(visit.code)
    if passes.admit(target, pass_cookie.read(visit.event, short_url), system_clock()):
        return _redirect(303 if visit.method == "POST" else 302, visit, target)
    if visit.method != "POST" or visit.is_of_another_site:
        raise PasswordRequired
    attempt = attempts().begin(visit.address, visit.viewer.address)
    if not password.matches(_sent_password(visit.event), target.password_hash or ""):
        attempts().was_wrong(attempt)
        raise InvalidLinkPassword
    attempts().was_right(attempt)
    response = _redirect(303, visit, target)
    issued = pass_cookie.for_link(short_url).carrying(
        passes.issue(target, system_clock()), passes.LIFETIME
    )
    response["headers"]["Set-Cookie"] = str(issued)
    return response


@cache
def attempts() -> "Attempts":
    from jmpy.links.attempts import Attempts  # noqa: PLC0415 - few links have a password

    return Attempts(dynamodb, settings.links_table)


def _preview(visit: Visit, code: str) -> ProxyResponse:
    """Counts no click, and queues nothing."""
    if visit.method == "POST":
        raise errors.NoRoute
    target = lookup.follow(code, visit.host)
    found = Preview.from_target(code, visit.short_url(code), target)
    if visit.prefers_page:
        return _page(200, visitor_pages.preview(found, _report_link(visit)))
    body = json.dumps({"success": True, "data": found.body()}, ensure_ascii=False)
    # As with pages: destinations are not for search engines, and may change.
    headers = {name: visitor_pages.headers()[name] for name in ("X-Robots-Tag", "Cache-Control")}
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json", **headers},
        "body": body,
    }


def _redirect(status: int, visit: Visit, target: Target) -> ProxyResponse:
    if target.tracking_enabled and is_visit(visit.event):
        salt = lookup.salt()
        made = click(visit.event, visit.code, target, salt, visit.viewer, own_host=visit.own_host)
        clicks.send(made)
    return _away(status, _location(visit.event, target))


def _away(status: int, url: str) -> ProxyResponse:
    # Without no-store, browsers would cache the response: later clicks would not be counted, and a
    # change of the destination would not be seen.
    headers = {"Location": url, "Cache-Control": "private, no-store"}
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


def _error_response(visit: Visit, error: Exception, api_error: errors.ApiError) -> ProxyResponse:
    if not visit.prefers_page:
        headers = {"Content-Type": "application/json", **api_error.headers}
        return {"statusCode": api_error.status, "headers": headers, "body": api_error.to_json()}
    report = _report_link(visit)
    if isinstance(error, PasswordRequired):
        # For a person the form is the page that they requested, not an error.
        return _page(200, visitor_pages.password(report=report))
    if isinstance(error, InvalidLinkPassword):
        page = visitor_pages.password("Incorrect password. Try again.", report)
    elif isinstance(error, TooManyAttempts):
        page = visitor_pages.password(visitor_pages.too_many_attempts(error.retry_after), report)
    else:
        page = visitor_pages.error(api_error, visit.event["requestContext"]["requestId"], report)
    return _page(api_error.status, page, api_error.headers)


def _page(
    status: int, page: str, headers: Mapping[str, str] = MappingProxyType({})
) -> ProxyResponse:
    return {"statusCode": status, "headers": {**visitor_pages.headers(), **headers}, "body": page}


def _report_link(visit: Visit) -> str | None:
    code = visit.shown_code
    address = code and codes.address(code, visit.host)
    return report_link.address(settings.report_url, address, visit.short_url(code))

"""The few pages that visitors of a short link can see: errors, a link's password form, and the
preview of its destination. If the operator has an address for reports, each links to it.

Jinja2 is loaded only when a page is shown, since most redirects show none. Every page is
self-contained: no script, one style sheet inside it, and no other files.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

    from jmpy.http.errors import ApiError
    from jmpy.redirect.preview import Preview

_TEMPLATES = Path(__file__).with_name("templates")

TAKEN_DOWN = "LINK_TAKEN_DOWN"
"""The code of `LinkTakenDown` in `errors`."""

_WARNING = (
    "This link was taken down",
    (
        "The operator of this service disabled it, because it broke the rules or may have been "
        "harmful.",
        "If it came in a message, be careful with what else that message says. If you typed a "
        "password on the page behind it, change that password.",
    ),
)

# By status: a title, and what a person can do, for errors whose message is meant for programs
# only.
_TEXTS: dict[int, tuple[str, str | None]] = {
    403: ("Wrong address", None),
    404: ("Link not found", "Check the URL; links are case-sensitive."),
    410: ("This link is gone", "It has expired, or its owner has disabled it."),
    503: ("Please try again shortly", "The service cannot look the link up at the moment."),
}
_MINUTE = 60
_RANGE = re.compile(r"\s*([^;,\s]+)\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?))?")


def prefers_page(accept: str | None) -> bool:
    """Whether an `Accept` header (RFC 9110 section 12.5.1) prefers HTML to JSON. Browsers name
    text/html; programs that name nothing, or accept anything, get JSON."""
    weights: dict[str, float] = {}
    for part in (accept or "").lower().split(","):
        if match := _RANGE.match(part):
            weights[match[1]] = float(match[2] or 1)
    html = weights.get("text/html", weights.get("application/xhtml+xml", 0.0))
    return html > weights.get("application/json", 0.0)


def error(problem: ApiError, request_id: str, report: str | None = None) -> str:
    title, message = _TEXTS.get(problem.status, ("Something went wrong", None))
    messages: tuple[str, ...] = (message or problem.message,)
    is_warning = problem.code == TAKEN_DOWN
    if is_warning:
        title, messages = _WARNING
    return _render(
        "error.html",
        status=problem.status,
        title=title,
        messages=messages,
        is_warning=is_warning,
        request_id=request_id,
        report=report,
    )


def response(event: Mapping[str, Any], problem: ApiError) -> dict[str, Any]:
    """A function's response to a rejected request: a page, if the client prefers one."""
    request_id = event["requestContext"]["requestId"]
    accept = {k.lower(): v for k, v in (event.get("headers") or {}).items()}.get("accept")
    if prefers_page(accept):
        own, body = headers(), error(problem, request_id)
    else:
        own, body = {"Content-Type": "application/json"}, problem.to_json()
    return {
        "statusCode": problem.status,
        "headers": {**own, **problem.headers, "X-Request-Id": request_id},
        "body": body,
    }


def password(problem: str | None = None, report: str | None = None) -> str:
    return _render("password.html", problem=problem, report=report)


def preview(found: Preview, report: str | None = None) -> str:
    return _render("preview.html", preview=found, report=report)


def too_many_attempts(seconds: int) -> str:
    """What a person can do who has to wait that long."""
    if seconds < 2 * _MINUTE:
        wait = "a second" if seconds == 1 else f"{seconds} seconds"
    else:
        wait = f"{-(-seconds // _MINUTE)} minutes"
    return f"There were too many wrong passwords from your network. Try again in {wait}."


@cache
def headers() -> dict[str, str]:
    """Headers of every page."""
    digest = base64.b64encode(sha256(_style().encode()).digest()).decode()
    return {
        "Content-Type": "text/html; charset=utf-8",
        # No form-action: Chromium applies it also to the redirect after the form, which leads to
        # the link's destination.
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
            "frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


@cache
def _style() -> str:
    return (_TEMPLATES / "style.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    return Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
    )


def _render(name: str, **values: Any) -> str:
    # The style sheet is ours and has to reach the page as it was hashed, unescaped.
    from markupsafe import Markup  # noqa: PLC0415

    style = Markup(_style())  # noqa: S704
    return _environment().get_template(name).render(style=style, **values)

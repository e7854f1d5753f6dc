"""The operations that are served without an `Api`: following short URLs, reporting leaked keys.

The handlers here are only described; `functions/redirect` and `functions/leaked_keys` serve them.
"""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Path
from pydantic import BaseModel, Field

from jmpy.formats.envelope import Success
from jmpy.leaks.errors import InvalidSignature, MalformedReport
from jmpy.links.errors import (
    InvalidLinkPassword,
    LinkDisabled,
    LinkExpired,
    LinkNotFound,
    LinkTakenDown,
    PasswordRequired,
    TooManyAttempts,
)
from openapi import components, errors
from openapi.operation import DocumentedOperation

_UNAVAILABLE = (LinkNotFound, LinkExpired, LinkDisabled, LinkTakenDown)

ShortCode = Annotated[
    str,
    Path(
        description="A short code or custom alias",
        pattern="^[A-Za-z0-9_-]{3,50}$",
        examples=["autumn-sale"],
    ),
]


class LinkPreview(BaseModel):
    short_code: str = Field(examples=["books"])
    short_url: str = Field(examples=["https://go.example.com/books"])
    original_url: str | None = Field(examples=["https://xn--bcher-kva.example/"])
    host: str | None = Field(examples=["xn--bcher-kva.example"])
    host_unicode: str | None = Field(examples=["b\u00fccher.example"])
    is_password_protected: bool


class LeakedKey(BaseModel):
    token: str = Field(description="The key that was found", examples=["jmpy_..."])
    type: str = Field(description="What the scanner calls it", examples=["jmpy_api_key"])
    url: str | None = Field(
        default=None, description="Where it was found", examples=["https://example.com/paste"]
    )


def follow_short_url(short_code: ShortCode) -> None:
    """Browsers get HTML pages instead of error bodies. The query string is not forwarded. Responses
    are never cached, so that every click is counted. HEAD requests and prefetches are not
    counted."""


def unlock_short_url(short_code: ShortCode) -> None:
    """Sent by the page's form. Wrong passwords are counted; after too many, further attempts are
    throttled for a while."""


def preview_short_url(short_code: ShortCode) -> Success[LinkPreview]:  # type: ignore[empty-body]
    """Does not redirect, and no click is counted. Browsers get an HTML page. The destination of a
    password-protected short URL is not shown."""


def report_leaked_keys(  # type: ignore[empty-body]
    body: Annotated[list[LeakedKey], Body()],
    identifier: Annotated[
        str,
        Header(alias="Github-Public-Key-Identifier", description="The key that signed the body"),
    ],
    signature: Annotated[
        str,
        Header(
            alias="Github-Public-Key-Signature",
            description="ECDSA signature of the body, in Base64",
        ),
    ],
) -> Annotated[list[Any], Field(max_length=0)]:
    """Follows GitHub's secret scanning partner format, including its signature. Our keys are
    revoked immediately and their owners notified. The response does not reveal which keys were
    ours."""


def _redirect(description: str) -> dict[str, Any]:
    headers = components.headers("Location", "X-Request-Id")
    return {"description": description, "headers": headers, "content": {}}


def _response(description: str) -> dict[str, Any]:
    return {"description": description, "headers": components.headers("X-Request-Id")}


_FORM = _response("If HTML is preferred: a page with a form for the password") | {
    "content": {"text/html": {"schema": {"type": "string"}}}
}
_PASSWORD = {
    "schema": {
        "type": "object",
        "properties": {"password": {"type": "string", "format": "password"}},
        "required": ["password"],
    },
    "example": {"password": "open sesame"},
}

OPERATIONS = (
    DocumentedOperation(
        "GET",
        "/<short_code>",
        "Redirects",
        "Follow a short URL",
        follow_short_url,
        {
            200: _FORM,
            301: _redirect("Redirects to the destination"),
            302: _redirect("Redirects to the destination of a dynamic short URL"),
        },
        errors.PUBLIC | errors.samples(PasswordRequired, *_UNAVAILABLE),
    ),
    DocumentedOperation(
        "POST",
        "/<short_code>",
        "Redirects",
        "Follow a password-protected short URL",
        unlock_short_url,
        {303: _redirect("Redirects to the destination")},
        errors.PUBLIC | errors.samples(InvalidLinkPassword, TooManyAttempts, *_UNAVAILABLE),
        body={"application/x-www-form-urlencoded": _PASSWORD},
    ),
    DocumentedOperation(
        "GET",
        "/<short_code>+",
        "Redirects",
        "Preview where a short URL leads",
        preview_short_url,
        {200: _response("Where it leads, with its host in ASCII and in its own script")},
        errors.PUBLIC | errors.samples(*_UNAVAILABLE),
    ),
    DocumentedOperation(
        "POST",
        "/api/v1/leaked-keys",
        "Leaked keys",
        "Report publicly exposed API keys",
        report_leaked_keys,
        {200: _response("The report was accepted")},
        errors.PUBLIC | errors.samples(MalformedReport, InvalidSignature),
    ),
)

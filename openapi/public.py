"""The operations that are served without an `Api`: following short URLs, reporting leaked keys."""

from __future__ import annotations

from typing import Any

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
from openapi import errors

REDIRECTS = (LinkNotFound, LinkExpired, LinkDisabled, LinkTakenDown)

_CODE = {
    "name": "short_code",
    "in": "path",
    "required": True,
    "description": "A short code or custom alias",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{3,50}$"},
    "example": "autumn-sale",
}


def _refer(*headers: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in headers}


def _redirect(description: str) -> dict[str, Any]:
    return {"description": description, "headers": _refer("Location", "X-Request-Id")}


_FORM = {
    "description": "If HTML is preferred: a page with a form for the password",
    "headers": _refer("X-Request-Id"),
    "content": {"text/html": {"schema": {"type": "string"}}},
}


_NULLABLE = {"type": ["string", "null"]}
_PREVIEW_FIELDS: dict[str, Any] = {
    "short_code": {"type": "string"},
    "short_url": {"type": "string"},
    "original_url": _NULLABLE,
    "host": _NULLABLE,
    "host_unicode": _NULLABLE,
    "is_password_protected": {"type": "boolean"},
}
_PREVIEW_SCHEMA = {
    "type": "object",
    "properties": {
        "success": {"const": True},
        "data": {
            "type": "object",
            "properties": _PREVIEW_FIELDS,
            "required": list(_PREVIEW_FIELDS),
        },
    },
    "required": ["success", "data"],
}
_PREVIEW = {
    "success": True,
    "data": {
        "short_code": "books",
        "short_url": "https://go.example.com/books",
        "original_url": "https://xn--bcher-kva.example/",
        "host": "xn--bcher-kva.example",
        "host_unicode": "b\u00fccher.example",
        "is_password_protected": False,
    },
}


def _operation(operation_id: str, tag: str, summary: str, description: str) -> dict[str, Any]:
    return {
        "operationId": operation_id,
        "tags": [tag],
        "summary": summary,
        "description": description,
        "security": [],
        "parameters": [],
    }


def operations() -> list[tuple[str, str, dict[str, Any], tuple[str, ...]]]:
    """Path, method, operation without its errors, and those."""
    follow = _operation(
        "followShortUrl", "Redirects", "Follow a short URL",
        "Browsers get HTML pages instead of error bodies. The query string is not forwarded. "
        "Responses are never cached, so that every click is counted. HEAD requests and prefetches "
        "are not counted.",
    ) | {
        "parameters": [_CODE],
        "responses": {
            "200": _FORM,
            "301": _redirect("Redirects to the destination"),
            "302": _redirect("Redirects to the destination of a dynamic short URL"),
        },
    }  # fmt: skip
    unlock = _operation(
        "unlockShortUrl", "Redirects", "Follow a password-protected short URL",
        "Sent by the page's form. Wrong passwords are counted; after too many, further attempts "
        "are throttled for a while.",
    ) | {
        "parameters": [_CODE],
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "properties": {"password": {"type": "string", "format": "password"}},
                        "required": ["password"],
                    },
                    "example": {"password": "open sesame"},
                }
            },
        },
        "responses": {"303": _redirect("Redirects to the destination")},
    }  # fmt: skip
    preview = _operation(
        "previewShortUrl", "Redirects", "Preview where a short URL leads",
        "Does not redirect, and no click is counted. Browsers get an HTML page. The "
        "destination of a password-protected short URL is not shown.",
    ) | {
        "parameters": [_CODE],
        "responses": {
            "200": {
                "description": "Where it leads, with its host in ASCII and in its own script",
                "headers": _refer("X-Request-Id"),
                "content": {"application/json": {"schema": _PREVIEW_SCHEMA, "example": _PREVIEW}},
            }
        },
    }  # fmt: skip
    refused = (InvalidLinkPassword, TooManyAttempts, *REDIRECTS)
    return [
        ("/{short_code}", "GET", follow, _errors(PasswordRequired, *REDIRECTS)),
        (
            "/{short_code}",
            "POST",
            unlock,
            _errors(*refused),
        ),
        ("/{short_code}+", "GET", preview, _errors(*REDIRECTS)),
        ("/api/v1/leaked-keys", "POST", _report(), _errors(MalformedReport, InvalidSignature)),
    ]


def _errors(*kinds: type[Exception]) -> tuple[str, ...]:
    return (*errors.ALWAYS_PUBLIC, *errors.names(kinds))


_NOTHING = {"type": "array", "items": {"type": "object"}, "maxItems": 0}


def _report() -> dict[str, Any]:
    sent = [{"token": "jmpy_...", "type": "jmpy_api_key", "url": "https://example.com/paste"}]
    text = {"type": "string"}
    item = {"type": "object", "properties": {"token": text, "type": text, "url": text}}
    signed = [
        {
            "name": f"Github-Public-Key-{part}",
            "in": "header",
            "required": True,
            "description": description,
            "schema": text,
        }
        for part, description in (
            ("Identifier", "The key that signed the body"),
            ("Signature", "ECDSA signature of the body, in Base64"),
        )
    ]
    return _operation(
        "reportLeakedKeys", "Leaked keys", "Report publicly exposed API keys",
        "Follows GitHub's secret scanning partner format, including its signature. Our "
        "keys are revoked immediately and their owners notified. The response does not reveal "
        "which keys were ours.",
    ) | {
        "parameters": signed,
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"type": "array", "items": item}, "example": sent}
            },
        },
        "responses": {
            "200": {
                "description": "The report was accepted",
                "headers": _refer("X-Request-Id"),
                "content": {"application/json": {"schema": _NOTHING, "example": []}},
            }
        },
    }  # fmt: skip

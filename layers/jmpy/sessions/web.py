"""HTTP requests to Cognito, with bounded waiting and without surprises.

The standard library, because neither the runtime nor the layers promise an HTTP client. No error
raised here quotes what was sent or answered: both hold tokens.
"""

from __future__ import annotations

import json
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from jmpy.sessions.errors import SignInUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT = 3.0
"""Seconds for connecting and for each read."""

_LARGEST = 256 * 1024
_CLIENT_ERROR = range(400, 500)
_TOO_MANY_REQUESTS = 429


class Refused(Exception):
    """The answer was a 4xx."""


class _NoRedirect(HTTPRedirectHandler):
    """Whoever answers a request that carries a token elsewhere shall not get the token."""

    def redirect_request(self, *_arguments: Any, **_named: Any) -> NoReturn:
        raise SignInUnavailable("Cognito redirected a request that it should have answered")


_opener = build_opener(_NoRedirect)


def get_json(url: str) -> Any:
    """Raises SignInUnavailable."""
    try:
        return _json(Request(url, headers={"Accept": "application/json"}))
    except Refused:
        raise SignInUnavailable("Cognito refused to show its public keys") from None


def post_form(url: str, fields: Mapping[str, str]) -> Any:
    """The answer's JSON, None if it has no body. Raises Refused, SignInUnavailable."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    return _json(Request(url, urlencode(fields).encode(), headers, method="POST"))


def _json(request: Request) -> Any:
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            body = answer.read(_LARGEST)
        return json.loads(body) if body else None
    except HTTPError as error:
        error.close()
        if error.code in _CLIENT_ERROR and error.code != _TOO_MANY_REQUESTS:
            raise Refused from None
        raise SignInUnavailable(f"Cognito answered {error.code}") from None
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        raise SignInUnavailable(f"Cognito did not answer: {type(error).__name__}") from None

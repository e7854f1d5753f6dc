"""Requests to Cognito. No error raised here quotes a request or response: both contain tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jmpy import fetch
from jmpy.sessions.errors import SignInUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

_JSON = {"Accept": "application/json"}
_CLIENT_ERROR = range(400, 500)
_TOO_MANY_REQUESTS = 429


class Rejected(Exception):
    """The response is a 4xx."""


def get_json(url: str) -> Any:
    """Raises SignInUnavailable."""
    try:
        return _json("GET", url, _JSON)
    except Rejected:
        raise SignInUnavailable("Cognito rejected the request for its public keys") from None


def post_form(url: str, fields: Mapping[str, str]) -> Any:
    """The JSON of the response; None if it has no body. Raises Rejected, SignInUnavailable."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", **_JSON}
    return _json("POST", url, headers, urlencode(fields).encode())


def _json(method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Any:
    try:
        response = fetch.request(method, url, headers, body)
        if response.is_success:
            return response.json()
    except fetch.Unreachable as error:
        raise SignInUnavailable(f"Cognito did not respond: {error}") from None
    if response.status in _CLIENT_ERROR and response.status != _TOO_MANY_REQUESTS:
        raise Rejected
    raise SignInUnavailable(f"Cognito responded with {response.status}")

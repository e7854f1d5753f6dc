"""Serve /oauth2/revoke of a user pool's domain.

MiniStack can revoke a refresh token by its API only, and responds to the endpoint as if it were a
bucket. On AWS a client without a secret posts `token` and `client_id` there and gets 200 without a
body (Amazon Cognito developer guide, "The token revocation endpoint"). It must never revoke a token
of another client.

Tests: tests/emulator/test_gap_sign_in.py.
"""

import json
from typing import Any
from urllib.parse import parse_qs

from ministack import app
from ministack.services import cognito

from local.emulator.execution import Response


def apply() -> None:
    """Serve the endpoint before MiniStack routes it to another service."""
    original = app._handle_cognito_body_request

    async def handle(
        method: str, path: str, headers: dict[str, Any], body: bytes, query: dict[str, Any]
    ) -> Any:
        if path == "/oauth2/revoke" and method == "POST":
            return _revoke({name: values[0] for name, values in parse_qs(body.decode()).items()})
        return await original(method, path, headers, body, query)

    app._handle_cognito_body_request = handle


def _revoke(form: dict[str, str]) -> Response:
    token, client_id = form.get("token", ""), form.get("client_id", "")
    if not token:
        return _error("invalid_request")
    if cognito._find_pool_by_client_id(client_id)[2] is None:
        return _error("invalid_client")
    if cognito._token_claims(token).get("client_id") != client_id:
        return _error("unsupported_token_type")
    cognito._revoke_token({"Token": token})
    return 200, {}, b""


def _error(error: str) -> Response:
    return 400, {"Content-Type": "application/json"}, json.dumps({"error": error}).encode()

"""Serve /oauth2/revoke of a user pool's domain.

MiniStack can revoke a refresh token by its API only, and responds to the endpoint as if it were a
bucket. On AWS a client without a secret posts `token` and `client_id` there and gets 200 without a
body, also for a token that is invalid or already revoked; an unknown client gets 401 (Amazon
Cognito developer guide, "The token revocation endpoint"). It must never revoke a token of another
client, which counts as invalid here: the guide does not say.

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
        return _error(400, "invalid_request")
    if cognito._find_pool_by_client_id(client_id)[2] is None:
        return _error(401, "invalid_client")
    claims = cognito._token_claims(token)
    if claims.get("token_use") in ("access", "id"):
        return _error(400, "unsupported_token_type")
    if claims.get("client_id") == client_id:
        cognito._revoke_token({"Token": token})
    return 200, {}, b""


def _error(status: int, error: str) -> Response:
    return status, {"Content-Type": "application/json"}, json.dumps({"error": error}).encode()

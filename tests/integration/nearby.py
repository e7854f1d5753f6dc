"""What functions ask without being asked as AWS is: Cognito's managed login, over HTTP, and
IdTokenFunction, which the authorizer invokes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPMessage
from io import BytesIO
from typing import TYPE_CHECKING, Any, NoReturn
from unittest.mock import patch
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qsl, urlsplit

from jmpy.sessions import web
from tests.integration import functions, outgoing
from tests.integration.outgoing import Attempt, Call

if TYPE_CHECKING:
    from urllib.request import Request

    from tests.cognito import FakeCognito
    from tests.integration.network import Network

COGNITO = "cognito"

_get_json, _post_form = web.get_json, web.post_form
_signed_send = outgoing._signed_send


class CognitoAttempt(Attempt):
    """In the place of urllib's `open`. Each is a call of its own: none is made again."""

    token = None

    def __init__(self, pool: FakeCognito, request: Request, timeout: float) -> None:
        self._pool = pool
        self._request = request
        self.id = secrets.token_hex(8)
        method = request.get_method().capitalize()
        self.call = Call(COGNITO, f"{method} {urlsplit(request.full_url).path}")
        self.longest = 2 * timeout  # to connect, and for the answer

    def send(self) -> Any:
        url, sent = self._request.full_url, self._request.data
        try:
            if sent is None:
                document = self._pool.get_json(url)
            else:
                assert isinstance(sent, bytes)
                document = self._pool.post_form(url, dict(parse_qsl(sent.decode())))
        except web.Refused:
            return self.refused(400, "invalid_grant")
        return BytesIO(b"" if document is None else json.dumps(document).encode())

    def is_well(self, answer: Any) -> bool:
        return isinstance(answer, BytesIO)

    def refused(self, status: int, code: str) -> NoReturn:
        # AWS's JSON APIs answer 400 instead.
        status = 429 if code == "ThrottlingException" else status
        raise HTTPError(self._request.full_url, status, code, HTTPMessage(), BytesIO())

    def reset(self) -> NoReturn:
        raise URLError(ConnectionResetError())

    def timed_out(self) -> NoReturn:
        raise URLError(TimeoutError())


@contextmanager
def behind(network: Network, pool: FakeCognito) -> Iterator[None]:
    """Both, for a while. IdTokenFunction has one execution environment, as new as can be."""
    id_tokens: list[Any] = []

    class Opener:
        def open(self, request: Request, timeout: float) -> Any:
            return network.carry(CognitoAttempt(pool, request, timeout))

    def send(client: Any, path: str, headers: dict[str, str], body: bytes) -> Any:
        if client._scope.service != "lambda":
            return _signed_send(client, path, headers, body)
        if not id_tokens:
            id_tokens.append(functions.load("id_token"))
        answered = HTTPMessage()
        try:
            answer = id_tokens[0].handler(json.loads(body), None)
        except Exception as error:  # noqa: BLE001 - what Lambda would do with it
            answered["x-amz-function-error"] = "Unhandled"
            answer = {"errorMessage": str(error)}
        return 200, answered, json.dumps(answer).encode()

    with (
        patch.object(web, "_opener", Opener()),
        patch.object(web, "get_json", _get_json),
        patch.object(web, "post_form", _post_form),
        patch.object(outgoing, "_signed_send", send),
    ):
        yield

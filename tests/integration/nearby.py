"""What functions ask without being asked as AWS is: Cognito's managed login and resolvers of DNS,
over HTTP, and the functions that they invoke."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

from jmpy.fetch import ALTOGETHER, Response, Unreachable
from jmpy.sessions import cognito_http
from project.resolver import FakeResolver
from tests.integration import outgoing
from tests.integration.invoked import Lambda
from tests.integration.outgoing import Attempt, Call

if TYPE_CHECKING:
    from tests.cognito import FakeCognito
    from tests.integration.network import Network

COGNITO = "cognito"

DNS = FakeResolver()
"""What all resolvers say; none of them fails."""

_get_json, _post_form = cognito_http.get_json, cognito_http.post_form
_signed_send = outgoing._signed_send


class CognitoAttempt(Attempt):
    """In the place of `jmpy.fetch.request`. Each is a call of its own: none is made again."""

    token = None

    longest = ALTOGETHER

    def __init__(self, pool: FakeCognito, method: str, url: str, body: bytes | None) -> None:
        self._pool = pool
        self._url = url
        self._sent = body
        self.id = secrets.token_hex(8)
        self.call = Call(COGNITO, f"{method.capitalize()} {urlsplit(url).path}")

    def send(self) -> Any:
        try:
            if self._sent is None:
                document = self._pool.get_json(self._url)
            else:
                sent = dict(parse_qsl(self._sent.decode()))
                document = self._pool.post_form(self._url, sent)
        except cognito_http.Rejected:
            return self.refused(400, "invalid_grant")
        return Response(200, b"" if document is None else json.dumps(document).encode())

    def is_well(self, response: Any) -> bool:
        return bool(response.is_success)

    def refused(self, status: int, code: str) -> Response:
        # AWS's JSON APIs answer 400 instead.
        return Response(429 if code == "ThrottlingException" else status, b"")

    def reset(self) -> NoReturn:
        raise Unreachable("ConnectionResetError")

    def timed_out(self) -> NoReturn:
        raise Unreachable("TimeoutError")


@contextmanager
def behind(network: Network, pool: FakeCognito) -> Iterator[None]:
    """Both, for a while."""
    functions_nearby = Lambda()

    def request(method: str, url: str, _: Any, body: bytes | None = None, **__: Any) -> Any:
        if looked_up := DNS.respond_to(url):
            return looked_up
        return network.carry(CognitoAttempt(pool, method, url, body))

    def send(client: Any, path: str, headers: dict[str, str], body: bytes) -> Any:
        if client._scope.service != "lambda":
            return _signed_send(client, path, headers, body)
        return functions_nearby.invoke(path, body)

    with (
        patch("jmpy.fetch.request", request),
        patch.object(cognito_http, "get_json", _get_json),
        patch.object(cognito_http, "post_form", _post_form),
        patch.object(outgoing, "_signed_send", send),
    ):
        yield

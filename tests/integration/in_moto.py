"""moto where signed requests leave for AWS, as it stands there for the SDK; for Cognito, where moto
chooses the ids of users, the directory of the tests; for Lambda, our functions themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPMessage
from typing import Any

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto.core.models import botocore_stubber

from tests import cognito
from tests.integration.invoked import Lambda


class Response:
    def __init__(self, status: int, headers: Mapping[str, Any], body: str | bytes) -> None:
        self.status = status
        self.headers = HTTPMessage()
        for name, value in headers.items():
            self.headers[name] = str(value)
        self._body = body.encode() if isinstance(body, str) else body

    def read(self) -> bytes:
        return self._body


class Connection:
    """In the place of `HTTPSConnection`: AWS's own endpoints are the only ones with TLS here."""

    def __init__(self, host: str, timeout: float, **_: Any) -> None:
        self._host = host
        self.timeout = timeout

    def request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
        assert botocore_stubber.enabled, "this test would have asked AWS"
        self._response: tuple[int, Mapping[str, Any], str | bytes] | None
        if self._host.startswith("cognito-idp."):
            action = headers["X-Amz-Target"].rpartition(".")[2]
            status, document = cognito.directory.response(action, json.loads(body))
            self._response = (status, {}, json.dumps(document))
            return
        if self._host.startswith("lambda."):
            status, answered, text = Lambda().invoke(path, body)
            self._response = (status, dict(answered.items()), text)
            return
        url = f"https://{self._host}{path}"
        sent = AWSPreparedRequest(method, url, HTTPHeaders.from_dict(headers), body, False)
        self._response = botocore_stubber.process_request(sent)

    def getresponse(self) -> Response:
        assert self._response is not None
        return Response(*self._response)

    def close(self) -> None:
        """There is nothing to close."""

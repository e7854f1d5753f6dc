"""A client of the resource `/api/v1/qr-codes`, which calls its function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from project import functions

if TYPE_CHECKING:
    from project.functions import Response

PATH = "/api/v1/qr-codes"
URL = "https://example.com/menu"


class Client:
    def __init__(self) -> None:
        self.app = functions.load("qr_codes")

    def __call__(
        self, method: str, reference: str | None = None, *, account: str = "a", **sent: Any
    ) -> Response:
        sent.setdefault("authorizer", functions.authorizer_context(account=account))
        if reference is not None:
            sent |= {"resource": f"{PATH}/{{id}}", "parameters": {"id": reference}}
        path = PATH if reference is None else f"{PATH}/{reference}"
        return functions.call(self.app.handler, functions.event(method, path, **sent))

    def generate(
        self, body: dict[str, Any] | None = None, *, account: str = "a", **sent: Any
    ) -> Response:
        sent.setdefault("authorizer", functions.authorizer_context(account=account))
        body = {"content_type": "url", "content_data": {"url": URL}} | (body or {})
        event = functions.event("POST", f"{PATH}/generate", body=body, **sent)
        return functions.call(self.app.handler, event)

    def create(self, account: str = "a", **body: Any) -> Any:
        response = self.generate(body, account=account)
        assert response.status == 201, response
        return response.body["data"]

    def get(self, qr_id: str, account: str = "a", **sent: Any) -> Any:
        response = self("GET", qr_id, account=account, **sent)
        assert response.status == 200, response
        return response.body["data"]["qrCode"]

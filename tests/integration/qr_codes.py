"""A client of the resource `/api/v1/qr-codes`, which calls its function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.integration.resource_client import ResourceClient

if TYPE_CHECKING:
    from project.functions import Response

PATH = "/api/v1/qr-codes"
URL = "https://example.com/menu"


class Client(ResourceClient):
    folder, path = "qr_codes", PATH

    def generate(
        self, body: dict[str, Any] | None = None, *, account: str = "a", **sent: Any
    ) -> Response:
        body = {"content_type": "url", "content_data": {"url": URL}} | (body or {})
        return self.send("POST", f"{PATH}/generate", account=account, body=body, **sent)

    def create(self, account: str = "a", **body: Any) -> Any:
        response = self.generate(body, account=account)
        assert response.status == 201, response
        return response.body["data"]

    def get(self, qr_id: str, account: str = "a", **sent: Any) -> Any:
        response = self("GET", qr_id, account=account, **sent)
        assert response.status == 200, response
        return response.body["data"]["qrCode"]

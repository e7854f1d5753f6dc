"""A client of the resource `/api/v1/short-urls`, which calls its function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.integration.resource_client import ResourceClient

if TYPE_CHECKING:
    from project.functions import Response

PATH = "/api/v1/short-urls"
BASE_URL = "https://api123.execute-api.eu-west-1.amazonaws.com/live"


class Client(ResourceClient):
    folder, path = "links", PATH

    def create(self, account: str = "a", **body: Any) -> Any:
        response = self("POST", account=account, body={"url": "https://example.com/", **body})
        assert response.status == 201, response
        return response.body["data"]


def errors_of(response: Response) -> dict[str, str]:
    return {e["field"]: e["reason"] for e in response.body["error"]["details"]["errors"]}

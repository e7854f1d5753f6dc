"""A client of the resource `/api/v1/campaigns`, which calls its function."""

from __future__ import annotations

from typing import Any

from tests.integration.resource_client import ResourceClient

PATH = "/api/v1/campaigns"


class Client(ResourceClient):
    folder, path = "campaigns", PATH

    def create(self, name: str = "Autumn", account: str = "a", **body: Any) -> Any:
        response = self("POST", account=account, body={"name": name, **body})
        assert response.status == 201, response
        return response.body["data"]

    def get(self, reference: str, account: str = "a", **sent: Any) -> Any:
        response = self("GET", reference, account=account, **sent)
        assert response.status == 200, response
        return response.body["data"]

    def listed(self, account: str = "a", **query: str) -> Any:
        response = self("GET", account=account, query=query)
        assert response.status == 200, response
        return response.body

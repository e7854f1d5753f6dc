"""A client of the resource `/api/v1/domains/subdomains`, which calls its function."""

from __future__ import annotations

from typing import Any

from tests.integration.resource_client import ResourceClient

PATH = "/api/v1/domains/subdomains"
ZONE = "go.example.com"
"""Of the sample environment."""


class Client(ResourceClient):
    folder, path = "domains", PATH

    def create(self, subdomain: str = "promo", account: str = "a", **body: Any) -> Any:
        response = self("POST", account=account, body={"subdomain": subdomain, **body})
        assert response.status == 201, response
        return response.body["data"]

    def get(self, domain_id: str, account: str = "a") -> Any:
        response = self("GET", domain_id, account=account)
        assert response.status == 200, response
        return response.body["data"]

    def listed(self, account: str = "a", **query: str) -> Any:
        response = self("GET", account=account, query=query)
        assert response.status == 200, response
        return response.body

    def check(self, subdomain: str, account: str = "a") -> Any:
        path = "/api/v1/domains/check-subdomain"
        response = self.send(
            "GET",
            f"{path}/{subdomain}",
            account=account,
            resource=f"{path}/{{subdomain}}",
            parameters={"subdomain": subdomain},
        )
        assert response.status == 200, response
        return response.body["data"]

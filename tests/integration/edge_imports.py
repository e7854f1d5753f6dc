"""API Gateway's import of keys, which moto lacks."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient


class Imports:
    """In the place of the client's `import_api_keys`."""

    def __init__(self, client: APIGatewayClient) -> None:
        self._client = client
        self.sizes: list[int] = []
        """Of each file, in keys."""
        self.skipped: set[str] = set()
        """Names that it leaves out, with a warning."""

    def __call__(self, *, body: bytes, format: str, failOnWarnings: bool) -> Any:  # noqa: A002, N803
        assert (format, failOnWarnings) == ("csv", False)
        rows = [*csv.DictReader(io.StringIO(body.decode()))]
        self.sizes.append(len(rows))
        ids = [self._put(row) for row in rows if row["name"] not in self.skipped]
        return {"ids": ids, "warnings": [f"Skipped {name}" for name in self.skipped]}

    def _put(self, row: dict[str, str]) -> str:
        known = self._client.get_api_keys(nameQuery=row["name"])["items"]
        key_id = (
            known[0]["id"]
            if known
            else self._client.create_api_key(
                name=row["name"],
                value=row["key"],
                description=row["description"],
                enabled=row["enabled"] == "true",
            )["id"]
        )
        self._client.create_usage_plan_key(
            usagePlanId=row["usageplanIds"], keyId=key_id, keyType="API_KEY"
        )
        return key_id

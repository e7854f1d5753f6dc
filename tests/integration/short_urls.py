"""A client of the resource `/api/v1/short-urls`, which calls its function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from project import functions

if TYPE_CHECKING:
    from project.functions import Response

PATH = "/api/v1/short-urls"
BASE_URL = "https://api123.execute-api.eu-west-1.amazonaws.com/live"


class Client:
    def __init__(self) -> None:
        self.app = functions.load("links")

    def __call__(
        self, method: str, reference: str | None = None, *, account: str = "a", **sent: Any
    ) -> Response:
        sent.setdefault("authorizer", functions.authorizer_context(account=account))
        if reference is not None:
            sent |= {"resource": f"{PATH}/{{id}}", "parameters": {"id": reference}}
        path = PATH if reference is None else f"{PATH}/{reference}"
        return functions.call(self.app.handler, functions.event(method, path, **sent))

    def create(self, account: str = "a", **body: Any) -> Any:
        response = self("POST", account=account, body={"url": "https://example.com/", **body})
        assert response.status == 201, response
        return response.body["data"]


def errors_of(response: Response) -> dict[str, str]:
    return {e["field"]: e["reason"] for e in response.body["error"]["details"]["errors"]}

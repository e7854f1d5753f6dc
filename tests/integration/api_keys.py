"""A client of `/api/v1/api-keys` and all below it, which calls the functions that serve it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from project import functions

if TYPE_CHECKING:
    from project.functions import Response

PATH = "/api/v1/api-keys"
FIELDS = {
    "id",
    "name",
    "environment",
    "description",
    "labels",
    "permissions",
    "prefix",
    "last_four",
    "header_only",
    "allowed_ips",
    "limits",
    "status",
    "created_at",
    "expires_at",
    "not_before",
    "paused_at",
    "revoked_at",
    "replaced_by",
    "created_by",
}


class Keys:
    """A client that calls the functions; `account` signed in unless `authorizer` says otherwise."""

    def __init__(self) -> None:
        self.app = functions.load("keys")
        self._usage = functions.load("key_usage")

    def __call__(self, method: str, key_id: str = "", *, action: str = "", **sent: Any) -> Response:
        """`action`: as in `rotate`."""
        sent.setdefault("authorizer", functions.session_context(sent.pop("account", "acme")))
        tail = f"/{action}" if action else ""
        if key_id == "current":
            sent["resource"] = f"{PATH}/current"
        elif key_id:
            sent |= {"resource": f"{PATH}/{{id}}{tail}", "parameters": {"id": key_id}}
        path = f"{PATH}/{key_id}{tail}".rstrip("/")
        return functions.call(self.app.handler, functions.event(method, path, **sent))

    def create(self, **body: Any) -> Any:
        response = self("POST", body={"name": "one", "permissions": ["read"], **body})
        assert response.status == 201, response
        return response.body["data"]

    def rotate(self, key_id: str, **body: Any) -> Response:
        return self("POST", key_id, action="rotate", body=body)

    def usage(self, key_id: str, account: str = "acme", **query: int) -> Response:
        return self._read(key_id, "usage", account, **query)

    def callers(self, key_id: str, account: str = "acme", **query: str) -> Response:
        return self._read(key_id, "callers", account, **query)

    def preview(
        self, key_id: str, account: str = "acme", authorizer: Any = None, **body: Any
    ) -> Response:
        """Of a list of allowed addresses."""
        tail = "allowed-ips/preview"
        sent = functions.event(
            "POST",
            f"{PATH}/{key_id}/{tail}",
            resource=f"{PATH}/{{id}}/{tail}",
            parameters={"id": key_id},
            body=body,
            authorizer=authorizer or functions.session_context(account),
        )
        return functions.call(self._usage.handler, sent)

    def _read(self, key_id: str, what: str, account: str, **query: object) -> Response:
        sent = functions.event(
            "GET",
            f"{PATH}/{key_id}/{what}",
            resource=f"{PATH}/{{id}}/{what}",
            parameters={"id": key_id},
            query={name: str(value) for name, value in query.items()} or None,
            authorizer=functions.session_context(account),
        )
        return functions.call(self._usage.handler, sent)

    def holding(self, method: str, key_id: str, **context: str) -> Response:
        """To `current`, with that key."""
        return self(method, "current", authorizer=self.holder(key_id) | context)

    @staticmethod
    def holder(key_id: str) -> dict[str, str]:
        return functions.authorizer_context("", "acme") | {"key_id": key_id}

"""A client of a resource, which calls its function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from project import functions

if TYPE_CHECKING:
    from project.functions import Response


class ResourceClient:
    folder: ClassVar[str]
    """Of the function."""
    path: ClassVar[str]

    def __init__(self) -> None:
        self.app = functions.load(self.folder)

    def __call__(
        self, method: str, reference: str | None = None, *, account: str = "a", **sent: Any
    ) -> Response:
        if reference is not None:
            sent |= {"resource": f"{self.path}/{{id}}", "parameters": {"id": reference}}
        path = self.path if reference is None else f"{self.path}/{reference}"
        return self.send(method, path, account=account, **sent)

    def send(self, method: str, path: str, *, account: str = "a", **sent: Any) -> Response:
        sent.setdefault("authorizer", functions.authorizer_context(account=account))
        return functions.call(self.app.handler, functions.event(method, path, **sent))

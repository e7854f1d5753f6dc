"""Which operations a permission allows, as they declare it; `make openapi` writes the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from jmpy.access.permission import Permission


class PermittedOperation(NamedTuple):
    permission: Permission
    summary: str


BY_ROUTE = {
    route: PermittedOperation(Permission(name), summary)
    for route, (name, summary) in json.loads(
        Path(__file__).with_name("operations.json").read_text(encoding="utf-8")
    ).items()
}
"""By method and route: `GET /api/v1/short-urls/{id}`."""


def summaries(permission: Permission) -> list[str]:
    """Of the operations that the permission allows; PUT and PATCH of one resource are one."""
    allowed = (one.summary for one in BY_ROUTE.values() if one.permission is permission)
    return list(dict.fromkeys(allowed))

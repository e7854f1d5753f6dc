"""The tables of permissions and operations in docs/api.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.access.permission import Permission
from project import generated_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_ALL = {"400", "401", "403", "405", "429", "500", "503"}
"""Statuses of errors that any operation may have."""

_HEAD = (
    "| Operation | Summary | Permission | Daily limit | Success | Additional errors |",
    "|---|---|---|---|---|---|",
)


def with_operations(page: str, document: dict[str, Any]) -> str:
    """The page, with the permissions, and the operations of the document that require a
    credential."""
    table = "\n".join((*_permissions(document), "", *_HEAD, *_rows(document)))
    return generated_tables.with_tables(page, "openapi", f"{table}\n")


def _permissions(document: dict[str, Any]) -> Iterator[str]:
    yield from ("| Permission | Allows | Operations |", "|---|---|---|")
    for permission in Permission:
        number = sum(
            described.get("x-permission") == permission
            for methods in document["paths"].values()
            for described in methods.values()
        )
        yield f"| `{permission}` | {permission.sentence} | {number} |"


def _rows(document: dict[str, Any]) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            if described["security"]:
                cells = (f"`{method.upper()} {path}`", *_cells(described))
                yield f"| {' | '.join(cells)} |"


def _cells(described: dict[str, Any]) -> Iterator[str]:
    yield described["summary"]
    permission = described.get("x-permission")
    yield f"`{permission}`" if permission else described["x-caller"]
    limit = described.get("x-limit-class")
    each_row = ", each row" if described["x-limit-cost"] == "each row" else ""
    yield f"`{limit}`{each_row}" if limit else "not counted"
    own = described["responses"].keys() - _OF_ALL
    yield ", ".join(sorted(status for status in own if status < "400"))
    yield ", ".join(sorted(status for status in own if status >= "400"))

"""From the address of a list to its query."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from jmpy.dashboard.views.list_query import ListQuery

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.dashboard.views.list_query import FilterField

Query = TypeVar("Query", bound=ListQuery)

_PAGE = re.compile(r"[1-9][0-9]{0,5}")


def page_number(text: str | None) -> int:
    """The first page, unless the address has the number of another."""
    return int(text) if text and _PAGE.fullmatch(text) else 1


def sent(
    kind: type[Query], parameter: Callable[[str], str | None], *, longest_search: int, longest: int
) -> Query:
    """`parameter` finds one of the address by name. What is unknown counts as not chosen, and text
    is cut: a search to `longest_search` characters, that of a filter to `longest`."""

    def text(name: str) -> str:
        return (parameter(name) or "").strip()

    def chosen(one: FilterField) -> str:
        value = text(one.name)
        if one.choices:
            return value if value in one.choices else ""
        return value[:longest]

    sort = text("sort")
    return kind(
        search=" ".join(text("search").split())[:longest_search],
        sort=sort if sort in kind.orders else "",
        page=page_number(text("page")),
        **{one.name: chosen(one) for one in kind.filters},
    )

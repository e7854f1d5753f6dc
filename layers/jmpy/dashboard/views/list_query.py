"""What a list shows, as its address holds it: search, filters, sort and page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, NamedTuple, Self
from urllib.parse import urlencode


class Order(NamedTuple):
    sort: StrEnum
    descending: bool
    words: str


class FilterField(NamedTuple):
    """A control of the form that filters."""

    name: str
    label: str
    choices: Mapping[str, str] = {}
    """Words by value; the first chooses nothing. None of them: any text."""


class ActiveFilter(NamedTuple):
    words: str
    without: ListQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """Of one list. A field is empty where nothing is chosen."""

    path: ClassVar[str]
    """Of the list, below the base path."""
    filters: ClassVar[tuple[FilterField, ...]]
    """Each is a field of the query."""
    orders: ClassVar[Mapping[str, Order]]
    """By value of `sort`; the empty one is the default."""
    opposites: ClassVar[Mapping[str, str]] = {}
    """Of the values of `sort` whose opposite is another than `-` and their name."""

    search: str = ""
    sort: str = ""
    page: int = 1

    @property
    def filter_parameters(self) -> dict[str, str]:
        """Those of the address that restrict the list."""
        names = ("search", *(one.name for one in self.filters))
        return {name: value for name in names if (value := getattr(self, name))}

    @property
    def parameters(self) -> dict[str, str]:
        """Those of the address."""
        place = {"sort": self.sort, "page": str(self.page) if self.page > 1 else ""}
        return self.filter_parameters | {name: value for name, value in place.items() if value}

    @property
    def here(self) -> str:
        """The address below the base path."""
        query = urlencode(self.parameters)
        return f"{self.path}?{query}" if query else self.path

    @property
    def order(self) -> Order:
        return self.orders.get(self.sort, self.orders[""])

    @property
    def active_filters(self) -> list[ActiveFilter]:
        """Each with the list that has all filters but this one."""
        found = []
        if self.search:
            found.append(ActiveFilter(f"Search: {self.search}", self._with(search="")))
        for one in self.filters:
            if value := getattr(self, one.name):
                words = f"{one.label}: {one.choices.get(value, value)}"
                found.append(ActiveFilter(words, self._with(**{one.name: ""})))
        return found

    @property
    def has_more_filters(self) -> bool:
        """Than the first, which always shows."""
        return any(getattr(self, one.name) for one in self.filters[1:])

    @property
    def unfiltered(self) -> Self:
        return type(self)(sort=self.sort)

    def on_page(self, page: int) -> Self:
        return replace(self, page=page)

    def sorted_by(self, first: str) -> Self:
        """The list in that order; in the opposite one where it is in that order already."""
        opposite = self.opposites.get(first, f"-{first}")
        return self._with(sort=opposite if self.sort == first else first)

    def direction(self, first: str) -> str:
        """`ascending` or `descending` if it is sorted by that column, as for `aria-sort`."""
        if self.order.sort is not self.orders[first].sort:
            return ""
        return "descending" if self.order.descending else "ascending"

    def _with(self, **changes: str) -> Self:
        return replace(self, page=1, **changes)

"""The list of API keys: its query, as the address holds it, and its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import ClassVar, NamedTuple
from urllib.parse import urlencode

from jmpy.access.permission import Permission
from jmpy.dashboard.frame import View
from jmpy.dashboard.views.api_keys import KeySummary
from jmpy.keys.listing import Sort
from jmpy.keys.model import Environment, KeyState

PATH = "/dashboard/api-keys"


class Order(NamedTuple):
    sort: Sort
    descending: bool
    words: str


ORDERS = {
    "": Order(Sort.CREATED_AT, True, "Newest first"),
    "created": Order(Sort.CREATED_AT, False, "Oldest first"),
    "name": Order(Sort.NAME, False, "Name, A to Z"),
    "-name": Order(Sort.NAME, True, "Name, Z to A"),
    "expires": Order(Sort.EXPIRES_AT, False, "Expires first"),
    "-expires": Order(Sort.EXPIRES_AT, True, "Expires last"),
    "-used": Order(Sort.LAST_USED_AT, True, "Used most recently"),
    "used": Order(Sort.LAST_USED_AT, False, "Used least recently"),
}
STATES = {state.value: state.replace("_", " ").capitalize() for state in KeyState} | {
    KeyState.ROTATING.value: "Rotated"
}
"""In words, by value."""
STATUSES = {"": "Not ended", **STATES, "all": "All"}
PERMISSIONS = {"": "Any", **{name.value: name.value for name in Permission}}
ENVIRONMENTS = {"": "Any", **{name.value: name.capitalize() for name in Environment}}
EXPIRES_WITHIN = {"7": "Within 7 days", "30": "Within 30 days", "90": "Within 90 days"}
EXPIRIES = {"": "Any", **EXPIRES_WITHIN, "never": "Never"}


class FilterField(NamedTuple):
    """A control of the form that filters."""

    name: str
    label: str
    choices: Mapping[str, str]
    """Words by value; the first chooses nothing."""


FILTERS = (
    FilterField("status", "Status", STATUSES),
    FilterField("permission", "Permission", PERMISSIONS),
    FilterField("environment", "Environment", ENVIRONMENTS),
    FilterField("expiry", "Expires", EXPIRIES),
)


class ActiveFilter(NamedTuple):
    words: str
    without: KeyQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyQuery:
    """Empty for what is not chosen."""

    search: str = ""
    status: str = ""
    permission: str = ""
    environment: str = ""
    label: str = ""
    expiry: str = ""
    sort: str = ""
    page: int = 1

    @property
    def parameters(self) -> dict[str, str]:
        """Those of the address."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {n: str(value) for n, value in values.items() if value and (n, value) != ("page", 1)}

    @property
    def here(self) -> str:
        """The address below the base path."""
        query = urlencode(self.parameters)
        return f"{PATH}?{query}" if query else PATH

    @property
    def order(self) -> Order:
        return ORDERS.get(self.sort, ORDERS[""])

    @property
    def active_filters(self) -> list[ActiveFilter]:
        """Each with the list that has all filters but this one."""
        found = []
        for one in FILTERS:
            if value := getattr(self, one.name):
                words = f"{one.label}: {one.choices.get(value, value)}"
                found.append(ActiveFilter(words, self._with(**{one.name: ""})))
        if self.label:
            found.append(ActiveFilter(f"Label: {self.label}", self._with(label="")))
        if self.search:
            found.insert(0, ActiveFilter(f"Search: {self.search}", self._with(search="")))
        return found

    @property
    def unfiltered(self) -> KeyQuery:
        return KeyQuery(sort=self.sort)

    def with_label(self, label: str) -> KeyQuery:
        return self._with(label=label)

    def on_page(self, page: int) -> KeyQuery:
        return replace(self, page=page)

    def sorted_by(self, first: str) -> KeyQuery:
        """The list in that order; in the opposite one where it is in that order already."""
        opposite = {"": "created", "created": "", "-used": "used", "used": "-used"}
        second = opposite.get(first, f"-{first}")
        return self._with(sort=second if self.sort == first else first)

    def direction(self, first: str) -> str:
        """`ascending` or `descending` if it is sorted by that column, as for `aria-sort`."""
        if self.order.sort is not ORDERS[first].sort:
            return ""
        return "descending" if self.order.descending else "ascending"

    def _with(self, **changes: str) -> KeyQuery:
        return replace(self, page=1, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    key: KeySummary
    is_replaced_above: bool = False
    """Whether its successor is the row above, or is above that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyList(View):
    template: ClassVar[str] = "api_keys.html"
    filters: ClassVar = FILTERS
    orders: ClassVar = ORDERS
    rows: tuple[KeyRow, ...]
    query: KeyQuery = KeyQuery()
    total: int = 0
    """Keys on all pages."""
    page_count: int = 1
    searched: int = 0
    """Keys among which was searched."""
    is_complete: bool = True
    """Whether these are all keys of the account."""

    @property
    def ended_count(self) -> int:
        """Revoked and expired keys that the default list leaves out."""
        return 0 if self.query.active_filters else self.searched - self.total

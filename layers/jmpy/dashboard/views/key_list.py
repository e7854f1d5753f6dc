"""The list of API keys: its query, as the address holds it, and its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jmpy.access.permission import Permission
from jmpy.dashboard.frame import View
from jmpy.dashboard.views.api_keys import KeySummary
from jmpy.dashboard.views.list_query import FilterField, ListQuery, Order
from jmpy.keys.listing import Sort
from jmpy.keys.model import Environment, KeyState

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


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyQuery(ListQuery):
    path = "/dashboard/api-keys"
    filters = (
        FilterField("status", "Status", STATUSES),
        FilterField("permission", "Permission", PERMISSIONS),
        FilterField("environment", "Environment", ENVIRONMENTS),
        FilterField("expiry", "Expires", EXPIRIES),
        FilterField("label", "Label"),
    )
    orders = ORDERS
    opposites: ClassVar = {"": "created", "created": "", "-used": "used", "used": "-used"}

    status: str = ""
    permission: str = ""
    environment: str = ""
    expiry: str = ""
    label: str = ""

    def with_label(self, label: str) -> KeyQuery:
        return self._with(label=label)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    key: KeySummary
    is_replaced_above: bool = False
    """Whether its successor is the row above, or is above that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyList(View):
    template: ClassVar[str] = "api_keys.html"
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

"""From the address of the list of API keys to its query, and to what that reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jmpy.access.permission import Permission
from jmpy.clock import DAY
from jmpy.dashboard.views.key_list import EXPIRES_WITHIN, FILTERS, ORDERS, KeyQuery
from jmpy.keys import listing
from jmpy.keys.fields import LABEL_LENGTH
from jmpy.keys.model import Environment, KeyState

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE_SIZE = 25
"""Keys; one that is being replaced does not count beside its successor."""

_PAGE = re.compile(r"[1-9][0-9]{0,3}")
_ENDED = {KeyState.EXPIRED, KeyState.REVOKED}
_CURRENT = frozenset(KeyState) - _ENDED


def sent(parameter: Callable[[str], str | None]) -> KeyQuery:
    """`parameter` finds one of the address by name. What is unknown counts as not chosen."""

    def text(name: str) -> str:
        return parameter(name) or ""

    chosen = {one.name: text(one.name) for one in FILTERS}
    known = {one.name: chosen[one.name] for one in FILTERS if chosen[one.name] in one.choices}
    page, sort = text("page"), text("sort")
    return KeyQuery(
        label=text("label")[:LABEL_LENGTH],
        search=" ".join(text("search").split())[: listing.LONGEST_SEARCH],
        sort=sort if sort in ORDERS else "",
        page=int(page) if _PAGE.fullmatch(page) else 1,
        **known,
    )


def request(query: KeyQuery, now: int) -> listing.Request:
    within = EXPIRES_WITHIN.get(query.expiry)
    return listing.Request(
        page=query.page,
        limit=PAGE_SIZE,
        sort=query.order.sort,
        descending=query.order.descending,
        filter=listing.Filter(
            search=query.search or None,
            states=_states(query.status),
            permission=Permission(query.permission) if query.permission else None,
            environment=Environment(query.environment) if query.environment else None,
            label=query.label or None,
            expires=False if query.expiry == "never" else None,
            expires_after=now if within else None,
            expires_before=now + int(query.expiry) * DAY if within else None,
        ),
        groups_rotations=True,
    )


def _states(status: str) -> frozenset[KeyState] | None:
    if status == "all":
        return None
    return frozenset({KeyState(status)}) if status else _CURRENT

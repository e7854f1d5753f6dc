"""From the address of the list of API keys to its query, and to what that reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.access.permission import Permission
from jmpy.clock import DAY
from jmpy.dashboard.pages import list_address
from jmpy.dashboard.views.key_list import EXPIRES_WITHIN, KeyQuery
from jmpy.keys import listing
from jmpy.keys.fields import LABEL_LENGTH
from jmpy.keys.model import Environment, KeyState

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE_SIZE = 25
"""Keys; one that is being replaced does not count beside its successor."""

_ENDED = {KeyState.EXPIRED, KeyState.REVOKED}
_CURRENT = frozenset(KeyState) - _ENDED


def sent(parameter: Callable[[str], str | None]) -> KeyQuery:
    """`parameter` finds one of the address by name."""
    return list_address.sent(
        KeyQuery, parameter, longest_search=listing.LONGEST_SEARCH, longest=LABEL_LENGTH
    )


def request(query: KeyQuery, now: int) -> listing.Request:
    within = EXPIRES_WITHIN.get(query.expiry)
    return listing.Request(
        page=query.page,
        limit=PAGE_SIZE,
        sort=listing.Sort(query.order.sort),
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

"""What a key can do, from where, until when and how much of it, in sentences: before it is created,
and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.access.permission import Permission
from jmpy.dashboard import filters
from jmpy.dashboard.views.usage import COUNTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NAMED = 3
"""Addresses that the sentence names; of more, it says how many there are."""

_VERBS = {
    Permission.READ: ("read",),
    Permission.WRITE: ("create", "change"),
    Permission.DELETE: ("delete",),
}
"""What each permission allows to do with links; `analytics` is about their statistics."""


def sentences(
    permissions: Iterable[str],
    allowed_ips: Sequence[str],
    expires_at: int | None,
    limits: Iterable[tuple[str, int]],
    *,
    header_only: bool,
    exists: bool,
) -> str:
    """`exists`: whether the key was created already. `expires_at`: in seconds since the Unix epoch,
    UTC. `limits`: its own, a day, each with its class."""
    can = "can" if exists else "will be able to"
    does = _does(set(permissions))
    ends = _ends(expires_at)
    sent = (
        "It has to be sent in a header."
        if header_only
        else "It can be sent in a header or, less safely, in a URL."
    )
    return f"This key {can} {does} from {_origins(allowed_ips)} {ends}. {sent}{_limited(limits)}"


def _does(permissions: set[str]) -> str:
    with_links = [verb for one, verbs in _VERBS.items() if one in permissions for verb in verbs]
    if Permission.ANALYTICS not in permissions:
        return f"{_listed(with_links)} links" if with_links else "do nothing"
    if not with_links:
        return "read statistics"
    if with_links == ["read"]:
        return "read links and statistics"
    return f"{_listed(with_links)} links and read statistics"


def _origins(allowed_ips: Sequence[str]) -> str:
    if not allowed_ips:
        return "any address"
    if len(allowed_ips) > NAMED:
        return f"{filters.number(len(allowed_ips))} addresses and networks"
    return _listed(allowed_ips)


def _ends(expires_at: int | None) -> str:
    if expires_at is None:
        return "until it is revoked"
    # A key that expires at midnight works until the end of the day before.
    return f"until {filters.date_in_full(expires_at - 1)}"


def _limited(limits: Iterable[tuple[str, int]]) -> str:
    most = [f"{filters.number(limit)} {COUNTED[name]}" for name, limit in limits]
    return f" It is limited to {_listed(most)} a day." if most else ""


def _listed(items: Sequence[str]) -> str:
    *others, last = items
    return f"{', '.join(others)} and {last}" if others else last

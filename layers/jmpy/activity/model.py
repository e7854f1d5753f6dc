"""The record of how a key is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jmpy.access.permission import Permission


@dataclass(frozen=True, slots=True)
class LastUse:
    at: int
    """Seconds since the Unix epoch, UTC, as all times here."""
    ip: str
    user_agent: str
    route: str
    """As in `GET /api/v1/short-urls`."""
    status: int


@dataclass(frozen=True, slots=True)
class KeyUse:
    key_id: str
    account_id: str
    first_used_at: int | None = None
    last: LastUse | None = None
    """None if the key was only ever denied."""
    exposed_at: int | None = None
    """When the key last came in a URL, where logs and histories retain it; also if it was denied
    there."""
    permissions: frozenset[Permission] = frozenset()
    """Those that it needed so far."""

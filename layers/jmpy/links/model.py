"""The record of a short link."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """All times are whole seconds since the Unix epoch, UTC."""

    id: str
    """UUID version 7: it sorts by time of creation, which is the default order of a list."""
    account_id: str
    short_code: str
    """What follows the host in the short URL; the custom alias where there is one."""
    url: str
    created_at: int
    updated_at: int
    name: str | None = None
    custom_alias: str | None = None
    expires_at: int | None = None
    tracking_enabled: bool = True
    click_count: int = 0
    version: int = 1
    """Counts the changes; a write names the version that it read."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a redirect needs to know, and all that it reads."""

    link_id: str
    account_id: str
    url: str
    expires_at: int | None = None

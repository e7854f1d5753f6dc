"""What an API key may do."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """A permission of an API key."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"
    ANALYTICS = "analytics"

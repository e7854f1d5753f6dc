"""What an API key may do."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """The four permissions of the public specification."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"
    ANALYTICS = "analytics"

"""What an API key may do: the one table of permissions.

Operations name their permission where they are declared (`jmpy.http.operation`); which operations a
permission allows is derived from that (`jmpy.access.operations`).
"""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """A permission of an API key."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"
    ANALYTICS = "analytics"

    @property
    def sentence(self) -> str:
        """What it allows, as on the dashboard and in the reference."""
        return _SENTENCES[self]


_SENTENCES = {
    Permission.READ: "Read access to all resources",
    Permission.WRITE: "Create and update resources",
    Permission.DELETE: "Delete resources",
    Permission.ANALYTICS: "Access to analytics endpoints",
}
"""Word for word as in the specification."""

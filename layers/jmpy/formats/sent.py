"""Text from clients, truncated before any other processing.

Code that parses, hashes or stores such text gets a bounded length of it: the cost grows with the
length, and the rest is not needed.
"""

from __future__ import annotations

import re

IDENTIFIER_LENGTH = 64
"""Characters: the longest id of a request that API Gateway accepts from a client."""

USER_AGENT_LENGTH = 256

_NOT_IN_IDENTIFIERS = re.compile(r"[^A-Za-z0-9_-]")


def storable(text: str, length: int) -> str:
    """Replaces characters that no table can store: half of a surrogate pair."""
    return text[:length].encode("utf-8", "replace").decode()


def identifier(text: str) -> str:
    """An id that a client may have chosen, as `[A-Za-z0-9_-]{0,64}`."""
    return _NOT_IN_IDENTIFIERS.sub("_", text[:IDENTIFIER_LENGTH])

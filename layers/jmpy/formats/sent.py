"""Text that clients send, cut before anything else is done with it.

Whatever parses, hashes or stores such text gets a bounded length of it: what takes long grows with
the length, and nobody needs the rest.
"""

from __future__ import annotations

import re

IDENTIFIER_LENGTH = 64
"""Characters. API Gateway's longest request id, of a client that chose no UUID, has as many."""

USER_AGENT_LENGTH = 256

_NOT_IN_IDENTIFIERS = re.compile(r"[^A-Za-z0-9_-]")


def storable(text: str, length: int) -> str:
    """With what no table can hold replaced: half of a surrogate pair."""
    return text[:length].encode("utf-8", "replace").decode()


def identifier(text: str) -> str:
    """An id that a client may have chosen, as `[A-Za-z0-9_-]{0,64}`."""
    return _NOT_IN_IDENTIFIERS.sub("_", text[:IDENTIFIER_LENGTH])

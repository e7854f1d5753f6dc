"""Rejects JSON objects with a repeated name, of which `json.loads` silently uses the last."""

from __future__ import annotations

from collections import Counter
from typing import Any


class RepeatedName(ValueError):
    """It is unclear which of the values is meant (RFC 8259 section 4)."""

    def __init__(self, name: str) -> None:
        super().__init__(f"an object has the name {name[:50]!r} more than once")


def unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """For `object_pairs_hook` of `json.loads`. Raises RepeatedName."""
    named = dict(pairs)
    if len(named) < len(pairs):
        raise RepeatedName(Counter(name for name, _ in pairs).most_common(1)[0][0])
    return named

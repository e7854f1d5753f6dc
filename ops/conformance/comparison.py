"""How what was seen differs from what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SHOWN = 200
"""Characters of a value."""


def differences(expected: Any, seen: Any, path: str = "") -> list[str]:
    """Each in words; none if what was seen fits."""
    if isinstance(expected, Mapping):
        if not isinstance(seen, Mapping):
            return [_difference(path, dict(expected), seen)]
        return [
            found
            for name, value in expected.items()
            for found in differences(value, seen.get(name), f"{path}.{name}" if path else name)
        ]
    if isinstance(expected, list) and isinstance(seen, list) and len(expected) == len(seen):
        return [
            found
            for number, (value, other) in enumerate(zip(expected, seen, strict=True))
            for found in differences(value, other, f"{path}[{number}]")
        ]
    return [] if expected == seen else [_difference(path, expected, seen)]


def _difference(path: str, expected: Any, seen: Any) -> str:
    return f"{path}: {_short(expected)} was expected, not {_short(seen)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."

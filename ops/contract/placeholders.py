"""Text in braces, such as `{link.id}`, that stands for a value which is known only during a run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

_PLACEHOLDER = re.compile(r"\{([a-z]\w*(?:\.\w+)*)\}")


def filled(value: Any, values: Mapping[str, Any]) -> Any:
    """With values in place of the text in braces. A text that is nothing else becomes the value."""
    if isinstance(value, str):
        if whole := _PLACEHOLDER.fullmatch(value):
            return _value(whole[1], values)
        return _PLACEHOLDER.sub(lambda found: str(_value(found[1], values)), value)
    if isinstance(value, Mapping):
        return {filled(name, values): filled(held, values) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return type(value)([filled(held, values) for held in value])
    if is_dataclass(value) and not isinstance(value, type):
        held = {each.name: getattr(value, each.name) for each in fields(value)}
        return replace(value, **{name: filled(each, values) for name, each in held.items()})
    return value


def _value(name: str, values: Mapping[str, Any]) -> Any:
    found: Any = values
    for part in name.split("."):
        found = found[part]
    return found

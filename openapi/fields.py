"""What a field's default means, said so that generated clients have the right types.

Generators disagree about `default`: openapi-typescript takes a field that has one for required, in
requests too. So no schema of a body has defaults. In requests the description says them; responses
always have all fields, which is what `required` is for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

_REFERENCE = "#/components/schemas/"
_ERRORS = {"ErrorBody", "Error", "ErrorDetails"}
"""Whose optional fields are left out."""


def state(paths: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Changes `schemas`, as they are used by the operations of `paths`."""
    operations = [operation for path in paths.values() for operation in path.values()]
    sent = _used([operation.get("requestBody") for operation in operations], schemas)
    received = _used([operation["responses"] for operation in operations], schemas) - _ERRORS
    for name, schema in schemas.items():
        properties = schema.get("properties", {})
        if properties and name in received:
            assert name not in sent, f"{name} is a model of requests and of responses"
            schema["required"] = list(properties)
        for field in properties.values():
            default = field.pop("default", None)
            if default is not None and name in sent:
                said = f"Defaults to `{json.dumps(default)}`."
                field["description"] = " ".join(filter(None, (_sentence(field), said)))


def _sentence(field: dict[str, Any]) -> str:
    text: str = field.get("description", "")
    return f"{text}." if text and not text.endswith(".") else text


def _used(part: Any, schemas: dict[str, Any]) -> set[str]:
    """The names of all schemas that `part` refers to, itself or through others."""
    found: set[str] = set()
    open_ends = [part]
    while open_ends:
        new = set(_references(open_ends.pop())) - found
        found |= new
        open_ends.extend(schemas[name] for name in new)
    return found


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        reference = part.get("$ref", "")
        if reference.startswith(_REFERENCE):
            yield reference.removeprefix(_REFERENCE)
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)

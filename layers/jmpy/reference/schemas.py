"""JSON schemas as text for people: the type of a value, and the fields of an object as rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    """From the outermost object on: `data.links[].id`."""
    type: str
    is_required: bool
    description: str


class Schemas:
    def __init__(self, components: dict[str, Schema]) -> None:
        self._components = components

    def resolved(self, schema: Schema) -> Schema:
        name = schema.get("$ref", "").rpartition("/")[2]
        return self._components[name] if name else schema

    def type_of(self, schema: Schema) -> str:
        schema = self.resolved(schema)
        if "anyOf" in schema:
            return " or ".join(dict.fromkeys(self.type_of(one) for one in schema["anyOf"]))
        if choices := self.choices(schema):
            return ", ".join(choices)
        if schema.get("type") == "array":
            kind = f"list of {self.type_of(schema.get('items', {}))}"
        else:
            kind = str(schema.get("type", "any value"))
        if "format" in schema:
            kind = f"{kind} ({schema['format']})"
        return ", ".join(filter(None, (kind, _bounds(schema))))

    def choices(self, schema: Schema) -> list[str]:
        """The possible values, if they are few enough to be listed."""
        schema = self.resolved(schema)
        values = [schema["const"]] if "const" in schema else schema.get("enum", [])
        return [value if isinstance(value, str) else json.dumps(value) for value in values]

    def fields(self, schema: Schema, prefix: str = "") -> Iterator[Field]:
        """The rows of an object, each followed by those within it."""
        schema = self.resolved(schema)
        required = schema.get("required", ())
        properties = schema.get("properties", {}).items()
        for name, part in sorted(properties, key=lambda entry: entry[0] not in required):
            described = part.get("description") or self.resolved(part).get("description", "")
            yield Field(prefix + name, self.type_of(part), name in required, described)
            yield from self._within(part, prefix + name)

    def _within(self, schema: Schema, name: str) -> Iterator[Field]:
        schema = self.resolved(schema)
        for option in schema.get("anyOf", ()):
            yield from self._within(option, name)
        if "items" in schema:
            yield from self._within(schema["items"], f"{name}[]")
        elif isinstance(schema.get("additionalProperties"), dict):
            yield from self._within(schema["additionalProperties"], f"{name}.*")
        else:
            yield from self.fields(schema, f"{name}.")


_BOUNDS = (
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " of them"),
    ("minimum", "maximum", ""),
)


def _bounds(schema: Schema) -> str:
    for least, most, unit in _BOUNDS:
        low, high = schema.get(least), schema.get(most)
        if low is not None and high is not None:
            return f"{low:g} to {high:g}{unit}"
        if high is not None:
            return f"at most {high:g}{unit}"
        if low is not None:
            return f"at least {low:g}{unit}"
    return ""

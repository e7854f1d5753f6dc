"""The schemas of bodies, so that generated clients have readable names and the right types.

Generators disagree about `default`: openapi-typescript takes a field that has one for required, in
requests too. So no schema of a body has defaults. In requests the description states them;
responses always have all fields, which is what `required` is for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from openapi.errors import Missing

REFERENCE = "#/components/schemas/"


def of_model(model: Any) -> dict[str, Any]:
    """Its schema and those of its parts, by name."""
    schema = model.model_json_schema(ref_template=REFERENCE + "{model}")
    parts = schema.pop("$defs", {})
    found: dict[str, Any] = tidied({model.__name__: schema, **parts})
    return found


def tidied(value: Any) -> Any:
    """Without the titles that only repeat a name, and with the names of components."""
    if isinstance(value, dict):
        return {
            _readable(key): part if key == "examples" else tidied(part)
            for key, part in value.items()
            if not (key == "title" and isinstance(part, str) and "version" not in value)
        }
    if isinstance(value, list):
        return [tidied(part) for part in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the bounds of integers
    if isinstance(value, str) and value.startswith(REFERENCE):
        return REFERENCE + _readable(value.removeprefix(REFERENCE))
    return value


def _readable(name: str) -> str:
    """`LinkBody`, which stands beside the domain's `Link`, is `Link` here; the generic models
    `Success_LinkBody_` and `Success_list_RecentLink__` are `LinkResponse` and
    `RecentLinkListResponse`."""
    if generic := re.fullmatch(r"Success_(list_)?(\w+?)_+", name):
        return f"{_readable(generic[2])}{'List' if generic[1] else ''}Response"
    return re.sub(r"^([A-Z]\w*)Body$", r"\1", name)


def complete(paths: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Changes `schemas`, as they are used by the operations of `paths`. Raises Missing."""
    operations = [operation for path in paths.values() for operation in path.values()]
    sent = _used([operation.get("requestBody") for operation in operations], schemas)
    changes = _used([path.get("patch", {}).get("requestBody") for path in paths.values()], schemas)
    received = _used([operation["responses"] for operation in operations], schemas)
    for name, schema in schemas.items():
        properties = schema.get("properties", {})
        if properties and name in received:
            assert name not in sent, f"{name} is a model of requests and of responses"
            schema["required"] = list(properties)
        for field, described in properties.items():
            default = described.pop("default", None)
            if name in sent:
                # A field that is not sent with a change stays as it is.
                stated = None if name in changes else default
                described["description"] = _meaning(f"{name}.{field}", described, stated)


def _meaning(field: str, described: dict[str, Any], default: Any) -> str:
    text = described.get("description")
    if text is None:
        raise Missing(f"what {field} means: the `description` of its Field")
    if default is None:
        return str(text)
    return f"{text.removesuffix('.')}. Defaults to `{json.dumps(default)}`."


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
        if reference.startswith(REFERENCE):
            yield reference.removeprefix(REFERENCE)
        part = list(part.values())
    if isinstance(part, list):
        for value in part:
            yield from _references(value)

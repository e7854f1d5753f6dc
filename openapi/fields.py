"""What the fields of bodies mean, and their defaults, said so that generated clients have the right
types.

Generators disagree about `default`: openapi-typescript takes a field that has one for required, in
requests too. So no schema of a body has defaults. In requests the description says them; responses
always have all fields, which is what `required` is for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from openapi.errors import Missing

_REFERENCE = "#/components/schemas/"
_ERRORS = {"ErrorBody", "Error", "ErrorDetails"}
"""Whose optional fields are left out."""


_NOT_YET = "Custom domains are not available yet: leave it out"
_MEANINGS = {
    # links
    "url": "Where the short URL leads: http or https",
    "custom_alias": "The code of your choice; random if omitted",
    "tags": "Without commas and vertical bars",
    "expires_at": "When it stops redirecting, ISO 8601 with an offset; `null` for never",
    "tracking_enabled": "Whether clicks are counted",
    "password": "Visitors have to enter it; `null` for no password",
    "campaign_id": "A UUID of your choice, to filter short URLs by",
    "channel": "How it was created: any word",
    "status": "A disabled short URL does not redirect until it is active again",
    "url_type": _NOT_YET,
    "subdomain": _NOT_YET,
    "branded_domain": _NOT_YET,
    "qrCode": "QR codes are not available yet: leave it out",
    "qrFormat": "QR codes are not available yet: leave it out",
    "file": "CSV text, as in the part `file` of a form",
    "csv_content": "CSV text with a header, such as `url,name`; send only one of the three",
    # keys
    "name": "A name to recognize it by",
    "permissions": "What it is allowed to do",
    "environment": "A label, `null` for none",
    "header_only": "Reject the key as `?api_key=`",
    # alerts
    "thresholds": "New values; `null` resets a threshold to its default",
}
"""Of fields of requests that do not say it themselves. Not in the models, which functions load at
each cold start."""


def state(paths: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Changes `schemas`, as they are used by the operations of `paths`. Raises Missing."""
    operations = [operation for path in paths.values() for operation in path.values()]
    sent = _used([operation.get("requestBody") for operation in operations], schemas)
    received = _used([operation["responses"] for operation in operations], schemas) - _ERRORS
    for name, schema in schemas.items():
        properties = schema.get("properties", {})
        if properties and name in received:
            assert name not in sent, f"{name} is a model of requests and of responses"
            schema["required"] = list(properties)
        for field, described in properties.items():
            default = described.pop("default", None)
            if name in sent:
                described["description"] = _meaning(name, field, described, default)


def _meaning(model: str, field: str, described: dict[str, Any], default: Any) -> str:
    text = described.get("description") or _MEANINGS.get(field)
    if text is None:
        raise Missing(f"what the field {field!r} of {model} means: openapi/fields.py")
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
        if reference.startswith(_REFERENCE):
            yield reference.removeprefix(_REFERENCE)
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)

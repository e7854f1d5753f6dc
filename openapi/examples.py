"""Examples of bodies, composed of the examples of their fields (`Field(examples=...)`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from jmpy.activity.schema import AccessLogEntryBody
from jmpy.analytics.export import SERIES
from jmpy.audit.schema import COLUMNS
from jmpy.formats import csv_file
from jmpy.links.export import HEADER
from jmpy.qr.export import HEADER as QR_CODES
from openapi.errors import Missing

_REFERENCE = "#/components/schemas/"

_OF_TYPES: dict[str, Any] = {"boolean": False, "integer": 1, "null": None}
_OF_FORMATS = {"date": "2029-12-31", "date-time": "2030-01-01T00:00:00Z"}
"""Where a field has none of its own."""


def of_request(schema: dict[str, Any], schemas: dict[str, Any]) -> list[Any]:
    """Those of the model, or else one of its fields'. Raises Missing."""
    model = schemas[schema["$ref"].removeprefix(_REFERENCE)] if "$ref" in schema else schema
    found: list[Any] = model.get("examples") or [of_schema(model, schemas)]
    return found


def of_schema(  # noqa: PLR0911 - one for each kind of schema
    schema: dict[str, Any], schemas: dict[str, Any], place: str = "a body"
) -> Any:
    """`place`: where it is, for the message. Raises Missing."""
    match schema:
        case {"examples": [first, *_]} | {"const": first} | {"enum": [first, *_]}:
            return first
        case {"$ref": reference}:
            name = reference.removeprefix(_REFERENCE)
            return of_schema(schemas[name], schemas, name)
        case {"anyOf": [first, *_]}:
            return of_schema(first, schemas, place)
        case {"properties": fields}:
            parts = fields.items()
            return {name: of_schema(part, schemas, f"{place}.{name}") for name, part in parts}
        case {"additionalProperties": value, "propertyNames": {"$ref": reference}}:
            names = schemas[reference.removeprefix(_REFERENCE)]["enum"]
            return {name: of_schema(value, schemas, place) for name in names}
        case {"type": "array", "maxItems": 0}:
            return []
        case {"type": "array", "items": item}:
            return [of_schema(item, schemas, place)]
    return _simple(schema, place)


def _simple(schema: dict[str, Any], place: str) -> Any:
    if schema["type"] in _OF_TYPES:
        return _OF_TYPES[schema["type"]]
    if schema.get("format") in _OF_FORMATS:
        return _OF_FORMATS[schema["format"]]
    raise Missing(f"an example of {place}: the `examples` of its Field")


_FILES = {
    "export_short_urls": (HEADER, "Link"),
    "export_qr_codes": (QR_CODES, "QrCode"),
    "export_access_log": (tuple(AccessLogEntryBody.model_fields), "AccessLogEntry"),
    "export_audit_log": (COLUMNS, "AuditLogEntry"),
}
"""Columns and the model of a row, by the function that responds with the file."""


def of_file(function: str, schemas: dict[str, Any]) -> str:
    """A CSV file with one row."""
    columns, model = _FILES.get(function, (SERIES, "SeriesPoint"))
    row = {"logo": None, **dict(_cells(of_schema(schemas[model], schemas), columns))}
    return csv_file.written(columns, [[row[column] for column in columns]]).text


def _cells(body: dict[str, Any], columns: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """By column; objects that have one as JSON, and parts of an entry of the audit log by their
    prefix, which `source` has not."""
    for name, value in body.items():
        if isinstance(value, dict) and name in columns:
            yield name, json.dumps(value)
        elif isinstance(value, dict):
            prefix = "" if name == "source" else f"{name}_"
            yield from ((prefix + part, cell) for part, cell in value.items())
        else:
            yield name, ",".join(value) if isinstance(value, list) else value

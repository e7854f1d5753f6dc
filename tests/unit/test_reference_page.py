"""How the reference's page words a schema and a text, and what its commands are."""

from __future__ import annotations

from typing import Any

import pytest

from jmpy.reference.curl import quoted
from jmpy.reference.render import with_code
from jmpy.reference.schemas import Schemas

SCHEMAS = Schemas(
    {
        "Status": {"type": "string", "enum": ["active", "disabled"]},
        "Link": {
            "type": "object",
            "required": ["id"],
            "properties": {
                "status": {"$ref": "#/components/schemas/Status"},
                "id": {"type": "string"},
            },
        },
    }
)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "format": "date-time"}, "string (date-time)"),
        ({"type": "string", "minLength": 1, "maxLength": 50}, "string, 1 to 50 characters"),
        ({"type": "integer", "minimum": 1}, "integer, at least 1"),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 20},
         "list of string, at most 20 of them"),
        ({"$ref": "#/components/schemas/Status"}, "active, disabled"),
        ({"anyOf": [{"type": "boolean", "const": False}, {"type": "null"}]}, "false or null"),
        ({}, "any value"),
    ],
)  # fmt: skip
def test_a_type_in_words(schema: dict[str, Any], words: str) -> None:
    assert SCHEMAS.type_of(schema) == words


def test_fields_are_named_from_the_outermost_object_on_and_required_ones_come_first() -> None:
    links = {"type": "array", "items": {"$ref": "#/components/schemas/Link"}}
    counts = {"type": "object", "additionalProperties": {"properties": {"n": {"type": "integer"}}}}
    schema = {"properties": {"links": {"anyOf": [links, {"type": "null"}]}, "by_day": counts}}
    assert [(field.name, field.is_required) for field in SCHEMAS.fields(schema)] == [
        ("links", False), ("links[].id", True), ("links[].status", False),
        ("by_day", False), ("by_day.*.n", False),
    ]  # fmt: skip


def test_text_is_escaped_and_code_is_marked() -> None:
    assert with_code("`a<b` & <script>") == "<code>a&lt;b</code> &amp; &lt;script&gt;"


def test_a_text_is_one_word_to_a_shell() -> None:
    assert quoted("plain") == "'plain'"
    assert quoted("it's") == """'it'"'"'s'"""

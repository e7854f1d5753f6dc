"""Why a field is rejected, in words for the sender. Pydantic's messages are for Python programmers;
none of them reaches a client."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

from jmpy.formats.request_body import RequestBody

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")

# By pydantic's type of error (https://docs.pydantic.dev/latest/errors/validation_errors/).
_REASONS = {
    "missing": "This field is required",
    "string_type": "Must be text",
    "string_unicode": "Must be Unicode text, without lone surrogates",
    "bool_type": "Must be true or false",
    "bool_parsing": "Must be true or false",
    "int_type": "Must be a whole number",
    "int_parsing": "Must be a whole number",
    "int_from_float": "Must be a whole number",
    "float_type": "Must be a number",
    "float_parsing": "Must be a number",
    "finite_number": "Must be a number",
    "list_type": "Must be a list",
    "dict_type": "Must be an object",
    "model_type": "Must be an object",
    "model_attributes_type": "Must be an object",
    "uuid_type": "Must be a UUID",
    "uuid_parsing": "Must be a UUID",
    "enum": "Must be {expected}",
    "literal_error": "Must be {expected}",
    "greater_than_equal": "Must be at least {ge}",
    "less_than_equal": "Must be at most {le}",
    "greater_than": "Must be more than {gt}",
    "less_than": "Must be less than {lt}",
    "string_too_short": "Must have at least {min_length} characters",
    "string_too_long": "Must have at most {max_length} characters",
    "too_short": "Must have at least {min_length} entries",
    "too_long": "Must have at most {max_length} entries",
}
_OURS = ("value_error", "assertion_error")
"""Raised by a validator of ours; the message is "Value error, " and its text."""

_AT_LEAST_ONE = {"string_too_short": "Must not be empty", "too_short": "Must not be empty"}

_CLOSE = 0.7
"""How similar names must be for a hint, from 0 to 1."""


def reason(error: Mapping[str, Any], model: type[BaseModel] | None = None) -> str:
    """For an entry of `ValidationError.errors()`. `model`: the validated one, for hints.

    The value itself is not repeated: it may be long or secret. Its length may be.
    """
    kind, context = error["type"], error.get("ctx") or {}
    if kind in ("too_short", "too_long") and isinstance(error["input"], str):
        kind = f"string_{kind}"  # of a secret, which pydantic counts as it counts lists
    if kind == "extra_forbidden":
        return _unknown(str(error["loc"][-1]), model)
    if kind in _AT_LEAST_ONE and context["min_length"] == 1:
        return _AT_LEAST_ONE[kind]
    if kind in _OURS:
        return str(error["msg"]).partition(", ")[2]
    text = _REASONS.get(kind, "Is invalid")
    length = len(error["input"]) if kind in ("string_too_long", "too_long") else 0
    return text.format(**context) + (f"; this has {length:,}" if length else "")


def _unknown(name: str, model: type[BaseModel] | None) -> str:
    if model is None:
        return "Unknown field"
    known = list(model.model_fields)
    if meant := _meant(name, known, model):
        return f"Unknown field; did you mean {meant!r}?"
    return f"Unknown field; the fields are {', '.join(known)}"


def _meant(name: str, known: list[str], model: type[BaseModel]) -> str | None:
    also = model.also_called if issubclass(model, RequestBody) else {}
    return also.get(_spelled(name)) or closest(name, known)


def _spelled(name: str) -> str:
    return _NOT_WORD.sub("_", _CAMEL.sub("_", name[:100]).lower()).strip("_")


def closest(name: str, known: list[str]) -> str | None:
    """The known name that a misspelled one probably means."""
    by_spelling = {field.lower(): field for field in known}
    close = difflib.get_close_matches(_spelled(name), by_spelling, n=1, cutoff=_CLOSE)
    return by_spelling[close[0]] if close else None

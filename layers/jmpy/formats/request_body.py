"""Common rules of request bodies: which fields are allowed, and which count as sent."""

from __future__ import annotations

from types import NoneType
from typing import Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, model_validator


class RequestBody(BaseModel):
    """An unknown field is rejected rather than silently ignored. An optional field that is empty
    counts as not sent: many clients send all the fields of their form. So does `null`, unless it
    has a meaning for the field, such as clearing a value."""

    model_config = ConfigDict(extra="forbid")

    also_called: ClassVar[dict[str, str]] = {}
    """Names of these fields in other APIs, for a hint."""

    @model_validator(mode="before")
    @classmethod
    def _without_empty_fields(cls, sent: Any) -> Any:
        if not isinstance(sent, dict):
            return sent
        return {name: value for name, value in sent.items() if not cls._is_empty(name, value)}

    @classmethod
    def _is_empty(cls, name: str, value: Any) -> bool:
        field = cls.model_fields.get(name)
        if field is None or field.is_required():
            return False
        return value == "" or (value is None and NoneType not in get_args(field.annotation))


def whole(value: Any) -> Any:
    """For fields that are strict about integers: in JSON, 60.0 is one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value

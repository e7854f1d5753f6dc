"""What a function is configured with: typed, read from its environment once, when it starts.

A function declares its settings as one frozen dataclass, and template.yaml sets exactly these
variables. For a table, the type says what the function does to it, which its role must permit
(tests/unit/test_settings.py compares both with the template).
"""

from __future__ import annotations

import os
from dataclasses import MISSING, dataclass, fields
from enum import Flag, auto
from typing import TYPE_CHECKING, Annotated, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


class Use(Flag):
    """What a function does to the items of a table."""

    READ = auto()
    WRITE = auto()


ReadTable = Annotated[str, Use.READ]
"""The name of a table from which items are only read."""
WriteTable = Annotated[str, Use.WRITE]
"""The name of a table to which items are written, without reading any."""
ReadWriteTable = Annotated[str, Use.READ | Use.WRITE]


class MissingSetting(Exception):
    """The environment lacks a variable."""


@dataclass(frozen=True)
class FunctionSettings:
    """The settings of a function are a subclass, with one field for each variable: `links_table` is
    read from `LINKS_TABLE`. A field with a default is optional."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Raises MissingSetting, or ValueError for an `int` that is none."""
        values: dict[str, str | int] = {}
        for field in fields(cls):
            text = environment.get(field.name.upper())
            if text is not None:
                values[field.name] = int(text) if field.type in {int, "int"} else text
            elif field.default is MISSING:
                raise MissingSetting(field.name.upper())
        return cls(**values)

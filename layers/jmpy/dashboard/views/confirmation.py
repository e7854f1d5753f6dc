"""The confirmation before anything ends: a page of its own, and a dialog where scripts run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from jmpy.dashboard.frame import View


@dataclass(frozen=True, slots=True)
class Fact:
    """About what is to end, to prevent mistakes."""

    term: str
    text: str = ""
    at: int | None = None
    """A time, in place of a text or before it."""
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A switch of the form."""

    name: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation(View):
    """The response to GET at the path that the form is posted to."""

    template: ClassVar[str] = "confirmation.html"
    question: str
    consequences: tuple[str, ...]
    """What ends, and what does not: a sentence or two each."""
    facts: tuple[Fact, ...] = ()
    action: tuple[str, ...]
    """Where the form is posted to, as segments of a path."""
    button: str
    back: tuple[str, ...]
    """Where Cancel leads, likewise."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What the form sends besides."""
    choice: Choice | None = None

"""Values that stand for others in an expected response: each equals whatever fits it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Matching:
    """Equals what fits. The arguments may hold text in braces, as all of a case."""

    what: str
    fits: Callable[..., bool]
    arguments: tuple[Any, ...] = ()

    def __eq__(self, found: object) -> bool:
        return self.fits(found, *self.arguments)

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f"<{self.what} {', '.join(map(repr, self.arguments))}>"


ANYTHING = Matching("anything", lambda _: True)
PRESENT = Matching("anything but None and empty text", lambda found: found not in (None, ""))


def pattern(expression: str) -> Matching:
    """Text that a regular expression matches as a whole."""
    return Matching("text like", _is_like, (expression,))


def _is_like(found: Any, expression: str) -> bool:
    return isinstance(found, str) and re.fullmatch(expression, found) is not None


def containing(text: str) -> Matching:
    return Matching("text with", lambda found, text: text in (found or ""), (text,))


def containing_text(text: str) -> Matching:
    """A document with this text somewhere in it."""
    return Matching("anything with", lambda found, text: text in str(found), (text,))


def without(text: str) -> Matching:
    """A document with this text nowhere in it."""
    return Matching("anything without", lambda found, text: text not in str(found), (text,))


def including(fields: Mapping[str, Any]) -> Matching:
    """An object with at least these fields."""
    return Matching("an object with", _includes, (fields,))


def _includes(found: Any, fields: Mapping[str, Any]) -> bool:
    return isinstance(found, dict) and all(
        name in found and expected == found[name] for name, expected in fields.items()
    )


def with_fields(names: Iterable[str]) -> Matching:
    """An object with exactly these fields, whatever they hold."""
    return Matching(
        "an object of",
        lambda found, *names: isinstance(found, dict) and set(found) == {*names},
        (*names,),
    )


def each(item: Any) -> Matching:
    """A list of whatever length, every item of which is like this."""
    return Matching(
        "a list of",
        lambda found, item: isinstance(found, list) and all(item == one for one in found),
        (item,),
    )


def all_of(*expected: Any) -> Matching:
    return Matching(
        "all of", lambda found, *expected: all(one == found for one in expected), expected
    )


def one_of(*choices: Any) -> Matching:
    return Matching("one of", lambda found, *choices: found in choices, choices)


def other_than(value: Any) -> Matching:
    return Matching("anything but", lambda found, value: bool(found != value), (value,))


def between(least: Any, most: Any) -> Matching:
    """A number or a time as text, bounds included."""
    return Matching("between", lambda found, least, most: least <= found <= most, (least, most))

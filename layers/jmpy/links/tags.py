"""The one rule for tags, at every entrance: API, bulk, import, dashboard, filters.

A tag is one line of 1 to 50 characters in normalization form C, without spaces around it and
without the characters that separate tags in lists, so that a list of tags as text is that list.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from jmpy.formats.caseless import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

SEPARATOR = ","
MAX_TAGS = 20
MAX_LENGTH = 50
_SEPARATORS = frozenset({SEPARATOR, "|"})
"""The second is that of other services' exports."""


def normalized(tag: str) -> str:
    """Raises ValueError, with the reason."""
    tag = unicodedata.normalize("NFC", tag).strip()
    if not tag:
        raise ValueError("A tag must have at least one character")
    if len(tag) > MAX_LENGTH:
        raise ValueError(f"A tag has at most {MAX_LENGTH} characters; this one has {len(tag)}")
    if not _SEPARATORS.isdisjoint(tag):
        raise ValueError("A tag has no comma and no '|', which separate tags")
    return tag


def split(text: str) -> list[str]:
    """Those of a list as text. Nothing is checked: a filter may name what no tag can be."""
    parts = unicodedata.normalize("NFC", text).split(SEPARATOR)
    return [tag for part in parts if (tag := part.strip())]


def joined(tags: tuple[str, ...]) -> str:
    return SEPARATOR.join(tags)


def unique(tags: Iterable[str] | None) -> tuple[str, ...]:
    """In their order; None is no tag. Of those that differ only in case, the first."""
    found: dict[str, str] = {}
    for tag in tags or ():
        found.setdefault(folded(tag), tag)
    return tuple(found.values())


def wanted(text: str) -> frozenset[str]:
    """Of a filter, as `has_any` compares them."""
    return frozenset(map(folded, split(text)))


def has_any(tags: Iterable[str], wanted: frozenset[str]) -> bool:
    """Whether one of the tags is wanted, whatever its case."""
    return not wanted.isdisjoint(map(folded, tags))

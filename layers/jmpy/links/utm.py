"""UTM parameters that a link sets: they are written into its destination when it is stored, so that
a redirect need not know of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.clicks.model import UTM
from jmpy.query_text import pair, values, with_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = tuple(name.value for name in UTM)
MAX_LENGTH = 255
"""Characters of a value."""


def applied(url: str, utm: Mapping[str, str]) -> str:
    """The URL with these parameters, by name; an empty one is removed."""
    ordered = {name: utm[name] for name in NAMES if name in utm}
    return with_pairs(
        url, {name: [pair(name, value)] if value else [] for name, value in ordered.items()}
    )


def as_in(url: str, utm: Mapping[str, str]) -> dict[str, str | None]:
    """These parameters with the values of the URL, so that to apply them leaves it as it is; None
    for those that it does not have, or spells in another way."""
    found = {name: value for name, value in reversed([*values(url)]) if name in utm and value}
    return dict.fromkeys(utm) | {
        name: value for name, value in found.items() if applied(url, {name: value}) == url
    }


def without_empty(utm: Mapping[str, str]) -> dict[str, str]:
    """What a link stores: the removal of a parameter is over once it is removed."""
    return {name: value for name, value in utm.items() if value}

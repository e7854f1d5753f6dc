"""Query strings, edited as text.

To parse a query and write it anew would re-encode what its owner wrote: `%2f` and `%2F`, `+` and
`%20`, `a` and `a=` mean different things to some servers, and signatures cover each byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def pair(name: str, value: str) -> str:
    """A parameter as text, with nothing in it that ends it, or the query, early."""
    # Half of a surrogate pair, which JSON can spell, is no character: it becomes a question mark.
    return "=".join(quote(text, safe="", errors="replace") for text in (name, value))


def with_pairs(url: str, pairs: Mapping[str, Sequence[str]]) -> str:
    """The URL with these parameters, by name, and with no others of their names.

    They take the place of the first one of their name, or come last; a name without any is
    removed. Every other byte stays where it was. Names are compared decoded, and by their case.
    """
    before, hash_sign, fragment = url.partition("#")
    path, question_mark, query = before.partition("?")
    missing = dict(pairs)
    texts: list[str] = []
    for text in query.split("&"):
        if text and (name := _name(text)) in pairs:
            texts += missing.pop(name, ())
        else:
            texts.append(text)
    edited = "&".join(texts)
    if added := "&".join(text for new in missing.values() for text in new):
        separator = "&" if edited and not edited.endswith("&") else ""
        edited += separator + added
    if query and not edited:
        question_mark = ""
    return path + (f"?{edited}" if edited else question_mark) + hash_sign + fragment


def values(url: str) -> Iterator[tuple[str, str]]:
    """The names and values of the URL's parameters, decoded, in their order."""
    query = url.partition("#")[0].partition("?")[2]
    for text in query.split("&"):
        if text:
            yield _name(text), unquote_plus(text.partition("=")[2])


def _name(text: str) -> str:
    return unquote_plus(text.partition("=")[0])

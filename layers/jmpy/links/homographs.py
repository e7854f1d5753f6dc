"""Hosts that are written to be taken for another, such as `apple.com` with a Cyrillic first letter.

The rule is that of Unicode Technical Standard 39 for identifiers ("highly restrictive"): a label
has letters of one script, or of Latin together with those of Chinese, Japanese or Korean. Beyond
it, a label that is altogether Cyrillic or Greek is rejected when each of its letters looks like a
Latin one, unless its top-level domain is one where such words are at home.

What it does not see is a lookalike within one script, such as a dotless i; the preview of a link
shows hosts in both spellings for that.
"""

from __future__ import annotations

import unicodedata

from jmpy.links.errors import InvalidDestination

ACE_PREFIX = "xn--"

_EAST_ASIAN = (
    frozenset({"LATIN", "HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "HAN", "BOPOMOFO"}),
    frozenset({"LATIN", "HAN", "HANGUL"}),
)

# A character's name begins with its script, for all that a host may have but these.
_SCRIPTS = {
    "CJK": "HAN",
    "IDEOGRAPHIC": "HAN",
    "VIETNAMESE": "HAN",
    "HENTAIGANA": "HIRAGANA",
    "TURNED": "LATIN",
    "EXTENDED": "ARABIC",
}
_COMMON = frozenset({"MODIFIER", "DIGIT"})

_LATIN_LOOKALIKES = {
    "CYRILLIC": frozenset("аеорсухіјѕԁԛԝһӏѵгьп"),
    "GREEK": frozenset("αονρσιγκυ"),
}
_AT_HOME = {
    "CYRILLIC": frozenset("bg by kg kz md me mk mn rs ru su tj tm ua uz".split()),  # noqa: SIM905
    "GREEK": frozenset({"gr", "cy"}),
}
"""Top-level domains in ASCII; one in the label's own script is its home as well."""


def check(host: str) -> None:
    """Of a host in ASCII. Raises InvalidDestination with the letters that give it away."""
    labels = host.split(".")
    for label in labels:
        if label.startswith(ACE_PREFIX):
            _check(decoded(label), labels[-1], host)


def shown(host: str) -> str:
    """As it is written in its own script; an ASCII host as it is."""
    try:
        return ".".join(map(decoded, host.split(".")))
    except InvalidDestination:  # of a link from before there was this rule
        return host


def decoded(label: str) -> str:
    """Raises InvalidDestination."""
    if not label.startswith(ACE_PREFIX):
        return label
    try:
        text = label.removeprefix(ACE_PREFIX).encode("ascii").decode("punycode")
    except (UnicodeError, OverflowError):
        raise InvalidDestination(f"{label[:100]!r} is not a valid host name") from None
    if text.isascii() or not text.isprintable() or unicodedata.normalize("NFC", text) != text:
        raise InvalidDestination(f"{label[:100]!r} is not a valid host name")
    return text


def _check(label: str, tld: str, host: str) -> None:
    scripts = {script for character in label if (script := _script(character))}
    if len(scripts) > 1 and not any(scripts <= allowed for allowed in _EAST_ASIAN):
        main = "LATIN" if "LATIN" in scripts else min(scripts)
        strange = [c for c in dict.fromkeys(label) if _script(c) not in (None, main)]
        raise InvalidDestination(
            f"The host {shown(host)!r} mixes {_listed(scripts)} letters, as lookalike hosts do; "
            f"it is {host} in ASCII. Check {_named(strange)}"
        )
    for script in scripts & _LATIN_LOOKALIKES.keys():
        letters = {character for character in label if _script(character)}
        at_home = tld in _AT_HOME[script] or tld.startswith(ACE_PREFIX)
        if letters <= _LATIN_LOOKALIKES[script] and not at_home:
            raise InvalidDestination(
                f"The host {shown(host)!r} can be mistaken for another, because all its letters "
                f"look like Latin ones; it is {host} in ASCII. Check {_named(sorted(letters))}"
            )


def _script(character: str) -> str | None:
    """Of a letter or digit; None for what is common to scripts, and for marks, which go with the
    letter before."""
    if character.isascii():
        return "LATIN" if character.isalpha() else None
    if unicodedata.category(character)[0] not in "LN":
        return None
    first = unicodedata.name(character, "").replace("-", " ").partition(" ")[0]
    return None if first in _COMMON else _SCRIPTS.get(first, first)


def _listed(scripts: set[str]) -> str:
    return " and ".join(sorted(script.capitalize() for script in scripts))


def _named(characters: list[str]) -> str:
    names = [f"{c!r} ({unicodedata.name(c, 'no name')}, U+{ord(c):04X})" for c in characters]
    return ", ".join(names[:5])

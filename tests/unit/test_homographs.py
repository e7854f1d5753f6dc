"""Hosts that are written to be taken for another are rejected, and honest ones in any script are
not."""

from __future__ import annotations

import pytest

from jmpy.links import destination, homographs
from jmpy.links.errors import InvalidDestination

MIXED = {
    "\u0430pple.com": "xn--pple-43d.com",
    "p\u0430ypal.com": "xn--pypal-4ve.com",
    "\u0430pple.example.com": "xn--pple-43d.example.com",
    "www.\u0430pple.com": "www.xn--pple-43d.com",
    "goo\u03bfle.com": None,
    "\u03b1\u0430.com": None,
    "ab\u0966.com": "xn--ab-luf.com",
    "\u05d0\u0627.com": None,
    "google\u0430.\u0440\u0444": None,
}
"""Each with its name in ASCII, where that is well known."""

WHOLE = [
    "\u0430\u0440\u0440\u04cf\u0435.com",
    "\u0441\u043e\u0441\u043e.org",
    "\u03bf\u03bd\u03bf.com",
]
HONEST = [
    "example.com",
    "b\u00fccher.de",
    "fa\u00df.de",
    "\u043f\u0440\u0438\u043c\u0435\u0440.com",
    "\u043f\u0440\u0438\u043c\u0435\u0440-2.\u0440\u0444",
    "\u0441\u043e\u0441\u043e.ru",
    "\u0441\u043e\u0441\u043e.\u0440\u0444",
    "\u03c0\u03b1\u03c1\u03ac\u03b4\u03b5\u03b9\u03b3\u03bc\u03b1.gr",
    "\u03bf\u03bd\u03bf.gr",
    "\u65e5\u672c\u8a9eabc.jp",
    "\u3072\u3089\u304c\u306a\u30ab\u30bf\u30ab\u30ca\u6f22\u5b57abc.jp",
    "\u30b3\u30fc\u30d2\u30fc.jp",
    "\ud55c\uad6dabc.kr",
    "\u4e2d\u6587abc.cn",
    "\u0938\u0902\u0917\u0920\u0928.\u092d\u093e\u0930\u0924",
    "\u0645\u062b\u0627\u0644.\u0625\u062e\u062a\u0628\u0627\u0631",
    "vi\u1ec7tnam.vn",
]


@pytest.mark.parametrize(("host", "in_ascii"), MIXED.items())
def test_a_label_of_mixed_scripts_is_rejected_with_its_name_in_ascii(
    host: str, in_ascii: str | None
) -> None:
    with pytest.raises(InvalidDestination) as rejected:
        destination.checked(f"https://{host}/")
    message = str(rejected.value)
    assert host in message
    assert "xn--" in message if in_ascii is None else in_ascii in message


def test_the_offending_letters_are_named() -> None:
    with pytest.raises(InvalidDestination, match=r"CYRILLIC SMALL LETTER A, U\+0430") as rejected:
        destination.checked("https://\u0430pple.com/")
    assert "LATIN SMALL" not in str(rejected.value)


@pytest.mark.parametrize("host", ["xn--pple-43d.com", "XN--PPLE-43D.com", "xn--80ak6aa92e.com"])
def test_who_sends_the_name_in_ascii_is_not_let_by(host: str) -> None:
    with pytest.raises(InvalidDestination, match="CYRILLIC"):
        destination.checked(f"https://{host}/")


@pytest.mark.parametrize("host", WHOLE)
def test_a_label_that_altogether_looks_like_latin_is_rejected(host: str) -> None:
    with pytest.raises(InvalidDestination, match="can be mistaken for another"):
        destination.checked(f"https://{host}/")


@pytest.mark.parametrize("host", HONEST)
def test_honest_names_in_any_script_are_accepted(host: str) -> None:
    stored = destination.checked(f"https://{host}/")
    assert stored.isascii()
    assert homographs.shown(stored.removeprefix("https://").removesuffix("/")) == host


@pytest.mark.parametrize(
    "host", ["xn--abc.com", "xn--google-.com", f"xn--{'z' * 26}99999999.com", "xn--.com"]
)
def test_what_is_no_name_in_ascii_is_no_host(host: str) -> None:
    with pytest.raises(InvalidDestination, match="not a valid"):
        destination.checked(f"https://{host}/")


def test_an_emoji_is_of_no_script() -> None:
    assert destination.checked("https://xn--i-7iq.ws/") == "https://xn--i-7iq.ws/"


def test_what_cannot_be_shown_is_shown_in_ascii() -> None:
    assert homographs.shown("xn--google-.com") == "xn--google-.com"

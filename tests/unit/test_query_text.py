"""Query strings are edited as text: what is not edited stays as it was, byte for byte."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jmpy import query_text
from jmpy.query_text import pair, with_pairs

UTM = {"utm_source": ["utm_source=news"]}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://e.com/?ug=a%2Bb", "https://e.com/?ug=a%2Bb&utm_source=news"),
        ("https://e.com/?abc", "https://e.com/?abc&utm_source=news"),
        ("https://e.com/?abc#x", "https://e.com/?abc&utm_source=news#x"),
        ("https://e.com/?a=1&a=2", "https://e.com/?a=1&a=2&utm_source=news"),
        ("https://e.com/?q=2+2", "https://e.com/?q=2+2&utm_source=news"),
        ("https://e.com/?sig=%2f", "https://e.com/?sig=%2f&utm_source=news"),
        ("https://e.com/#frag", "https://e.com/?utm_source=news#frag"),
        ("https://e.com/#a?b=c#d", "https://e.com/?utm_source=news#a?b=c#d"),
        ("https://e.com/?utm_source=mine", "https://e.com/?utm_source=news"),
        ("https://e.com/", "https://e.com/?utm_source=news"),
        ("https://e.com/?", "https://e.com/?utm_source=news"),
        ("https://e.com/?a=1&", "https://e.com/?a=1&utm_source=news"),
        ("https://e.com/?a=?b", "https://e.com/?a=?b&utm_source=news"),
        ("https://e.com/?a;utm_source=b", "https://e.com/?a;utm_source=b&utm_source=news"),
        ("https://e.com/?utm%5Fsource=mine&b", "https://e.com/?utm_source=news&b"),
        ("https://e.com/?utm_source&b", "https://e.com/?utm_source=news&b"),
        ("https://e.com/?UTM_source=mine", "https://e.com/?UTM_source=mine&utm_source=news"),
        (
            "https://e.com/?utm_source=1&&b=%zz&utm_source=2&c=%FF",
            "https://e.com/?utm_source=news&&b=%zz&c=%FF",
        ),
    ],
)
def test_a_parameter_is_replaced_or_added_and_all_else_stays(url: str, expected: str) -> None:
    assert with_pairs(url, UTM) == expected
    assert with_pairs(expected, UTM) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://e.com/?utm_source=mine", "https://e.com/"),
        ("https://e.com/?utm_source=mine#x", "https://e.com/#x"),
        ("https://e.com/?a=1&utm_source=mine&b=%2f", "https://e.com/?a=1&b=%2f"),
        ("https://e.com/?utm_source=1&a&utm_source=2", "https://e.com/?a"),
        ("https://e.com/?", "https://e.com/?"),
        ("https://e.com/?a=1", "https://e.com/?a=1"),
        ("https://e.com/", "https://e.com/"),
    ],
)
def test_a_name_without_values_is_removed(url: str, expected: str) -> None:
    assert with_pairs(url, {"utm_source": []}) == expected


def test_all_values_of_a_name_take_the_place_of_the_first() -> None:
    edited = with_pairs("https://e.com/?a=0&b=1&a=2", {"a": ["a=x", "a=y"], "c": ["c", "c=%2f"]})
    assert edited == "https://e.com/?a=x&a=y&b=1&c&c=%2f"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a b", "n=a%20b"),
        ("a+b", "n=a%2Bb"),
        ("&a=b#c?d/e", "n=%26a%3Db%23c%3Fd%2Fe"),
        ("\r\nLocation: https://evil.example", "n=%0D%0ALocation%3A%20https%3A%2F%2Fevil.example"),
        ("é", "n=%C3%A9"),
        ("\ud800", "n=%3F"),
        ("", "n="),
    ],
)
def test_a_pair_ends_neither_itself_nor_the_query(value: str, text: str) -> None:
    assert pair("n", value) == text


TEXT = st.text(max_size=6)
PAIRS = st.lists(st.tuples(st.sampled_from(["a", "b", "é &", "utm_source"]) | TEXT, TEXT))
EDITS = st.dictionaries(st.sampled_from(["a", "é &", "utm_source", "new"]), st.lists(TEXT))


def edited_by_reference(
    pairs: list[tuple[str, str]], edits: dict[str, list[str]]
) -> list[tuple[str, str]]:
    missing = dict(edits)
    result: list[tuple[str, str]] = []
    for name, value in pairs:
        if name in edits:
            result += [(name, new) for new in missing.pop(name, [])]
        else:
            result.append((name, value))
    return result + [(name, value) for name, values in missing.items() for value in values]


@settings(max_examples=200, deadline=None)
@given(PAIRS, EDITS)
def test_a_well_formed_query_ends_as_a_reference_edits_it(
    pairs: list[tuple[str, str]], edits: dict[str, list[str]]
) -> None:
    url = f"https://e.com/p?{urlencode(pairs)}#f"
    texts = {name: [pair(name, value) for value in values] for name, values in edits.items()}

    edited = urlsplit(with_pairs(url, texts))

    assert parse_qsl(edited.query, keep_blank_values=True) == edited_by_reference(pairs, edits)
    assert edited._replace(query="").geturl() == "https://e.com/p#f"


RAW = st.text("ab=%2fF+;?/é&", max_size=20)
FRAGMENT = st.just("") | st.text("a#?&=", max_size=5).map(lambda text: f"#{text}")


@settings(max_examples=300, deadline=None)
@given(RAW, FRAGMENT, EDITS)
def test_every_other_byte_stays(query: str, fragment: str, edits: dict[str, list[str]]) -> None:
    texts = {name: [pair(name, value) for value in values] for name, values in edits.items()}
    added = {text for values in texts.values() for text in values}

    edited = with_pairs(f"https://e.com/p?{query}{fragment}", texts)

    path, _, rest = edited.partition("#")
    assert rest == fragment[1:]
    assert path.startswith("https://e.com/p")
    others = [text for text in query.split("&") if text and not set(names(text)) & set(edits)]
    left = path.partition("?")[2].split("&")
    assert [text for text in left if text and text not in added] == [
        text for text in others if text not in added
    ]
    assert with_pairs(edited, texts) == edited


def names(text: str) -> list[str]:
    return [name for name, _ in query_text.values(f"?{text}")]


def test_values_are_decoded_in_their_order() -> None:
    found = list(query_text.values("https://e.com/?b=2+2&a&&a=%C3%A9=1#c=1"))
    assert found == [("b", "2 2"), ("a", ""), ("a", "é=1")]

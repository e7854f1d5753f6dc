"""A visitor's query string adds parameters to a destination, and changes nothing else."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jmpy.redirect.forwarding import MAX_LENGTH, forwarded

URL = "https://example.com/a/b?own=%2f&lang=de&lang=en#part"
KEY = "jmpy_" + "A1" * 19


@pytest.mark.parametrize(
    ("sent", "query"),
    [
        ({}, "own=%2f&lang=de&lang=en"),
        ({"a": ["1", "2"]}, "own=%2f&lang=de&lang=en&a=1&a=2"),
        ({"lang": ["fr"]}, "own=%2f&lang=fr"),
        ({"lang": ["fr", "it"], "b": [""]}, "own=%2f&lang=fr&lang=it&b="),
        ({"q": ["2+2 = 4"]}, "own=%2f&lang=de&lang=en&q=2%2B2%20%3D%204"),
        ({"é": ["ü"]}, "own=%2f&lang=de&lang=en&%C3%A9=%C3%BC"),
        ({"redir_url": ["https://evil"]}, "own=%2f&lang=de&lang=en&redir_url=https%3A%2F%2Fevil"),
        ({"lang": []}, "own=%2f&lang=de&lang=en"),
        ({"a#b?c": ["\r\nSet-Cookie: a=b"]},
         "own=%2f&lang=de&lang=en&a%23b%3Fc=%0D%0ASet-Cookie%3A%20a%3Db"),
    ],
)  # fmt: skip
def test_parameters_replace_those_of_the_same_name(sent: dict[str, list[str]], query: str) -> None:
    assert forwarded(URL, sent) == f"https://example.com/a/b?{query}#part"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("api_key", "anything"),
        ("API_KEY", KEY),
        (" api_key ", "x"),
        ("password", "open sesame"),
        ("Password", "x"),
        ("qr", "1"),
        ("token", KEY),
        ("q", f"see {KEY}, please"),
        ("q", KEY[:-4]),
        ("q", f"jmpt_{KEY[5:]}"),
        (KEY, ""),
    ],
)
def test_a_credential_is_never_forwarded(name: str, value: str) -> None:
    assert forwarded(URL, {name: [value], "a": ["1"]}) == forwarded(URL, {"a": ["1"]})
    assert forwarded(URL, {name: ["harmless", value]}) in {URL, forwarded(URL, {})}


def test_a_credential_does_not_replace_what_the_destination_has() -> None:
    url = "https://example.com/?password=of-the-destination"
    assert forwarded(url, {"password": ["x"]}) == url


def test_too_long_a_query_is_not_forwarded_at_all() -> None:
    room = MAX_LENGTH - len(forwarded(URL, {"a": [""]}))
    longest = forwarded(URL, {"a": ["x" * room]})
    assert len(longest) == MAX_LENGTH
    assert forwarded(URL, {"a": ["x" * (room + 1)], "b": ["1"]}) == URL
    assert forwarded(f"{URL}{'x' * MAX_LENGTH}", {"a": ["1"]}) == f"{URL}{'x' * MAX_LENGTH}"


def encodable(text: str) -> str:
    return text.encode(errors="replace").decode()


SENT = st.dictionaries(
    st.text(max_size=8) | st.sampled_from(["own", "lang", "#", "//evil", "\r\n", "\ud800"]),
    st.lists(st.text(max_size=12) | st.sampled_from(["#x", "\r\nLocation: x", "&a=b"]), max_size=3),
    max_size=5,
)


@settings(max_examples=300, deadline=None)
@given(SENT)
def test_nothing_that_a_visitor_sends_changes_where_a_link_leads(
    sent: dict[str, list[str]],
) -> None:
    location = forwarded(URL, sent)
    parts, own = urlsplit(location), urlsplit(URL)
    assert parts._replace(query="") == own._replace(query="")
    assert location.isascii()
    assert location.isprintable()
    expected: dict[str, list[str]] = {}
    for name, values in sent.items():
        if values and name.strip().lower() not in {"api_key", "password", "qr"}:
            # Names that have no encoding may become one that was sent, too.
            expected.setdefault(encodable(name), []).extend(map(encodable, values))
    found = parse_qsl(parts.query, keep_blank_values=True)
    for name, values in expected.items():
        assert [value for other, value in found if other == name] == values

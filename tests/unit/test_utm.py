"""UTM parameters in a destination."""

from __future__ import annotations

import pytest

from jmpy.links import utm

URL = "https://example.com/?ug=a%2Bb&utm_source=mine#part"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, URL),
        ({"utm_source": "x"}, "https://example.com/?ug=a%2Bb&utm_source=x#part"),
        ({"utm_source": ""}, "https://example.com/?ug=a%2Bb#part"),
        (
            {"utm_term": "b", "utm_medium": "a b+c", "utm_content": ""},
            "https://example.com/?ug=a%2Bb&utm_source=mine&utm_medium=a%20b%2Bc&utm_term=b#part",
        ),
    ],
)
def test_parameters_are_written_in_their_order(parameters: dict[str, str], expected: str) -> None:
    assert utm.applied(URL, parameters) == expected
    assert utm.applied(expected, parameters) == expected


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("utm_source=x", {"utm_source": "x", "utm_medium": None}),
        ("utm_source=a%20b&utm_term=c", {"utm_source": "a b", "utm_medium": None}),
        # To write these would change the destination.
        ("utm_source=a+b", {"utm_source": None, "utm_medium": None}),
        ("utm_source=", {"utm_source": None, "utm_medium": None}),
        ("utm_source=1&utm_source=2", {"utm_source": None, "utm_medium": None}),
    ],
)
def test_what_a_destination_has_can_be_set_without_changing_it(
    query: str, found: dict[str, str | None]
) -> None:
    assert utm.as_in(f"https://example.com/?{query}", {"utm_source": "", "utm_medium": ""}) == found

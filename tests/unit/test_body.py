import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmpy.http.body import MalformedBody, parse_json


@pytest.mark.parametrize(
    "text",
    ["", "{", "{'a': 1}", "NaN", "[Infinity]", "9" * 5000, "[" * 100_000, '{"a": 1}{'],
)
def test_what_is_not_json_has_a_clear_error(text: str) -> None:
    with pytest.raises(MalformedBody, match="The body"):
        parse_json(text)


@given(st.text())
def test_no_text_escapes_as_another_error(text: str) -> None:
    try:
        parse_json(text)
    except MalformedBody as error:
        assert str(error)  # noqa: PT017 - either outcome is fine, a third is not


@pytest.mark.parametrize("text", ['{"url": 1, "url": 2}', '[{"b": {"url": 1, "a": 0, "url": 1}}]'])
def test_a_name_that_an_object_has_twice_is_rejected_and_named(text: str) -> None:
    with pytest.raises(
        MalformedBody, match="ambiguous: an object has the name 'url' more than once"
    ):
        parse_json(text)


def test_a_byte_order_mark_is_ignored() -> None:
    assert parse_json('\ufeff{"a": 1}') == {"a": 1}


def test_json_is_read() -> None:
    assert parse_json(json.dumps({"a": [1, "\u00e9"]})) == {"a": [1, "\u00e9"]}

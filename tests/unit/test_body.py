import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmpy.http.body import MalformedBody, parse_json


@pytest.mark.parametrize(
    "text",
    ["", "{", "{'a': 1}", "NaN", "[Infinity]", "9" * 5000, "[" * 100_000, '{"a": 1}{', "\ufeff{}"],
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


def test_json_is_read() -> None:
    assert parse_json(json.dumps({"a": [1, "\u00e9"]})) == {"a": [1, "\u00e9"]}

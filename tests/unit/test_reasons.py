"""What a client is told about a field. Pydantic's own words reach nobody."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ConfigDict, Field, StrictBool, StrictInt, ValidationError

from jmpy.alerts.settings.schema import UpdateAlertSettings
from jmpy.formats.reasons import reason
from jmpy.formats.request_body import RequestBody
from jmpy.keys.request_schema import CreateApiKey, RotateApiKey, UpdateApiKey
from jmpy.links import utm
from jmpy.links.bulk_schema import BulkItem
from jmpy.links.request_schema import CreateLink, UpdateLink
from jmpy.webhooks.schema import SetAlertWebhook


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Sample(RequestBody):
    model_config = ConfigDict(json_schema_extra={})

    text: str = "x"
    long: Annotated[str, Field(max_length=3)] = "x"
    short: Annotated[str, Field(min_length=2)] = "xx"
    filled: Annotated[list[str], Field(min_length=1)] = ["x"]  # noqa: RUF012
    few: Annotated[list[str], Field(max_length=2)] = []  # noqa: RUF012
    flag: StrictBool = False
    number: Annotated[StrictInt, Field(ge=1, le=9)] = 1
    colour: Colour = Colour.RED
    state: Literal["on", "off"] = "on"
    time: dt.time = dt.time()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("text", 1, "Must be text"),
        ("long", "\ud800", "Must be Unicode text, without lone surrogates"),
        ("time", [], "Is invalid"),
        ("long", "abcd", "Must have at most 3 characters; this has 4"),
        ("short", "a", "Must have at least 2 characters"),
        ("filled", [], "Must not be empty"),
        ("filled", "a", "Must be a list"),
        ("few", ["a", "b", "c"], "Must have at most 2 entries; this has 3"),
        ("flag", "yes", "Must be true or false"),
        ("number", "1", "Must be a whole number"),
        ("number", 0, "Must be at least 1"),
        ("number", 10, "Must be at most 9"),
        ("colour", "green", "Must be 'red' or 'blue'"),
        ("state", "maybe", "Must be 'on' or 'off'"),
        ("colours", 1, "Unknown field; did you mean 'colour'?"),
        ("zzz", 1, "Unknown field; the fields are text, long, short, filled, few, flag, number, "
                   "colour, state, time"),
    ],
)  # fmt: skip
def test_each_rule_is_explained_in_plain_words(field: str, value: object, words: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Sample.model_validate({field: value})
    assert [reason(entry, Sample) for entry in raised.value.errors()] == [words]


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())


@pytest.mark.parametrize(
    "model",
    [
        CreateLink,
        UpdateLink,
        BulkItem,
        CreateApiKey,
        UpdateApiKey,
        RotateApiKey,
        UpdateAlertSettings,
        SetAlertWebhook,
    ],
)
@given(data=st.data())
def test_no_words_of_pydantic_reach_a_client(model: type[RequestBody], data: st.DataObject) -> None:
    sent = {name: data.draw(VALUES) for name in model.model_fields}
    try:
        model.model_validate(sent)
    except ValidationError as error:
        reasons = [reason(entry, model) for entry in error.errors()]
        assert not [
            text for text in reasons if re.search("Input should|Value error|should|{", text)
        ]


@pytest.mark.parametrize(
    ("model", "sent", "meant"),
    [
        (CreateLink, "original_url", "url"),
        (CreateLink, "long_url", "url"),
        (CreateLink, "customAlias", "custom_alias"),
        (CreateLink, "slug", "custom_alias"),
        (CreateLink, "title", "name"),
        (CreateLink, "expiresAt", "expires_at"),
        (UpdateLink, "Name", "name"),
        (UpdateLink, "isDynamic", "is_dynamic"),
        (BulkItem, "url", "original_url"),
        (BulkItem, "alias", "custom_alias"),
    ],
)
def test_a_field_of_another_api_is_recognized(
    model: type[RequestBody], sent: str, meant: str
) -> None:
    with pytest.raises(ValidationError) as raised:
        model.model_validate({"url": "x", "original_url": "x", sent: "x"} | {sent: "x"})
    told = {str(entry["loc"][0]): reason(entry, model) for entry in raised.value.errors()}
    assert told[sent] == f"Unknown field; did you mean {meant!r}?"


@pytest.mark.parametrize("empty", ["", None])
def test_an_optional_field_that_is_empty_counts_as_not_sent(empty: str | None) -> None:
    fields = set(CreateLink.model_fields) - {"url", *utm.NAMES}
    sent = CreateLink.model_validate({"url": "https://a.example/", **dict.fromkeys(fields, empty)})
    assert sent == CreateLink(url="https://a.example/")


def test_null_clears_what_can_be_cleared_and_empty_text_changes_nothing() -> None:
    assert UpdateLink.model_validate({"name": None, "status": None}).update() == {"name": None}
    fields = set(UpdateLink.model_fields) - set(utm.NAMES)
    assert UpdateLink.model_validate(dict.fromkeys(fields, "")).update() == {}


def test_an_empty_utm_parameter_is_to_be_removed() -> None:
    empty = dict.fromkeys(utm.NAMES, "")
    assert UpdateLink.model_validate(empty).update() == {"utm": empty}

"""Dataclasses as DynamoDB items."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.aws.codec import FLAG, NUMBER, TEXT, Codec, choice, choices, many, mapping

if TYPE_CHECKING:
    from collections.abc import Mapping


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Wheel:
    size: int
    maker: str | None = None


@dataclass(frozen=True, slots=True)
class Bicycle:
    id: str
    name: str
    note: str = ""
    gears: int = 1
    lit: bool = False
    locked: bool = True
    colour: Colour | None = None
    others: frozenset[Colour] = frozenset()
    wheels: tuple[Wheel, ...] = ()
    prices: Mapping[Colour, int] = field(default_factory=dict)


BICYCLE = Codec(
    Bicycle,
    apart=("id",),
    rename={"name": "label"},
    kinds={
        "colour": choice(Colour),
        "others": choices(Colour),
        "wheels": many(Codec(Wheel).nested),
        "prices": mapping(Colour, NUMBER),
    },
)
FULL = Bicycle(
    "1", "Ann's", "new", 0, True, False, Colour.RED, frozenset(Colour),
    (Wheel(28, "Acme"), Wheel(26)),
    {Colour.BLUE: 5},
)  # fmt: skip


def test_every_field_comes_back_as_it_was() -> None:
    assert BICYCLE.encode(FULL) == {
        "label": {"S": "Ann's"},
        "note": {"S": "new"},
        "gears": {"N": "0"},
        "lit": {"BOOL": True},
        "locked": {"BOOL": False},
        "colour": {"S": "red"},
        "others": {"SS": ["blue", "red"]},
        "wheels": {
            "L": [
                {"M": {"size": {"N": "28"}, "maker": {"S": "Acme"}}},
                {"M": {"size": {"N": "26"}}},
            ]
        },
        "prices": {"M": {"blue": {"N": "5"}}},
    }
    assert BICYCLE.decode(BICYCLE.encode(FULL), id="1") == FULL


def test_none_and_what_is_empty_by_default_have_no_attribute_but_numbers_do() -> None:
    plain = Bicycle("1", "")
    item = BICYCLE.encode(plain)
    assert item == {"label": {"S": ""}, "gears": {"N": "1"}, "locked": {"BOOL": True}}
    assert BICYCLE.decode(item, id="1") == plain


def test_changes_say_which_attributes_to_set_and_which_to_remove() -> None:
    changes = {"name": "Bob's", "gears": 0, "colour": None, "lit": False, "locked": False}
    assert BICYCLE.encode_changes(changes) == {
        "label": {"S": "Bob's"},
        "gears": {"N": "0"},
        "colour": None,
        "lit": None,
        "locked": {"BOOL": False},
    }


@pytest.mark.parametrize(
    "change",
    [
        {"label": None},
        {"label": {"N": "5"}},
        {"gears": {"S": "3"}},
        {"gears": {"N": "three"}},
        {"locked": {"S": "no"}},
        {"colour": {"S": "green"}},
        {"others": {"SS": ["red", "green"]}},
        {"others": {"L": [{"S": "red"}]}},
        {"wheels": {"L": [{"M": {}}]}},
        {"prices": {"M": {"green": {"N": "5"}}}},
    ],
)
def test_an_item_of_another_form_is_rejected(change: dict[str, Any]) -> None:
    item = {k: v for k, v in {**BICYCLE.encode(FULL), **change}.items() if v is not None}
    with pytest.raises((KeyError, ValueError)):
        BICYCLE.decode(item, id="1")


def test_a_field_of_another_type_needs_its_kind() -> None:
    with pytest.raises(KeyError, match="Colour"):
        Codec(Bicycle)


@pytest.mark.parametrize(("kind", "value"), [(TEXT, ""), (NUMBER, -1), (FLAG, False)])
def test_kinds_stand_alone(kind: Any, value: object) -> None:
    assert kind.decode(kind.encode(value)) == value

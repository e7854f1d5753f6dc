"""Dataclasses as DynamoDB items and back, field by field.

A field has no attribute while it is `None`, or while it has its default and that is `False` or
empty: items stay small, and conditions can be `attribute_not_exists`. Numbers always have one,
since writes compare them and add to them.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from dataclasses import Field
    from enum import StrEnum

Item = dict[str, Any]
"""Attributes by name, each as in `{"S": "text"}`."""

Record = TypeVar("Record")


class Kind:
    """How values of a type are stored. No `NamedTuple`: it would be most of this module's import,
    which cold starts wait for."""

    __slots__ = ("decode", "encode")

    def __init__(self, encode: Callable[[Any], Item], decode: Callable[[Item], Any]) -> None:
        """`decode` raises KeyError or ValueError on an attribute that `encode` did not write."""
        self.encode = encode
        self.decode = decode


TEXT = Kind(lambda value: {"S": value}, itemgetter("S"))
NUMBER = Kind(lambda value: {"N": str(value)}, lambda attribute: int(attribute["N"]))
FLAG = Kind(lambda value: {"BOOL": value}, itemgetter("BOOL"))

_PLAIN = {"str": TEXT, "int": NUMBER, "bool": FLAG}
"""By annotation, as text: a module with a record imports `annotations` from `__future__`."""


def choice(options: type[StrEnum]) -> Kind:
    """One of them, as a string."""
    by_value = {option.value: option for option in options}
    return Kind(lambda value: {"S": value.value}, lambda attribute: by_value[attribute["S"]])


def choices(options: type[StrEnum]) -> Kind:
    """A `frozenset` of them, as a set of strings."""
    by_value = {option.value: option for option in options}
    return Kind(
        lambda values: {"SS": sorted(values)},
        lambda attribute: frozenset([by_value[value] for value in attribute["SS"]]),
    )


def many(kind: Kind) -> Kind:
    """A `tuple`, as a list."""
    return Kind(
        lambda values: {"L": [kind.encode(value) for value in values]},
        lambda attribute: tuple(kind.decode(value) for value in attribute["L"]),
    )


def mapping(names: type[StrEnum], kind: Kind) -> Kind:
    """A `dict` whose keys are options, as a map."""
    by_value = {name.value: name for name in names}
    return Kind(
        lambda values: {"M": {name.value: kind.encode(value) for name, value in values.items()}},
        lambda attribute: {
            by_value[name]: kind.decode(value) for name, value in attribute["M"].items()
        },
    )


def texts() -> Kind:
    """A `dict` of texts by names that are no options, as a map."""
    return Kind(
        lambda values: {"M": {name: {"S": value} for name, value in values.items()}},
        lambda attribute: {name: value["S"] for name, value in attribute["M"].items()},
    )


_Attribute = tuple[str, "Callable[[Any], Item]", bool]
"""Its name, how it is encoded, and whether it is absent if it is empty."""

_Decoding = tuple[str, str, "Callable[[Item], Any]"]
"""Of a field from the attribute of that name."""


class Codec(Generic[Record]):
    """For one dataclass."""

    def __init__(
        self,
        record: type[Record],
        *,
        apart: Collection[str] = (),
        rename: Mapping[str, str] | None = None,
        kinds: Mapping[str, Kind] | None = None,
    ) -> None:
        """`apart` are fields with no attribute of their own, such as those in the primary key;
        `rename` has the attributes' names that differ, by field; `kinds` those of fields that are
        no text, integer or truth value, by field. Raises KeyError for one that is missing there."""
        self._record = record
        renamed, kinds = rename or {}, kinds or {}
        self._attributes: dict[str, _Attribute] = {}
        """By field."""
        self._required: list[_Decoding] = []
        self._optional: list[_Decoding] = []
        for field in fields(record):  # type: ignore[arg-type]
            if field.name in apart:
                continue
            name = renamed.get(field.name, field.name)
            kind = kinds.get(field.name) or _PLAIN[str(field.type).removesuffix(" | None")]
            self._attributes[field.name] = (name, kind.encode, _is_empty_by_default(field))
            is_required = field.default is MISSING and field.default_factory is MISSING
            decodings = self._required if is_required else self._optional
            decodings.append((field.name, name, kind.decode))

    def encode(self, record: Record) -> Item:
        item = {}
        for field, (name, encode, is_absent_if_empty) in self._attributes.items():
            value = getattr(record, field)
            if value is not None and (value or not is_absent_if_empty):
                item[name] = encode(value)
        return item

    def decode(self, item: Mapping[str, Any], **apart: Any) -> Record:
        """`apart`: the values of the fields that are. Raises KeyError or ValueError on an item that
        `encode` did not write."""
        values = apart
        for field, name, decode in self._required:
            values[field] = decode(item[name])
        for field, name, decode in self._optional:
            if name in item:
                values[field] = decode(item[name])
        return self._record(**values)

    def encode_changes(self, changes: Mapping[str, Any]) -> dict[str, Item | None]:
        """The attributes of changed fields, by name; None for those that are to be removed."""
        encoded: dict[str, Item | None] = {}
        for field, value in changes.items():
            name, encode, is_absent_if_empty = self._attributes[field]
            is_absent = value is None or (is_absent_if_empty and not value)
            encoded[name] = None if is_absent else encode(value)
        return encoded

    @property
    def nested(self) -> Kind:
        """A record within another one, as a map."""
        return Kind(
            lambda record: {"M": self.encode(record)},
            lambda attribute: self.decode(attribute["M"]),
        )


def _is_empty_by_default(field: Field[Any]) -> bool:
    """Numbers are not: 0 is a value."""
    if field.default_factory is not MISSING:
        return not field.default_factory()
    return field.default is False or field.default in ("", (), frozenset())

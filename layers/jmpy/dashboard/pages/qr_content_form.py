"""What is typed into the form of a QR code's content, by its type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jmpy.dashboard.pages.mistakes import validated
from jmpy.qr.content import content
from jmpy.qr.content_schema import field_names, parsed_data
from jmpy.web.form import SECRETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.qr.content import Content, ContentType
    from jmpy.web.form import Form

CONTENT = "content_data."
"""What the names of its fields start with, as in the API's errors."""

_NUMBERS = frozenset({"latitude", "longitude"})
_SWITCHES = frozenset({"hidden"})
_EXACT = frozenset({"ssid", "password"})
"""White space around them is a part of them."""
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{0,20})?")


def typed(form: Form, content_type: ContentType) -> dict[str, str]:
    """By the name of the field, without secrets."""
    names = (name for name in field_names(content_type) if CONTENT + name not in SECRETS)
    return {name: _text(form, name) for name in names}


def shown(data: Mapping[str, Any]) -> dict[str, str]:
    """Stored content, as it is typed."""
    return {
        name: ("on" if value else "") if name in _SWITCHES else str(value)
        for name, value in data.items()
        if CONTENT + name not in SECRETS
    }


def sent(form: Form, content_type: ContentType) -> dict[str, Any]:
    """The fields in the words of the API; what is empty is absent."""
    found = {name: _text(form, name) for name in field_names(content_type)}
    return {name: _value(name, text) for name, text in found.items() if text}


def checked(content_type: ContentType, given: Mapping[str, Any]) -> Content:
    """Raises Mistakes, InvalidContent."""
    with validated(CONTENT):
        data = parsed_data(content_type, given)
    found = content(content_type, data.model_dump())
    found.payload()
    return found


def longest(content_type: ContentType) -> str:
    """The field that is to be shortened if it does not fit."""
    names = field_names(content_type)
    return CONTENT + next((name for name in ("body", "message") if name in names), names[0])


def _text(form: Form, name: str) -> str:
    """With the line breaks that people mean: browsers send CRLF (HTML, "form submission")."""
    exact = name in _EXACT
    text = form.exact(CONTENT + name) if exact else form.text(CONTENT + name)
    return text.replace("\r\n", "\n")


def _value(name: str, text: str) -> Any:
    if name in _SWITCHES:
        return True
    return float(text) if name in _NUMBERS and _NUMBER.fullmatch(text) else text

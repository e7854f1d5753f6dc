"""The fields of a submitted form."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from jmpy.http.body import EncodedBody, MalformedBody, checked
from jmpy.http.errors import BodyTooLarge, UnsupportedMediaType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MEDIA_TYPE = "application/x-www-form-urlencoded"
CSRF_TOKEN = "csrf_token"  # noqa: S105 - names of fields
FORM_TOKEN = "form_token"  # noqa: S105
NOT_TYPED = frozenset({CSRF_TOKEN, FORM_TOKEN})
"""Fields that pages add to every form that changes something."""
SECRETS = frozenset({"password", "content_data.password"})
"""Fields whose values are never shown again."""

MAX_SIZE = 256 * 1024
"""Bytes of a form as sent, in characters."""
MAX_FIELDS = 200
UNREADABLE = (UnsupportedMediaType, BodyTooLarge, MalformedBody, EncodedBody)


class Form:
    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        self._fields = fields

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def text(self, name: str) -> str:
        """The field's first value without white space around it; empty if it was not sent."""
        return self.exact(name).strip()

    def exact(self, name: str) -> str:
        """The same with its white space, which may be a part of a password or of a name."""
        return self._fields.get(name, [""])[0]

    def texts(self, name: str) -> list[str]:
        """All values, such as those of checkboxes with one name."""
        return list(self._fields.get(name, []))

    def pairs(self, without: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Names and values as they were sent, except the fields `without`."""
        return [
            (name, value)
            for name, values in self._fields.items()
            if name not in without
            for value in values
        ]


def parse(event: Mapping[str, Any]) -> Form:
    """Raises UnsupportedMediaType, BodyTooLarge, MalformedBody, EncodedBody."""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    media_type = (headers.get("content-type") or "").partition(";")[0].strip().lower()
    body: str = event.get("body") or ""
    if media_type != MEDIA_TYPE:
        raise UnsupportedMediaType(media_type, accepted=MEDIA_TYPE)
    if len(body) > MAX_SIZE:
        raise BodyTooLarge(MAX_SIZE, len(body))
    try:
        if event.get("isBase64Encoded"):
            body = base64.b64decode(body, validate=True).decode()
        body = checked(body, headers)
        fields = parse_qs(body, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError:  # Unicode errors are ValueErrors too
        raise MalformedBody("The form cannot be read") from None
    return Form(fields)

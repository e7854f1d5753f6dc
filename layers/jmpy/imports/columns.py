"""Which field of a record means what.

The names are those of the exports and APIs of Bitly (v4), Shlink (API v3, web client, CSV
importer), YOURLS (its table and `stats` API), Kutt (API v2), and of our own export.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from pydantic import StrictBool

from jmpy.http.times import Time, seconds
from jmpy.links.bulk import Failure
from jmpy.links.bulk_errors import InvalidField
from jmpy.links.bulk_schema import BulkItem, parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmpy.imports.records import Record
    from jmpy.links.bulk import Row

# The first one that a record has is taken.
_DESTINATION = ("original_url", "long_url", "target", "url")
_CODE = ("custom_alias", "short_code", "keyword", "address")
_SHORT_URL = ("custom_bitlinks", "short_url", "shorturl", "link")
_NAME = ("name", "title", "description")
_EXPIRY = ("expires_at", "expire_in", "valid_until")
_TAGS = ("tags",)
_PASSWORD = ("password", "is_password_protected")
_FLAGS = ("is_dynamic", "disabled", "banned", "status", "tracking_enabled")
_USED = {*_DESTINATION, *_CODE, *_SHORT_URL, *_NAME, *_EXPIRY, *_TAGS, *_PASSWORD, *_FLAGS}

_NAME_LENGTH = 255
_PROTECTED = "The link has a password, which is not taken over; make the link anew with a password"


class _ImportedItem(BulkItem):
    expires_at: Time = None
    is_dynamic: StrictBool = False
    disabled: StrictBool = False
    tracking_enabled: StrictBool = True

    def to_row(self, number: int) -> Row:
        return replace(
            super().to_row(number),
            expires_at=seconds(self.expires_at),
            is_dynamic=self.is_dynamic,
            disabled=self.disabled,
            tracking_enabled=self.tracking_enabled,
        )


def rows(records: Iterable[Record]) -> Iterator[Row | Failure]:
    for number, record in enumerate(records, 1):
        if any(_has(record.get(field)) for field in _PASSWORD):
            # A flag, a hash or the password itself, by service: without one that can be set,
            # everybody could follow the link.
            url = _first(record, _DESTINATION)
            yield Failure(number, url, (InvalidField("password", _PROTECTED),))
        else:
            yield parsed(number, _item(record), _ImportedItem)


def left_behind(records: Iterable[Record]) -> list[str]:
    """The fields that nothing is made of, such as clicks."""
    return sorted({field for record in records for field in record} - _USED)


def _item(record: Record) -> dict[str, Any]:
    item = {
        "original_url": _first(record, _DESTINATION) or "",
        "custom_alias": _code(record),
        "name": _line(_first(record, _NAME)),
        "tags": _tags(record.get("tags")),
        "expires_at": _first(record, _EXPIRY),
        "is_dynamic": _is_true(record.get("is_dynamic")),
        # A link that nobody could follow there is not to work here.
        "disabled": _is_true(record.get("disabled"))
        or _is_true(record.get("banned"))
        or record.get("status") == "disabled",
        "tracking_enabled": _is_true(record.get("tracking_enabled", True)),
    }
    return {field: value for field, value in item.items() if value is not None}


def _first(record: Record, fields: Iterable[str]) -> Any:
    return next((record[field] for field in fields if field in record), None)


def _code(record: Record) -> Any:
    """As it is, or what follows the host in the short URL."""
    code = _first(record, _CODE)
    if code is not None:
        return str(code)
    short_url = _first(record, _SHORT_URL)
    if isinstance(short_url, list):
        short_url = short_url[0]
    if not isinstance(short_url, str):
        return None
    try:
        path = urlsplit(short_url if "//" in short_url else f"//{short_url}").path
    except ValueError:
        return short_url
    return unquote(path.strip("/")) or None


def _line(text: Any) -> Any:
    """Titles of pages are long, and have line breaks."""
    if not isinstance(text, str):
        return text
    return " ".join(_undefused(text).split())[:_NAME_LENGTH] or None


def _undefused(text: str) -> str:
    """Without the apostrophe that our own CSV files have before what looks like a formula."""
    return text[1:] if text[:2] in ("'=", "'+", "'-", "'@") else text


def _tags(tags: Any) -> Any:
    if isinstance(tags, str):
        tags = _undefused(tags).replace("|", ",").split(",")
    if not isinstance(tags, list):
        return tags
    return [tag.strip() if isinstance(tag, str) else tag for tag in tags if tag] or None


def _has(password: Any) -> bool:
    return str(password or "").strip().lower() not in ("", "false", "0", "no")


def _is_true(value: Any) -> bool:
    return value is True or str(value).strip().lower() in ("true", "1", "yes")

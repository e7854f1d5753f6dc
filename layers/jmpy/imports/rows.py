"""Converts records of another service to rows that can become links."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from pydantic import StrictBool

from jmpy.formats.one_line import is_one_line
from jmpy.formats.time_field import Time
from jmpy.formats.times import seconds
from jmpy.imports.fields import Role
from jmpy.links import codes, tags
from jmpy.links.bulk import Failure
from jmpy.links.bulk_errors import InvalidField
from jmpy.links.bulk_schema import BulkItem, parsed
from jmpy.links.domain_schema import Host, WithDomain
from jmpy.links.errors import InvalidAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmpy.imports.fields import Recognized
    from jmpy.imports.records import File, Record
    from jmpy.links.bulk import Row
    from jmpy.links.new_link import NewLink

_NAME_LENGTH = 255
_PROTECTED = "The link has a password, which is not imported; create the link anew with a password"

_NO_CODE = "The row has no short code; RANDOM_CODES=1 gives it a new one"

# How spreadsheets change the code 100000, or 1e5.
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)
# And mar24 or 24mar, in exactly this case.
_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DATE = re.compile(rf"\d{{1,2}}-(?:{_MONTH})|(?:{_MONTH})-\d{{2}}")
_SINCE_EPOCH = re.compile(r"\d{9,13}(?:\.0+)?")
_TRUE = frozenset(["true", "1", "yes", "wahr", "vrai", "verdadero", "vero"])
_FALSE = frozenset(["false", "0", "no", "falsch", "faux", "falso"])
"""Spreadsheets translate these."""

_NEVER = frozenset(["never", "none", "null", "nil", "n/a", "-"])
_ZERO_DATE = "0000-00-00"
"""MySQL's null date (https://dev.mysql.com/doc/refman/8.4/en/datetime.html)."""

_MILLISECONDS = 10**11
"""Numbers from here on are milliseconds since the epoch: in seconds, this is the year 5138."""


class _ImportedItem(WithDomain, BulkItem):
    expires_at: Time = None
    is_dynamic: StrictBool = False
    forward_query: StrictBool = False
    disabled: StrictBool = False
    tracking_enabled: StrictBool = True
    qr_code: str | None = None
    qr_host: Host | None = None
    """Of a QR code that was printed before its link moved to another domain."""

    def new_link(self) -> NewLink:
        return replace(
            super().new_link(),
            expires_at=seconds(self.expires_at),
            is_dynamic=self.is_dynamic,
            forward_query=self.forward_query,
            disabled=self.disabled,
            tracking_enabled=self.tracking_enabled,
            qr_code=self.qr_code,
            qr_host=self.qr_host,
        )


def rows(
    file: File, recognized: Recognized, *, random_codes: bool = False
) -> Iterator[Row[NewLink] | Failure]:
    """With `random_codes`, a record without a code becomes a row without one."""
    for number, record in enumerate(file.records, 1):
        if isinstance(record, Failure):
            yield record
            continue
        try:
            item = _item(record, recognized)
            if not (random_codes or "custom_alias" in item):
                raise InvalidField("custom_alias", _NO_CODE)
            yield parsed(number, item, _ImportedItem)
        except InvalidField as error:
            url = recognized.value(record, Role.DESTINATION)
            yield Failure(number, url if isinstance(url, str) else None, (error,))


def _item(record: Record, recognized: Recognized) -> dict[str, Any]:
    """Raises InvalidField."""
    if any(map(_is_set, recognized.values(record, Role.PASSWORD))):
        # A flag, a hash or the password itself, by service. Without a password that can be set,
        # anybody could follow the link.
        raise InvalidField("password", _PROTECTED)
    item = {
        "original_url": recognized.value(record, Role.DESTINATION) or "",
        "custom_alias": _code(record, recognized),
        "name": _line(recognized.value(record, Role.NAME)),
        "tags": _tags(recognized.value(record, Role.TAGS)),
        "expires_at": _time(recognized.value(record, Role.EXPIRY)),
        "is_dynamic": is_true(recognized.value(record, Role.DYNAMIC)),
        "forward_query": is_true(recognized.value(record, Role.FORWARDING)),
        **{name: record.get(name) for name in recognized.by_role[Role.UTM]},
        "disabled": _is_disabled(record, recognized),
        "tracking_enabled": not _is_false(recognized.value(record, Role.TRACKING)),
        "campaign_id": recognized.value(record, Role.CAMPAIGN),
        "url_type": recognized.value(record, Role.URL_TYPE),
        "subdomain": recognized.value(record, Role.SUBDOMAIN),
        "branded_domain": recognized.value(record, Role.BRANDED_DOMAIN),
        "qr_code": printed_code(recognized.value(record, Role.QR_CODE)),
        "qr_host": _printed_host(record, recognized),
    }
    if item["qr_code"] == item["custom_alias"]:
        del (
            item["qr_code"],
            item["qr_host"],
        )  # our API draws the short URL of a link that has no QR code
    return {field: value for field, value in item.items() if value is not None}


def _code(record: Record, recognized: Recognized) -> str | None:
    """The code, or the part of the short URL after the host.

    Raises InvalidField if the two differ: a spreadsheet has changed the code to 1.0E+05, 123 or
    21-Mar, and printed short URLs would lead nowhere.
    """
    code = _of_code(recognized.value(record, Role.CODE))
    by_url = [
        found for value in recognized.values(record, Role.SHORT_URL) if (found := _of_url(value))
    ]
    if code is None:
        return by_url[0] if by_url else None
    # A service may be below a path: the code is the last part of the short URL.
    if by_url and not any(f"/{path}".endswith(f"/{code}") for path in by_url):
        raise InvalidField(
            "custom_alias",
            f"The code {code[:50]!r} is not that of the short URL, {by_url[0][:50]!r}; has a "
            "spreadsheet rewritten it?",
        )
    if not by_url and (kind := _rewritten(code)):
        raise InvalidField(
            "custom_alias",
            f"{code[:50]!r} is a {kind} that a spreadsheet has rewritten; export the file again "
            "and import it unopened",
        )
    return code


def code_of(short_url: Any) -> str | None:
    """The last part of its path; None without one."""
    return (_of_url(short_url) or "").rpartition("/")[2] or None


def printed_code(content: Any) -> str | None:
    """The short code that a QR code contains. Raises InvalidField."""
    if content is None:
        return None
    try:
        return codes.checked_alias(code_of(content) or "")
    except InvalidAlias:
        raise InvalidField("qr_content", f"{str(content)[:50]!r} is no short URL") from None


def _printed_host(record: Record, recognized: Recognized) -> str | None:
    """Of the QR code, where it is not that of the short URL: the link moved."""
    host = host_of(recognized.value(record, Role.QR_CODE))
    return None if host == host_of(record.get("short_url")) else host


def host_of(short_url: Any) -> str | None:
    """None without one."""
    try:
        return urlsplit(short_url).hostname if isinstance(short_url, str) else None
    except ValueError:
        return None


def _rewritten(code: str) -> str | None:
    if _NUMBER.fullmatch(code) and not code.isalnum():
        return "number"
    return "date" if _DATE.fullmatch(code) else None


def _of_code(value: Any) -> str | None:
    """The code in `promo`, `/promo`, `https://s.example/promo` or `s.example/promo`."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InvalidField("custom_alias", "A code is text")
    text = str(value).strip()
    return _of_url(text) if "://" in text or "/" in text.strip("/") else text.strip("/") or None


def _of_url(short_url: Any) -> str | None:
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
    """Titles of pages are long, and have line breaks; a valid name stays as it is."""
    if not isinstance(text, str) or (len(text) <= _NAME_LENGTH and is_one_line(text)):
        return text
    return " ".join(text.split())[:_NAME_LENGTH] or None


def _tags(value: Any) -> Any:
    if isinstance(value, str):
        return tags.split(value.replace("|", tags.SEPARATOR)) or None
    if not isinstance(value, list):
        return value
    # Dub's tags are objects with a name.
    named = [tag.get("name") if isinstance(tag, dict) else tag for tag in value]
    return [tag for tag in named if tag] or None


def _time(value: Any) -> Any:
    """A number is seconds or milliseconds since the epoch."""
    value = value.strip() if isinstance(value, str) else value
    if isinstance(value, str) and (_word(value) in _NEVER or value.startswith(_ZERO_DATE)):
        return None
    if isinstance(value, str) and _SINCE_EPOCH.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if value == 0:
        return None
    try:
        return datetime.fromtimestamp(
            value / 1000 if value >= _MILLISECONDS else value, UTC
        ).isoformat()
    except (OverflowError, OSError, ValueError):
        raise InvalidField("expires_at", f"{value} is no time") from None


def _is_disabled(record: Record, recognized: Recognized) -> bool:
    """A link that did not work there does not work here."""
    status = str(recognized.value(record, Role.STATUS) or "").strip().lower()
    expired = status == "expired" and recognized.value(record, Role.EXPIRY) is None
    return (
        expired
        or str(recognized.value(record, Role.SAFETY) or "safe").strip().lower() != "safe"
        or status in ("disabled", "inactive", "blocked", "banned", "deleted", "paused")
        or any(map(is_true, recognized.values(record, Role.DISABLED)))
        or any(map(_is_false, recognized.values(record, Role.ENABLED)))
    )


def _is_set(password: Any) -> bool:
    return _word(password) not in _FALSE | {"", "none", "null"}


def is_true(value: Any) -> bool:
    return _word(value) in _TRUE


def _is_false(value: Any) -> bool:
    return _word(value) in _FALSE


def _word(value: Any) -> str:
    return "" if value is None else str(value).strip().lower()

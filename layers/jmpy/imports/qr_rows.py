"""Converts records of our own export of QR codes to rows that can become QR codes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import StrictBool, ValidationError

from jmpy.errors import Problem
from jmpy.formats.reasons import reason
from jmpy.imports.rows import code_of, host_of, is_true, printed_code
from jmpy.links import destination
from jmpy.links.bulk import Failure
from jmpy.links.bulk_errors import InvalidField
from jmpy.links.errors import InvalidDestination
from jmpy.links.fields import Name
from jmpy.qr.content_schema import WithContent
from jmpy.qr.export import LOGO, readable
from jmpy.qr.logo_source import LogoSource
from jmpy.qr.look_schema import VisualSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmpy.imports.records import File, Record
    from jmpy.qr.content import Content, ContentType
    from jmpy.qr.look import Look


@dataclass(frozen=True, slots=True)
class Printed:
    """What a dynamic or tracked code contains, and the link that it leads to."""

    url: str
    code: str
    short_code: str
    """Of the link."""
    host: str
    """In the link's short URL."""

    @property
    def qr_host(self) -> str:
        """In what the code contains."""
        return host_of(self.url) or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QrRow:
    number: int
    sent: str
    """What a scanner reads, as in the file."""
    name: str | None
    content_type: ContentType
    content: Content
    look: Look
    logo: bytes | None
    """A PNG."""
    is_dynamic: bool
    printed: Printed | None
    """None for a static code, which contains its content itself."""


class _ImportedQrCode(WithContent):
    name: Name | None = None
    visual_settings: VisualSettings
    is_dynamic: StrictBool = False


def rows(file: File) -> Iterator[QrRow | Failure]:
    for number, record in enumerate(file.records, 1):
        yield record if isinstance(record, Failure) else _parsed(number, record)


def _parsed(number: int, record: Record) -> QrRow | Failure:
    sent = str(record.get("content", ""))
    try:
        return _row(number, sent, record)
    except ValidationError as invalid:
        errors = tuple(
            InvalidField(".".join(map(str, entry["loc"])), reason(entry, _ImportedQrCode))
            for entry in invalid.errors()
        )
        return Failure(number, sent, errors)
    except Problem as problem:
        return Failure(number, sent, (problem,))


def _row(number: int, sent: str, record: Record) -> QrRow:
    """Raises ValidationError, or the Problem of one field."""
    settings = _object(record, "visual_settings")
    has_logo = settings.pop("hasLogo", False)
    item = _ImportedQrCode.model_validate(
        {
            "name": record.get("name"),
            "content_type": record.get("content_type"),
            "content_data": _object(record, "content_data"),
            "visual_settings": settings,
            "is_dynamic": is_true(record.get("is_dynamic")),
        }
    )
    content = item.content()
    is_static = readable(sent).strip() == readable(content.payload()).strip()
    return QrRow(
        number=number,
        sent=sent,
        name=item.name,
        content_type=item.content_type,
        content=content,
        look=item.visual_settings.look(),
        logo=_logo(record.get("logo"), is_needed=has_logo),
        is_dynamic=item.is_dynamic,
        printed=None if is_static else _printed(sent, record.get("short_url")),
    )


def _object(record: Record, field: str) -> dict[str, Any]:
    """JSON in a cell, an object in JSON. Raises InvalidField."""
    value = record.get(field, {})
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InvalidField(field, "Is no JSON object")
    return dict(found)


def _printed(sent: str, short_url: Any) -> Printed:
    """Raises InvalidField."""
    try:
        url, code = destination.checked(sent), printed_code(sent)
    except (InvalidDestination, InvalidField):
        code = None
    if code is None:
        raise InvalidField("content", "It is neither what content_data says nor a short URL")
    if (short_code := code_of(short_url)) is None:
        raise InvalidField("short_url", "The link of this QR code was deleted: it leads nowhere")
    return Printed(url, code, short_code, host_of(short_url) or "")


def _logo(url: Any, *, is_needed: bool) -> bytes | None:
    """Raises InvalidField, UnusableLogo."""
    if url is None and not is_needed:
        return None
    if not isinstance(url, str) or not url.startswith(LOGO):
        raise InvalidField("logo", "The file has no logo for it; import the CSV export, which has")
    return LogoSource().read(url)

"""An account's QR codes as CSV, in the order in which they were created, the newest first.

The fields are those of the API, with these differences: the image is not drawn, so that there is no
`dataURL` and the error correction level is the one that was requested; and the logo is in it, as a
`data:` URL.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING

from jmpy.formats import csv_file
from jmpy.formats.times import iso
from jmpy.links import qr_image
from jmpy.links.short_url import link_url
from jmpy.qr.look_schema import QrCodeLookBody

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from jmpy.formats.csv_file import CsvFile
    from jmpy.qr.model import Described

HEADER = (
    "id", "name", "content", "content_type", "content_data", "qr_code_url", "visual_settings",
    "logo", "is_dynamic", "tracking_enabled", "scan_count", "unique_scan_count", "human_scans",
    "bot_scans", "last_scanned_at", "short_url_id", "short_url", "is_password_protected",
    "expires_at", "channel", "source", "created_at", "updated_at",
)  # fmt: skip

LOGO = "data:image/png;base64,"


def is_ours(fields: Collection[str]) -> bool:
    """Whether a file with these columns is one that this wrote, perhaps without some of them: then
    each cell was defused, and has to be restored."""
    return set(fields) >= {"content_type", "content_data", "visual_settings"}


def readable(payload: str) -> str:
    """Without NUL, of which readers of CSV conclude that the file is no text."""
    return payload.replace("\0", "")


def row(described: Described, base_url: str) -> tuple[object, ...]:
    qr_code, image, link = described.qr_code, described.image, described.link
    look = QrCodeLookBody.from_look(image.look, image.look.level, has_logo=image.logo is not None)
    return (
        qr_code.id,
        qr_code.name,
        readable(image.payload),
        qr_code.content_type,
        json.dumps(described.content_data, ensure_ascii=False),
        qr_image.url(base_url, qr_code.id),
        look.model_dump_json(),
        None if image.logo is None else f"{LOGO}{b64encode(image.logo).decode()}",
        qr_code.is_dynamic,
        qr_code.tracking_enabled,
        qr_code.scan_count,
        qr_code.unique_scan_count,
        qr_code.human_count,
        qr_code.bot_count,
        _time(qr_code.last_scanned_at),
        qr_code.link_id,
        None if link is None else link_url(base_url, link),
        link is not None and link.password_hash is not None,
        _time(None if link is None else link.expires_at),
        qr_code.channel,
        qr_code.source,
        iso(qr_code.created_at),
        iso(qr_code.updated_at),
    )


def part(
    found: Iterable[tuple[str, Described | None]], base_url: str
) -> tuple[CsvFile, str | None]:
    """As many of the QR codes, as `QrCodes.exported` returns them, as fit into one response, and
    the cursor of the next part, if any."""
    rows = ((qr_id, None if one is None else row(one, base_url)) for qr_id, one in found)
    return csv_file.part(HEADER, rows)


def _time(moment: int | None) -> str | None:
    return None if moment is None else iso(moment)

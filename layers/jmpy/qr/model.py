"""The record of a QR code, and its image."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jmpy.links.model import Link
    from jmpy.qr.look import Look


@dataclass(frozen=True, slots=True)
class QrCode:
    """All times are whole seconds since the Unix epoch, UTC."""

    id: str
    """UUID version 7: it sorts by time of creation, which is the default order of a list."""
    account_id: str
    content_type: str
    content_data: str
    """As it was sent and checked: a JSON object."""
    created_at: int
    updated_at: int
    name: str | None = None
    link_id: str | None = None
    """Of the link that scans lead to; None for a static code, and once the link was deleted."""
    code: str | None = None
    """The short code that it contains; None for a static code, whose scans nobody sees."""
    is_dynamic: bool = False
    """Whether its content can change."""
    tracking_enabled: bool = False
    """Whether its scans are counted."""
    source: str = "QR_CODE_GENERATOR"
    channel: str = "api"
    scan_count: int = 0
    unique_scan_count: int = 0
    """Visitors, each counted once per UTC day."""
    bot_count: int = 0
    """Of the scans."""
    last_scanned_at: int | None = None
    version: int = 1
    """Counts the changes; a write names the version that it read."""

    @property
    def human_count(self) -> int:
        """Of the scans."""
        return self.scan_count - self.bot_count

    @property
    def is_static(self) -> bool:
        """Whether it contains its content itself rather than a short URL."""
        return self.code is None


@dataclass(frozen=True, slots=True)
class QrImage:
    """What a code is drawn from."""

    payload: str
    """The text that scanners read. It never changes, because the code may be printed."""
    look: Look
    logo: bytes | None = None
    """A PNG."""


@dataclass(frozen=True, slots=True)
class Described:
    """A QR code with what belongs to it."""

    qr_code: QrCode
    image: QrImage
    link: Link | None

    @property
    def content_data(self) -> dict[str, Any]:
        """The fields of its content. Where a web address leads is its link's to say, whichever of
        the two was changed."""
        if self.link is not None and self.qr_code.content_type == "url":
            return {"url": self.link.url}
        data: dict[str, Any] = json.loads(self.qr_code.content_data)
        return data

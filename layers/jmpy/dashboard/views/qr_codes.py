"""QR codes: of a link, their own pages, their files."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from jmpy.dashboard.frame import View
from jmpy.dashboard.views import qr_content
from jmpy.dashboard.views.audit_log import AuditEntry, Conflict
from jmpy.dashboard.views.qr_content import ContentFact
from jmpy.links.model import Link
from jmpy.qr.content import LEADING, ContentType
from jmpy.qr.model import Described, QrCode

if TYPE_CHECKING:
    from jmpy.qr.drawing import ImageFormat

PRINTED = 1200
"""Pixels: enough to print 10 cm at 300 dpi."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookValues:
    """What stands in the form, as it was typed."""

    foreground: str = "#000000"
    background: str = "#ffffff"
    is_transparent: bool = False
    size: str = "300"
    margin: str = "4"
    level: str = "M"
    is_rounded: bool = False
    logo_url: str = ""
    remove_logo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkQrCode:
    qr_code: QrCode
    content: str
    """What a scanner reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLinkQrCode(View):
    template: ClassVar[str] = "link_qr_code_new.html"
    link: Link
    look: LookValues = LookValues()
    errors: Mapping[str, str] = field(default_factory=dict)
    """By the name of the field, as the API names it: `visual_settings.margin`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCodeValues:
    """What stands in the form, as it was typed; passwords are never sent back."""

    name: str = ""
    content: Mapping[str, str] = field(default_factory=dict)
    """By the name of the field."""
    is_dynamic: bool = False
    is_tracked: bool = False
    domain: str = ""
    """The host of the domain of a short URL that is created; empty for the default one."""
    look: LookValues = LookValues()


NEW_VALUES = QrCodeValues(is_dynamic=True, is_tracked=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQrCode(View):
    template: ClassVar[str] = "qr_code_new.html"
    types: ClassVar = qr_content.TYPES
    purposes: ClassVar = qr_content.PURPOSES
    kind: ContentType
    values: QrCodeValues = NEW_VALUES
    errors: Mapping[str, str] = field(default_factory=dict)
    """By the name of the field, as the API names it: `content_data.url`."""
    domains: Sequence[str] = ()
    """The hosts of those that can be chosen besides the default one."""
    svg: bytes | None = None
    """The code as it would be."""

    @property
    def may_lead(self) -> bool:
        """Whether it may contain a short URL."""
        return self.kind in LEADING

    @property
    def leads(self) -> bool:
        return self.may_lead and (self.values.is_dynamic or self.values.is_tracked)

    @property
    def image(self) -> str:
        return data_url("image/svg+xml", self.svg or b"")


@dataclass(frozen=True, slots=True)
class Scan:
    at: int
    """Seconds since the Unix epoch, UTC."""
    place: str
    """A country."""
    device: str
    is_unique: bool
    """The visitor's first of the UTC day."""
    is_bot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownQrCode:
    """What pages say about a QR code."""

    qr_code: QrCode
    link: Link | None
    title: str
    facts: Sequence[ContentFact]
    """Its content."""
    copied: str
    """What a scanner reads; empty for what is nobody else's to see."""
    size: int
    """Of its PNG, in pixels."""
    has_logo: bool

    @classmethod
    def from_described(cls, found: Described) -> ShownQrCode:
        return cls(
            qr_code=found.qr_code,
            link=found.link,
            title=title(found),
            facts=qr_content.facts(found.content_data),
            copied="" if found.qr_code.content_type == "wifi" else found.image.payload,
            size=found.image.look.size,
            has_logo=found.image.logo is not None,
        )

    @property
    def type_name(self) -> str:
        return qr_content.TYPES[self.qr_code.content_type]

    @property
    def is_counted(self) -> bool:
        return (self.link or self.qr_code).tracking_enabled

    @property
    def can_lead_elsewhere(self) -> bool:
        return self.qr_code.is_dynamic and self.link is not None

    @property
    def files(self) -> tuple[tuple[str, str, int | None], ...]:
        """Words, format and size in pixels of what can be downloaded."""
        sizes = sorted({self.size, max(self.size, PRINTED)})
        return (
            *((f"PNG, {pixels:,} px", "png", pixels) for pixels in sizes),
            ("SVG", "svg", None),
            ("PDF", "pdf", None),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCodePage(View):
    template: ClassVar[str] = "qr_code.html"
    shown: ShownQrCode
    svg: bytes
    values: QrCodeValues
    scans: Sequence[Scan] = ()
    """The latest first."""
    back: str = ""
    """The page that it was reached from, below the base path; empty for the list."""
    is_new: bool = False
    history: Sequence[AuditEntry] = ()
    """The latest first."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """By the name of the field, as the API names it: `content_data.url`."""
    conflict: Conflict | None = None

    @property
    def image(self) -> str:
        return data_url("image/svg+xml", self.svg)


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCodeFile(View):
    """API Gateway sends text only, so the page contains the file."""

    template: ClassVar[str] = "qr_code_file.html"
    shown: ShownQrCode
    image_format: ImageFormat
    data: bytes
    back: str = ""
    """The page that it was reached from, below the base path."""

    @property
    def data_url(self) -> str:
        return data_url(self.image_format.media_type, self.data)


def data_url(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(data).decode()}"


def title(found: Described) -> str:
    return qr_content.title(found.qr_code.name, found.qr_code.content_type, found.content_data)

"""The QR code of a link: on the link's page, its creation, its files."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from jmpy.dashboard.frame import View
from jmpy.links.model import Link
from jmpy.qr.model import QrCode

if TYPE_CHECKING:
    from jmpy.qr.drawing import ImageFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class LookValues:
    """What stands in the form, as it was typed."""

    foreground: str = "#000000"
    background: str = "#ffffff"
    margin: str = "4"
    level: str = "M"
    is_rounded: bool = False
    logo_url: str = ""


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
class QrCodeFile(View):
    """API Gateway sends text only, so the page contains the file."""

    template: ClassVar[str] = "qr_code_file.html"
    link: Link
    content: str
    """What a scanner reads."""
    image_format: ImageFormat
    data: bytes

    @property
    def data_url(self) -> str:
        return f"data:{self.image_format.media_type};base64,{b64encode(self.data).decode()}"

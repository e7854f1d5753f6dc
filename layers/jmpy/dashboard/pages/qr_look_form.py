"""What is typed into the form of a QR code's look, and all that is wrong with it.

Loaded with the first form: it draws codes, and few pages do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.dashboard.pages.mistakes import validated
from jmpy.dashboard.views.qr_codes import LookValues
from jmpy.qr.content import ContentType, Url
from jmpy.qr.creation import NewQrCode
from jmpy.qr.look import TRANSPARENT, Look, rgb
from jmpy.qr.look_schema import VisualSettings

if TYPE_CHECKING:
    from jmpy.qr.logo_source import LogoSource
    from jmpy.qr.model import QrImage
    from jmpy.web.form import Form

LOOK = "visual_settings."
"""What the names of its fields start with, as in the API's errors."""


def typed(form: Form) -> LookValues:
    standard = LookValues()

    def text(name: str, otherwise: str) -> str:
        return form.text(LOOK + name) if LOOK + name in form else otherwise

    return LookValues(
        foreground=text("foregroundColor", standard.foreground),
        background=text("backgroundColor", standard.background),
        is_transparent="transparent" in form,
        size=text("size", standard.size),
        margin=text("margin", standard.margin),
        level=text("errorCorrectionLevel", standard.level),
        is_rounded=LOOK + "rounded" in form,
        logo_url=text("logoUrl", ""),
        remove_logo="remove_logo" in form,
    )


def stored(image: QrImage) -> LookValues:
    look = image.look
    return LookValues(
        foreground=_six_digits(look.foreground),
        background=LookValues().background if look.is_transparent else _six_digits(look.background),
        is_transparent=look.is_transparent,
        size=str(look.size),
        margin=str(look.margin),
        level=look.level.value,
        is_rounded=look.is_rounded,
    )


def settings(values: LookValues) -> dict[str, Any]:
    """In the words of the API."""
    found: dict[str, Any] = {
        "foregroundColor": values.foreground,
        "backgroundColor": TRANSPARENT if values.is_transparent else values.background,
        "size": _number(values.size),
        "margin": _number(values.margin),
        "errorCorrectionLevel": values.level,
        "rounded": values.is_rounded,
    }
    return found | ({"logoUrl": values.logo_url} if values.logo_url else {})


def checked(values: LookValues) -> Look:
    """Raises Mistakes, InvalidLook."""
    with validated(LOOK):
        fields = VisualSettings.model_validate(settings(values))
    return fields.look()


def new_qr_code(form: Form, short_url: str, name: str | None, logos: LogoSource) -> NewQrCode:
    """Of a link. Raises Mistakes; InvalidLook, such as UnusableLogo."""
    values = typed(form)
    return NewQrCode(
        content_type=ContentType.URL,
        content=Url(short_url),
        look=checked(values),
        logo=logos.read(values.logo_url) if values.logo_url else None,
        name=name,
        is_dynamic=True,
        channel="dashboard",
    )


def _six_digits(color: str) -> str:
    """As a field of the type `color` has it."""
    return "#" + bytes(rgb(color, "")).hex()


def _number(text: str) -> int | str:
    return (
        int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000000") else text
    )

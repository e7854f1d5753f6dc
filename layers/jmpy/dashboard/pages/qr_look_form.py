"""What is typed into the form of a QR code's look, and all that is wrong with it.

Loaded with the first form: it draws codes, and no page does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from jmpy.dashboard.pages.mistakes import Mistakes
from jmpy.dashboard.views.qr_codes import LookValues
from jmpy.formats.reasons import reason
from jmpy.qr.errors import InvalidLook
from jmpy.qr.request_schema import GenerateQrCode

if TYPE_CHECKING:
    from jmpy.qr.creation import NewQrCode
    from jmpy.qr.logo_source import LogoSource
    from jmpy.web.form import Form

_LOOK = "visual_settings."


def typed(form: Form) -> LookValues:
    standard = LookValues()

    def text(name: str, otherwise: str) -> str:
        return form.text(_LOOK + name) if _LOOK + name in form else otherwise

    return LookValues(
        foreground=text("foregroundColor", standard.foreground),
        background=text("backgroundColor", standard.background),
        margin=text("margin", standard.margin),
        level=text("errorCorrectionLevel", standard.level),
        is_rounded=_LOOK + "rounded" in form,
        logo_url=text("logoUrl", ""),
    )


def new_qr_code(form: Form, short_url: str, name: str | None, logos: LogoSource) -> NewQrCode:
    """Of a link. Raises Mistakes; InvalidLook, such as UnusableLogo."""
    values = typed(form)
    settings: dict[str, Any] = {
        "foregroundColor": values.foreground,
        "backgroundColor": values.background,
        "margin": _number(values.margin),
        "errorCorrectionLevel": values.level,
        "rounded": values.is_rounded,
    }
    if values.logo_url:
        settings["logoUrl"] = values.logo_url
    given: dict[str, Any] = {
        "content_type": "url",
        "content_data": {"url": short_url},
        "is_dynamic": True,
        "channel": "dashboard",
        "visual_settings": settings,
        "name": name,
    }
    try:
        fields = GenerateQrCode.model_validate(given)
        fields.visual_settings.look()
    except ValidationError as invalid:
        errors: dict[str, str] = {}
        for entry in invalid.errors():
            errors.setdefault(".".join(map(str, entry["loc"])), reason(entry))
        raise Mistakes(errors) from None
    except InvalidLook as wrong:
        raise Mistakes({wrong.field or "": str(wrong)}) from None
    return fields.new_qr_code(logos.read(fields.logo_url) if fields.logo_url else None)


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000") else text

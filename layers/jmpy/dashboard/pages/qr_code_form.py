"""What is typed into the form of a QR code, and all that is wrong with it.

Loaded with the first form: it draws codes, and few pages do.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, cast

from jmpy.dashboard.pages import qr_content_form, qr_look_form
from jmpy.dashboard.pages.mistakes import Findings, validated
from jmpy.dashboard.views.qr_codes import QrCodeValues
from jmpy.qr.content import ContentType
from jmpy.qr.errors import InvalidContent, InvalidLook
from jmpy.qr.look import Look
from jmpy.qr.request_schema import UpdateQrCode

if TYPE_CHECKING:
    from jmpy.qr.changes import QrCodeUpdate
    from jmpy.qr.content import Content
    from jmpy.qr.logo_source import LogoSource
    from jmpy.qr.model import Described
    from jmpy.qr.redrawing import LookUpdate
    from jmpy.web.form import Form


def stored(found: Described) -> QrCodeValues:
    return QrCodeValues(
        name=found.qr_code.name or "",
        content=qr_content_form.shown(found.content_data),
        is_tracked=found.link is not None and found.link.tracking_enabled,
        look=qr_look_form.stored(found.image),
    )


def typed(form: Form, content_type: str) -> QrCodeValues:
    return QrCodeValues(
        name=form.text("name"),
        content=qr_content_form.typed(form, ContentType(content_type)),
        is_tracked="tracking_enabled" in form,
        look=qr_look_form.typed(form),
    )


def changes(form: Form, found: Described, logos: LogoSource) -> QrCodeUpdate:
    """All that the form shows. Content that stays the same is not set again: its link may lead
    where no new one may. Raises Mistakes; UnusableLogo."""
    findings = Findings(InvalidContent, InvalidLook)
    name = findings.check(_name, form)
    content = findings.check(_content, form, found)
    values = qr_look_form.typed(form)
    look = findings.check(qr_look_form.checked, values)
    findings.raise_any()
    assert look is not None, "an invalid look is a mistake"
    update: QrCodeUpdate = {"name": name}
    if changed := _look_changes(look, found.image.look):
        update["look"] = changed
    is_tracked = "tracking_enabled" in form
    if found.link is not None and is_tracked != found.link.tracking_enabled:
        update["tracking_enabled"] = is_tracked
    if content is not None:
        update["content"] = content
    if values.logo_url:
        update["logo"] = logos.read(values.logo_url)
    elif values.remove_logo:
        update["logo"] = None
    return update


def _name(form: Form) -> str | None:
    """Raises Mistakes."""
    with validated():
        return UpdateQrCode.model_validate({"name": form.text("name") or None}).name


def _content(form: Form, found: Described) -> Content | None:
    """None where it stays, or cannot change. Raises Mistakes, InvalidContent."""
    content_type = ContentType(found.qr_code.content_type)
    if not found.qr_code.is_dynamic or found.link is None:
        return None
    given = qr_content_form.sent(form, content_type)
    now = {name: value for name, value in found.content_data.items() if value != ""}
    return None if given == now else qr_content_form.checked(content_type, given)


def _look_changes(look: Look, before: Look) -> LookUpdate:
    """Colors that are the same in other digits stay as they are."""
    changed = {name for name, value in asdict(look).items() if value != getattr(before, name)}
    if look.dark == before.dark:
        changed.discard("foreground")
    if look.light == before.light:
        changed.discard("background")
    return cast("LookUpdate", {name: getattr(look, name) for name in changed})

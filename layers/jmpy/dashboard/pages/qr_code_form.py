"""What is typed into the form of a QR code, and all that is wrong with it.

Loaded with the first form: it draws codes, and few pages do.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, cast

from jmpy.dashboard.pages import link_form, qr_content_form, qr_look_form
from jmpy.dashboard.pages.mistakes import Findings, Mistakes, validated
from jmpy.dashboard.pages.qr_look_form import LOOK
from jmpy.dashboard.views.qr_codes import QrCodeValues
from jmpy.links.codes import CODE_LENGTH
from jmpy.links.short_url import short_url
from jmpy.qr import drawing
from jmpy.qr.content import LEADING, ContentType
from jmpy.qr.creation import NewQrCode
from jmpy.qr.errors import ContentTooLong, InvalidContent, InvalidLook
from jmpy.qr.look import Look
from jmpy.qr.model import QrImage
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
        is_dynamic="is_dynamic" in form,
        is_tracked="tracking_enabled" in form,
        domain=link_form.host(form),
        look=qr_look_form.typed(form),
    )


def shown_errors(form: Form, errors: dict[str, str] | None) -> dict[str, str]:
    """With a hint if the password of a network was typed, which is not sent back and has to be
    entered again."""
    lost = {"content_data.password": "Enter the password again: it is not sent back to this page"}
    return (lost if form.exact("content_data.password") else {}) | (errors or {})


def new(form: Form, content_type: ContentType, base_url: str) -> NewQrCode:
    """Without its logo. Raises Mistakes, with all that is wrong."""
    findings = Findings(InvalidContent, InvalidLook)
    name = findings.check(_name, form)
    given = qr_content_form.sent(form, content_type)
    content = findings.check(qr_content_form.checked, content_type, given)
    look = findings.check(qr_look_form.checked, qr_look_form.typed(form))
    findings.raise_any()
    assert content is not None, "invalid content is a mistake"
    assert look is not None, "so is an invalid look"
    may_lead = content_type in LEADING
    found = NewQrCode(
        content_type=content_type,
        content=content,
        look=look,
        name=name,
        is_dynamic=may_lead and "is_dynamic" in form,
        tracking_enabled=may_lead and "tracking_enabled" in form,
        host=link_form.host(form),
        channel="dashboard",
    )
    has_logo = bool(form.text(f"{LOOK}logoUrl"))
    findings.check(_fits, found, base_url, has_logo=has_logo)
    findings.raise_any()
    return found


def with_logo(new: NewQrCode, form: Form, logos: LogoSource) -> NewQrCode:
    """Fetches it. Raises UnusableLogo."""
    url = form.text(f"{LOOK}logoUrl")
    return replace(new, logo=logos.read(url)) if url else new


def preview(new: NewQrCode, base_url: str) -> bytes:
    """An SVG."""
    image = QrImage(_payload(new, base_url), new.look, new.logo)
    return drawing.drawn(image, drawing.ImageFormat.SVG).data


def _payload(new: NewQrCode, base_url: str) -> str:
    """Of a code that is to contain a short URL, which does not exist yet, one of the same length
    that leads nowhere."""
    if not new.leads:
        return new.content.payload()
    return short_url(base_url, "~" * CODE_LENGTH, new.host or "")


def _fits(new: NewQrCode, base_url: str, *, has_logo: bool) -> None:
    """Raises Mistakes, InvalidLook."""
    try:
        drawing.encode(_payload(new, base_url), new.look, has_logo=has_logo)
    except ContentTooLong as wrong:
        raise Mistakes({qr_content_form.longest(new.content_type): str(wrong)}) from None


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

"""A changed look of a QR code. What it contains stays, because the code may be printed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from jmpy.audit.model import Change, differences
from jmpy.qr import drawing

if TYPE_CHECKING:
    from jmpy.qr.look import Level
    from jmpy.qr.model import QrImage


class LookUpdate(TypedDict, total=False):
    """The fields of `Look` to change."""

    foreground: str
    background: str
    size: int
    margin: int
    level: Level
    is_rounded: bool


class Redrawn(NamedTuple):
    image: QrImage
    differences: dict[str, Change]
    """For the audit log."""


def redrawn(image: QrImage, update: LookUpdate, logo: bytes | None) -> Redrawn | None:
    """The image as it is drawn from now on; None if it stays the same. `logo` is a PNG.

    Raises InvalidLook, ContentTooLong.
    """
    changed = replace(image, look=replace(image.look, **update), logo=logo)
    if changed == image:
        return None
    drawing.encode(changed.payload, changed.look, has_logo=logo is not None)
    changes = differences(_audited(image), _audited(changed))
    if image.logo and logo and image.logo != logo:
        changes["logo"] = Change("set", "changed")
    return Redrawn(changed, changes)


def _audited(image: QrImage) -> dict[str, Any]:
    """Of a logo only whether there is one."""
    look = image.look
    return {
        "foreground": look.foreground,
        "background": look.background,
        "size": look.size,
        "margin": look.margin,
        "error_correction": look.level.value,
        "rounded": look.is_rounded,
        "logo": None if image.logo is None else "set",
    }

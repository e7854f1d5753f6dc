"""How a QR code looks, within what scanners can read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from jmpy.qr.errors import InvalidLook, InvertedColors, LowContrast

TRANSPARENT = "transparent"
MARGINS = (1, 20)
"""The least and greatest, in modules. Without a margin no scanner finds the code."""
SIZES = (50, 4000)
"""The least and greatest, in pixels."""

_LEAST_CONTRAST = 0.4
"""Of luminances from 0 to 1: grade C of the symbol contrast of ISO/IEC 15415. Decoders read ideal
images far below; printed and photographed ones they do not."""
_LEAST_LUMA_CONTRAST = 0.2
"""Of lumas, on the same scale. Bright greens and blues differ less in luma than in luminance, and
zxing takes a block of pixels for one color below 24 of 255."""
_DARK_BESIDE_LOGO = 0.45
"""Of the background's luma, at most. Decoders set their threshold between the darkest and the
lightest pixels: beside a black logo, zxing takes a foreground of 0.54 for background."""
_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

Rgb = tuple[int, int, int]


class Level(StrEnum):
    """Of error correction: how much of a code may be covered (ISO/IEC 18004)."""

    L = "L"
    """7 %."""
    M = "M"
    """15 %."""
    Q = "Q"
    """25 %."""
    H = "H"
    """30 %."""


@dataclass(frozen=True, slots=True)
class Look:
    """Raises InvalidLook, InvertedColors, LowContrast."""

    foreground: str = "#000000"
    """`#rgb` or `#rrggbb`."""
    background: str = "#ffffff"
    """The same, or `transparent`, which is readable on light pages only."""
    size: int = 300
    """Width and height with the margin: pixels of a PNG and an SVG, points of a PDF."""
    margin: int = 4
    """The quiet zone around the code, in modules; 4 are the standard's."""
    level: Level = Level.M
    """The least: a higher one is used if it makes the code no larger; H with a logo."""
    is_rounded: bool = False
    """Whether the outer corners of modules are round."""

    def __post_init__(self) -> None:
        _check_range("size", self.size, SIZES)
        _check_range("margin", self.margin, MARGINS)
        dark, light = self.dark, self.light or WHITE
        contrast = luminance(light) - luminance(dark)
        if contrast < 0:
            raise InvertedColors
        if contrast < _LEAST_CONTRAST or luma(light) - luma(dark) < _LEAST_LUMA_CONTRAST:
            raise LowContrast

    def check_beside_logo(self) -> None:
        """Raises LowContrast if a dark logo would make the foreground look light."""
        if luma(self.dark) > _DARK_BESIDE_LOGO * luma(self.light or WHITE):
            raise LowContrast

    @property
    def is_transparent(self) -> bool:
        return self.background == TRANSPARENT

    @property
    def dark(self) -> Rgb:
        return rgb(self.foreground, "foregroundColor")

    @property
    def light(self) -> Rgb | None:
        """None if the background is transparent."""
        return None if self.is_transparent else rgb(self.background, "backgroundColor")


WHITE: Rgb = (255, 255, 255)


def rgb(color: str, name: str) -> Rgb:
    """Raises InvalidLook, for the setting of that name."""
    if _COLOR.fullmatch(color) is None:
        or_none = f", or {TRANSPARENT}" if name == "backgroundColor" else ""
        raise InvalidLook(name, f"Use a color as #rgb or #rrggbb{or_none}")
    digits = (
        color[1:] if len(color) == len("#rrggbb") else "".join(2 * digit for digit in color[1:])
    )
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def luminance(color: Rgb) -> float:
    """Relative, from 0 to 1 (WCAG 2.2)."""
    red, green, blue = (_linear(part / 255) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def luma(color: Rgb) -> float:
    """As decoders turn colors into gray, from 0 to 1 (ITU-R BT.601)."""
    red, green, blue = color
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def _check_range(name: str, value: int, bounds: tuple[int, int]) -> None:
    least, most = bounds
    if not least <= value <= most:
        raise InvalidLook(name, f"Must be from {least} to {most}")

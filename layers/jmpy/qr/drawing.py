"""Draws QR codes. The same content and look give the same bytes, so that nothing has to be stored
that can be drawn again.

    symbol = encode("https://go.example.com/abc1234", look)
    image = draw(symbol, look, ImageFormat.PNG)
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import astuple
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from jmpy.qr.look import Level
from jmpy.qr.pdf import pdf
from jmpy.qr.png import pixels_per_module, png
from jmpy.qr.svg import svg
from jmpy.qr.symbol import encoded

if TYPE_CHECKING:
    from jmpy.qr.look import Look
    from jmpy.qr.model import QrImage
    from jmpy.qr.symbol import Symbol

_REVISION = 1
"""Of what is drawn: to be raised with every change of it, so that cached images are drawn anew."""


class ImageFormat(StrEnum):
    PNG = "png"
    SVG = "svg"
    PDF = "pdf"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    ImageFormat.PNG: "image/png",
    ImageFormat.SVG: "image/svg+xml",
    ImageFormat.PDF: "application/pdf",
}
_DRAWN = {ImageFormat.PNG: png, ImageFormat.SVG: svg, ImageFormat.PDF: pdf}


def encode(content: str, look: Look, *, has_logo: bool = False) -> Symbol:
    """The code, with room for a logo if it has one. Its level is the one that it got, for free.

    Raises ContentTooLong; ImageTooSmall if the look's size cannot show it; LowContrast if a logo
    needs a darker foreground.
    """
    if has_logo:
        look.check_beside_logo()
    symbol = encoded(content, Level.H if has_logo else look.level)
    pixels_per_module(symbol, look)
    return symbol.with_room() if has_logo else symbol


def draw(symbol: Symbol, look: Look, image_format: ImageFormat, logo: bytes | None = None) -> bytes:
    """`logo`: as `logo.normalized` returns it, if the symbol was encoded for one."""
    return _DRAWN[image_format](symbol, look, logo)


class Drawn(NamedTuple):
    """An image as a file."""

    data: bytes
    media_type: str
    level: Level
    """The one that the code got."""

    @property
    def data_url(self) -> str:
        """For responses that are text."""
        return f"data:{self.media_type};base64,{b64encode(self.data).decode()}"


def drawn(image: QrImage, image_format: ImageFormat) -> Drawn:
    """A stored image. Raises as `encode` does, which was called before it was stored."""
    symbol = encode(image.payload, image.look, has_logo=image.logo is not None)
    data = draw(symbol, image.look, image_format, image.logo)
    return Drawn(data, image_format.media_type, symbol.level)


def fingerprint(
    content: str, look: Look, image_format: ImageFormat, logo: bytes | None = None
) -> str:
    """The same while the image is, for an ETag: 32 hexadecimal digits."""
    drawn_from = repr((_REVISION, content, astuple(look), image_format.value, logo))
    return hashlib.sha256(drawn_from.encode("utf-8", "surrogatepass")).hexdigest()[:32]

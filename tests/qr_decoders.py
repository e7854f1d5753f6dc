"""Reads QR codes: images of any format, by two decoders that share no code."""

from __future__ import annotations

from ctypes import c_char_p, c_void_p, cast, string_at
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pypdfium2
import resvg_py
import zxingcpp
from PIL import Image

from jmpy.qr.drawing import ImageFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

try:
    from pyzbar import wrapper
except ImportError:  # zbar itself, which is no Python package, is not on this machine
    wrapper = None

_L800 = 0x30303859  # "Y800" as zbar names eight bits of gray
_WIDTH = 600
"""Pixels, of vectors."""
_BINARY = 4
"""ZBAR_CFG_BINARY: the bytes as they are, since zbar guesses an encoding from them."""


def pixels(drawn: bytes, image_format: ImageFormat) -> Image.Image:
    """As it appears on a white page; vectors at a size at which each module has several pixels."""
    if image_format is ImageFormat.PDF:
        page = pypdfium2.PdfDocument(drawn)[0]
        rendered: Image.Image = page.render(scale=_WIDTH / page.get_width()).to_pil()
        return rendered.convert("L")
    if image_format is ImageFormat.SVG:
        drawn = bytes(resvg_py.svg_to_bytes(svg_string=drawn.decode(), width=_WIDTH))
    image = Image.open(BytesIO(drawn)).convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image)
    return white.convert("L")


def zxing(image: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(
        image,
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        try_rotate=False,
        try_invert=False,
    )
    return [code.bytes.decode() for code in found]


def zbar(image: Image.Image) -> list[str]:
    scanner, page = wrapper.zbar_image_scanner_create(), wrapper.zbar_image_create()
    try:
        for symbology in wrapper.ZBarSymbol:
            is_wanted = symbology == wrapper.ZBarSymbol.QRCODE
            wrapper.zbar_image_scanner_set_config(scanner, symbology, 0, int(is_wanted))
        wrapper.zbar_image_scanner_set_config(scanner, wrapper.ZBarSymbol.QRCODE, _BINARY, 1)
        data = image.tobytes()
        wrapper.zbar_image_set_format(page, _L800)
        wrapper.zbar_image_set_size(page, *image.size)
        wrapper.zbar_image_set_data(page, cast(c_char_p(data), c_void_p), len(data), None)
        wrapper.zbar_scan_image(scanner, page)
        return [data.decode() for data in _read(page)]
    finally:
        wrapper.zbar_image_destroy(page)
        wrapper.zbar_image_scanner_destroy(scanner)


def _read(page: Any) -> Iterator[bytes]:
    symbol = wrapper.zbar_image_first_symbol(page)
    while symbol:
        length = wrapper.zbar_symbol_get_data_length(symbol)
        yield string_at(wrapper.zbar_symbol_get_data(symbol), length)
        symbol = wrapper.zbar_symbol_next(symbol)


HAS_ZBAR = wrapper is not None
DECODERS: dict[str, Callable[[Image.Image], list[str]]] = {"zxing": zxing}
if HAS_ZBAR:
    DECODERS["zbar"] = zbar


def read(drawn: bytes, image_format: ImageFormat) -> dict[str, list[str]]:
    """What each decoder finds."""
    image = pixels(drawn, image_format)
    return {name: decode(image) for name, decode in DECODERS.items()}


def both(content: str) -> dict[str, list[str]]:
    """What they find if they find that."""
    return {name: [content] for name in DECODERS}

"""A QR code as PNG, exact to the pixel: each module is a square of whole pixels, and what is left
of the size is added to the margin, equally on all sides.

Written by the standard library: 16 steps from the background to the foreground, four bits a pixel.
Pillow, which takes longer to import than the image to draw, is loaded for a logo only.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from jmpy.qr.errors import ImageTooSmall
from jmpy.qr.look import WHITE
from jmpy.qr.shapes import Corner, corners

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmpy.qr.look import Look
    from jmpy.qr.symbol import Symbol

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTH = 4
_PALETTE = 3
"""The color type."""
_DARKEST = 15
_LIGHT, _DARK = "0", "f"
"""Pixels, as hexadecimal digits."""


def pixels_per_module(symbol: Symbol, look: Look) -> int:
    """Raises ImageTooSmall."""
    least = symbol.width + 2 * look.margin
    if look.size < least:
        raise ImageTooSmall(look.size, least)
    return look.size // least


def png(symbol: Symbol, look: Look, logo: bytes | None = None) -> bytes:
    """`logo`: a square PNG; the symbol leaves room for it. Raises ImageTooSmall."""
    scale = pixels_per_module(symbol, look)
    start = (look.size - scale * symbol.width) // 2
    image = _written(look, _lines(symbol, look, scale, start))
    if logo is None:
        return image
    covered = range(
        start + scale * (symbol.width - symbol.logo_width) // 2,
        start + scale * (symbol.width + symbol.logo_width) // 2,
    )
    return _with_logo(image, logo, covered, scale, is_transparent=look.is_transparent)


def _lines(symbol: Symbol, look: Look, scale: int, start: int) -> Iterator[str]:
    """Of pixels, from top to bottom."""
    end = look.size - start - scale * symbol.width
    before, after, margin = _LIGHT * start, _LIGHT * end, _LIGHT * look.size
    for _ in range(start):
        yield margin
    for line in _rounded(symbol, scale) if look.is_rounded else _square(symbol, scale):
        yield f"{before}{line}{after}"
    for _ in range(end):
        yield margin


def _square(symbol: Symbol, scale: int) -> Iterator[str]:
    widened = (_LIGHT * scale, _DARK * scale)
    for row in symbol.rows:
        line = "".join([widened[module] for module in row])
        for _ in range(scale):
            yield line


def _rounded(symbol: Symbol, scale: int) -> Iterator[str]:
    light = [_LIGHT * scale] * scale
    tiles = _tiles(scale)
    for row in corners(symbol):
        modules = [light if round_ is None else tiles[round_] for round_ in row]
        for y in range(scale):
            yield "".join([module[y] for module in modules])


def _tiles(scale: int) -> list[list[str]]:
    """The lines of a dark module, by the corners that are round."""
    quarter = _quarter(scale)
    straight = [_DARK * len(quarter)] * len(quarter)
    odd = _DARK * (scale % 2)
    tiles = []
    for round_ in map(Corner, range(16)):
        left, right = (
            (quarter if corner in round_ else straight)
            for corner in (Corner.TOP_LEFT, Corner.TOP_RIGHT)
        )
        top = [f"{a}{odd}{b[::-1]}" for a, b in zip(left, right, strict=True)]
        left, right = (
            (quarter if corner in round_ else straight)
            for corner in (Corner.BOTTOM_LEFT, Corner.BOTTOM_RIGHT)
        )
        bottom = [f"{a}{odd}{b[::-1]}" for a, b in zip(left, right, strict=True)]
        tiles.append([*top, *([_DARK * scale] * (scale % 2)), *reversed(bottom)])
    return tiles


def _quarter(scale: int) -> list[str]:
    """The lines of a round corner at the top left: how much of each pixel a circle covers that is
    as wide as the module."""
    radius, half = scale / 2, range(scale // 2)
    return [
        "".join([_covered(radius, x + 0.5 - radius, y + 0.5 - radius) for x in half]) for y in half
    ]


def _covered(radius: float, x: float, y: float) -> str:
    beyond = radius + 0.5 - (x * x + y * y) ** 0.5
    return f"{round(_DARKEST * min(max(beyond, 0), 1)):x}"


def _written(look: Look, lines: Iterator[str]) -> bytes:
    header = struct.pack(">IIBBBBB", look.size, look.size, _DEPTH, _PALETTE, 0, 0, 0)
    odd = _LIGHT * (look.size % 2)
    raw = b"".join([b"\0" + bytes.fromhex(line + odd) for line in lines])
    chunks = [(b"IHDR", header), *_palette(look), (b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def _palette(look: Look) -> Iterator[tuple[bytes, bytes]]:
    steps = range(_DARKEST + 1)
    dark, light = look.dark, look.light
    if light is None:
        yield b"PLTE", bytes(dark) * len(steps)
        yield b"tRNS", bytes(step * 17 for step in steps)
        return
    yield (
        b"PLTE",
        bytes(
            round(a + (b - a) * step / _DARKEST)
            for step in steps
            for a, b in zip(light, dark, strict=True)
        ),
    )


def _with_logo(
    image: bytes, logo: bytes, covered: range, scale: int, *, is_transparent: bool
) -> bytes:
    """On white, which covers those rows and columns of pixels: half a module of it remains on each
    side of the logo."""
    from PIL import Image  # noqa: PLC0415 - few codes have a logo

    canvas = Image.open(BytesIO(image)).convert("RGBA")
    canvas.paste((*WHITE, 255), (covered.start, covered.start, covered.stop, covered.stop))
    width = len(covered) - scale
    scaled = Image.open(BytesIO(logo)).convert("RGBA").resize((width, width))
    start = covered.start + scale // 2
    canvas.alpha_composite(scaled, (start, start))
    file = BytesIO()
    (canvas if is_transparent else canvas.convert("RGB")).save(file, "PNG")
    return file.getvalue()

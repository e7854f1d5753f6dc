"""A QR code as a PDF of one page (ISO 32000-1): vectors, and the logo's pixels."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from jmpy.qr.look import WHITE
from jmpy.qr.shapes import Corner, corners, runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmpy.qr.look import Look, Rgb
    from jmpy.qr.symbol import Symbol

_BEND = 0.5 * (1 - 0.5523)
"""How far the control points of a Bezier curve are from the corner that it rounds to a quarter of a
circle."""

_SIDES = (
    (Corner.TOP_RIGHT, (1, 0), (1, 0.5)),
    (Corner.BOTTOM_RIGHT, (1, 1), (0.5, 1)),
    (Corner.BOTTOM_LEFT, (0, 1), (0, 0.5)),
    (Corner.TOP_LEFT, (0, 0), (0.5, 0)),
)
"""From the middle of a module's top, clockwise: each corner, and the middle of the next side."""


def pdf(symbol: Symbol, look: Look, logo: bytes | None = None) -> bytes:
    """`logo`: a square PNG; the symbol leaves room for it."""
    content = "\n".join(_operators(symbol, look, has_logo=logo is not None))
    resources = b"/XObject << /Logo 5 0 R >>" if logo is not None else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << %s >> >>"
        % (look.size, look.size, resources),
        _stream(b"", content.encode()),
    ]
    if logo is not None:
        objects.append(_image(logo))
    return _file(objects)


def _operators(symbol: Symbol, look: Look, *, has_logo: bool) -> Iterator[str]:
    """With a module as the unit, from the top left."""
    width = symbol.width + 2 * look.margin
    unit = look.size / width
    yield f"{unit:.6f} 0 0 {-unit:.6f} 0 {look.size} cm"
    if look.light is not None:
        yield f"{_color(look.light)} 0 0 {width} {width} re f"
    yield f"1 0 0 1 {look.margin} {look.margin} cm {_color(look.dark)}"
    yield from _rounded(symbol) if look.is_rounded else _square(symbol)
    yield "f"
    if has_logo:
        covered = symbol.logo_width
        start = (symbol.width - covered) // 2
        inner = covered - 1
        yield f"{_color(WHITE)} {start} {start} {covered} {covered} re f"
        yield f"q {inner} 0 0 -{inner} {start}.5 {start + inner}.5 cm /Logo Do Q"


def _square(symbol: Symbol) -> Iterator[str]:
    for x, y, width in runs(symbol):
        yield f"{x} {y} {width} 1 re"


def _rounded(symbol: Symbol) -> Iterator[str]:
    for y, row in enumerate(corners(symbol)):
        for x, round_ in enumerate(row):
            if round_ is not None:
                yield from _module(x, y, round_)


def _module(x: int, y: int, round_: Corner) -> Iterator[str]:
    yield f"{x}.5 {y} m"
    here_x, here_y = 0.5, 0.0
    for side, (corner_x, corner_y), (end_x, end_y) in _SIDES:
        end = f"{x + end_x:g} {y + end_y:g}"
        if side in round_:
            first = f"{x + _bent(corner_x, here_x):g} {y + _bent(corner_y, here_y):g}"
            second = f"{x + _bent(corner_x, end_x):g} {y + _bent(corner_y, end_y):g}"
            yield f"{first} {second} {end} c"
        else:
            yield f"{x + corner_x} {y + corner_y} l {end} l"
        here_x, here_y = end_x, end_y
    yield "h"


def _bent(corner: float, end: float) -> float:
    return corner + 2 * _BEND * (end - corner)


def _color(color: Rgb) -> str:
    return " ".join(f"{part / 255:.4g}" for part in color) + " rg"


def _image(logo: bytes) -> bytes:
    """On white, as a PDF of any version has it."""
    from PIL import Image  # noqa: PLC0415 - few codes have a logo

    image = Image.open(BytesIO(logo)).convert("RGBA")
    canvas = Image.new("RGBA", image.size, (*WHITE, 255))
    canvas.alpha_composite(image)
    about = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB "
        b"/BitsPerComponent 8 " % image.size
    )
    return _stream(about, canvas.convert("RGB").tobytes())


def _stream(about: bytes, data: bytes) -> bytes:
    packed = zlib.compress(data)
    return b"<< %s/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (
        about, len(packed), packed,
    )  # fmt: skip


def _file(objects: list[bytes]) -> bytes:
    """With the table of where each object begins."""
    written, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    count = len(objects) + 1
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, b"".join(places), count, len(written))
    )

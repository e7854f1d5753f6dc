"""A QR code as SVG: a unit is a module. The logo is embedded, since a reference to it would not be
loaded where the image is shown."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from jmpy.qr.shapes import Corner, corners, runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmpy.qr.look import Look, Rgb
    from jmpy.qr.symbol import Symbol

_SIDES = (
    (Corner.TOP_RIGHT, "a.5.5 0 0 1 .5.5", "h.5v.5"),
    (Corner.BOTTOM_RIGHT, "a.5.5 0 0 1-.5.5", "v.5h-.5"),
    (Corner.BOTTOM_LEFT, "a.5.5 0 0 1-.5-.5", "h-.5v-.5"),
    (Corner.TOP_LEFT, "a.5.5 0 0 1 .5-.5", "v-.5h.5"),
)
"""From the middle of a module's top, clockwise around each corner: if it is round, and if not."""


def svg(symbol: Symbol, look: Look, logo: bytes | None = None) -> bytes:
    """`logo`: a square PNG; the symbol leaves room for it."""
    width = symbol.width + 2 * look.margin
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{look.size}" height="{look.size}" '
        f'viewBox="0 0 {width} {width}">'
    ]
    if look.light is not None:
        parts.append(f'<path fill="{_hex(look.light)}" d="M0 0h{width}v{width}H0z"/>')
    outline = "".join(_rounded(symbol, look) if look.is_rounded else _square(symbol, look))
    crisp = "" if look.is_rounded else ' shape-rendering="crispEdges"'
    parts.append(f'<path fill="{_hex(look.dark)}"{crisp} d="{outline}"/>')
    if logo is not None:
        parts += _logo(symbol, look, logo)
    return "".join([*parts, "</svg>"]).encode()


def _square(symbol: Symbol, look: Look) -> Iterator[str]:
    for x, y, width in runs(symbol):
        yield f"M{x + look.margin} {y + look.margin}h{width}v1h-{width}z"


def _rounded(symbol: Symbol, look: Look) -> Iterator[str]:
    for y, row in enumerate(corners(symbol), look.margin):
        for x, round_ in enumerate(row, look.margin):
            if round_ is not None:
                sides = (arc if side in round_ else straight for side, arc, straight in _SIDES)
                yield f"M{x}.5 {y}{''.join(sides)}z"


def _logo(symbol: Symbol, look: Look, logo: bytes) -> Iterator[str]:
    width = symbol.logo_width
    start = look.margin + (symbol.width - width) // 2
    yield f'<path fill="#fff" d="M{start} {start}h{width}v{width}h-{width}z"/>'
    yield (
        f'<image x="{start}.5" y="{start}.5" width="{width - 1}" height="{width - 1}" '
        f'href="data:image/png;base64,{b64encode(logo).decode()}"/>'
    )


def _hex(color: Rgb) -> str:
    return f"#{bytes(color).hex()}"

"""Logos, as they are stored and drawn: small square PNGs that were drawn anew, so that nothing but
pixels is left of what was sent.

Whatever a client sends ends in an image or in UnusableLogo, within bounds of memory and time.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from jmpy.qr.errors import UnusableLogo

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 256 * 1024
MAX_PIXELS = 4_000_000
WIDTH = 128
"""Pixels of what is stored, at most; it is drawn smaller in all but the largest codes."""

_FORMATS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff"}
"""What a file begins with."""
_LARGE = 16 * 1024
"""Bytes, above which a stored logo gets a palette: it is read with its QR code."""
_SCANS = 32
"""Of a progressive JPEG; libjpeg's own encoder writes ten. Each costs a pass over all pixels, so
that thousands of empty ones would keep the decoder busy for minutes."""
_START_OF_SCAN = b"\xff\xda"


def normalized(data: bytes) -> bytes:
    """A square PNG, at most `WIDTH` pixels wide, without metadata: upright, the first frame of an
    animation, on a transparent background if it was no square. Raises UnusableLogo."""
    if len(data) > MAX_BYTES:
        raise UnusableLogo(f"A logo has at most {MAX_BYTES // 1024} KB")
    if not data.startswith(tuple(_FORMATS.values())):
        raise UnusableLogo("A logo is a PNG or JPEG image")
    if data.startswith(_FORMATS["JPEG"]) and data.count(_START_OF_SCAN) > _SCANS:
        raise UnusableLogo("The image has too many scans; save it anew")
    return _small(_square(_decoded(data)))


def _decoded(data: bytes) -> Image:
    """In RGBA, no larger than it is stored."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - not for the codes without a logo

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(BytesIO(data), formats=tuple(_FORMATS))
        if image.width * image.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        image.draft("RGB", (2 * WIDTH, 2 * WIDTH))
        image.load()
        if image.mode.startswith("I"):  # 16 bits of gray, which `convert` would cut off
            image = image.convert("I").point(lambda gray: gray * (1 / 256)).convert("L")
        image = ImageOps.exif_transpose(image).convert("RGBA")
        image.thumbnail((WIDTH, WIDTH))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnusableLogo(f"A logo has at most {MAX_PIXELS:,} pixels") from None
    except Exception:  # noqa: BLE001 - a damaged file may fail anywhere in a decoder
        raise UnusableLogo("The image is damaged") from None
    return image


def _square(image: Image) -> Image:
    from PIL import Image  # noqa: PLC0415 - loaded by now

    width = max(image.size)
    square = Image.new("RGBA", (width, width))
    square.paste(image, ((width - image.width) // 2, (width - image.height) // 2))
    return square


def _small(image: Image) -> bytes:
    from PIL import Image  # noqa: PLC0415 - loaded by now

    written = _png(image)
    if len(written) <= _LARGE:
        return written
    return _png(image.quantize(256, Image.Quantize.FASTOCTREE))


def _png(image: Image) -> bytes:
    file = BytesIO()
    image.info.clear()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()

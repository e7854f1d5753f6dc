"""Logos end as small PNGs, or are rejected: whatever is sent."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from jmpy.qr.errors import UnusableLogo
from jmpy.qr.logo import MAX_BYTES, WIDTH, normalized
from jmpy.qr.logo_source import LogoSource

RED, BLUE = (220, 20, 20), (20, 20, 220)


def image(mode: str = "RGB", size: tuple[int, int] = (64, 64), color: Any = RED) -> Image.Image:
    return Image.new(mode, size, color)


def saved(of: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = BytesIO()
    of.save(file, kind, **options)
    return file.getvalue()


def decoded(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGBA")


def close(color: Any, expected: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 30 for a, b in zip(color, expected, strict=False))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that says it is that large, and is."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    chunks = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


@pytest.mark.parametrize(
    ("sent", "color"),
    [
        (saved(image()), RED),
        (saved(image("RGBA", color=(*RED, 255))), RED),
        (saved(image().convert("P", palette=Image.Palette.ADAPTIVE)), RED),
        (saved(image("L", color=100)), (100, 100, 100)),
        (saved(image("LA", color=(100, 255))), (100, 100, 100)),
        (saved(image("1", color=1)), (255, 255, 255)),
        (saved(image("I;16", color=100 * 256)), (100, 100, 100)),
        (saved(image(), "JPEG"), RED),
        (saved(image(), "JPEG", progressive=True), RED),
        (saved(image("CMYK", color=(0, 255, 255, 0)), "JPEG"), (255, 0, 0)),
        (saved(image("L", color=100), "JPEG"), (100, 100, 100)),
        (saved(image(), "PNG", save_all=True, append_images=[image(color=BLUE)]), RED),
        (saved(image(size=(1, 1))), RED),
        (saved(image(size=(2000, 2000))), RED),
    ],
)
def test_a_logo_becomes_a_small_square_png(sent: bytes, color: tuple[int, int, int]) -> None:
    stored = normalized(sent)
    found = Image.open(BytesIO(stored))
    assert (found.format, found.width) == ("PNG", found.height)
    assert found.width <= WIDTH
    assert not getattr(found, "is_animated", False)
    assert close(decoded(stored).getpixel((found.width // 2, found.height // 2)), color)


def test_a_logo_that_is_no_square_is_centered_on_nothing() -> None:
    stored = decoded(normalized(saved(image(size=(400, 100)))))
    assert stored.size == (WIDTH, WIDTH)
    assert stored.getpixel((WIDTH // 2, 0)) == (0, 0, 0, 0)
    assert close(stored.getpixel((WIDTH // 2, WIDTH // 2)), (*RED, 255))


def test_a_turned_photo_is_upright() -> None:
    photo = image(size=(100, 100), color=BLUE)
    ImageDraw.Draw(photo).rectangle((0, 0, 99, 49), fill=RED)
    exif = Image.Exif()
    exif[0x0112] = 6  # turned clockwise by a quarter
    stored = decoded(normalized(saved(photo, "JPEG", exif=exif)))
    assert close(stored.getpixel((90, 50)), RED)
    assert close(stored.getpixel((10, 50)), BLUE)


def test_metadata_is_left_out() -> None:
    text = PngInfo()
    text.add_text("Comment", "secret-of-the-camera")
    exif = Image.Exif()
    exif[0x010E] = "secret-of-the-camera"
    for sent in (
        saved(image(), pnginfo=text, exif=exif, icc_profile=b"secret-of-the-camera"),
        saved(image(), "JPEG", comment=b"secret-of-the-camera", exif=exif),
    ):
        assert b"secret-of-the-camera" in sent or b"zTXt" in sent or b"iCCP" in sent
        assert not Image.open(BytesIO(normalized(sent))).info


def test_what_is_stored_is_bounded() -> None:
    noise = Image.frombytes("RGBA", (256, 256), bytes(range(256)) * 1024)
    for y in range(256):
        for x in range(256):
            noise.putpixel((x, y), ((x * 7919 + y * 104729) % 256, (x * y) % 256, x ^ y, 255))
    assert len(normalized(saved(noise.resize((200, 200))))) < 24 * 1024


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"", "PNG or JPEG"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "PNG or JPEG"),
        (b'<?xml version="1.0"?><svg/>', "PNG or JPEG"),
        (saved(image(), "GIF"), "PNG or JPEG"),
        (saved(image(), "BMP"), "PNG or JPEG"),
        (saved(image(), "TIFF"), "PNG or JPEG"),
        (saved(image())[:60], "damaged"),
        (saved(image(size=(500, 500)), "JPEG")[:300], "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"\xff\xd8\xff" + bytes(100), "damaged"),
        (bomb(20_000, 20_000), "pixels"),
        (bomb(10_000, 10_000), "pixels"),
        (bomb(2_001, 2_000), "pixels"),
        (saved(image())[:33] + bytes(MAX_BYTES), "256 KB"),
        (saved(image(), "JPEG") + b"\xff\xda" * 1000, "scans"),
    ],
    ids=range(15),
)
def test_a_hostile_logo_is_rejected(sent: bytes, reason: str) -> None:
    with pytest.raises(UnusableLogo, match=reason) as rejected:
        normalized(sent)
    assert rejected.value.field == "visual_settings.logoUrl"


_WHOLE = {kind: saved(image(size=(40, 40)), kind) for kind in ("PNG", "JPEG")}


@given(
    st.sampled_from(["PNG", "JPEG"]),
    st.lists(st.tuples(st.integers(8, 400), st.binary(min_size=1, max_size=4)), max_size=4),
)
def test_damage_is_rejected_or_drawn(kind: str, damages: list[tuple[int, bytes]]) -> None:
    data = bytearray(_WHOLE[kind])
    for place, damage in damages:
        data[place : place + len(damage)] = damage
    try:
        stored = normalized(bytes(data))
    except UnusableLogo:
        return
    assert Image.open(BytesIO(stored)).format == "PNG"


def test_a_data_url_is_a_logo() -> None:
    sent = saved(image())
    source = LogoSource()
    assert source.read(f"data:image/png;base64,{b64encode(sent).decode()}") == normalized(sent)
    assert source.read(f"DATA:image/png;BASE64,{b64encode(sent).decode()}") == normalized(sent)
    percent = "".join(f"%{byte:02x}" for byte in sent)
    assert source.read(f"data:image/png,{percent}") == normalized(sent)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "data:",
        "data:image/png;base64",
        "data:image/png;base64,@@@@",
        "data:image/png;base64,AAA",
        "data:image/svg+xml,<svg/>",
        "data:image/png;base64,\u00e9",
        "http://example.com/logo.png",
        "https://user:password@example.com/logo.png",
        "https:///logo.png",
        "https://example.com:0/logo.png",
        "https://example.com:99999/logo.png",
        "https://[::1/logo.png",
        "https://exa mple.com/logo.png",
        "https://example.com/\r\nHost: internal",
        "https://bücher.example/logo.png",
        "file:///etc/passwd",
        "ftp://example.com/logo.png",
        f"https://example.com/{'a' * 2048}",
    ],
)
def test_another_url_is_none(url: str) -> None:
    with pytest.raises(UnusableLogo):
        LogoSource(is_allowed=lambda _: pytest.fail("nothing is requested")).read(url)


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254", "[fd00:ec2::254]", "127.0.0.1", "localhost", "10.0.0.1", "[::1]",
        "[::ffff:169.254.169.254]", "0.0.0.0", "2130706433", "0x7f.1",
    ],
)  # fmt: skip
def test_nothing_is_fetched_from_an_address_that_only_we_can_reach(host: str) -> None:
    with pytest.raises(UnusableLogo, match=r"no public address|was not found"):
        LogoSource().read(f"https://{host}/latest/meta-data/")

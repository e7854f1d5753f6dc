"""QR codes are drawn as they were asked for, and every one is read by two decoders that share no
code: zxing-cpp and zbar."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from jmpy.qr.content import content
from jmpy.qr.drawing import ImageFormat, draw, encode, fingerprint
from jmpy.qr.errors import ContentTooLong, ImageTooSmall, InvalidLook, InvertedColors, LowContrast
from jmpy.qr.logo import normalized
from jmpy.qr.look import Level, Look, luminance, rgb
from jmpy.qr.look_schema import QrCodeLookBody, VisualSettings
from tests import qr_decoders

URL = "https://go.example.com/abc1234"
CONTENTS: list[tuple[str, dict[str, Any]]] = [
    ("url", {"url": "https://example.com/straße?q=a b&c=%2F#日本"}),
    ("text", {"text": "HELLO"}),
    ("text", {"text": "0123456789"}),
    ("text", {"text": "日本語 Привет 😀\U0001f469\u200d\U0001f467 Zoë Café\r\n\tend "}),
    ("text", {"text": "\ufeffﾊﾝｶｸ"}),
    ("wifi", {"ssid": "a;b:c\"d\\e,f", "password": "p;:,\\\"12345", "hidden": True}),
    ("vcard", {"name": "Doe;John\nTEL:+1", "phone": "+1 555 0109999", "organization": "Zoë, Ltd"}),
    ("email", {"email": "ada@example.com", "subject": "1 + 1 & 2%?", "body": "a\nb"}),
    ("phone", {"phone": "+15550109999"}),
    ("sms", {"phone": "+15550109999", "message": "a:b\nö"}),
    ("whatsapp", {"phone": "+49 30 1234567", "message": "Grüße & mehr"}),
    ("location", {"latitude": -33.8567844, "longitude": 151.213108}),
]  # fmt: skip
PAYLOADS = [content(content_type, data).payload() for content_type, data in CONTENTS]


def png_of(width: int, height: int, color: Any = (200, 30, 30, 255), mode: str = "RGBA") -> bytes:
    file = BytesIO()
    Image.new(mode, (width, height), color).save(file, "PNG")
    return file.getvalue()


LOGOS = [
    None,
    normalized(png_of(64, 64)),
    normalized(png_of(64, 64, (0, 0, 0, 255))),
    normalized(png_of(200, 20, (0, 0, 0, 255))),
    normalized(png_of(40, 40, (0, 0, 0, 0))),
]


def drawn(text: str, look: Look, image_format: ImageFormat, logo: bytes | None = None) -> bytes:
    return draw(encode(text, look, has_logo=logo is not None), look, image_format, logo)


def test_zbar_reads_along() -> None:
    if not qr_decoders.HAS_ZBAR:
        pytest.skip("no zbar on this machine (on Debian: apt install libzbar0): zxing-cpp alone")
    assert set(qr_decoders.DECODERS) == {"zxing", "zbar"}


@pytest.mark.parametrize("image_format", ImageFormat)
@pytest.mark.parametrize("text", PAYLOADS)
def test_each_type_is_read_from_each_format(text: str, image_format: ImageFormat) -> None:
    for look in (Look(), Look(is_rounded=True)):
        found = qr_decoders.read(drawn(text, look, image_format), image_format)
        assert found == qr_decoders.both(text)


COLORS = st.tuples(*[st.integers(0, 255)] * 3).map(lambda color: f"#{bytes(color).hex()}")


@st.composite
def looks(draw_: st.DrawFn) -> Look:
    colors = st.tuples(COLORS, COLORS | st.just("transparent"))
    foreground, background = draw_(colors.filter(lambda pair: _passes(*pair)))
    return Look(
        foreground=foreground,
        background=background,
        size=draw_(st.integers(120, 700)),
        margin=draw_(st.integers(1, 8)),
        level=draw_(st.sampled_from(Level)),
        is_rounded=draw_(st.booleans()),
    )


def _passes(foreground: str, background: str) -> bool:
    try:
        Look(foreground=foreground, background=background)
    except InvalidLook:
        return False
    return True


@settings(max_examples=120, deadline=None)
@given(
    text=st.sampled_from(PAYLOADS) | st.text(st.characters(codec="utf-8"), min_size=1, max_size=60),
    look=looks(),
    logo=st.sampled_from(LOGOS),
    image_format=st.sampled_from(ImageFormat),
)
def test_every_code_is_read(
    text: str, look: Look, logo: bytes | None, image_format: ImageFormat
) -> None:
    try:
        image = drawn(text, look, image_format, logo)
    except ImageTooSmall:
        return
    except LowContrast:
        assert logo is not None
        return
    assert qr_decoders.read(image, image_format) == qr_decoders.both(text)


@pytest.mark.parametrize("size", [50, 51, 77, 299, 300, 1001])
@pytest.mark.parametrize("is_rounded", [False, True])
@pytest.mark.parametrize("logo", LOGOS[:2])
def test_a_png_is_exact_to_the_pixel_with_equal_margins(
    size: int, is_rounded: bool, logo: bytes | None
) -> None:
    look = Look(size=size, is_rounded=is_rounded, margin=1)
    image = Image.open(BytesIO(drawn(URL, look, ImageFormat.PNG, logo)))
    assert image.size == (size, size)
    dark = image.convert("L").point(lambda gray: 255 - gray).getbbox()
    assert dark is not None
    left, top, right, bottom = dark
    assert left == top
    assert right == bottom
    assert 0 <= (size - right) - left <= 1
    symbol = encode(URL, look, has_logo=logo is not None)
    assert (right - left) % symbol.width == 0, "modules of whole pixels"


def test_the_least_size_is_named() -> None:
    look = Look(size=50)
    with pytest.raises(ImageTooSmall, match="its least size is 57 pixels, not 50") as rejected:
        encode("a" * 130, look)
    assert rejected.value.field == "visual_settings.size"


@pytest.mark.parametrize(
    ("level", "most"), [(Level.L, 2953), (Level.M, 2331), (Level.Q, 1663), (Level.H, 1273)]
)
def test_the_bytes_that_fit_are_named(level: Level, most: int) -> None:
    look = Look(level=level, size=400)
    encode("é" * (most // 2), look)
    with pytest.raises(ContentTooLong, match=f"{most:,}"):
        encode("é" * (most // 2 + 1), look)


def test_a_full_code_is_read() -> None:
    text = "a" * 2953
    look = Look(level=Level.L, size=800)
    assert qr_decoders.read(drawn(text, look, ImageFormat.PNG), ImageFormat.PNG) == (
        qr_decoders.both(text)
    )


def test_no_code_is_a_micro_qr_code() -> None:
    assert encode("HELLO", Look()).width == 21


def test_the_level_is_raised_where_that_is_free() -> None:
    symbol = encode(URL, Look(level=Level.M))
    assert symbol.level > Level.M
    assert symbol.width == encode(URL, Look(level=symbol.level)).width
    body = QrCodeLookBody.from_look(Look(), symbol.level, has_logo=False)
    assert body.errorCorrectionLevel == symbol.level


def test_a_logo_takes_the_highest_level_and_at_most_a_quarter_of_the_width() -> None:
    for length in (1, 50, 300, 1200):
        symbol = encode("a" * length, Look(level=Level.L, size=400), has_logo=True)
        assert symbol.level == Level.H
        assert 5 <= symbol.logo_width <= symbol.width / 4


@pytest.mark.parametrize("image_format", ImageFormat)
def test_a_logo_is_drawn_on_white_in_the_middle(image_format: ImageFormat) -> None:
    look = Look(foreground="#00f", background="#ff8", size=370)
    image = qr_decoders.pixels(
        drawn(URL, look, image_format, normalized(png_of(9, 9, (0, 0, 0, 255)))), image_format
    )
    middle = image.width // 2
    line = [image.getpixel((x, middle)) for x in range(middle - image.width // 8, middle)]
    assert image.getpixel((middle, middle)) == 0
    assert 255 in line


def test_a_transparent_background_is_none() -> None:
    look = Look(background="transparent")
    for logo in LOGOS[:2]:
        image = Image.open(BytesIO(drawn(URL, look, ImageFormat.PNG, logo))).convert("RGBA")
        assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]
    assert b"#ffffff" not in drawn(URL, look, ImageFormat.SVG)


@pytest.mark.parametrize(
    ("foreground", "background", "error"),
    [
        ("#ffff00", "#fff", LowContrast),
        ("#ccc", "#fff", LowContrast),
        ("#000", "#777", LowContrast),
        ("#638e3a", "#00f000", LowContrast),
        ("#ff0", "transparent", LowContrast),
        ("#000", "#000", LowContrast),
        ("#fff", "#000", InvertedColors),
        ("#fff", "#123", InvertedColors),
        ("red", "#fff", InvalidLook),
        ("transparent", "#fff", InvalidLook),
        ("#12345", "#fff", InvalidLook),
        ("#000\n", "#fff", InvalidLook),
        ("#000", "#\u0660\u0660\u0660", InvalidLook),
        ('#000"/><script>', "#fff", InvalidLook),
        ("#000", "none", InvalidLook),
    ],
)
def test_colors_that_are_not_readable_are_rejected(
    foreground: str, background: str, error: type[InvalidLook]
) -> None:
    with pytest.raises(error):
        Look(foreground=foreground, background=background)


@pytest.mark.parametrize("foreground", ["#00da00", "#8a8a8a"])
def test_a_logo_needs_a_darker_foreground(foreground: str) -> None:
    look = Look(foreground=foreground)
    encode("HELLO", look)
    with pytest.raises(LowContrast):
        encode("HELLO", look, has_logo=True)


@pytest.mark.parametrize("settings_", [{"margin": 0}, {"margin": 21}, {"size": 49}, {"size": 4001}])
def test_a_look_is_within_bounds(settings_: dict[str, int]) -> None:
    with pytest.raises(InvalidLook) as rejected:
        Look(**settings_)  # type: ignore[arg-type]
    assert rejected.value.field == f"visual_settings.{next(iter(settings_))}"


def test_luminance_is_that_of_the_web_guidelines() -> None:
    assert luminance(rgb("#fff", "foregroundColor")) == pytest.approx(1)
    assert luminance(rgb("#777777", "foregroundColor")) == pytest.approx(0.1845, abs=1e-4)


@pytest.mark.parametrize("image_format", ImageFormat)
def test_the_same_code_is_the_same_bytes(image_format: ImageFormat) -> None:
    for logo in LOGOS[:2]:
        assert drawn(URL, Look(), image_format, logo) == drawn(URL, Look(), image_format, logo)


def test_a_fingerprint_is_of_all_that_is_drawn() -> None:
    variants = {
        fingerprint(URL, Look(), ImageFormat.PNG),
        fingerprint(f"{URL}5", Look(), ImageFormat.PNG),
        fingerprint(URL, Look(), ImageFormat.SVG),
        fingerprint(URL, Look(), ImageFormat.PNG, LOGOS[1]),
        fingerprint(URL, Look(foreground="#001"), ImageFormat.PNG),
        fingerprint(URL, Look(background="transparent"), ImageFormat.PNG),
        fingerprint(URL, Look(size=301), ImageFormat.PNG),
        fingerprint(URL, Look(margin=5), ImageFormat.PNG),
        fingerprint(URL, Look(level=Level.H), ImageFormat.PNG),
        fingerprint(URL, Look(is_rounded=True), ImageFormat.PNG),
    }
    assert len(variants) == 10
    assert fingerprint(URL, Look(), ImageFormat.PNG) in variants


def test_visual_settings_are_a_look() -> None:
    sent = {"foregroundColor": "#135", "size": 600.0, "errorCorrectionLevel": "Q", "rounded": True}
    assert VisualSettings.model_validate(sent).look() == Look(
        foreground="#135", size=600, level=Level.Q, is_rounded=True
    )
    assert VisualSettings().look() == Look()

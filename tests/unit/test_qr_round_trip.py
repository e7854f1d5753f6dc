"""QR codes that are exported come back equal when they are imported: every field, with any value.

A field that is added to `QrCode` fails here until it is said what becomes of it.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jmpy.formats import csv_file
from jmpy.imports import qr_rows, records
from jmpy.imports.qr_rows import Printed, QrRow
from jmpy.links.bulk import Failure
from jmpy.links.model import Link
from jmpy.qr import drawing, export
from jmpy.qr.content import ContentType, content
from jmpy.qr.errors import ContentTooLong, InvalidContent
from jmpy.qr.look import Level, Look
from jmpy.qr.model import Described, QrCode, QrImage
from jmpy.qr.schema import QrCodeBody

if TYPE_CHECKING:
    from collections.abc import Callable

BASE_URL = "https://go.example.com"
QR_ID = "019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b"
LINK = Link("019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6c", "a", "spring", "https://shop.example/", 1, 2)

CARRIED = ("name", "content_type", "content_data", "code", "is_dynamic")
NOT_CARRIED = {
    "id": "a new one, by the time of the import",
    "account_id": "that of who imports",
    "created_at": "the time of the import",
    "updated_at": "the time of the import",
    "link_id": "that of the link with the same short code",
    "tracking_enabled": "that of the link",
    "source": "how the QR code came here",
    "channel": "how the QR code came here",
    "scan_count": "counted here, from nought on",
    "unique_scan_count": "counted here, from nought on",
    "bot_count": "counted here, from nought on",
    "last_scanned_at": "counted here, from nought on",
    "version": "counts the changes made here",
}


def test_the_use_of_every_field_is_reported() -> None:
    assert sorted([*CARRIED, *NOT_CARRIED]) == sorted(f.name for f in dataclasses.fields(QrCode))


_NASTY = st.sampled_from(
    ["'", "=1+1", "-", "@", '"', ",", ";", "|", "\\", "\r\n", "\n", "\r", "\0", " ", "\t", "\u2028",
     "\ufeff", "\ufffd", "{", "[", "é", "\U0001f4a9", "https://", "\u202e"]
)  # fmt: skip
texts = st.lists(
    st.one_of(_NASTY, st.text(st.characters(codec="utf-8"), min_size=1, max_size=5)),
    min_size=1,
    max_size=6,
).map("".join)
_phones = st.sampled_from(["+49 151 1234567", "0151-1234567", "+1 (555) 010-0000"])
_TYPES: dict[ContentType, st.SearchStrategy[dict[str, Any]]] = {
    ContentType.URL: st.fixed_dictionaries({"url": texts.map("https://example.com/{}".format)}),
    ContentType.TEXT: st.fixed_dictionaries({"text": texts}),
    ContentType.WIFI: st.fixed_dictionaries(
        {"ssid": texts, "password": texts.map("12345678{}".format), "hidden": st.booleans()}
    ),
    ContentType.VCARD: st.fixed_dictionaries({"name": texts, "organization": texts}),
    ContentType.EMAIL: st.fixed_dictionaries(
        {"email": st.just("ada@example.com"), "subject": texts, "body": texts}
    ),
    ContentType.PHONE: st.fixed_dictionaries({"phone": _phones}),
    ContentType.SMS: st.fixed_dictionaries({"phone": _phones, "message": texts}),
    ContentType.WHATSAPP: st.fixed_dictionaries(
        {"phone": st.just("+49 151 1234567"), "message": texts}
    ),
    ContentType.LOCATION: st.fixed_dictionaries(
        {"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180)}
    ),
}
looks = st.builds(
    Look,
    foreground=st.sampled_from(["#000", "#1a2b6d"]),
    background=st.sampled_from(["#ffffff", "transparent"]),
    size=st.integers(600, 900),
    margin=st.integers(1, 20),
    level=st.sampled_from(Level),
    is_rounded=st.booleans(),
)


@st.composite
def described(draw: st.DrawFn) -> Described:
    content_type = draw(st.sampled_from(ContentType))
    found = content(content_type, draw(_TYPES[content_type]))
    leads = content_type in {ContentType.URL, ContentType.WHATSAPP} and draw(st.booleans())
    try:
        payload = found.payload()
        look = draw(looks)
        drawing.encode(payload, look)
    except (InvalidContent, ContentTooLong):
        return draw(st.nothing())
    qr_code = QrCode(
        id=QR_ID,
        account_id="a",
        content_type=content_type.value,
        content_data=found.to_json(),
        created_at=1,
        updated_at=2,
        name=draw(
            st.none()
            | st.text(
                st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=9
            )
        ),
        link_id=LINK.id if leads else None,
        code="Printed1" if leads else None,
        is_dynamic=leads and draw(st.booleans()),
        scan_count=draw(st.integers(0, 10**9)),
    )
    image = QrImage(f"{BASE_URL}/Printed1" if leads else payload, look)
    return Described(qr_code, image, LINK if leads else None)


def as_csv(exported: Described) -> str:
    return "".join(map(csv_file.line, [export.HEADER, export.row(exported, BASE_URL)]))


def as_json(exported: Described) -> str:
    """As a program would store the response of the list."""
    body = QrCodeBody.from_described(exported, BASE_URL).model_dump(mode="json")
    return json.dumps({"success": True, "data": {"qrCodes": [body], "pagination": {}}})


def imported(text: str) -> QrRow | Failure:
    (row,) = qr_rows.rows(records.read(records.decoded(text.encode())))
    return row


both = pytest.mark.parametrize("written", [as_csv, as_json])


@both
@settings(max_examples=40, deadline=None, phases=set(Phase) - {Phase.shrink, Phase.explain})
@given(exported=described())
def test_export_and_import_are_inverse(
    written: Callable[[Described], str], exported: Described
) -> None:
    found = imported(written(exported))
    assert isinstance(found, QrRow), found
    qr_code, image = exported.qr_code, exported.image
    printed = (
        None
        if qr_code.code is None
        else Printed(image.payload, qr_code.code, "spring", "go.example.com")
    )
    assert found.printed == printed
    assert (found.name, found.content_type) == (qr_code.name or None, qr_code.content_type)
    assert found.is_dynamic == qr_code.is_dynamic
    assert json.loads(found.content.to_json()) == exported.content_data
    # The level of the list is the one that the image has.
    payload = found.content.payload() if printed is None else image.payload
    assert drawing.drawn(QrImage(payload, found.look), drawing.ImageFormat.SVG) == drawing.drawn(
        image, drawing.ImageFormat.SVG
    )
    if written is as_csv:
        assert found.look == image.look


@both
@pytest.mark.parametrize("text", ["'\t", "\n'=1", "\t-1", " a ", "a\0b", '"', "\r\n"])
def test_texts_that_look_like_parts_of_a_file(
    written: Callable[[Described], str], text: str
) -> None:
    found = content(ContentType.TEXT, {"text": text})
    qr_code = QrCode(QR_ID, "a", "text", found.to_json(), 1, 2)
    row = imported(written(Described(qr_code, QrImage(text, Look()), None)))
    assert isinstance(row, QrRow), row
    assert (row.content, row.printed) == (found, None)


FILE = "content,content_type,content_data,visual_settings,is_dynamic,short_url,logo\n"


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ('a,text,"{""text"": ""b""}",{},false,,', "content: It is neither what content_data says"),
        ('https://x.example/,text,"{""text"": ""b""}",{},false,,', "content: It is neither"),
        ('https://x.example/abc,url,"{""url"": ""https://b.example""}",{},true,,',
         "short_url: The link of this QR code was deleted"),
        ("a,text,{,{},false,,", "content_data: Is no JSON object"),
        ("a,text,[],{},false,,", "content_data: Is no JSON object"),
        ('a,text,"{""text"": ""a"", ""x"": 1}",{},false,,', "content_data"),
        ('a,other,"{""text"": ""a""}",{},false,,', "content_type: Must be"),
        ('a,text,"{""text"": ""a""}","{""size"": 1}",false,,', "visual_settings.size: "),
        ('a,text,"{""text"": ""a""}","{""foregroundColor"": ""#fff""}",false,,', "visual_"),
        ('a,text,"{""text"": ""a""}","{""hasLogo"": true}",false,,', "logo: The file has no logo"),
        ('a,text,"{""text"": ""a""}",{},false,,https://x.example/a.png', "logo: The file has no"),
        ('a,text,"{""text"": ""a""}",{},false,,"data:image/png;base64,AAAA"',
         "visual_settings.logoUrl: A logo is a PNG or JPEG"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_row_is_said_of_its_field(cells: str, problem: str) -> None:
    found = imported(f"{FILE}{cells}\n")
    assert isinstance(found, Failure)
    (error,) = found.errors
    assert f"{getattr(error, 'field', 'row')}: {error}".startswith(problem)

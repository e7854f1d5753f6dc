"""What QR codes contain: each type's text, and that nothing typed into a field leaves it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from jmpy.qr.content import ContentType, content
from jmpy.qr.content_schema import WithContent
from jmpy.qr.errors import InvalidContent

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=8)
HOSTILE = st.text(st.sampled_from('\\;,:"\r\n\x85\u2028aé&=?%+# '), min_size=1, max_size=30)


def payload(content_type: str, **data: Any) -> str:
    return content(content_type, data).payload()


def wifi_fields(text: str) -> dict[str, str]:
    """As ZXing reads it: split at what no backslash precedes."""
    body = text.removeprefix("WIFI:")
    found = re.findall(r"([A-Z]):((?:\\.|[^;\\])*);", body, re.DOTALL)
    assert "".join(f"{name}:{value};" for name, value in found) + ";" == body
    return {name: re.sub(r"\\(.)", r"\1", value) for name, value in found}


def vcard_properties(text: str) -> list[tuple[str, list[str]]]:
    """By RFC 2426: lines end with CRLF, components with a semicolon."""
    assert text.endswith("\r\n")
    lines = text.removesuffix("\r\n").split("\r\n")
    assert lines == text.splitlines(), "no reader finds another line"
    split = [line.partition(":") for line in lines]
    return [
        (name, [_unescaped(part) for part in re.findall(r"(?:^|;)((?:\\.|[^;\\])*)", value)])
        for name, _, value in split
    ]


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)


@pytest.mark.parametrize(
    ("content_type", "data", "expected"),
    [
        ("url", {"url": "HTTPS://Example.com/a b"}, "https://example.com/a%20b"),
        ("url", {"url": "https://bücher.example/"}, "https://xn--bcher-kva.example/"),
        ("text", {"text": " WIFI:S:a;; \r\n日本語 "}, " WIFI:S:a;; \r\n日本語 "),
        ("wifi", {"ssid": "Zoë Café", "password": "a;b:c,d\\e\"f"},
         "WIFI:T:WPA;S:Zoë Café;P:a\\;b\\:c\\,d\\\\e\\\"f;;"),
        ("wifi", {"ssid": "a;b:c\"d\\e,f", "security": "nopass"},
         "WIFI:T:nopass;S:a\\;b\\:c\\\"d\\\\e\\,f;;"),
        ("wifi", {"ssid": "deadbeef", "security": "WEP", "password": "abcde", "hidden": True},
         "WIFI:T:WEP;S:deadbeef;P:abcde;H:true;;"),
        ("wifi", {"ssid": "x", "password": "0f" * 32}, f"WIFI:T:WPA;S:x;P:{'0f' * 32};;"),
        ("email", {"email": "ada@example.com"}, "mailto:ada@example.com"),
        ("email", {"email": "a+b@example.com", "subject": "1 + 1 & 2%?", "body": "a\nb"},
         "mailto:a+b@example.com?subject=1%20%2B%201%20%26%202%25%3F&body=a%0D%0Ab"),
        ("email", {"email": "a&b=c?d#e%f@example.com"},
         "mailto:a%26b%3Dc%3Fd%23e%25f@example.com"),
        ("phone", {"phone": "+1 (555) 010-99.99"}, "tel:+15550109999"),
        ("phone", {"phone": "030 1234567"}, "tel:0301234567"),
        ("sms", {"phone": "+15550109999"}, "SMSTO:+15550109999"),
        ("sms", {"phone": "+15550109999", "message": "a:b;c\nd"}, "SMSTO:+15550109999:a:b;c\nd"),
        ("whatsapp", {"phone": "0049 30 1234567", "message": "a&b+c d"},
         "https://wa.me/49301234567?text=a%26b%2Bc%20d"),
        ("whatsapp", {"phone": "+49 30 1234567"}, "https://wa.me/49301234567"),
        ("location", {"latitude": 52.5200061, "longitude": 13.4}, "geo:52.520006,13.4"),
        ("location", {"latitude": -1e-7, "longitude": -180}, "geo:0,-180"),
        ("location", {"latitude": 1e-6, "longitude": 0.0}, "geo:0.000001,0"),
    ],
)  # fmt: skip
def test_each_type_is_written_in_the_syntax_that_scanners_read(
    content_type: str, data: dict[str, Any], expected: str
) -> None:
    assert payload(content_type, **data) == expected


@pytest.mark.parametrize(
    ("content_type", "data", "field"),
    [
        ("url", {"url": "ftp://example.com"}, "url"),
        ("url", {"url": "https://user:pw@example.com/"}, "url"),
        ("text", {"text": ""}, "text"),
        ("text", {"text": "\ud800"}, "text"),
        ("wifi", {"ssid": "é" * 17, "security": "nopass"}, "ssid"),
        ("wifi", {"ssid": "", "security": "nopass"}, "ssid"),
        ("wifi", {"ssid": "a\nb", "security": "nopass"}, "ssid"),
        ("wifi", {"ssid": "a\u2028b", "security": "nopass"}, "ssid"),
        ("wifi", {"ssid": "a", "password": "1234567"}, "password"),
        ("wifi", {"ssid": "a", "password": "z" * 64}, "password"),
        ("wifi", {"ssid": "a", "password": "é" * 4}, "password"),
        ("wifi", {"ssid": "a", "password": "é" * 32}, "password"),
        ("wifi", {"ssid": "a", "password": "12345678\r"}, "password"),
        ("wifi", {"ssid": "a"}, "password"),
        ("wifi", {"ssid": "a", "security": "WEP", "password": "abcdef"}, "password"),
        ("wifi", {"ssid": "a", "security": "nopass", "password": "12345678"}, "password"),
        ("vcard", {"name": " \x00"}, "name"),
        ("vcard", {"name": "a", "phone": "1\nTEL:+1900"}, "phone"),
        ("vcard", {"name": "a", "email": "a@b.example\nTEL:+1900"}, "email"),
        ("vcard", {"name": "a", "url": "javascript:alert(1)"}, "url"),
        ("email", {"email": "a@b"}, "email"),
        ("email", {"email": "a@b.example,c@d.example"}, "email"),
        ("email", {"email": "a@b.example", "subject": "\udfff"}, "subject"),
        ("phone", {"phone": "123456"}, "phone"),
        ("phone", {"phone": "1234567890123456"}, "phone"),
        ("phone", {"phone": "٠١٢٣٤٥٦٧"}, "phone"),
        ("phone", {"phone": "+1555010;ext=5"}, "phone"),
        ("phone", {"phone": "1+5550109999"}, "phone"),
        ("whatsapp", {"phone": "030 1234567"}, "phone"),
        ("location", {"latitude": 90.0000001, "longitude": 0}, "latitude"),
        ("location", {"latitude": 0, "longitude": 200}, "longitude"),
        ("location", {"latitude": float("nan"), "longitude": 0}, "latitude"),
    ],
)
def test_a_value_that_breaks_a_rule_is_rejected_with_its_field(
    content_type: str, data: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidContent) as rejected:
        payload(content_type, **data)
    assert rejected.value.field == f"content_data.{field}"


def test_a_line_break_in_a_name_adds_no_property() -> None:
    read = vcard_properties(
        payload("vcard", name="Doe;John\nTEL:+1", organization="A\r\nTEL:+1900")
    )
    assert read == [
        ("BEGIN", ["VCARD"]), ("VERSION", ["3.0"]), ("N", ["", "Doe;John\nTEL:+1", "", "", ""]),
        ("FN", ["Doe;John\nTEL:+1"]), ("ORG", ["A\nTEL:+1900"]), ("END", ["VCARD"]),
    ]  # fmt: skip


def test_a_url_in_a_vcard_has_no_backslash_that_a_reader_would_drop() -> None:
    text = payload("vcard", name="a", url="https://example.com/?a=b\\c,d;e", phone="+15550109999")
    assert "URL:https://example.com/?a=b%5Cc,d;e\r\n" in text


@given(LINES, st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=63))
def test_a_network_is_read_as_it_was_typed(ssid: str, password: str) -> None:
    read = wifi_fields(payload("wifi", ssid=ssid, password=password))
    assert read == {"T": "WPA", "S": ssid, "P": password}


@given(TEXTS | HOSTILE, TEXTS | HOSTILE)
def test_a_vcard_has_the_properties_that_were_asked_for(name: str, organization: str) -> None:
    try:
        text = payload("vcard", name=name, organization=organization)
    except InvalidContent:
        assert not re.sub(r"[\x00-\x1f\x7f-\x9f]", "", name).strip()
        return
    read = dict(vcard_properties(text))
    assert list(read) == ["BEGIN", "VERSION", "N", "FN", "ORG", "END"]
    assert [len(read["N"]), len(read["FN"]), len(read["ORG"])] == [5, 1, 1]
    as_typed = re.sub(r"\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]", "\n", name)
    assert read["FN"][0] == re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]", "", as_typed)


@given(TEXTS | HOSTILE, TEXTS | HOSTILE)
def test_a_mail_is_read_as_it_was_typed(subject: str, body: str) -> None:
    parts = urlsplit(payload("email", email="ada@example.com", subject=subject, body=body))
    query = parse_qs(parts.query.replace("+", "%2B"), keep_blank_values=True)
    assert (parts.scheme, unquote(parts.path)) == ("mailto", "ada@example.com")
    assert {name: _line_breaks(value[0]) for name, value in query.items()} == {
        "subject": _line_breaks(subject), "body": _line_breaks(body),
    }  # fmt: skip


def _line_breaks(text: str) -> str:
    return re.sub(r"\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]", "\n", text)


def test_a_request_has_the_fields_of_its_type() -> None:
    sent = {"content_type": "wifi", "content_data": {"ssid": "a", "password": "12345678"}}
    assert WithContent.model_validate(sent).content() == content("wifi", sent["content_data"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sent", "places"),
    [
        ({"content_type": "wifi", "content_data": {"url": "https://example.com"}},
         [("content_data", "ssid"), ("content_data", "url")]),
        ({"content_type": "wifi", "content_data": {"ssid": "a", "security": "WPA;P:z"}},
         [("content_data", "security")]),
        ({"content_type": "location", "content_data": {"latitude": 91, "longitude": "1"}},
         [("content_data", "latitude"), ("content_data", "longitude")]),
        ({"content_type": "text", "content_data": "a"}, [("content_data",)]),
        ({"content_type": "gs1", "content_data": {}}, [("content_type",)]),
        ({"content_type": "url"}, [("content_data",)]),
    ],
)  # fmt: skip
def test_a_request_with_fields_of_another_type_is_rejected(
    sent: dict[str, Any], places: list[tuple[str, ...]]
) -> None:
    with pytest.raises(ValidationError) as rejected:
        WithContent.model_validate(sent)
    assert [error["loc"] for error in rejected.value.errors()] == places


@pytest.mark.parametrize("content_type", ContentType)
def test_what_is_stored_of_a_content_gives_it_again(content_type: ContentType) -> None:
    samples: dict[str, dict[str, Any]] = {
        "url": {"url": "https://example.com/"},
        "text": {"text": "a"},
        "wifi": {"ssid": "a", "password": "12345678"},
        "vcard": {"name": "a"},
        "email": {"email": "ada@example.com"},
        "phone": {"phone": "+15550109999"},
        "sms": {"phone": "+15550109999"},
        "whatsapp": {"phone": "+15550109999"},
        "location": {"latitude": 1, "longitude": 2.5},
    }
    sent = {"content_type": content_type, "content_data": samples[content_type]}
    given_ = WithContent.model_validate(sent)
    assert content(content_type, given_.content().data()) == given_.content()

"""What a QR code contains, by type: fields as people send them, and the text that scanners read.

    content("wifi", {"ssid": "Café", "password": "secret-12"}).payload()

`payload` raises InvalidContent for the field that breaks a rule of its type. The syntax of each
type is the one that both platforms' cameras read, with the source in its docstring.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from jmpy.links import destination
from jmpy.links.errors import InvalidDestination
from jmpy.qr import payloads
from jmpy.qr.errors import InvalidContent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class ContentType(StrEnum):
    URL = "url"
    TEXT = "text"
    WIFI = "wifi"
    VCARD = "vcard"
    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    LOCATION = "location"


LEADING = frozenset({ContentType.URL, ContentType.WHATSAPP})
"""Their content is a web address, which may be behind a short URL."""


class WifiSecurity(StrEnum):
    WPA = "WPA"
    """WPA2 and WPA3 as well."""
    WEP = "WEP"
    NOPASS = "nopass"


MAX_SSID = 32
"""Bytes (IEEE 802.11)."""
_WPA_PASSWORD = (8, 63)
"""The fewest characters and most bytes (IEEE 802.11, annex J.4); or 64 hexadecimal digits, which
are the key itself."""
_WPA_KEY = 64
_WEP_KEYS = (5, 13, 16, 29)
"""Bytes; or twice as many hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Content(ABC):
    """The fields of one type."""

    @abstractmethod
    def payload(self) -> str:
        """What a scanner reads. Raises InvalidContent."""

    def data(self) -> dict[str, Any]:
        """The fields as `content_data`: what `content` reads."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def to_json(self) -> str:
        """`data` as it is stored."""
        return json.dumps(self.data(), ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Url(Content):
    url: str

    def payload(self) -> str:
        """As a browser writes it, in ASCII. It may be a short URL of this service."""
        return _url("url", self.url)


@dataclass(frozen=True, slots=True)
class Text(Content):
    text: str

    def payload(self) -> str:
        """As it is."""
        if not self.text:
            raise InvalidContent("text", "Must not be empty")
        return _unicode("text", self.text)


@dataclass(frozen=True, slots=True)
class Wifi(Content):
    ssid: str
    security: WifiSecurity = WifiSecurity.WPA
    password: str = ""
    hidden: bool = False

    def payload(self) -> str:
        """`WIFI:T:WPA;S:<name>;P:<password>;H:true;;` (ZXing's wiki, "Barcode Contents"). Values
        that look like hexadecimal digits are not quoted, as ZXing would have it: iOS takes the
        quotes for a part of the value."""
        self._check_name()
        self._check_password()
        password = f"P:{payloads.in_wifi(self.password)};" if self.password else ""
        hidden = "H:true;" if self.hidden else ""
        name = payloads.in_wifi(self.ssid)
        return f"WIFI:T:{WifiSecurity(self.security).value};S:{name};{password}{hidden};"

    def _check_name(self) -> None:
        length = len(_unicode("ssid", self.ssid).encode())
        if not 0 < length <= MAX_SSID:
            raise InvalidContent(
                "ssid",
                f"A network name has 1 to {MAX_SSID} bytes in UTF-8; this one has {length}",
            )
        if payloads.has_control(self.ssid):
            raise InvalidContent("ssid", "Must not contain control characters or line breaks")

    def _check_password(self) -> None:
        length = len(_unicode("password", self.password).encode())
        if payloads.has_control(self.password):
            raise InvalidContent("password", "Must not contain control characters or line breaks")
        if self.security == WifiSecurity.NOPASS:
            if length:
                raise InvalidContent("password", "A network without security has no password")
        elif self.security == WifiSecurity.WEP:
            if length not in _WEP_KEYS and not self._is_key(*(2 * bytes_ for bytes_ in _WEP_KEYS)):
                raise InvalidContent(
                    "password",
                    "A WEP key has 5, 13, 16 or 29 characters, or twice as many hexadecimal digits",
                )
        elif not self._is_key(_WPA_KEY) and not (
            len(self.password) >= _WPA_PASSWORD[0] and length <= _WPA_PASSWORD[1]
        ):
            raise InvalidContent(
                "password", "A WPA password has 8 to 63 characters, or is 64 hexadecimal digits"
            )

    def _is_key(self, *lengths: int) -> bool:
        return len(self.password) in lengths and set(self.password) <= set("0123456789abcdefABCDEF")


@dataclass(frozen=True, slots=True)
class VCard(Content):
    name: str
    phone: str = ""
    email: str = ""
    organization: str = ""
    url: str = ""

    def payload(self) -> str:
        """Version 3.0 (RFC 2426), which more phones read than 4.0; lines are not folded, since
        some do not unfold them."""
        name = payloads.in_vcard(_unicode("name", self.name))
        if not name.strip():
            raise InvalidContent("name", "Must not be empty")
        lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:;{name};;;", f"FN:{name}"]
        if self.organization:
            organization = _unicode("organization", self.organization)
            lines.append(f"ORG:{payloads.in_vcard(organization)}")
        if self.phone:
            lines.append(f"TEL:{_checked('phone', payloads.phone, self.phone)}")
        if self.email:
            lines.append(f"EMAIL:{_checked('email', payloads.email, self.email)}")
        if self.url:
            # A URL is no text, so nothing in it is escaped; but some readers drop backslashes.
            lines.append("URL:" + _url("url", self.url).replace("\\", "%5C"))
        return "\r\n".join([*lines, "END:VCARD", ""])


@dataclass(frozen=True, slots=True)
class Email(Content):
    email: str
    subject: str = ""
    body: str = ""

    def payload(self) -> str:
        """`mailto:<address>?subject=...&body=...` (RFC 6068)."""
        fields_ = {name: _unicode(name, getattr(self, name)) for name in ("subject", "body")}
        return payloads.mailto(_checked("email", payloads.email, self.email), fields_)


@dataclass(frozen=True, slots=True)
class Phone(Content):
    phone: str

    def payload(self) -> str:
        """`tel:<number>` (RFC 3966)."""
        return f"tel:{_checked('phone', payloads.phone, self.phone)}"


@dataclass(frozen=True, slots=True)
class Sms(Content):
    phone: str
    message: str = ""

    def payload(self) -> str:
        """`SMSTO:<number>:<message>`, ZXing's form: RFC 5724's `sms:` loses the message on iOS. The
        message is the rest, so nothing in it is escaped."""
        number = _checked("phone", payloads.phone, self.phone)
        message = _unicode("message", self.message)
        return f"SMSTO:{number}:{message}" if message else f"SMSTO:{number}"


@dataclass(frozen=True, slots=True)
class WhatsApp(Content):
    phone: str
    message: str = ""

    def payload(self) -> str:
        """`https://wa.me/<digits>?text=...` (WhatsApp's "click to chat")."""
        digits = _checked("phone", payloads.international, self.phone)
        text = payloads.percent(_unicode("message", self.message))
        return f"https://wa.me/{digits}" + (f"?text={text}" if text else "")


@dataclass(frozen=True, slots=True)
class Location(Content):
    latitude: float
    longitude: float

    def payload(self) -> str:
        """`geo:<latitude>,<longitude>` (RFC 5870)."""
        latitude = _checked("latitude", lambda value: payloads.degrees(value, 90), self.latitude)
        longitude = _checked(
            "longitude", lambda value: payloads.degrees(value, 180), self.longitude
        )
        return f"geo:{latitude},{longitude}"


_CONTENTS: dict[ContentType, type[Content]] = {
    ContentType.URL: Url,
    ContentType.TEXT: Text,
    ContentType.WIFI: Wifi,
    ContentType.VCARD: VCard,
    ContentType.EMAIL: Email,
    ContentType.PHONE: Phone,
    ContentType.SMS: Sms,
    ContentType.WHATSAPP: WhatsApp,
    ContentType.LOCATION: Location,
}


def content(content_type: str, data: Mapping[str, Any]) -> Content:
    """From validated or stored `content_data`. Raises ValueError for another type than those of
    ContentType, TypeError for other fields than its own."""
    return _CONTENTS[ContentType(content_type)](**data)


def _checked(name: str, check: Callable[[Any], str], value: Any) -> str:
    try:
        return check(value)
    except ValueError as error:
        raise InvalidContent(name, str(error)) from None


def _unicode(name: str, text: str) -> str:
    if not payloads.is_utf8(text):
        raise InvalidContent(name, "Must be Unicode text, without lone surrogates")
    return text


def _url(name: str, url: str) -> str:
    try:
        return destination.checked(url)
    except InvalidDestination as error:
        raise InvalidContent(name, str(error)) from None

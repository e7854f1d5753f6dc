"""What the API accepts as the content of a QR code, by type.

The rules themselves are in `content.py`, which explains a rejection in words; here are the fields,
for the API reference and for clients that validate.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictBool, ValidationInfo, field_validator

from jmpy.formats.request_body import RequestBody
from jmpy.links.destination import MAX_LENGTH
from jmpy.qr import payloads
from jmpy.qr.content import MAX_SSID, Content, ContentType, WifiSecurity, content

MAX_TEXT = 2953
"""Characters: the largest QR code holds as many bytes."""
_MAX_PHONE = 32
"""Characters, with what people write between digits."""

_Phone = Annotated[str, Field(min_length=1, max_length=_MAX_PHONE)]
_Message = Annotated[str, Field(max_length=MAX_TEXT)]
_Email = Annotated[str, Field(min_length=1, max_length=payloads.MAX_EMAIL)]
_Line = Annotated[str, Field(max_length=255)]
_Link = Annotated[
    str,
    Field(json_schema_extra={"format": "iri", "pattern": "^https?://", "maxLength": MAX_LENGTH}),
]

_PHONE = "7 to 15 digits, which may begin with + and be grouped"


class UrlData(RequestBody):
    url: _Link = Field(description="http or https")


class TextData(RequestBody):
    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)] = Field(
        description="Encoded as it is, in UTF-8"
    )


class WifiData(RequestBody):
    ssid: Annotated[str, Field(min_length=1, max_length=MAX_SSID)] = Field(
        description=f"The network's name, at most {MAX_SSID} bytes in UTF-8"
    )
    security: WifiSecurity = Field(
        default=WifiSecurity.WPA, description="`WPA` stands for WPA2 and WPA3 as well"
    )
    password: Annotated[str, Field(max_length=64)] = Field(
        default="", description="Part of the code, so that whoever scans it can join"
    )
    hidden: StrictBool = Field(
        default=False, description="Whether the network does not send its name"
    )


class VCardData(RequestBody):
    name: Annotated[str, Field(min_length=1, max_length=255)] = Field(
        description="As it is displayed"
    )
    phone: Annotated[str, Field(max_length=_MAX_PHONE)] = Field(default="", description=_PHONE)
    email: Annotated[str, Field(max_length=payloads.MAX_EMAIL)] = Field(
        default="", description="An email address"
    )
    organization: _Line = Field(default="", description="A company or another organization")
    url: _Link = Field(default="", description="A website, http or https")


class EmailData(RequestBody):
    email: _Email = Field(description="The recipient")
    subject: _Line = Field(default="", description="The subject")
    body: _Message = Field(default="", description="The text, with its line breaks")


class PhoneData(RequestBody):
    phone: _Phone = Field(description=_PHONE)


class SmsData(RequestBody):
    phone: _Phone = Field(description=_PHONE)
    message: _Message = Field(default="", description="The text")


class WhatsAppData(RequestBody):
    phone: _Phone = Field(description=f"{_PHONE}; with the country's code")
    message: _Message = Field(default="", description="The text")


class LocationData(RequestBody):
    latitude: Annotated[float, Field(ge=-90, le=90, strict=True)] = Field(
        description="Degrees north; six decimals are encoded"
    )
    longitude: Annotated[float, Field(ge=-180, le=180, strict=True)] = Field(
        description="Degrees east; six decimals are encoded"
    )


ContentData = (
    UrlData | TextData | WifiData | VCardData | EmailData | PhoneData | SmsData | WhatsAppData
    | LocationData
)  # fmt: skip

_DATA: dict[ContentType, type[RequestBody]] = {
    ContentType.URL: UrlData,
    ContentType.TEXT: TextData,
    ContentType.WIFI: WifiData,
    ContentType.VCARD: VCardData,
    ContentType.EMAIL: EmailData,
    ContentType.PHONE: PhoneData,
    ContentType.SMS: SmsData,
    ContentType.WHATSAPP: WhatsAppData,
    ContentType.LOCATION: LocationData,
}


class WithContent(RequestBody):
    """The fields of a request that say what a code contains; to derive from."""

    content_type: ContentType = Field(description="Which fields `content_data` has")
    content_data: ContentData = Field(description="The fields of that type")

    @field_validator("content_data", mode="wrap")
    @classmethod
    def _of_its_type(cls, sent: Any, _: Any, info: ValidationInfo) -> Any:
        """By `content_type`, so that an error is about a field of that type."""
        content_type = info.data.get("content_type")
        # Without a type there is an error already.
        return sent if content_type is None else parsed_data(content_type, sent)

    def content(self) -> Content:
        return content(self.content_type, self.content_data.model_dump())


def parsed_data(content_type: ContentType, sent: Any) -> BaseModel:
    """For the change of a code, whose type is known. Raises pydantic's ValidationError."""
    return _DATA[content_type].model_validate(sent)


def field_names(content_type: ContentType) -> tuple[str, ...]:
    """Of its `content_data`, in the order of the reference."""
    return tuple(_DATA[content_type].model_fields)

"""What the API accepts to create or change a QR code."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from pydantic import ConfigDict, Field, StrictBool

from jmpy.formats.request_body import RequestBody
from jmpy.formats.time_field import Time
from jmpy.formats.times import seconds
from jmpy.links.domain_schema import WithDomain
from jmpy.links.errors import UnknownDomain
from jmpy.links.fields import Channel, Name, Password
from jmpy.links.model import Source
from jmpy.qr.changes import QrCodeUpdate
from jmpy.qr.content import ContentType, content
from jmpy.qr.content_schema import WithContent, parsed_data
from jmpy.qr.creation import NewQrCode
from jmpy.qr.drawing import ImageFormat
from jmpy.qr.errors import StaticContent
from jmpy.qr.look_schema import MAX_LOGO_URL, VisualSettings
from jmpy.qr.model import QrCode

Logo = Annotated[str, Field(max_length=MAX_LOGO_URL)]
_ELSEWHERE = {"expiry": "expires_at", "format": "output_format", "title": "name"}


class GenerateQrCode(WithDomain, WithContent):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"content_type": "url", "content_data": {"url": "https://example.com/menu"}},
                {
                    "content_type": "url",
                    "content_data": {"url": "https://example.com/autumn"},
                    "name": "Autumn poster",
                    "is_dynamic": True,
                    "tracking_enabled": True,
                    "visual_settings": {"foregroundColor": "#1a2b6d", "size": 600},
                },
            ]
        }
    )
    also_called = _ELSEWHERE

    visual_settings: VisualSettings = Field(
        default_factory=VisualSettings,
        description="How it looks; only the dashboard can change it later",
    )
    name: Name | None = Field(default=None, description="A name to recognize it by")
    is_dynamic: StrictBool = Field(
        default=False, description="Creates a short URL, so that the content can be changed later"
    )
    tracking_enabled: StrictBool = Field(
        default=False, description="Creates a short URL, so that scans are counted"
    )
    use_short_url: StrictBool = Field(default=False, description="The same as `tracking_enabled`")
    password: Password | None = Field(
        default=None, description="Visitors have to enter it; for dynamic or tracked codes"
    )
    expires_at: Time = Field(
        default=None,
        description="When it stops redirecting, ISO 8601 with an offset; for dynamic or tracked "
        "codes",
    )
    expiration_date: Time = Field(default=None, description="The same as `expires_at`")
    logo: Logo | None = Field(default=None, description="The same as `visual_settings.logoUrl`")
    output_format: ImageFormat = Field(
        default=ImageFormat.PNG, description="The format of `dataURL`"
    )
    qr_format: Literal["image", "json"] = Field(
        default="json", description="Without effect: every response has the image and its content"
    )
    channel: Channel = Field(default="api", description="How it was created: any word")
    source: Channel = Field(
        default=Source.QR_CODE_GENERATOR.value, description="What created it: any word"
    )

    @property
    def logo_url(self) -> str | None:
        return self.visual_settings.logoUrl or self.logo

    def new_qr_code(self, logo: bytes | None, host: str | None) -> NewQrCode:
        """`logo`: a PNG. `host`: of the domain that it names; None without one. Raises InvalidLook;
        StaticContent if it names one, and contains no short URL."""
        new = NewQrCode(
            content_type=self.content_type,
            content=self.content(),
            look=self.visual_settings.look(),
            logo=logo,
            host=host,
            name=self.name,
            is_dynamic=self.is_dynamic,
            tracking_enabled=self.tracking_enabled or self.use_short_url,
            password=None if self.password is None else self.password.get_secret_value(),
            expires_at=seconds(self.expires_at or self.expiration_date),
            source=self.source,
            channel=self.channel,
        )
        if host and not new.leads:
            raise StaticContent(UnknownDomain.field)
        return new


class UpdateQrCode(RequestBody):
    """Only the fields that are present are changed; `null` clears a field."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"content_data": {"url": "https://example.com/winter"}, "name": "Winter"}]
        }
    )
    also_called = _ELSEWHERE

    name: Name | None = Field(default=None, description="A name to recognize it by")
    content_data: dict[str, Any] = Field(
        default_factory=dict, description="Of a dynamic code: the fields of its `content_type`"
    )
    tracking_enabled: StrictBool = Field(
        default=False,
        description="Whether scans and clicks are counted; the same for its short URL",
    )
    password: Password | None = Field(
        default=None, description="Visitors have to enter it; `null` for no password"
    )
    is_password_protected: StrictBool = Field(
        default=True, description="`false` is the same as `password` being `null`"
    )
    expires_at: Time = Field(default=None, description="`null` for never")

    def update(self, qr_code: QrCode) -> QrCodeUpdate:
        """The fields that were sent. Raises pydantic's ValidationError for `content_data` that is
        not of the code's type."""
        sent = set(self.model_fields_set)
        values: dict[str, Any] = {
            "name": self.name,
            "tracking_enabled": self.tracking_enabled,
            "password": None if self.password is None else self.password.get_secret_value(),
            "expires_at": seconds(self.expires_at),
        }
        if "content_data" in sent:
            data = parsed_data(ContentType(qr_code.content_type), self.content_data)
            values["content"] = content(qr_code.content_type, data.model_dump())
            sent.add("content")
        if "is_password_protected" in sent and not self.is_password_protected:
            values["password"] = None
            sent.add("password")
        return cast("QrCodeUpdate", {name: value for name, value in values.items() if name in sent})

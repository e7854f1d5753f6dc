"""QR codes as the API describes them.

The public contract mixes the spellings of names, and clients read them as they are: `dataURL`,
`qrCodes`, `totalCount`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso
from jmpy.links import qr_image
from jmpy.links.short_url import link_url
from jmpy.qr import drawing
from jmpy.qr.content import ContentType
from jmpy.qr.drawing import ImageFormat
from jmpy.qr.look_schema import QrCodeLookBody

if TYPE_CHECKING:
    from jmpy.qr.listing import Request
    from jmpy.qr.model import Described


class QrCodeBody(BaseModel):
    id: str = Field(examples=["019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b"])
    user_id: str = Field(
        description="Id of the account", examples=["7d444840-9dc0-11d1-b245-5ffdce74fad2"]
    )
    name: str | None = Field(examples=["Autumn poster"])
    content: str = Field(
        description="What a scanner reads", examples=["https://go.example.com/k3Jx9Qa"]
    )
    content_type: ContentType
    content_data: dict[str, Any] = Field(examples=[{"url": "https://example.com/autumn"}])
    dataURL: str = Field(
        description="The image as a `data:` URL", examples=["data:image/png;base64,iVBORw0KGgo="]
    )
    qr_code_url: str = Field(
        description="The public address of the image, an SVG",
        examples=["https://go.example.com/_/qr/019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b.svg"],
    )
    visual_settings: QrCodeLookBody
    is_dynamic: bool = Field(description="Whether its content can be changed")
    tracking_enabled: bool = Field(description="Whether its scans are counted")
    scan_count: int = Field(description="All scans, including those by bots", examples=[42])
    unique_scan_count: int = Field(
        description="Visitors, each counted once per UTC day", examples=[30]
    )
    human_scans: int = Field(description="Scans by people, part of `scan_count`", examples=[41])
    bot_scans: int = Field(description="Scans by bots, part of `scan_count`", examples=[1])
    last_scanned_at: Timestamp | None = Field(description="null if it never was")
    short_url_id: str | None = Field(
        description="Id of the short URL that it leads to; null for a static code, or if that was "
        "deleted",
        examples=["019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6c"],
    )
    short_url: str | None = Field(
        description="That short URL; clicks on it are not scans",
        examples=["https://go.example.com/autumn-sale"],
    )
    is_password_protected: bool
    expires_at: Timestamp | None = Field(description="null for never", examples=[None])
    channel: str = Field(description="How it was created, as sent", examples=["api"])
    source: str = Field(examples=["QR_CODE_GENERATOR"])
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def from_described(
        cls, described: Described, base_url: str, image_format: ImageFormat = ImageFormat.PNG
    ) -> QrCodeBody:
        qr_code, image, link = described.qr_code, described.image, described.link
        expires_at = None if link is None else link.expires_at
        last = qr_code.last_scanned_at
        drawn = drawing.drawn(image, image_format)
        return cls(
            id=qr_code.id,
            user_id=qr_code.account_id,
            name=qr_code.name,
            content=image.payload,
            content_type=ContentType(qr_code.content_type),
            content_data=described.content_data,
            dataURL=drawn.data_url,
            qr_code_url=qr_image.url(base_url, qr_code.id),
            visual_settings=QrCodeLookBody.from_look(
                image.look, drawn.level, has_logo=image.logo is not None
            ),
            is_dynamic=qr_code.is_dynamic,
            tracking_enabled=qr_code.tracking_enabled,
            scan_count=qr_code.scan_count,
            unique_scan_count=qr_code.unique_scan_count,
            human_scans=qr_code.human_count,
            bot_scans=qr_code.bot_count,
            last_scanned_at=None if last is None else iso(last),
            short_url_id=qr_code.link_id,
            short_url=None if link is None else link_url(base_url, link),
            is_password_protected=link is not None and link.password_hash is not None,
            expires_at=None if expires_at is None else iso(expires_at),
            channel=qr_code.channel,
            source=qr_code.source,
            created_at=iso(qr_code.created_at),
            updated_at=iso(qr_code.updated_at),
        )


class OneQrCode(BaseModel):
    qrCode: QrCodeBody


class QrCodePagination(BaseModel):
    page: int
    limit: int = Field(examples=[50])
    totalCount: int = Field(description="Number of QR codes that match")
    totalPages: int
    hasNext: bool
    hasPrev: bool


class QrCodePage(BaseModel):
    qrCodes: list[QrCodeBody]
    pagination: QrCodePagination

    @classmethod
    def from_page(
        cls, found: list[Described], total: int, request: Request, base_url: str
    ) -> QrCodePage:
        pages = -(-total // request.limit)
        return cls(
            qrCodes=[QrCodeBody.from_described(one, base_url) for one in found],
            pagination=QrCodePagination(
                page=request.page,
                limit=request.limit,
                totalCount=total,
                totalPages=pages,
                hasNext=request.page < pages,
                hasPrev=request.page > 1,
            ),
        )

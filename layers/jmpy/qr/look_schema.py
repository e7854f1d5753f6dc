"""What the API accepts and returns as the look of a QR code.

The rules themselves are in `look.py`, which explains a rejection in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from jmpy.formats.request_body import RequestBody, whole
from jmpy.qr.look import MARGINS, SIZES, TRANSPARENT, Level, Look

if TYPE_CHECKING:
    from typing import Self

_HEX = "#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})"
_Color = Annotated[str, Field(max_length=20, json_schema_extra={"pattern": f"^{_HEX}$"})]
_Background = Annotated[
    str, Field(max_length=20, json_schema_extra={"pattern": f"^({_HEX}|{TRANSPARENT})$"})
]
_Whole = BeforeValidator(whole)

MAX_LOGO_URL = 360_000
"""Characters: 256 KB as base64, in a `data:` URL."""


class VisualSettings(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"foregroundColor": "#1d3557", "size": 600, "errorCorrectionLevel": "Q"},
            ]
        }
    )

    foregroundColor: _Color = Field(
        default="#000000", description="`#rgb` or `#rrggbb`, darker than the background"
    )
    backgroundColor: _Background = Field(
        default="#ffffff",
        description=f"`#rgb`, `#rrggbb` or `{TRANSPARENT}`, which is readable on light pages only",
    )
    size: Annotated[int, _Whole, Field(strict=True, ge=SIZES[0], le=SIZES[1])] = Field(
        default=300,
        description="Width and height with the margin: pixels of PNG and SVG, points of PDF",
    )
    margin: Annotated[int, _Whole, Field(strict=True, ge=MARGINS[0], le=MARGINS[1])] = Field(
        default=4, description="The quiet zone around the code, in modules"
    )
    errorCorrectionLevel: Level = Field(
        default=Level.M,
        description="The least; a higher one is used if the code remains as small. H with a logo",
    )
    rounded: StrictBool = Field(default=False, description="Whether modules have round corners")
    logoUrl: Annotated[str, Field(max_length=MAX_LOGO_URL)] | None = Field(
        default=None,
        description="An https or data: URL of a PNG or JPEG image of at most 256 KB, which is "
        "fetched once and covers at most a quarter of the code's width",
    )

    def look(self) -> Look:
        """Raises InvalidLook."""
        return Look(
            foreground=self.foregroundColor,
            background=self.backgroundColor,
            size=self.size,
            margin=self.margin,
            level=self.errorCorrectionLevel,
            is_rounded=self.rounded,
        )


class QrCodeLookBody(BaseModel):
    """As they are, with the level that the code got."""

    foregroundColor: str = Field(examples=["#000000"])
    backgroundColor: str = Field(examples=["#ffffff"])
    size: int = Field(examples=[300])
    margin: int = Field(examples=[4])
    errorCorrectionLevel: Level = Field(
        description="The level of the code, which may be higher than the one that was asked for"
    )
    rounded: bool
    hasLogo: bool

    @classmethod
    def from_look(cls, look: Look, level: Level, *, has_logo: bool) -> Self:
        """`level`: of the symbol."""
        return cls(
            foregroundColor=look.foreground,
            backgroundColor=look.background,
            size=look.size,
            margin=look.margin,
            errorCorrectionLevel=level,
            rounded=look.is_rounded,
            hasLogo=has_logo,
        )

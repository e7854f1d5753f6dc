"""What can be wrong with a request about a QR code.

`field` names the field of the request that has to change.
"""

from typing import Any, ClassVar

from jmpy.errors import Conflict, Invalid, Malformed, NotFound, PreconditionFailed


class InvalidContent(Invalid):
    """One field of the content breaks a rule of its type."""

    example = ("ssid", "A network name has at most 32 bytes; this one has 40")

    def __init__(self, name: str, reason: str) -> None:
        self.field = f"content_data.{name}"
        super().__init__(reason)


class ContentTooLong(Invalid):
    """No QR code holds that much."""

    field = "content_data"
    example = (3000, 2331, "M")

    def __init__(self, length: int, most: int, level: str) -> None:
        """`length` and `most` in bytes."""
        super().__init__(
            f"The content takes {length:,} bytes in UTF-8; a QR code with the error correction "
            f"level {level} holds {most:,} of them"
        )


class InvalidLook(Invalid):
    """One visual setting is not available, or would make the code hard to scan."""

    example = ("foregroundColor", "Use #rgb or #rrggbb")

    def __init__(self, name: str, reason: str) -> None:
        self.field = f"visual_settings.{name}"
        super().__init__(reason)


class ImageTooSmall(InvalidLook):
    """A module would be smaller than a pixel."""

    example: ClassVar[tuple[Any, ...]] = (20, 37)

    def __init__(self, size: int, least: int) -> None:
        """Both in pixels."""
        super().__init__(
            "size",
            f"With its margin this code is {least} modules wide, so that its least size is {least} "
            f"pixels, not {size}",
        )


class LowContrast(InvalidLook):
    def __init__(self) -> None:
        super().__init__(
            "foregroundColor",
            "The contrast is too low to be scanned; use a darker foreground or a lighter "
            "background",
        )


class InvertedColors(InvalidLook):
    def __init__(self) -> None:
        super().__init__(
            "foregroundColor",
            "The foreground must be darker than the background: many scanners read no inverted "
            "codes",
        )


class UnusableLogo(InvalidLook):
    """It could not be fetched, or is no image that is accepted as a logo."""

    example: ClassVar[tuple[Any, ...]] = ("A logo is a PNG or JPEG image",)

    def __init__(self, reason: str) -> None:
        super().__init__("logoUrl", reason)


class QrCodeNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("No such QR code")


class QrCodeExists(Conflict):
    """The short URL has a QR code already."""

    code = "QR_CODE_EXISTS"
    example = ("019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b",)

    def __init__(self, qr_id: str) -> None:
        super().__init__(f"This short URL already has a QR code, with the id {qr_id}")
        self.details = {"id": qr_id}


class QrCodeChanged(PreconditionFailed):
    """The QR code is no longer the version that the request was made for."""

    def __init__(self) -> None:
        super().__init__("The QR code has changed since you read it; read it again")


class QrCodeConflict(Conflict):
    """Others kept changing the QR code or its short URL while this request tried to."""

    def __init__(self) -> None:
        super().__init__("The QR code was changed by another request; read it and try again")


class LinkDeleted(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "The short URL of this QR code was deleted; only the name of the QR code can be changed"
        )


class NothingToChangeOfQrCode(Invalid):
    def __init__(self) -> None:
        super().__init__("Send at least one field to change; to read the QR code, send GET")


class NotOfALink(Invalid):
    """Only a web address can be behind a short URL."""

    example = ("is_dynamic",)

    def __init__(self, name: str) -> None:
        self.field = name
        super().__init__(
            "Only QR codes of the types 'url' and 'whatsapp' can be dynamic or tracked: their "
            "content is a web address"
        )


class StaticContent(Invalid):
    """A code that contains its content itself cannot change, expire, or ask for a password."""

    example = ("expires_at",)

    def __init__(self, name: str) -> None:
        self.field = name
        super().__init__(
            "Only a QR code that was created with is_dynamic (or, except for content_data, with "
            "tracking_enabled) has this setting: it belongs to the short URL"
        )


class SetOnTheLink(Invalid):
    """The QR code of an existing short URL has the settings of that."""

    example = ("password",)

    def __init__(self, name: str) -> None:
        self.field = name
        super().__init__("This QR code leads to an existing short URL; set it there")


class QrPageTooDeep(Malformed):
    example = (10_000,)

    def __init__(self, most: int) -> None:
        super().__init__(f"Pages reach back to the newest {most:,} QR codes")

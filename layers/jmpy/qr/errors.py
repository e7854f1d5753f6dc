"""What can be wrong with a request about a QR code.

`field` names the field of the request that has to change.
"""

from typing import Any, ClassVar

from jmpy.errors import Invalid


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

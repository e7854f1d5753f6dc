"""What can be wrong with an upload of many links, or with one row of it."""

from jmpy.errors import Conflict, Invalid, TooLarge, Unavailable


class UploadTooLarge(TooLarge):
    """The upload, or the response that would repeat it, is too large."""

    example = ("A CSV file has at most 5 MB; split it",)


class InvalidUpload(Invalid):
    """The upload as a whole cannot be read; the message says where and why."""

    field = "body"
    example = ("The upload has no rows",)


class InvalidField(Invalid):
    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason)


class AliasRepeated(Conflict):
    code = "ALIAS_TAKEN"
    field = "custom_alias"

    def __init__(self, alias: str, row: int) -> None:
        super().__init__(f"The alias {alias!r} is already used by row {row} of this upload")


class PrintedCodeTaken(Conflict):
    """The code that a QR code contains cannot be another one."""

    code = "ALIAS_TAKEN"
    field = "qr_content"

    def __init__(self, code: str) -> None:
        super().__init__(
            f"The code {code!r} of the QR code is already in use, or held for the account that "
            "used it, and a printed code cannot change"
        )


class NotConfirmed(Unavailable):
    """A fault or the end of the time came before it was known that the link exists."""

    field = "original_url"

    def __init__(self) -> None:
        super().__init__("The link could not be confirmed; check whether it exists, then try again")


class NothingCreated(Invalid):
    """Every row of the upload failed; `details` says why."""

    example = (
        {
            "failed": [
                {
                    "row": 1,
                    "original_url": "ftp://example.com/",
                    "code": "INVALID_URL",
                    "errors": [{"field": "url", "reason": "A destination is an http or https URL"}],
                }
            ]
        },
    )

    def __init__(self, details: dict[str, object]) -> None:
        self.details = details
        super().__init__("No link was created; correct the rows and send them again")

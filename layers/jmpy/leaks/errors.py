"""Errors of reports of leaked keys."""

from jmpy.errors import Malformed, Unauthenticated, Unavailable


class InvalidSignature(Unauthenticated):
    code = "INVALID_SIGNATURE"

    def __init__(self) -> None:
        super().__init__("The report is not signed by a known secret scanner")


class PublisherUnavailable(Unavailable):
    """The public keys of the scanner are unavailable."""


class MalformedReport(Malformed):
    example = (100,)

    def __init__(self, most: int) -> None:
        super().__init__(
            f'The body is an array of up to {most} objects such as {{"token": "...", '
            '"type": "jmpy_api_key", "url": "https://..."}'
        )

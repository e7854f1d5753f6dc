"""Entity tags (RFC 9110 sections 8.8.3 and 13.1.1): which version of a resource a client
has read."""

from jmpy.errors import Malformed

MAX_DIGITS = 15


class InvalidEntityTag(Malformed):
    def __init__(self) -> None:
        super().__init__(
            'If-Match must be the ETag of an earlier response, such as If-Match: "3", or *'
        )


def for_version(version: int) -> str:
    return f'"{version}"'


def expected_version(if_match: str | None) -> int | None:
    """The version that an `If-Match` header demands; None when any will do.

    Raises InvalidEntityTag. Lists of tags and weak tags are rejected: we never send them.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip()
    digits = tag[1:-1]
    if (
        tag != f'"{digits}"'
        or not digits.isascii()
        or not digits.isdigit()
        or len(digits) > MAX_DIGITS
    ):
        raise InvalidEntityTag
    return int(digits)

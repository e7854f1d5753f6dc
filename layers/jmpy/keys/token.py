"""The text of an API key: `jmpy_`, 32 random base62 characters, 6 checksum characters.

The prefix is the public contract and lets secret scanners find leaks; the checksum detects typing
errors and noise without a database read. 32 base62 characters have 190 bits of entropy, so a plain
SHA-256 is enough to store the key safely: it cannot be guessed, so hashing need not be slow. (It
would not be enough for a password, which people choose.)

This module must never log, store or return a key except from `generate`.
"""

import re
import secrets
import string
import zlib
from collections.abc import Callable
from hashlib import sha256

from jmpy.keys.errors import MalformedKey

PREFIX = "jmpy_"
TOKEN_PREFIX = "jmpt_"  # noqa: S105 - not a password
"""Of short-lived tokens, whose text is another one (`jmpy.key_tokens`)."""
RANDOM_LENGTH = 32
CHECKSUM_LENGTH = 6
LENGTH = len(PREFIX) + RANDOM_LENGTH + CHECKSUM_LENGTH

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SHAPE = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{RANDOM_LENGTH + CHECKSUM_LENGTH}}}")


def generate(choice: Callable[[str], str] = secrets.choice) -> str:
    """A new key. `choice` picks one character of an alphabet and has to be unpredictable."""
    body = PREFIX + random_text(choice)
    return body + checksum(body)


def random_text(choice: Callable[[str], str] = secrets.choice) -> str:
    """The part that cannot be guessed."""
    return "".join(choice(_BASE62) for _ in range(RANDOM_LENGTH))


def checksum(body: str) -> str:
    """CRC32 of the ASCII text before the checksum, as six base62 digits."""
    return base62(zlib.crc32(body.encode("ascii")), CHECKSUM_LENGTH)


def base62(value: int, length: int) -> str:
    """The number in `length` digits: 0 to 9, A to Z, a to z."""
    digits = []
    for _ in range(length):
        value, digit = divmod(value, len(_BASE62))
        digits.append(_BASE62[digit])
    return "".join(reversed(digits))


def from_base62(text: str) -> int:
    """The number of which `text` has the digits. Raises ValueError on any other character."""
    value = 0
    for digit in text:
        value = value * len(_BASE62) + _BASE62.index(digit)
    return value


def parse(candidate: str) -> str:
    """The digest under which `candidate` would be stored.

    Raises:
        MalformedKey: the text cannot be a key of ours, so no lookup is needed.
    """
    if not is_valid(candidate):
        raise MalformedKey
    return digest(candidate)


def is_valid(candidate: str) -> bool:
    """Whether the text has the form of a key of ours."""
    # The length is checked first, so that ten kilobytes of noise cost one comparison.
    if len(candidate) != LENGTH or not _SHAPE.fullmatch(candidate):
        return False
    return checksum(candidate[:-CHECKSUM_LENGTH]) == candidate[-CHECKSUM_LENGTH:]


def digest(key: str) -> str:
    """SHA-256 of the whole key, 64 lower-case hexadecimal digits."""
    return sha256(key.encode("ascii")).hexdigest()

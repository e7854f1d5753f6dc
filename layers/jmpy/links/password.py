"""Passwords of links: chosen by people, so stored only as a slow hash (Argon2id).

This module must never log or return a password.
"""

import unicodedata

from jmpy.lengths import too_long
from jmpy.links.errors import InvalidPassword

MIN_LENGTH = 8
MAX_LENGTH = 64

# OWASP's minimum for Argon2id: 19 MiB, two passes, one lane.
_MEMORY_KIB = 19 * 1024
_PASSES = 2
_LANES = 1


def hashed(password: str) -> str:
    """The password's hash in PHC string format. Raises InvalidPassword."""
    from argon2 import PasswordHasher  # noqa: PLC0415 - few requests concern a password

    return PasswordHasher(_PASSES, _MEMORY_KIB, _LANES).hash(checked(password))


def checked(password: str) -> str:
    """As it is hashed. Raises InvalidPassword."""
    text = _normalised(password)
    if len(text) > MAX_LENGTH:
        raise InvalidPassword(too_long("The password", len(password), MAX_LENGTH))
    if len(text) < MIN_LENGTH or not any(map(str.isalpha, text)):
        raise InvalidPassword
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate: JSON can carry it, UTF-8 cannot
        raise InvalidPassword from None
    return text


def matches(password: str, stored: str) -> bool:
    """Whether `stored` is the hash of `password`. What is too long to be one is not hashed."""
    from argon2 import PasswordHasher  # noqa: PLC0415
    from argon2.exceptions import VerifyMismatchError  # noqa: PLC0415

    text = _normalised(password)
    if len(text) > MAX_LENGTH:
        return False
    try:
        return PasswordHasher().verify(stored, text)
    except (VerifyMismatchError, UnicodeEncodeError):
        return False


def _normalised(password: str) -> str:
    """The same characters are the same password, however a keyboard composes them."""
    return unicodedata.normalize("NFC", password[: 4 * MAX_LENGTH])

"""The text of a short-lived token: `jmpt_`, the digest of its key in 43 base62 digits, the slot in
which it is stored in one, 32 random base62 characters, 6 checksum characters.

The digest says where to look, so that key and token are found in one read. It is no secret: a key
has 190 bits of entropy, so nobody finds it by its SHA-256, and a digest by itself gives access to
nothing. Holders of two tokens can tell by it whether both are of the same key.

This module must never log, store or return a token except from `compose`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from jmpy.keys import token
from jmpy.keys.errors import MalformedKey

PREFIX = token.TOKEN_PREFIX
SLOTS = 20
"""Tokens of one key that work at the same time."""

_DIGEST_BYTES = 32
_DIGEST_LENGTH = 43
"""62**43 is more than 2**256."""
_BODY_LENGTH = _DIGEST_LENGTH + 1 + token.RANDOM_LENGTH + token.CHECKSUM_LENGTH
LENGTH = len(PREFIX) + _BODY_LENGTH

_SHAPE = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_BODY_LENGTH}}}")


class PresentedToken(NamedTuple):
    """What the text of a token says. That there is such a token is not proven by that."""

    key_digest: str
    """64 lower-case hexadecimal digits, as those of `ApiKey.digest`."""
    slot: int
    digest: str
    """SHA-256 of the whole text, likewise."""


def compose(key_digest: str, slot: int, random_text: str) -> str:
    """`random_text`: from `token.random_text`."""
    body = PREFIX + token.base62(int(key_digest, 16), _DIGEST_LENGTH)
    body += token.base62(slot, 1) + random_text
    return body + token.checksum(body)


def parse(candidate: str) -> PresentedToken:
    """Raises MalformedKey: the text cannot be a token of ours, so no lookup is needed."""
    # The length is checked first, so that ten kilobytes of noise cost one comparison.
    if len(candidate) != LENGTH or not _SHAPE.fullmatch(candidate):
        raise MalformedKey
    body, sent = candidate[: -token.CHECKSUM_LENGTH], candidate[-token.CHECKSUM_LENGTH :]
    if token.checksum(body) != sent:
        raise MalformedKey
    end = len(PREFIX) + _DIGEST_LENGTH
    number, slot = token.from_base62(body[len(PREFIX) : end]), token.from_base62(body[end])
    if slot >= SLOTS or number >= 1 << (8 * _DIGEST_BYTES):
        raise MalformedKey
    return PresentedToken(f"{number:0{2 * _DIGEST_BYTES}x}", slot, token.digest(candidate))

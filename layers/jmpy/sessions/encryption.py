"""Encrypts a session's refresh token with a key that is derived from the browser's cookie.

The table contains neither the session's id nor the key, so a copy of the table, such as a backup,
gives nobody access to Cognito.
"""

import hmac
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_LABEL = b"jmpy refresh token v1"
_NONCE_SIZE = 12
"""Bytes, random for each encryption (NIST SP 800-38D); a key encrypts a dozen tokens at most."""


class DecryptionFailed(Exception):
    """The stored value was not encrypted for this session."""


def encrypt(session_id: str, text: str) -> bytes:
    nonce = os.urandom(_NONCE_SIZE)
    return nonce + _cipher(session_id).encrypt(nonce, text.encode(), None)


def decrypt(session_id: str, encrypted: bytes) -> str:
    """Raises DecryptionFailed."""
    nonce, content = encrypted[:_NONCE_SIZE], encrypted[_NONCE_SIZE:]
    try:
        return _cipher(session_id).decrypt(nonce, content, None).decode()
    except (InvalidTag, ValueError):
        raise DecryptionFailed from None


def _cipher(session_id: str) -> AESGCM:
    return AESGCM(hmac.digest(session_id.encode(), _LABEL, sha256))

"""Encrypts a session's refresh token with a key that only the browser's cookie can bring back.

The table holds neither the session's id nor the key, so reading the table, or a backup of it, lets
nobody ask Cognito for tokens.
"""

import hmac
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_LABEL = b"jmpy refresh token v1"
_NONCE_SIZE = 12
"""Bytes, drawn anew each time (NIST SP 800-38D); a key seals a dozen tokens at most."""


class BrokenSeal(Exception):
    """What is stored was not sealed for this session."""


def seal(session_id: str, text: str) -> bytes:
    nonce = os.urandom(_NONCE_SIZE)
    return nonce + _cipher(session_id).encrypt(nonce, text.encode(), None)


def unseal(session_id: str, sealed: bytes) -> str:
    """Raises BrokenSeal."""
    nonce, content = sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:]
    try:
        return _cipher(session_id).decrypt(nonce, content, None).decode()
    except (InvalidTag, ValueError):
        raise BrokenSeal from None


def _cipher(session_id: str) -> AESGCM:
    return AESGCM(hmac.digest(session_id.encode(), _LABEL, sha256))

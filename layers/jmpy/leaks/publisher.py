"""Verifies that the publisher of these keys sent a report: ECDSA on P-256 over SHA-256 of the body,
the signature in Base64 (GitHub, "Secret scanning partner program")."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature as WrongSignature
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from jmpy.clock import system_clock
from jmpy.key_set import KeySet
from jmpy.leaks.errors import InvalidSignature, PublisherUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.clock import Clock

_KEY_ID = re.compile(r"[\x21-\x7e]{1,128}")
"""GitHub's are 64 hexadecimal digits; other texts are not looked up."""


class Publisher:
    def __init__(self, fetch: Callable[[], Any], now: Clock = system_clock) -> None:
        """`fetch` returns `{"public_keys": [{"key_identifier", "key"}, ...]}`, or raises
        PublisherUnavailable."""
        self._keys = KeySet("scanner keys", lambda: _parsed(fetch()), now)

    def verify(self, body: bytes, key_id: str, signature: str) -> None:
        """Raises InvalidSignature, PublisherUnavailable."""
        signed = _decoded(signature)
        if not signed or not _KEY_ID.fullmatch(key_id):
            raise InvalidSignature
        key = self._keys.find(key_id)
        if key is None:
            raise InvalidSignature
        try:
            key.verify(signed, body, ECDSA(SHA256()))
        except WrongSignature:
            raise InvalidSignature from None


def _decoded(signature: str) -> bytes:
    """Empty if it is not Base64. Text that is not ASCII raises ValueError but not
    binascii.Error."""
    try:
        return base64.b64decode(signature, validate=True)
    except ValueError:
        return b""


def _parsed(document: Any) -> dict[str, EllipticCurvePublicKey]:
    """Raises PublisherUnavailable."""
    try:
        published = {
            str(entry["key_identifier"]): entry["key"] for entry in document["public_keys"]
        }
    except (KeyError, TypeError):
        raise PublisherUnavailable("the public keys cannot be read") from None
    keys = {name: key for name, text in published.items() if (key := _loaded(text))}
    if not keys:
        raise PublisherUnavailable("there are no public keys")
    return keys


def _loaded(text: Any) -> EllipticCurvePublicKey | None:
    """None if it is a key of another kind, which the publisher may use as well."""
    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, AttributeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, EllipticCurvePublicKey) else None

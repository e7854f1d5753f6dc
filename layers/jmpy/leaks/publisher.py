"""Whether a report is from who publishes these keys: ECDSA on P-256 over SHA-256 of the body, the
signature in Base64 (GitHub, "Secret scanning partner program")."""

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
from jmpy.leaks.errors import InvalidSignature, PublisherUnavailable
from jmpy.refreshed import Refreshed

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.clock import Clock

LIFETIME = 3600
"""Seconds after which the keys are fetched anew."""


_KEY_ID = re.compile(r"[\x21-\x7e]{1,128}")
"""GitHub's are 64 hexadecimal digits; whatever is no identifier is not looked for."""


class Publisher:
    def __init__(self, fetch: Callable[[], Any], now: Clock = system_clock) -> None:
        """`fetch` answers with `{"public_keys": [{"key_identifier", "key"}, ...]}`, or raises
        PublisherUnavailable."""
        self._keys = Refreshed("scanner keys", lambda: _parsed(fetch()), LIFETIME, now)

    def verify(self, body: bytes, key_id: str, signature: str) -> None:
        """Raises InvalidSignature, PublisherUnavailable."""
        signed = _decoded(signature)
        if not signed or not _KEY_ID.fullmatch(key_id):
            raise InvalidSignature
        key = self._keys.get(lambda keys: key_id in keys).get(key_id)
        if key is None:
            raise InvalidSignature
        try:
            key.verify(signed, body, ECDSA(SHA256()))
        except WrongSignature:
            raise InvalidSignature from None


def _decoded(signature: str) -> bytes:
    """Empty when it is no Base64. What is not ASCII raises ValueError without being
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
    """None when it is no key of our kind: the publisher may take others into use beside it."""
    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, AttributeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, EllipticCurvePublicKey) else None

"""Whether a report is from who publishes these keys: ECDSA on P-256 over SHA-256 of the body, the
signature in Base64 (GitHub, "Secret scanning partner program")."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature as WrongSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from jmpy.clock import system_clock
from jmpy.leaks.errors import InvalidSignature, PublisherUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.clock import Clock

LIFETIME = 3600
"""Seconds after which the keys are fetched anew."""

PAUSE = 60
"""Seconds between two fetches, at least, however many unknown ids are asked for."""


class Publisher:
    def __init__(self, fetch: Callable[[], Any], now: Clock = system_clock) -> None:
        """`fetch` answers with `{"public_keys": [{"key_identifier", "key"}, ...]}`, or raises
        PublisherUnavailable."""
        self._fetch = fetch
        self._now = now
        self._keys: dict[str, EllipticCurvePublicKey] = {}
        self._fetched_at: float | None = None

    def verify(self, body: bytes, key_id: str, signature: str) -> None:
        """Raises InvalidSignature, PublisherUnavailable."""
        key = self._key(key_id) if key_id and signature else None
        if key is None:
            raise InvalidSignature
        try:
            key.verify(base64.b64decode(signature, validate=True), body, ECDSA(SHA256()))
        except (WrongSignature, binascii.Error):
            raise InvalidSignature from None

    def _key(self, key_id: str) -> EllipticCurvePublicKey | None:
        age = None if self._fetched_at is None else self._now() - self._fetched_at
        if age is None or age >= LIFETIME or (key_id not in self._keys and age >= PAUSE):
            self._keys = _parsed(self._fetch())
            self._fetched_at = self._now()
        return self._keys.get(key_id)


def _parsed(document: Any) -> dict[str, EllipticCurvePublicKey]:
    try:
        loaded = {
            entry["key_identifier"]: load_pem_public_key(entry["key"].encode())
            for entry in document["public_keys"]
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        raise PublisherUnavailable("the public keys cannot be read") from None
    return {name: key for name, key in loaded.items() if isinstance(key, EllipticCurvePublicKey)}

"""The user pool's public keys.

A token names its key by id. An unknown id is either a key that Cognito has just begun to use, or an
invention, and inventions must not cost a request to Cognito each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWTError

from jmpy.clock import Clock, system_clock
from jmpy.refreshed import Refreshed
from jmpy.sessions.errors import SignInUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

LIFETIME = 3600
"""Seconds after which the keys are fetched again, so that a withdrawn key stops working."""


class SigningKeys:
    def __init__(self, fetch: Callable[[], Any], now: Clock = system_clock) -> None:
        self._keys = Refreshed("signing keys", lambda: _parsed(fetch()), LIFETIME, now)

    def find(self, key_id: str) -> PyJWK | None:
        """None if the pool has no such key. Raises SignInUnavailable."""
        return self._keys.get(lambda keys: key_id in keys).get(key_id)


def _parsed(document: Any) -> dict[str, PyJWK]:
    try:
        keys = PyJWKSet.from_dict(document).keys
    except (PyJWTError, AttributeError, TypeError, ValueError):
        raise SignInUnavailable("Cognito's public keys cannot be read") from None
    return {key.key_id: key for key in keys if key.key_id and key.key_type == "RSA"}

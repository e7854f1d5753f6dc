"""The user pool's public keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWTError

from jmpy.clock import Clock, system_clock
from jmpy.key_set import KeySet
from jmpy.sessions.errors import SignInUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable


class SigningKeys(KeySet[PyJWK]):
    """`find` raises SignInUnavailable."""

    def __init__(self, fetch: Callable[[], Any], now: Clock = system_clock) -> None:
        super().__init__("signing keys", lambda: _parsed(fetch()), now)


def _parsed(document: Any) -> dict[str, PyJWK]:
    try:
        keys = PyJWKSet.from_dict(document).keys
    except (PyJWTError, AttributeError, TypeError, ValueError):
        raise SignInUnavailable("Cognito's public keys cannot be read") from None
    return {key.key_id: key for key in keys if key.key_id and key.key_type == "RSA"}

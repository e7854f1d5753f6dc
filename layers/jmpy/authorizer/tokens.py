"""The key that a short-lived token points at, as the token may use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.cache import Cache, Lookup
    from jmpy.key_tokens.model import TokenKey
    from jmpy.key_tokens.text import PresentedToken


class TokenKeys:
    def __init__(
        self,
        look_up: Callable[[PresentedToken], TokenKey | None],
        cache: Cache[str, TokenKey | None],
    ) -> None:
        self._look_up = look_up
        self._cache = cache

    def find(self, secret: str) -> Lookup[TokenKey | None]:
        """None when there is no such token, or no longer.

        Raises MalformedKey, and on a fault what the lookup raises.
        """
        from jmpy.key_tokens import text  # noqa: PLC0415 - few requests have a token

        presented = text.parse(secret)
        return self._cache.look_up(presented.digest, lambda _: self._look_up(presented))

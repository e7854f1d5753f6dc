"""The account of a person who signed in, from the ID token that they send in place of a key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.accounts.model import Account
    from jmpy.cache import Cache, Lookup
    from jmpy.sessions.model import Claims

# Three parts in Base64url, the first a JSON object: a signed token (RFC 7515 section 7.1). An API
# key has no full stop, and a text longer than any ID token of ours is not examined.
_ID_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_LONGEST = 8192


def is_id_token(secret: str) -> bool:
    """Whether it has the shape of one; nothing is proven by that."""
    return len(secret) <= _LONGEST and _ID_TOKEN.fullmatch(secret) is not None


class SessionAccounts:
    def __init__(
        self,
        verify: Callable[[str], Claims],
        look_up: Callable[[str], Account | None],
        cache: Cache[str, Account | None],
    ) -> None:
        self._verify = verify
        self._look_up = look_up
        self._cache = cache

    def find(self, id_token: str) -> Lookup[Account | None]:
        """None when the person who signed in has no account: only the dashboard creates one.

        Raises InvalidIdToken, and on a fault what the verifier and the lookup raise.
        """
        return self._cache.look_up(self._verify(id_token).subject, self._look_up)

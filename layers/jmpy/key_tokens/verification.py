"""Whether a text is a key or short-lived token that works, for callers of the same account.

What is not theirs looks as if it did not exist: an unknown text, another account's key and noise
get the same result after the same reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from jmpy.clock import system_clock
from jmpy.key_tokens import text
from jmpy.key_tokens.model import TokenKey
from jmpy.key_tokens.text import PresentedToken
from jmpy.keys.errors import MalformedKey

if TYPE_CHECKING:
    from jmpy.clock import Clock
    from jmpy.key_tokens.store import KeyTokenStore
    from jmpy.keys.model import ApiKey
    from jmpy.keys.store import KeyStore

UNKNOWN = "unknown"
NO_PERMISSIONS = "permissions"


@dataclass(frozen=True, slots=True)
class Verification:
    reason: str | None
    """Why it does not work, as in the access log; None if it does."""
    key: ApiKey | None = None
    """None if it is unknown. Of a token: the key as the token may use it."""
    token_id: str | None = None


class Verifier:
    def __init__(self, keys: KeyStore, tokens: KeyTokenStore, now: Clock = system_clock) -> None:
        self._keys = keys
        self._tokens = tokens
        self._now = now

    def verify(self, account_id: str, presented: str) -> Verification:
        """`presented`: any text. It is neither logged nor stored, and counts as no use of a key."""
        key, token_id = self._find(presented) or (None, None)
        if key is None or key.account_id != account_id:
            return Verification(UNKNOWN)
        reason: str | None = key.inactive_reason(self._now())
        if reason is None and not key.permissions:
            reason = NO_PERMISSIONS
        return Verification(reason, key, token_id)

    def _find(self, presented: str) -> TokenKey | tuple[ApiKey | None, None] | None:
        """One read, whatever the text is: noise is looked up by its digest, too."""
        digest = sha256(presented.encode("utf-8", "surrogatepass")).hexdigest()
        if not presented.startswith(text.PREFIX):
            return self._keys.find(digest), None
        try:
            return self._tokens.find(text.parse(presented))
        except MalformedKey:
            return self._tokens.find(PresentedToken(digest, 0, digest))

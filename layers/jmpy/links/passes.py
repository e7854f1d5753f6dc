"""What a visitor holds who typed a link's password: for a week the link asks for it no more, from
wherever they come and however many others guess.

Signed with the password's hash, which no client ever sees and whose salt is another one for every
password: a changed password ends every pass that was issued for the one before, there is no further
secret to have and to rotate, and who holds a pass cannot find the password with it.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from typing import TYPE_CHECKING

from jmpy.clock import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.links.model import Target

LIFETIME = 7 * DAY
"""Seconds."""

_PASS = re.compile(r"([0-9]{1,12})-([0-9a-f]{64})")


def issue(target: Target, now: float) -> str:
    """For who typed the password of the link."""
    ends = int(now) + LIFETIME
    return f"{ends}-{_signature(target, ends)}"


def admit(target: Target, passes: Iterable[str], now: float) -> bool:
    """Whether one of them is a pass of the link, of its password as it is now, and not over."""
    return any(_is_valid(target, text, now) for text in passes)


def _is_valid(target: Target, text: str, now: float) -> bool:
    found = _PASS.fullmatch(text)
    if found is None or int(found[1]) <= now:
        return False
    return hmac.compare_digest(_signature(target, int(found[1])), found[2])


def _signature(target: Target, ends: int) -> str:
    assert target.password_hash is not None, "a link without a password needs no pass"
    signed = f"jmpy link pass v1\n{target.link_id}\n{ends}"
    return hmac.new(target.password_hash.encode(), signed.encode(), sha256).hexdigest()

"""UUIDs that sort by the time of their creation."""

import secrets
from collections.abc import Callable
from uuid import UUID


def uuid7(now: float, random_bits: Callable[[int], int] = secrets.randbits) -> str:
    """A UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds, 74 random bits. The
    standard library has them from Python 3.14 on."""
    value = int(now * 1000) << 80 | 0x7 << 76 | random_bits(12) << 64 | 0b10 << 62 | random_bits(62)
    return str(UUID(int=value))

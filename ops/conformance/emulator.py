"""What the emulator is known to do otherwise than AWS, with the reasons. A fact that holds although
it is listed here is an error, so that the list cannot outlive what it lists."""

from __future__ import annotations

_SERVER = "the emulator's server puts headers in lower case, and joins those of one name"

KNOWN_MISSES = {
    "header-names": _SERVER,
    "header-repeated": _SERVER,
}

"""What the emulator is known to do otherwise than AWS, with the reasons. A fact that holds although
it is listed here is an error, so that the list cannot outlive what it lists."""

from __future__ import annotations

_DECODED = "the emulator decodes paths and drops slashes within them"
_SERVER = "the emulator's server puts headers in lower case, and joins those of one name"

KNOWN_MISSES = {
    "path-escaped-plus": _DECODED,
    "path-inner-slashes": _DECODED,
    "path-leading-slashes": _DECODED,
    "path-leading-slashes-fixed": _DECODED,
    "query-repeated": "the emulator takes the first of several values",
    "header-names": _SERVER,
    "header-repeated": _SERVER,
    "any-trace": "the emulator's ANY has every method",
    "route-unknown-with-bearer": "the emulator reads no signature on an unknown route",
}

"""What the emulator is known to do otherwise than AWS, with the reasons. A fact that holds although
it is listed here is an error, so that the list cannot outlive what it lists."""

from __future__ import annotations

_ERROR_TYPE = "the emulator names Runtime.HandlerError for every exception"

KNOWN_MISSES = {
    "invoke-raises": _ERROR_TYPE,
    "invoke-too-large": "the emulator's Invoke has no limit on the size of a response",
    "asynchronous-failure-details": f"{_ERROR_TYPE}, and counts three attempts whatever it made",
}

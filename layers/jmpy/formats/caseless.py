"""Text in the form in which searches compare it."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Without differences of case, nor of how a letter is composed (Unicode, section 3.13)."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return unicodedata.normalize("NFC", composed)

"""Browsers in the words that people know them by."""

from __future__ import annotations

import re
from functools import lru_cache

from jmpy.formats.sent import USER_AGENT_LENGTH

_RUNS = re.compile(r"(.)\1{3,}", re.DOTALL)
"""No browser repeats a character more often; the parser's patterns would try each of them."""

_SYSTEMS = {"Mac OS X": "macOS"}
"""That the parser still calls by an earlier name."""


@lru_cache(256)
def in_words(user_agent: str | None) -> str:
    """As in `Firefox on Linux`; the name that a program gave itself where it is no browser."""
    # Its patterns are worth loading for the one page that needs them, and not for every cold start.
    from ua_parser import parse  # noqa: PLC0415

    sent = _RUNS.sub(r"\1\1\1", (user_agent or "")[:USER_AGENT_LENGTH])
    known = parse(sent)
    browser = known.user_agent.family if known.user_agent else None
    system = known.os.family if known.os else None
    system = _SYSTEMS.get(system or "", system)
    match browser, system:
        case None, None:
            return sent.partition(" ")[0][:40] or "Unknown browser"
        case None, str():
            return f"Unknown browser on {system}"
        case str(), None:
            return str(browser)
    return f"{browser} on {system}"

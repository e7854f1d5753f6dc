"""The country of a request, as a CDN in front states it.

This parses the header only; it does not check whether a client could have written it.
"""

import re

_COUNTRY = re.compile(r"[A-Z]{2}")
_NO_COUNTRY = frozenset({"XX", "T1"})
"""Cloudflare's values for an unknown country and for Tor."""


def parse(value: str | None) -> str | None:
    """The ISO 3166 code in the header's value; None if there is none."""
    country = (value or "").upper()
    return country if _COUNTRY.fullmatch(country) and country not in _NO_COUNTRY else None

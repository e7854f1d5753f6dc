"""The country that a CDN in front says a request comes from.

It is what the header says. Whether a client could have written that header is not known here.
"""

import re

_COUNTRY = re.compile(r"[A-Z]{2}")
_NO_COUNTRY = frozenset({"XX", "T1"})
"""Cloudflare's words for an unknown country and for Tor."""


def parse(value: str | None) -> str | None:
    """The ISO 3166 code in the header's value; None when it holds none."""
    country = (value or "").upper()
    return country if _COUNTRY.fullmatch(country) and country not in _NO_COUNTRY else None

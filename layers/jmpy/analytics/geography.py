"""Countries as clicks have them: some are unknown, and rare ones are counted together."""

from jmpy import countries
from jmpy.clicks.model import OTHER, UNKNOWN

_NO_COUNTRIES = {UNKNOWN: "Unknown", OTHER: "Other"}


def country_name(value: str) -> str:
    """In English; the code itself where ISO 3166 has no name for it."""
    return _NO_COUNTRIES.get(value) or countries.country_name(value)


def country_code(value: str) -> str | None:
    """None for what is no country."""
    return None if value in _NO_COUNTRIES else value

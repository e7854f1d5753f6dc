"""Names of countries."""

from iso3166 import countries_by_alpha2

from jmpy.clicks.model import OTHER, UNKNOWN

_NO_COUNTRIES = {UNKNOWN: "Unknown", OTHER: "Other"}


def country_name(value: str) -> str:
    """In English; the code itself where ISO 3166 has no name for it."""
    if value in _NO_COUNTRIES:
        return _NO_COUNTRIES[value]
    country = countries_by_alpha2.get(value)
    return country.name if country else value


def country_code(value: str) -> str | None:
    """None for what is no country."""
    return None if value in _NO_COUNTRIES else value

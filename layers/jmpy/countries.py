"""Names of countries."""

from iso3166 import countries_by_alpha2


def country_name(code: str) -> str:
    """In English; the code itself where ISO 3166 has no name for it."""
    country = countries_by_alpha2.get(code)
    return country.name if country else code

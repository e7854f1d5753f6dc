"""Tables of results within a page of the documentation, between two comments; tests hold page and
results together."""

from __future__ import annotations

_ENDS = "<!-- So far. -->\n"


def with_tables(page: str, program: str, tables: str) -> str:
    """The page, with these tables in the place of those that the program wrote last."""
    begins = f"<!-- Made by 'python -m {program}'. -->\n"
    before, _, rest = page.partition(begins)
    _, _, after = rest.partition(_ENDS)
    assert after, f"the page has no place for the tables of {program}"
    return f"{before}{begins}{tables}{_ENDS}{after}"

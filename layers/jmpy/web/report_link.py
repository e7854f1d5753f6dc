"""Where visitors report a link: the operator's `ReportUrl`, filled in."""

from __future__ import annotations

from urllib.parse import quote

CODE, SHORT_URL = "{code}", "{url}"
_MAILTO = "mailto:"


def address(template: str, code: str, short_url: str) -> str | None:
    """None if the operator has none. An address for email without a placeholder for the link gets
    it in the subject."""
    if not template:
        return None
    if template.startswith(_MAILTO) and "{" not in template and "?" not in template and code:
        return f"{template}?subject={quote(f'Report of {short_url}', safe='')}"
    filled = {CODE: code, SHORT_URL: short_url}
    for place, text in filled.items():
        template = template.replace(place, quote(text, safe=""))
    return template

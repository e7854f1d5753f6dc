"""An account's links as CSV, in the order in which they were made, the newest first.

`jmpy.imports` reads what this writes. A password is not in it, only that there is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.domains.choice import domain_fields
from jmpy.formats import csv_file
from jmpy.formats.times import iso
from jmpy.links import tags, utm
from jmpy.links.short_url import link_url, printed_url

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from jmpy.formats.csv_file import CsvFile
    from jmpy.links.model import Link

HEADER = (
    "short_code", "short_url", "url_type", "subdomain", "branded_domain", "original_url", "name",
    "tags", "status", "safety_status", "is_dynamic", "is_password_protected", "tracking_enabled",
    "forward_query", *utm.NAMES, "campaign_id", "expires_at", "clicks", "human_clicks",
    "bot_clicks", "created_at", "qr_content",
)  # fmt: skip


def is_ours(fields: Collection[str]) -> bool:
    """Whether a file with these columns is one that this wrote, perhaps without some of them: then
    each cell was defused, and has to be restored."""
    return "is_password_protected" in fields and set(fields) <= set(HEADER)


def row(link: Link, base_url: str, now: float) -> tuple[object, ...]:
    return (
        link.short_code,
        link_url(base_url, link),
        *domain_fields(link.domain).values(),
        link.url,
        link.name,
        tags.joined(link.tags),
        link.status(now),
        link.safety_status,
        link.is_dynamic,
        link.password_hash is not None,
        link.tracking_enabled,
        link.forward_query,
        *(link.utm.get(name) for name in utm.NAMES),
        link.campaign_id,
        None if link.expires_at is None else iso(link.expires_at),
        link.click_count,
        link.human_count,
        link.bot_count,
        iso(link.created_at),
        printed_url(base_url, link),
    )


def part(
    links: Iterable[tuple[str, Link | None]], base_url: str, now: float
) -> tuple[CsvFile, str | None]:
    """As many of the links, as `LinkService.exported` returns them, as fit into one response, and
    the cursor of the next part, if any."""
    rows = (
        (link_id, None if link is None else row(link, base_url, now)) for link_id, link in links
    )
    return csv_file.part(HEADER, rows)

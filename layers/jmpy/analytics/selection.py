"""Links that figures are restricted to: by their kind, campaign and tags."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.analytics.errors import TooManyLinks
from jmpy.links.listing import SEARCHED
from jmpy.links.tags import split

if TYPE_CHECKING:
    from jmpy.links.model import Link
    from jmpy.links.store import LinkStore

MAX_LINKS = 100
"""Each costs a query."""


class UrlType(StrEnum):
    ALL = "all"
    STANDARD = "standard"
    BRANDED = "branded"
    SUBDOMAIN = "subdomain"

    @property
    def exists(self) -> bool:
        """Whether there are links of this type: without custom domains all are standard."""
        return self in (UrlType.ALL, UrlType.STANDARD)


@dataclass(frozen=True, slots=True)
class Selection:
    campaign_id: str = ""
    tags: frozenset[str] = frozenset()
    """A link has to have one of them."""

    @classmethod
    def from_parameters(cls, campaign_id: str, tags: str) -> Selection:
        """`tags`: separated by commas. An empty parameter selects all links."""
        return cls(campaign_id.lower(), frozenset(split(tags)))

    def __bool__(self) -> bool:
        """Whether any link is left out."""
        return self != Selection()

    def has(self, link: Link) -> bool:
        if self.campaign_id and link.campaign_id != self.campaign_id:
            return False
        return not self.tags or not self.tags.isdisjoint(link.tags)

    def link_ids(self, links: LinkStore, account_id: str) -> list[str]:
        """The ids of the account's links that are selected, among its newest `SEARCHED`.

        Raises TooManyLinks.
        """
        found: list[str] = []
        for link in links.newest(account_id, SEARCHED):
            if self.has(link):
                found.append(link.id)
            if len(found) > MAX_LINKS:
                raise TooManyLinks("campaign_id" if self.campaign_id else "tags", MAX_LINKS)
        return found

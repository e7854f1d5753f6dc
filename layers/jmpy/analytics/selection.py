"""Links that figures are restricted to: by their kind, campaign and tags."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from jmpy.analytics.errors import TooManyLinks
from jmpy.links.listing import SEARCHED
from jmpy.links.tags import split

if TYPE_CHECKING:
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
    campaign: str = ""
    """UUID or name; none is selected by one that does not exist."""
    tags: frozenset[str] = frozenset()
    """A link has to have one of them."""

    @classmethod
    def from_parameters(cls, campaign: str, tags: str) -> Selection:
        """`tags`: separated by commas. An empty parameter selects all links."""
        return cls(campaign, frozenset(split(tags)))

    def __bool__(self) -> bool:
        """Whether any link is left out."""
        return self != Selection()

    def link_ids(self, links: LinkStore, account_id: str) -> list[str]:
        """The ids of the account's links that are selected: with tags, among its newest `SEARCHED`.

        Raises TooManyLinks.
        """
        campaign = None
        if self.campaign:
            campaign = links.campaigns.find_all(account_id, [self.campaign]).get(self.campaign)
            if campaign is None:
                return []
        if campaign is not None and not self.tags:
            found, _ = links.campaigns.link_ids(account_id, campaign.id, MAX_LINKS + 1)
        else:
            selected = (
                link.id
                for link in links.newest(account_id, SEARCHED)
                if not self.tags.isdisjoint(link.tags)
                and (campaign is None or link.campaign_id == campaign.id)
            )
            found = list(islice(selected, MAX_LINKS + 1))
        if len(found) > MAX_LINKS:
            raise TooManyLinks("campaign_id" if self.campaign else "tags", MAX_LINKS)
        return found

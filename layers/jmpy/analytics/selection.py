"""What figures of an account are restricted to: the kind of links, a campaign and tags."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from jmpy.analytics.errors import TooManyLinks
from jmpy.clicks.item import account_subject, campaign_subject, link_subject
from jmpy.links.listing import SEARCHED
from jmpy.links.tags import has_any, wanted

if TYPE_CHECKING:
    from jmpy.links.store import LinkStore

MAX_LINKS = 100
"""Each costs a query."""


class UrlTypeFilter(StrEnum):
    ALL = "all"
    STANDARD = "standard"
    BRANDED = "branded"
    SUBDOMAIN = "subdomain"

    @property
    def exists(self) -> bool:
        """Whether there are links of this type: without custom domains all are standard."""
        return self in (UrlTypeFilter.ALL, UrlTypeFilter.STANDARD)


@dataclass(frozen=True, slots=True)
class Selection:
    campaign: str = ""
    """UUID or name; none is selected by one that does not exist."""
    tags: frozenset[str] = frozenset()
    """As `tags.wanted` returns them; a link has to have one of them."""

    @classmethod
    def from_parameters(cls, campaign: str, tags: str) -> Selection:
        """`tags`: separated by commas. An empty parameter selects all links."""
        return cls(campaign, wanted(tags))

    def __bool__(self) -> bool:
        """Whether any click may be left out."""
        return self != Selection()

    def subjects(self, links: LinkStore, account_id: str) -> tuple[str, ...]:
        """Whose counters add up to the selected clicks: a campaign's are those for it, wherever its
        links are now; with tags, all of the links that have them now, among the account's newest
        `SEARCHED`. Raises TooManyLinks."""
        if not self:
            return (account_subject(account_id),)
        campaign = None
        if self.campaign:
            campaign = links.campaigns.find_all(account_id, [self.campaign]).get(self.campaign)
            if campaign is None:
                return ()
            if not self.tags:
                return (campaign_subject(campaign.id),)
        selected = (
            link_subject(link.id)
            for link in links.newest(account_id, SEARCHED)
            if has_any(link.tags, self.tags)
            and (campaign is None or link.campaign_id == campaign.id)
        )
        found = tuple(islice(selected, MAX_LINKS + 1))
        if len(found) > MAX_LINKS:
            raise TooManyLinks(MAX_LINKS)
        return found

"""What figures of an account are restricted to: the kind of links, a campaign and tags."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from jmpy.analytics.errors import TooManyLinks
from jmpy.clicks.item import account_subject, campaign_subject, link_subject
from jmpy.domains.choice import UrlType, url_type
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
    def url_type(self) -> UrlType | None:
        """None for all."""
        return None if self is UrlTypeFilter.ALL else UrlType(self)


@dataclass(frozen=True, slots=True)
class Selection:
    campaign: str = ""
    """UUID or name; none is selected by one that does not exist."""
    tags: frozenset[str] = frozenset()
    """As `tags.wanted` returns them; a link has to have one of them."""
    url_type: UrlType | None = None
    host: str | None = None
    """Of the domain; empty: the default domain; None: any."""

    @classmethod
    def from_parameters(
        cls,
        campaign: str,
        tags: str,
        url_type: UrlTypeFilter = UrlTypeFilter.ALL,
        host: str | None = None,
    ) -> Selection:
        """`tags`: separated by commas. An empty parameter selects all links."""
        return cls(campaign, wanted(tags), url_type.url_type, host)

    def __bool__(self) -> bool:
        """Whether any click may be left out."""
        return self != Selection()

    @property
    def _names_a_domain(self) -> bool:
        return (self.url_type, self.host) != (None, None)

    def subjects(self, links: LinkStore, account_id: str) -> tuple[str, ...]:
        """Whose counters add up to the selected clicks: a campaign's are those for it, wherever its
        links are now; with tags or a domain, all of the links that have them now, among the
        account's newest `SEARCHED`. Raises TooManyLinks."""
        if self._names_a_domain and not links.domains.hosts(account_id):
            if self.host or self.url_type not in (None, UrlType.STANDARD):
                return ()
            return replace(self, url_type=None, host=None).subjects(links, account_id)
        if not self:
            return (account_subject(account_id),)
        campaign = None
        if self.campaign:
            campaign = links.campaigns.find_all(account_id, [self.campaign]).get(self.campaign)
            if campaign is None:
                return ()
            if not (self.tags or self._names_a_domain):
                return (campaign_subject(campaign.id),)
        selected = (
            link_subject(link.id)
            for link in links.newest(account_id, SEARCHED)
            if (not self.tags or has_any(link.tags, self.tags))
            and (self.url_type is None or url_type(link.domain) is self.url_type)
            and (self.host is None or link.host == self.host)
            and (campaign is None or link.campaign_id == campaign.id)
        )
        found = tuple(islice(selected, MAX_LINKS + 1))
        if len(found) > MAX_LINKS:
            raise TooManyLinks(MAX_LINKS)
        return found

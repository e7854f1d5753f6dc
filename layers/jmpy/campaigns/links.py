"""The links of a campaign: lists them, and takes links into it and out of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from jmpy.campaigns.errors import CampaignNotFound
from jmpy.clock import system_clock
from jmpy.domains.choice import default_or
from jmpy.gateway.own_names import NOWHERE
from jmpy.links import listing
from jmpy.links.errors import (
    AmbiguousCode,
    LinkChanged,
    LinkConflict,
    LinkNotFound,
    UnknownCampaign,
)
from jmpy.retry import CONTENTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jmpy.audit.model import Origin
    from jmpy.campaigns.model import Campaign, Described
    from jmpy.clock import Clock
    from jmpy.gateway.own_names import OwnNames
    from jmpy.links.changes import LinkChanges, LinkUpdate
    from jmpy.links.model import Link
    from jmpy.links.service import LinkService
    from jmpy.links.store import LinkStore

MAX_ASSIGNED = 100
"""Links of one request."""

TIME_LIMIT = 15
"""Seconds after which no further link is assigned, so that the response about all of them is sent
before the function's timeout."""


class AssignmentOutcome(StrEnum):
    ASSIGNED = "assigned"
    ASSIGNED_BEFORE = "assigned_before"
    """The campaign has it already."""
    NOT_FOUND = "not_found"
    AMBIGUOUS = "ambiguous"
    """The account has the code on several domains, and the reference names none of them."""
    CONTENDED = "contended"
    """Other requests kept changing it."""
    NOT_ATTEMPTED = "not_attempted"
    """The links before it took too long."""


@dataclass(frozen=True, slots=True)
class Assignment:
    reference: str
    """As it was sent."""
    outcome: AssignmentOutcome
    link: Link | None = None
    """None if it was not assigned."""


class CampaignLinks:
    def __init__(
        self,
        store: LinkStore,
        links: LinkService,
        changes: LinkChanges,
        now: Clock = system_clock,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._store = store
        self._campaigns = store.campaigns
        self._links = links
        self._changes = changes
        self._now = now
        self._time_limit = time_limit

    def page(self, account_id: str, reference: str, request: listing.Request) -> listing.Page:
        """The newest first; the request's sort and filter do not matter. Reads the page, never the
        account. Raises CampaignNotFound, InvalidCursor, PageTooDeep."""
        campaign = self._campaigns.find(account_id, reference)
        count = partial(self._store.campaign_links.count, account_id, campaign.id)
        return self._page(campaign, count, request)

    def page_of(self, described: Described, request: listing.Request) -> listing.Page:
        """As `page`, of a campaign whose numbers were read. Raises InvalidCursor, PageTooDeep."""
        return self._page(described.campaign, lambda: described.numbers.links, request)

    def _page(
        self, campaign: Campaign, count: Callable[[], int], request: listing.Request
    ) -> listing.Page:
        read_ids = partial(self._store.campaign_links.ids, campaign.account_id, campaign.id)
        page = listing.of_group(self._store, campaign.account_id, count, read_ids, request)
        return replace(page, links=[self._links.blocklist.marked(link) for link in page.links])

    def assign(
        self,
        account_id: str,
        reference: str,
        link: str,
        *,
        by: Origin,
        host: str | None = None,
        version: int | None = None,
    ) -> Link:
        """The link, which `link` and `host` name as in `LinkService.stored`, leaves the campaign
        that it is in. `version`: that it has to be. Raises CampaignNotFound, LinkNotFound,
        AmbiguousCode, LinkChanged, LinkConflict."""
        campaign = self._campaigns.find(account_id, reference)
        return self._assign(campaign, link, by, host=host, version=version)

    def assign_each(
        self,
        account_id: str,
        reference: str,
        links: Iterable[str],
        *,
        by: Origin,
        own: OwnNames = NOWHERE,
    ) -> list[Assignment]:
        """Each link once, by what `LinkService.stored` accepts, or as `<host>/<code>`. Raises
        CampaignNotFound, also when the campaign is deleted meanwhile."""
        campaign = self._campaigns.find(account_id, reference)
        deadline = self._now() + self._time_limit
        assigned = []
        for link in dict.fromkeys(links):
            if self._now() < deadline:
                assigned.append(self._outcome(campaign, link, own, by))
            else:
                assigned.append(Assignment(link, AssignmentOutcome.NOT_ATTEMPTED))
        return assigned

    def remove(
        self,
        account_id: str,
        reference: str,
        link: str,
        *,
        by: Origin,
        host: str | None = None,
        version: int | None = None,
    ) -> Link:
        """A link that is not in the campaign stays as it is. `link` and `host` as in
        `LinkService.stored`; `version`: that it has to be. Raises CampaignNotFound, LinkNotFound,
        AmbiguousCode, LinkChanged, LinkConflict."""
        campaign = self._campaigns.find(account_id, reference)
        for _ in CONTENTION.numbers():
            found = self._links.stored(account_id, link, host)
            if version is not None and found.version != version:
                raise LinkChanged
            if found.campaign_id != campaign.id:
                return found
            try:
                return self._changes.change(
                    account_id, found.id, {"campaign_id": None}, by=by, version=found.version
                )
            except LinkChanged:
                continue
        raise LinkConflict

    def _outcome(self, campaign: Campaign, reference: str, own: OwnNames, by: Origin) -> Assignment:
        named, _, code = reference.rpartition("/")
        host = default_or(named.lower(), own) if named else None
        try:
            found = self._links.stored(campaign.account_id, code, host)
            if found.campaign_id == campaign.id:
                return Assignment(reference, AssignmentOutcome.ASSIGNED_BEFORE, found)
            assigned = self._assign(campaign, found.id, by)
            return Assignment(reference, AssignmentOutcome.ASSIGNED, assigned)
        except LinkNotFound:
            return Assignment(reference, AssignmentOutcome.NOT_FOUND)
        except AmbiguousCode:
            return Assignment(reference, AssignmentOutcome.AMBIGUOUS)
        except LinkConflict:
            return Assignment(reference, AssignmentOutcome.CONTENDED)

    def _assign(
        self,
        campaign: Campaign,
        link: str,
        by: Origin,
        *,
        host: str | None = None,
        version: int | None = None,
    ) -> Link:
        update: LinkUpdate = {"campaign_id": campaign.id}
        try:
            return self._changes.change(
                campaign.account_id, link, update, by=by, host=host, version=version
            )
        except UnknownCampaign:
            raise CampaignNotFound from None

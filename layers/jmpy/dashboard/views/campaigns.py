"""The list of campaigns, and the pages of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar
from urllib.parse import urlencode

from jmpy.campaigns.model import Campaign, CampaignStatus, Described
from jmpy.dashboard.frame import View
from jmpy.dashboard.views.audit_log import AuditEntry, Conflict
from jmpy.dashboard.views.list_query import FilterField, ListQuery, Order
from jmpy.links.model import Link

_STATUSES = {"": "Any", **{one.value: one.capitalize() for one in CampaignStatus}}


class _Sort(StrEnum):
    CREATED_AT = "created_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignQuery(ListQuery):
    path = "/dashboard/campaigns"
    filters = (FilterField("status", "Status", _STATUSES),)
    orders: ClassVar = {"": Order(_Sort.CREATED_AT, True, "Newest first")}

    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignList(View):
    template: ClassVar[str] = "campaigns.html"
    campaigns: Sequence[Described]
    query: CampaignQuery = CampaignQuery()
    total: int = 0
    """Of all pages."""
    page_count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignValues:
    """What stands in the form, as it was typed."""

    name: str = ""
    description: str = ""
    start_date: str = ""
    end_date: str = ""
    tags: str = ""
    utm: Mapping[str, str] = field(default_factory=dict)
    """By name."""
    removed_utm: Collection[str] = ()
    """Names of those that are removed from destinations."""
    is_archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCampaign(View):
    template: ClassVar[str] = "campaign_new.html"
    values: CampaignValues = CampaignValues()
    errors: Mapping[str, str] = field(default_factory=dict)
    """By the name of the field, as the API names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPage(View):
    template: ClassVar[str] = "campaign.html"
    found: Described
    values: CampaignValues
    newest: Sequence[Link] = ()
    """Of its links, the newest first."""
    back: str = ""
    """The list that it was reached from, below the base path."""
    history: Sequence[AuditEntry] = ()
    """The latest first."""
    errors: Mapping[str, str] = field(default_factory=dict)
    conflict: Conflict | None = None

    @property
    def here(self) -> str:
        """To come back to, below the base path."""
        path = f"{CampaignQuery.path}/{self.found.campaign.id}"
        return f"{path}?{urlencode({'back': self.back})}" if self.back else path


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignLinkList(View):
    template: ClassVar[str] = "campaign_links.html"
    campaign: Campaign
    links: Sequence[Link]
    """Of the page, the newest first."""
    total: int
    """Of all pages."""
    page: int = 1
    page_count: int = 1
    cursor: str = ""
    """Of this page."""
    next_cursor: str | None = None

    @property
    def here(self) -> str:
        """To come back to, below the base path."""
        path = f"{CampaignQuery.path}/{self.campaign.id}/links"
        page = str(self.page) if self.page > 1 else ""
        parts = {"page": page, "cursor": self.cursor}
        query = urlencode({name: part for name, part in parts.items() if part})
        return f"{path}?{query}" if query else path

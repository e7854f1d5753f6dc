"""What the forms of links have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import link_form
from jmpy.dashboard.pages.daily_limits import LimitReached
from jmpy.dashboard.pages.rejections import Rejection, Rejections, at_field, outdated, submit
from jmpy.dashboard.pages.section import SectionPages
from jmpy.gateway import deployment_names
from jmpy.links.errors import ChangeOfTakenDown, LinkChanged, UnknownDomain

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.dashboard.pages.link_form import Fields
    from jmpy.dashboard.pages.rejections import Again
    from jmpy.gateway.own_names import OwnNames
    from jmpy.links.model import Link
    from jmpy.links.service import LinkService
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

LINKS = "/dashboard/links"
CREATED = "link-created"
SUGGESTED = 50
"""Campaigns, the newest, that the form suggests; the names of others can be typed."""

_REJECTIONS: Rejections = {
    **dict.fromkeys(link_form.WRONG_FIELDS, at_field),
    UnknownDomain: lambda wrong: Rejection(422, {"domain": str(wrong)}),
    LimitReached: lambda reached: Rejection(
        429, problem=reached.notice, retry_after=reached.retry_after
    ),
    LinkChanged: outdated,
    ChangeOfTakenDown: lambda denied: Rejection(403, problem=str(denied)),
}


class LinkForms(SectionPages):
    section = Section.LINKS
    rejections = _REJECTIONS

    def __init__(self, site: Site, links: LinkService, limits: DailyLimits, once: Once) -> None:
        super().__init__(site)
        self._links = links
        self._limits = limits
        self._once = once

    def _checked(
        self, model: type[Fields], given: dict[str, Any], link: Link | None = None
    ) -> Fields:
        """Of a new link, or of one that exists. Raises Mistakes."""
        return link_form.checked(
            model,
            given,
            self._links,
            self._account,
            self._own_names,
            host=link_form.host(self._site.form, link),
            host_before="" if link is None else link.host,
            now=self._now,
        )

    def _suggested_campaigns(self) -> list[str]:
        return self._links.campaign_names(self._account, SUGGESTED)

    def _try(self, work: Callable[[], Response[str]], again: Again) -> Response[str]:
        return submit(self._site, work, again, _REJECTIONS)

    @property
    def _own_names(self) -> OwnNames:
        return deployment_names.from_event(self._site.current_event.raw_event)

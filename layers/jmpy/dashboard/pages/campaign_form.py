"""What the forms of campaigns have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.campaigns.errors import (
    CampaignChanged,
    CampaignConflict,
    CampaignNameTaken,
    EndsBeforeStart,
)
from jmpy.campaigns.request_schema import CreateCampaign
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages.link_forms import LinkForms
from jmpy.dashboard.pages.mistakes import Findings, validated
from jmpy.dashboard.pages.rejections import Rejections, at_field, conflict, outdated, submit
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.pages.view_models import minute
from jmpy.dashboard.views.campaigns import CampaignQuery, CampaignValues
from jmpy.links import tags, utm

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.campaigns.changes import CampaignChanges, NewCampaign
    from jmpy.campaigns.model import Campaign
    from jmpy.campaigns.service import Campaigns
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.dashboard.pages.rejections import Again
    from jmpy.web.form import Form
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

CAMPAIGNS = CampaignQuery.path
_TEXTS = ("name", "description", "start_date", "end_date")
_SET_AND_REMOVED = "Empty this field, or do not remove the parameter"

_REJECTIONS: Rejections = {
    **LinkForms.rejections,
    CampaignNameTaken: at_field,
    EndsBeforeStart: at_field,
    CampaignChanged: outdated,
    CampaignConflict: conflict,
}


class CampaignForms(SectionPages):
    section = Section.CAMPAIGNS

    def __init__(
        self,
        site: Site,
        campaigns: Campaigns,
        changes: CampaignChanges,
        limits: DailyLimits,
        once: Once,
    ) -> None:
        super().__init__(site)
        self._campaigns = campaigns
        self._changes = changes
        self._limits = limits
        self._once = once

    def _try(self, work: Callable[[], Response[str]], again: Again) -> Response[str]:
        return submit(self._site, work, again, _REJECTIONS)


def checked(form: Form) -> NewCampaign:
    """What the form describes as a whole. Raises Mistakes."""
    texts = {name: form.text(name) for name in _TEXTS}
    removed = _removed_utm(form)
    texts |= {name: form.text(name) for name in utm.NAMES if form.text(name) or name in removed}
    found = Findings()
    found.errors = {name: _SET_AND_REMOVED for name in removed if form.text(name)}
    fields = found.check(_fields, {**texts, "tags": tags.split(form.text("tags"))})
    found.raise_any()
    assert fields is not None, "an invalid model leaves errors"
    return fields.new_campaign()


def _fields(sent: dict[str, Any]) -> CreateCampaign:
    """Raises Mistakes."""
    with validated():
        return CreateCampaign.model_validate(sent)


def _removed_utm(form: Form) -> frozenset[str]:
    """Names of the UTM parameters that are to be removed from destinations."""
    return frozenset(utm.NAMES).intersection(form.texts("removed_utm"))


def typed(form: Form) -> CampaignValues:
    return CampaignValues(
        **{name: form.text(name) for name in _TEXTS},
        tags=form.text("tags"),
        utm={name: form.text(name) for name in utm.NAMES},
        removed_utm=_removed_utm(form),
        is_archived="archived" in form,
    )


def stored(campaign: Campaign) -> CampaignValues:
    return CampaignValues(
        name=campaign.name,
        description=campaign.description or "",
        start_date=minute(campaign.start_date),
        end_date=minute(campaign.end_date),
        tags=", ".join(campaign.tags),
        utm=campaign.utm,
        removed_utm=[name for name, text in campaign.utm.items() if not text],
        is_archived=campaign.archived,
    )

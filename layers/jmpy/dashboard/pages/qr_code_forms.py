"""What the forms of QR codes have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages.link_forms import LinkForms
from jmpy.dashboard.pages.rejections import (
    Rejection,
    Rejections,
    at_field,
    conflict,
    outdated,
    submit,
)
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.views.qr_code_list import QrCodeQuery
from jmpy.gateway import deployment_names
from jmpy.links.errors import InvalidDestination, LinkConflict
from jmpy.qr.errors import (
    ContentTooLong,
    InvalidContent,
    InvalidLook,
    LinkDeleted,
    NotOfALink,
    QrCodeChanged,
    QrCodeConflict,
    QrCodeExists,
    SetOnTheLink,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.dashboard.pages.rejections import Again
    from jmpy.gateway.own_names import OwnNames
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

QR_CODES = QrCodeQuery.path


_REJECTIONS: Rejections = {
    **LinkForms.rejections,
    InvalidDestination: lambda wrong: Rejection(422, {"content_data.url": str(wrong)}),
    InvalidContent: at_field,
    InvalidLook: at_field,
    ContentTooLong: lambda wrong: Rejection(422, problem=str(wrong)),
    NotOfALink: at_field,
    SetOnTheLink: at_field,
    QrCodeChanged: outdated,
    LinkDeleted: outdated,
    QrCodeExists: conflict,
    QrCodeConflict: conflict,
    LinkConflict: conflict,
}


class QrCodeForms(SectionPages):
    section = Section.QR_CODES

    def __init__(self, site: Site, limits: DailyLimits, once: Once) -> None:
        super().__init__(site)
        self._limits = limits
        self._once = once

    def _try(self, work: Callable[[], Response[str]], again: Again) -> Response[str]:
        return submit(self._site, work, again, _REJECTIONS)

    @property
    def _own_names(self) -> OwnNames:
        return deployment_names.from_event(self._site.current_event.raw_event)

"""The QR code of a link: its creation, and its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.pages.link_forms import LINKS, LinkForms
from jmpy.dashboard.pages.rejections import at_field, conflict, submit
from jmpy.dashboard.render import render
from jmpy.dashboard.views.qr_codes import LookValues, NewLinkQrCode
from jmpy.limits.plan import LimitClass
from jmpy.links.short_url import short_url
from jmpy.qr.errors import (
    ContentTooLong,
    InvalidContent,
    InvalidLook,
    QrCodeConflict,
    QrCodeExists,
)

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.idempotency.service import StoreResponse
    from jmpy.links.service import LinkService
    from jmpy.links.store import LinkStore
    from jmpy.qr.store import QrCodeStore
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

QR_CODE = f"{LINKS}/<id>/qr-code"

_REJECTIONS = {
    InvalidLook: at_field,
    InvalidContent: conflict,
    ContentTooLong: conflict,
    QrCodeExists: conflict,
    QrCodeConflict: conflict,
}


class LinkQrCodePages(LinkForms):
    def __init__(
        self,
        site: Site,
        links: LinkService,
        limits: DailyLimits,
        once: Once,
        *,
        link_store: LinkStore,
        store: QrCodeStore,
    ) -> None:
        super().__init__(site, links, limits, once)
        self._link_store = link_store
        self._store = store
        site.page(QR_CODE)(self.new)
        site.action(QR_CODE, again=self._again)(self.create)

    def new(self, id: str) -> str:  # noqa: A002 - the name in the path
        link = self._links.get(self._account, id)
        return render(NewLinkQrCode(frame=self._frame(), link=link))

    def create(self, id: str) -> Response[str]:  # noqa: A002
        # Drawing is loaded by the requests that draw, not by each cold start.
        from jmpy.dashboard.pages import qr_look_form  # noqa: PLC0415
        from jmpy.qr.creation import Place, QrCodeCreation  # noqa: PLC0415
        from jmpy.qr.logo_source import LogoSource  # noqa: PLC0415

        link = self._links.get(self._account, id)

        def work(store_response: StoreResponse) -> Response[str]:
            self._limits.consume(LimitClass.QR_GENERATION)
            address = short_url(self._site.base_url, link.short_code, link.host)
            new = qr_look_form.new_qr_code(self._site.form, address, link.name, LogoSource())
            QrCodeCreation(self._store, self._links, self._link_store).create(
                self._account,
                new,
                Place(self._site.base_url, self._own_names),
                also=lambda _created: [store_response(link.id)],
            )
            return done(link.id)

        def done(link_id: str) -> Response[str]:
            return self._done("qr-code-created", f"{LINKS}/{link_id}")

        def again(problem: Notice | str | None, errors: dict[str, str]) -> str:
            return self._again(problem, errors, id=id)

        rejections = {**self.rejections, **_REJECTIONS}
        return submit(self._site, lambda: self._once(work, done), again, rejections)

    def _again(
        self,
        problem: Notice | str | None,
        errors: dict[str, str] | None = None,
        *,
        id: str,  # noqa: A002
    ) -> str:
        from jmpy.dashboard.pages import qr_look_form  # noqa: PLC0415

        look: LookValues = qr_look_form.typed(self._site.form)
        link = self._links.get(self._account, id)
        return render(
            NewLinkQrCode(frame=self._frame(problem), link=link, look=look, errors=errors or {})
        )

"""The pages on which a QR code is created: one for each type of content, with its fields only."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from jmpy.dashboard.pages.domain_options import DomainOptions
from jmpy.dashboard.pages.qr_code_forms import QR_CODES, QrCodeForms
from jmpy.dashboard.render import render
from jmpy.dashboard.views.qr_codes import NEW_VALUES, NewQrCode, QrCodeValues
from jmpy.limits.plan import LimitClass
from jmpy.qr.content import LEADING, ContentType
from jmpy.web.site_errors import NoPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.domains.store import DomainStore
    from jmpy.idempotency.service import StoreResponse
    from jmpy.qr.creation import QrCodeCreation
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

NEW = f"{QR_CODES}/new"
ONE = f"{NEW}/<kind>"


class NewQrCodePages(QrCodeForms):
    def __init__(
        self,
        site: Site,
        creation: Callable[[], QrCodeCreation],
        limits: DailyLimits,
        once: Once,
        *,
        domains: DomainStore,
    ) -> None:
        """`creation` is loaded by the requests that create something."""
        super().__init__(site, limits, once)
        self._creation = creation
        self._domains = domains
        site.page(NEW)(self.new)
        site.page(ONE)(self.new)
        site.action(ONE, again=self._again)(self.create)
        site.action(f"{ONE}/preview", page=ONE, again=self._again)(self.preview)

    def new(self, kind: str = ContentType.URL) -> str:
        content_type = _known(kind)
        options = self._domain_options(content_type)
        return render(
            NewQrCode(
                frame=self._frame(),
                kind=content_type,
                values=replace(NEW_VALUES, domain=options.primary),
                domains=options.usable(),
            )
        )

    def _domain_options(self, content_type: ContentType) -> DomainOptions:
        """None for a code that cannot contain a short URL."""
        if content_type not in LEADING:
            return DomainOptions(())
        return DomainOptions.read(self._domains, self._account)

    def create(self, kind: str) -> Response[str]:
        from jmpy.dashboard.pages import qr_code_form  # noqa: PLC0415 - draws
        from jmpy.qr.creation import Place  # noqa: PLC0415
        from jmpy.qr.logo_source import LogoSource  # noqa: PLC0415

        content_type, form = _known(kind), self._site.form

        def work(store_response: StoreResponse) -> Response[str]:
            new = qr_code_form.new(form, content_type, self._site.base_url)
            self._limits.consume(LimitClass.QR_GENERATION)
            created = self._creation().create(
                self._account,
                qr_code_form.with_logo(new, form, LogoSource()),
                Place(self._site.base_url, self._own_names),
                also=lambda created: [store_response(created.qr_code.id)],
            )
            return done(created.qr_code.id)

        def done(qr_id: str) -> Response[str]:
            return self._done("qr-code-created", f"{QR_CODES}/{qr_id}")

        return self._try(lambda: self._once(work, done), partial(self._again, kind=kind))

    def preview(self, kind: str) -> Response[str]:
        """The page with the code as it would be; nothing is stored."""
        from jmpy.dashboard.pages import qr_code_form  # noqa: PLC0415
        from jmpy.qr.logo_source import LogoSource  # noqa: PLC0415

        content_type, form = _known(kind), self._site.form

        def work() -> Response[str]:
            new = qr_code_form.new(form, content_type, self._site.base_url)
            self._limits.consume(LimitClass.QR_READS)
            drawn = qr_code_form.with_logo(new, form, LogoSource())
            svg = qr_code_form.preview(drawn, self._site.base_url)
            return self._site.html(self._page_of(content_type, svg=svg))

        return self._try(work, partial(self._again, kind=kind))

    def _again(
        self, problem: Notice | str | None, errors: dict[str, str] | None = None, *, kind: str
    ) -> str:
        return self._page_of(_known(kind), problem, errors)

    def _page_of(
        self,
        content_type: ContentType,
        problem: Notice | str | None = None,
        errors: dict[str, str] | None = None,
        svg: bytes | None = None,
    ) -> str:
        from jmpy.dashboard.pages import qr_code_form  # noqa: PLC0415

        form = self._site.form
        values: QrCodeValues = qr_code_form.typed(form, content_type)
        return render(
            NewQrCode(
                frame=self._frame(problem),
                kind=content_type,
                values=values,
                domains=self._domain_options(content_type).usable(),
                errors=qr_code_form.shown_errors(form, errors),
                svg=svg,
            )
        )


def _known(kind: str) -> ContentType:
    """Raises NoPage."""
    try:
        return ContentType(kind)
    except ValueError:
        raise NoPage from None

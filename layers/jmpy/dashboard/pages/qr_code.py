"""The pages of one QR code: what it is, its changes, its files, and its end."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from jmpy.audit.store import EntryFilter
from jmpy.clicks.model import Dimension
from jmpy.countries import country_name
from jmpy.dashboard.pages import audit_log, confirming, conflicts
from jmpy.dashboard.pages.qr_code_forms import QR_CODES, QrCodeForms
from jmpy.dashboard.render import render
from jmpy.dashboard.views.qr_codes import (
    PRINTED,
    QrCodeFile,
    QrCodePage,
    QrCodeValues,
    Scan,
    ShownQrCode,
)
from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.analytics.click_list import ClickList
    from jmpy.audit.store import AuditLog
    from jmpy.clicks.model import StoredClick
    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.dashboard.views.audit_log import Conflict
    from jmpy.idempotency.service import StoreResponse
    from jmpy.qr.changes import QrCodeChanges, QrCodeUpdate
    from jmpy.qr.model import Described, QrCode
    from jmpy.qr.service import QrCodes
    from jmpy.web.form import Form
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

ONE = f"{QR_CODES}/<id>"
HISTORY = 10
"""Changes that a QR code's own page shows."""
SCANS = 10


class QrCodeDetailPages(QrCodeForms):
    def __init__(
        self,
        site: Site,
        qr_codes: QrCodes,
        changes: Callable[[], QrCodeChanges],
        audit: AuditLog,
        limits: DailyLimits,
        *,
        once: Once,
        clicks: ClickList,
    ) -> None:
        """`changes` are loaded by the requests that change something."""
        super().__init__(site, limits, once)
        self._qr_codes = qr_codes
        self._changes = changes
        self._audit = audit
        self._clicks = clicks
        site.page(ONE)(self.one)
        site.action(ONE, again=self._one_again)(self.change)
        site.page(f"{ONE}/file")(self.file)
        site.page(f"{ONE}/delete")(self.ask_to_delete)
        site.action(f"{ONE}/delete")(self.delete)

    def one(self, id: str) -> str:  # noqa: A002 - the name in the path
        self._limits.consume(LimitClass.QR_READS)
        return self._page_of(self._qr_codes.get(self._account, id))

    def change(self, id: str) -> Response[str]:  # noqa: A002
        from jmpy.dashboard.pages import qr_code_form  # noqa: PLC0415 - draws
        from jmpy.qr.logo_source import LogoSource  # noqa: PLC0415

        found, form = self._qr_codes.get(self._account, id), self._site.form

        def work(store_response: StoreResponse) -> Response[str]:
            self._limits.consume(LimitClass.QR_READS)
            self._update(
                found, partial(qr_code_form.changes, form, found, LogoSource()), store_response
            )
            return done(found.qr_code.id)

        def done(_id: str) -> Response[str]:
            return self._done("qr-code-changed", f"{QR_CODES}/{found.qr_code.id}")

        again = partial(self._one_again, id=id)
        return self._try(lambda: self._once(work, done), again)

    def _update(
        self,
        found: Described,
        changes: Callable[[], QrCodeUpdate],
        store_response: StoreResponse,
    ) -> None:
        """If it, and where it leads, still are the versions that the form was about."""
        form = self._site.form

        def update(_as_stored: QrCode) -> QrCodeUpdate:
            return changes()

        self._changes().change(
            self._account,
            found.qr_code.id,
            update,
            by=self._site.origin,
            own=self._own_names,
            version=conflicts.sent_version(form),
            link_version=_sent_link_version(form),
            also=[store_response(found.qr_code.id)],
        )

    def _one_again(
        self,
        problem: Notice | str | None,
        errors: dict[str, str] | None = None,
        *,
        id: str,  # noqa: A002
    ) -> str:
        from jmpy.dashboard.pages import qr_code_form  # noqa: PLC0415

        found, form = self._qr_codes.get(self._account, id), self._site.form
        return self._page_of(
            found,
            values=qr_code_form.typed(form, found.qr_code.content_type),
            errors=errors,
            problem=problem,
            conflict=self._conflict(found, form),
        )

    def file(self, id: str) -> str:  # noqa: A002
        """A page with the file in it. Of PNGs in the code's size, or in one to print."""
        from jmpy.qr import drawing  # noqa: PLC0415

        self._limits.consume(LimitClass.QR_READS)
        found = self._qr_codes.get(self._account, id)
        image_format = drawing.ImageFormat(self._sent("format", "png|svg|pdf") or "png")
        image = found.image
        if self._sent("size", str(PRINTED)):
            image = replace(image, look=replace(image.look, size=max(image.look.size, PRINTED)))
        return render(
            QrCodeFile(
                frame=self._frame(),
                shown=ShownQrCode.from_described(found),
                image_format=image_format,
                data=drawing.drawn(image, image_format).data,
                back=self._back(),
            )
        )

    def ask_to_delete(self, id: str) -> str:  # noqa: A002
        found = self._qr_codes.get(self._account, id)
        back = self._back()
        # Its own pages are gone then.
        back = "" if back.startswith(f"{QR_CODES}/") else back
        return render(confirming.delete_qr_code(self._frame(), found, back))

    def delete(self, id: str) -> Response[str]:  # noqa: A002
        def work(store_response: StoreResponse) -> Response[str]:
            self._limits.consume(LimitClass.QR_READS)
            self._changes().remove(
                self._account, id, by=self._site.origin, also=[store_response(id)]
            )
            return done(id)

        def done(_id: str) -> Response[str]:
            return self._done("qr-code-deleted", QR_CODES)

        def again(problem: Notice | str | None, errors: dict[str, str]) -> str:
            found = self._qr_codes.get(self._account, id)
            return self._page_of(found, errors=errors, problem=problem)

        return self._try(lambda: self._once(work, done), again)

    def _page_of(
        self,
        found: Described,
        *,
        values: QrCodeValues | None = None,
        errors: dict[str, str] | None = None,
        problem: Notice | str | None = None,
        conflict: Conflict | None = None,
    ) -> str:
        from jmpy.dashboard.pages import qr_code_form  # noqa: PLC0415
        from jmpy.qr import drawing  # noqa: PLC0415

        past = self._audit.page(self._account, EntryFilter(found.qr_code.id), HISTORY)
        return render(
            QrCodePage(
                frame=self._frame(problem),
                shown=ShownQrCode.from_described(found),
                svg=drawing.drawn(found.image, drawing.ImageFormat.SVG).data,
                values=values or qr_code_form.stored(found),
                scans=tuple(map(_scan, self._scans(found.qr_code))),
                back=self._back(),
                is_new=self._sent("done", "qr-code-created") != "",
                history=tuple(map(audit_log.shown, past.entries)),
                errors=errors or {},
                conflict=conflict,
            )
        )

    def _scans(self, qr_code: QrCode) -> list[StoredClick]:
        if qr_code.link_id is None or not qr_code.scan_count:
            return []
        return self._clicks.scans_of(qr_code.link_id, qr_code.id, SCANS, now=self._now)

    def _conflict(self, found: Described, form: Form) -> Conflict | None:
        """What became of the code, and of where it leads, since the form was opened."""
        of_code = conflicts.since(
            self._audit,
            self._account,
            found.qr_code.id,
            sent=conflicts.sent_version(form),
            stored=found.qr_code.version,
        )
        of_link, sent = None, _sent_link_version(form)
        if found.link is not None and sent is not None:
            of_link = conflicts.since(
                self._audit,
                self._account,
                found.link.id,
                sent=sent,
                stored=found.link.version,
            )
        return conflicts.together(of_code, of_link)


def _sent_link_version(form: Form) -> int | None:
    """None for a code that led nowhere."""
    return conflicts.sent_version(form, "link_version") if "link_version" in form else None


def _scan(click: StoredClick) -> Scan:
    values = click.values
    country = values.get(Dimension.COUNTRY, "unknown")
    browser = values.get(Dimension.BROWSER, "")
    system = values.get(Dimension.OS, "")
    return Scan(
        at=click.at // 1000,
        place="Unknown country" if country == "unknown" else country_name(country),
        device=" on ".join(filter(None, (browser, system))),
        is_unique=click.is_unique_scan,
        is_bot=click.is_bot,
    )

"""The list of an account's QR codes, and its export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import list_address
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.qr_code_list import ListedQrCode, QrCodeList, QrCodeQuery
from jmpy.formats import csv_file
from jmpy.limits.plan import LimitClass
from jmpy.qr import listing
from jmpy.qr.errors import QrPageTooDeep
from jmpy.qr.listing import DateRange, QrSort, QrType

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.qr.service import QrCodes
    from jmpy.web.site import Site

PAGE_SIZE = 20
LONGEST_SEARCH = 255
LONGEST_SOURCE = 50


class QrCodePages(SectionPages):
    section = Section.QR_CODES

    def __init__(self, site: Site, qr_codes: QrCodes, limits: DailyLimits) -> None:
        super().__init__(site)
        self._qr_codes = qr_codes
        self._limits = limits
        site.page(QrCodeQuery.path)(self.list)
        site.page(f"{QrCodeQuery.path}/export")(self.export)

    def list(self) -> str:
        query, problem = self._query(), None
        self._limits.consume(LimitClass.QR_READS)
        try:
            found, total = self._qr_codes.page(self._account, _request(query))
        except QrPageTooDeep:
            problem, query = "That page is not available; this is the first one", query.on_page(1)
            found, total = self._qr_codes.page(self._account, _request(query))
        return render(
            QrCodeList(
                frame=self._frame(problem),
                qr_codes=tuple(map(ListedQrCode.from_described, found)),
                query=query,
                total=total,
                page_count=max(1, -(-total // PAGE_SIZE)),
            )
        )

    def export(self) -> Response[str]:
        """Those of the list, among the newest that one file examines; the API exports the rest."""
        from jmpy.qr import export  # noqa: PLC0415 - validates looks

        self._limits.consume(LimitClass.QR_READS)
        matching = _request(self._query()).filter
        found = self._qr_codes.exported(self._account, matching, csv_file.MAX_ROWS + 1)
        file, _ = export.part(found, self._site.base_url)
        return csv_file.response(file, "qr-codes")

    def _query(self) -> QrCodeQuery:
        return list_address.sent(
            QrCodeQuery,
            self._site.current_event.get_query_string_value,
            longest_search=LONGEST_SEARCH,
            longest=LONGEST_SOURCE,
        )


def _request(query: QrCodeQuery) -> listing.Request:
    return listing.Request(
        page=query.page,
        limit=PAGE_SIZE,
        sort=QrSort(query.order.sort),
        descending=query.order.descending,
        filter=listing.Filter(
            search=query.search or None,
            type=QrType(query.type or QrType.ALL),
            source=query.source or None,
            created=DateRange(query.created or DateRange.ALL_TIME),
        ),
    )

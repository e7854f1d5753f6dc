"""The list of QR codes in every state."""

import json
from dataclasses import replace
from typing import Any

from jmpy.clock import DAY, HOUR
from jmpy.dashboard.frame import Section, View
from jmpy.dashboard.views.qr_code_list import ListedQrCode, QrCodeList, QrCodeQuery
from jmpy.links.model import Link
from jmpy.qr.look import Look
from jmpy.qr.model import Described, QrCode, QrImage
from tests.dashboard_sample_data import NOW, SOME_LINKS, TAKEN_DOWN, frame

_FRAME = frame(Section.QR_CODES)


def _listed(
    number: int, content_type: str, data: dict[str, Any], link: Link | None = None, **values: Any
) -> ListedQrCode:
    """Static, unless `values` say otherwise."""
    created_at = NOW - number * 31 * HOUR
    qr_code = QrCode(
        id=f"019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a{number:02}",
        account_id="acme",
        content_type=content_type,
        content_data=json.dumps(data),
        created_at=created_at,
        updated_at=created_at,
        link_id=link.id if link else None,
    )
    image = QrImage("https://go.example.com/k3Jx9Qa", Look())
    return ListedQrCode.from_described(Described(replace(qr_code, **values), image, link))


def _leading(number: int, link: Link | None, **values: Any) -> ListedQrCode:
    settings = {"code": f"k3Jx9Q{number}", "is_dynamic": True, "tracking_enabled": True, **values}
    return _listed(number, "url", {"url": "https://example.com/menu"}, link, **settings)


_LISTED = (
    _leading(
        1,
        SOME_LINKS[0],
        name="Poster at the station",
        scan_count=1_342,
        bot_count=2,
        unique_scan_count=980,
        last_scanned_at=NOW - HOUR,
    ),
    _leading(2, SOME_LINKS[1], is_dynamic=False),
    _listed(3, "wifi", {"ssid": "Café Zoë", "security": "WPA", "password": "correct horse"}),
    _leading(
        4,
        None,
        name="Flyer " + "of last summer " * 7,
        scan_count=77,
        unique_scan_count=61,
        last_scanned_at=NOW - 90 * DAY,
    ),
    _leading(5, SOME_LINKS[3], tracking_enabled=False),
    _leading(6, TAKEN_DOWN, name="Überraschung 🎉"),
    _listed(7, "text", {"text": f"First line\n{'x' * 300}"}),
    _listed(8, "vcard", {"name": "Ada Lovelace", "email": "ada@example.com"}, name="Ada"),
    _listed(9, "location", {"latitude": 52.520008, "longitude": 13.404954}, name="Office"),
    _listed(10, "url", {"url": "javascript:alert(1)"}),
    _listed(11, "email", {"email": "hello@example.com", "subject": "Hi"}),
)

FULL: dict[str, View] = {
    "qr-codes": QrCodeList(frame=_FRAME, qr_codes=_LISTED, total=51, page_count=3),
    "qr-codes-found": QrCodeList(
        frame=_FRAME,
        qr_codes=_LISTED[:2],
        query=QrCodeQuery(
            search="poster " + "x" * 60,
            type="dynamic",
            created="last_7_days",
            source="POS",
            sort="-scans",
            page=2,
        ),
        total=45,
        page_count=3,
    ),
}
EMPTY: dict[str, View] = {
    "qr-codes-empty": QrCodeList(frame=_FRAME, qr_codes=()),
    "qr-codes-not-found": QrCodeList(
        frame=_FRAME, qr_codes=(), query=QrCodeQuery(search="poster", sort="name")
    ),
    "qr-codes-page-beyond": QrCodeList(
        frame=_FRAME, qr_codes=(), query=QrCodeQuery(page=9), total=3
    ),
}

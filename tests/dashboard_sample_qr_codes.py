"""QR codes as the pages of the dashboard show them."""

import json
from dataclasses import replace
from typing import Any

from jmpy.clock import DAY, HOUR, MINUTE
from jmpy.dashboard.frame import Section, View
from jmpy.dashboard.pages import confirming
from jmpy.dashboard.views.audit_log import Conflict
from jmpy.dashboard.views.qr_codes import (
    LinkQrCode,
    LookValues,
    NewQrCode,
    QrCodeFile,
    QrCodePage,
    QrCodeValues,
    Scan,
    ShownQrCode,
)
from jmpy.qr import drawing
from jmpy.qr.content import ContentType
from jmpy.qr.drawing import ImageFormat
from jmpy.qr.look import Level, Look
from jmpy.qr.model import Described, QrCode, QrImage
from tests import dashboard_sample_audit as audit
from tests.dashboard_sample_data import HOSTS, NOW, SOME_LINKS, frame

QR_CODES = frame(Section.QR_CODES)
ID = "019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b"
SHORT_URL = "https://go.example.com/k3Jx9Qa"


def described(
    content_type: ContentType, data: dict[str, Any], payload: str, **values: Any
) -> Described:
    """Static, unless `values` say otherwise."""
    settings = {"id": ID, "account_id": "acme", "content_type": content_type}
    times = {"created_at": NOW - DAY, "updated_at": NOW - DAY}
    qr_code = QrCode(**{**settings, "content_data": json.dumps(data), **times, **values})
    return Described(qr_code, QrImage(payload, Look()), None)


SCANNED = replace(
    described(
        ContentType.URL,
        {"url": SOME_LINKS[0].url},
        SHORT_URL,
        name="Poster",
        code="k3Jx9Qa",
        link_id=SOME_LINKS[0].id,
        is_dynamic=True,
        tracking_enabled=True,
        scan_count=1_342,
        bot_count=2,
        unique_scan_count=980,
        last_scanned_at=NOW - HOUR,
    ),
    link=SOME_LINKS[0],
)
OF_A_LINK = LinkQrCode(qr_code=SCANNED.qr_code, content=SHORT_URL)
WIFI = described(
    ContentType.WIFI,
    {"ssid": "Café", "security": "WPA", "password": "correct horse", "hidden": True},
    "WIFI:T:WPA;S:Café;P:correct horse;H:true;;",
)
CONTACT = described(
    ContentType.VCARD,
    {"name": "Ada Lovelace", "phone": "", "email": "ada@example.com", "url": "javascript:alert(1)"},
    "BEGIN:VCARD",
)


show = ShownQrCode.from_described


def svg(look: Look) -> bytes:
    return drawing.drawn(QrImage(SHORT_URL, look), ImageFormat.SVG).data


SVG = svg(Look())
LOOK = Look(foreground="#1a2b6d", margin=2, level=Level.Q, is_rounded=True)

FULL: dict[str, View] = {
    "qr-code": QrCodePage(
        frame=QR_CODES,
        shown=show(replace(SCANNED, image=QrImage(SHORT_URL, LOOK, b"PNG"))),
        svg=svg(LOOK),
        values=QrCodeValues(
            name="Poster",
            content={"url": "shop.example.com"},
            look=LookValues(foreground="#ffff00", margin="0", is_transparent=True),
        ),
        scans=(
            Scan(NOW - MINUTE, "Germany", "Safari on iOS", is_unique=True, is_bot=False),
            Scan(NOW - HOUR, "Unknown country", "", is_unique=False, is_bot=False),
            Scan(NOW - DAY, "France", "Chrome on Android", is_unique=True, is_bot=True),
        ),
        back="/dashboard/qr-codes?page=2",
        history=[past.entry for past in audit.PAST_CHANGES],
        errors={
            "content_data.url": "Write the whole address, with https://",
            "visual_settings.foregroundColor": "The contrast is too low to be scanned",
            "visual_settings.margin": "Must be at least 1",
        },
        conflict=Conflict(changes=tuple(past.entry for past in audit.PAST_CHANGES[:1]), more=2),
    ),
    "qr-code-new": NewQrCode(
        frame=QR_CODES,
        kind=ContentType.WIFI,
        values=QrCodeValues(
            name="Guests", content={"ssid": "Café", "security": "WEP", "hidden": "on"}
        ),
        errors={
            "content_data.ssid": "A network name has 1 to 32 bytes in UTF-8; this one has 40",
            "content_data.password": "Enter the password again: it is not sent back to this page",
        },
    ),
    "qr-code-new-previewed": NewQrCode(
        frame=QR_CODES,
        kind=ContentType.URL,
        values=QrCodeValues(content={"url": SOME_LINKS[0].url}, is_dynamic=True, domain=HOSTS[1]),
        domains=HOSTS,
        svg=SVG,
    ),
    "qr-code-created": QrCodePage(
        frame=QR_CODES, shown=show(WIFI), svg=SVG, values=QrCodeValues(), is_new=True
    ),
    "qr-code-file": QrCodeFile(
        frame=QR_CODES,
        shown=show(SCANNED),
        image_format=ImageFormat.PNG,
        data=drawing.drawn(QrImage(SHORT_URL, Look()), ImageFormat.PNG).data,
        back="/dashboard/links",
    ),
    "question-qr-code": confirming.delete_qr_code(QR_CODES, SCANNED, "/dashboard/qr-codes?page=2"),
}
EMPTY: dict[str, View] = {
    **{f"qr-code-new-{kind}": NewQrCode(frame=QR_CODES, kind=kind) for kind in ContentType},
    "qr-code-bare": QrCodePage(frame=QR_CODES, shown=show(CONTACT), svg=SVG, values=QrCodeValues()),
    "qr-code-of-no-link": QrCodePage(
        frame=QR_CODES,
        shown=show(replace(SCANNED, qr_code=replace(SCANNED.qr_code, link_id=None), link=None)),
        svg=SVG,
        values=QrCodeValues(),
    ),
    "question-qr-code-static": confirming.delete_qr_code(QR_CODES, CONTACT),
}

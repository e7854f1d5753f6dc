"""QR codes: what the API returns and the public address shows is the image of their content; scans
are counted asynchronously, apart from clicks."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jmpy.qr import drawing
from jmpy.qr.drawing import ImageFormat
from jmpy.qr.look import Look
from jmpy.qr.model import QrImage
from ops.smoke.assertions import SHORT_URLS, assert_error, data, expect, expect_header

if TYPE_CHECKING:
    from ops.smoke.fixtures import Fixture

QR_CODES = "/api/v1/qr-codes"


def listed_and_deleted(fixture: Fixture) -> None:
    # With the account's name, by which a test finds what was left behind.
    created = _created(fixture, content_type="text", content_data={"text": fixture.account})
    expect("the content", created["content"], fixture.account)
    header, _, image = created["dataURL"].partition(",")
    expect("the header of dataURL", header, "data:image/png;base64")
    expect("a PNG of its content", b64decode(image) == _drawn(created, ImageFormat.PNG), True)
    path, reading = f"{QR_CODES}/{created['id']}", fixture.secret("read")
    listed = data(fixture.send("GET", QR_CODES, reading))["qrCodes"]
    expect("that it is listed", created["id"] in [one["id"] for one in listed], True)
    data(fixture.send("DELETE", path, fixture.secret("delete")))
    assert_error(fixture.send("GET", path, reading), 404, "NOT_FOUND")
    expect("the status of its image", fixture.send("GET", _image_path(created)).status_code, 404)


def image_public(fixture: Fixture) -> None:
    created = _created(fixture, content_type="text", content_data={"text": fixture.account})
    response = fixture.send("GET", _image_path(created))
    expect("the status", response.status_code, 200)
    expect_header(response, "Content-Type", "image/svg+xml; charset=utf-8")
    expect("an SVG of its content", response.content == _drawn(created, ImageFormat.SVG), True)
    known = {"If-None-Match": expect_header(response, "ETag")}
    again = fixture.send("GET", _image_path(created), headers=known)
    expect("the status for a client that has it", again.status_code, 304)


def scan_counted(fixture: Fixture) -> str:
    created = _created(
        fixture,
        content_type="url",
        content_data={"url": "https://example.com/"},
        tracking_enabled=True,
    )
    reading, path = fixture.secret("read"), f"{QR_CODES}/{created['id']}"
    link = f"{SHORT_URLS}/{created['short_url_id']}"
    visited = (created["content"], created["short_url"])
    for address in visited:
        fixture.send("GET", f"/{urlsplit(address).path.rpartition('/')[2]}")
    waited = fixture.await_that(
        "counting a scan and a click",
        lambda: data(fixture.send("GET", link, reading))["clicks"] == len(visited),
    )
    counted = data(fixture.send("GET", path, reading))["qrCode"]
    expect("scan_count", counted["scan_count"], 1)
    return waited


def _created(fixture: Fixture, **fields: Any) -> Any:
    sent = fixture.send("POST", f"{QR_CODES}/generate", fixture.secret("write"), json=fields)
    return data(sent, 201)


def _image_path(qr_code: Any) -> str:
    """As in `qr_code_url`, which is of another address if DNS does not point yet."""
    return f"/_/qr/{qr_code['id']}.svg"


def _drawn(qr_code: Any, image_format: ImageFormat) -> bytes:
    return drawing.drawn(QrImage(qr_code["content"], Look()), image_format).data


CHECKS = {
    "a QR code has an image of its content, is listed and can be deleted": listed_and_deleted,
    "the image of a QR code is public, and sent once": image_public,
    "a scan is counted once, and a click is none": scan_counted,
}

"""The pages of one QR code, as a browser meets them."""

from __future__ import annotations

import io
import re
from base64 import b64decode, b64encode
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
import zxingcpp
from PIL import Image

from jmpy.audit.model import Action
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from jmpy.clock import system_clock
from project import clicks
from project.origins import SOMEBODY
from project.tables import AUDIT, CLICKS
from project.tables import LINKS as TABLE
from tests import cognito
from tests.integration.browser import STAGE
from tests.integration.qr_codes import Client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response
    from tests.integration.browser import Browser

QR_CODES = "/dashboard/qr-codes"
LOOK = "visual_settings."
URL = "https://example.com/menu"


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.fixture
def dynamic(client: Client) -> Any:
    return client.create(cognito.SUBJECT, is_dynamic=True, tracking_enabled=True, name="Poster")


@pytest.fixture
def wifi(client: Client) -> Any:
    data = {"ssid": "Café", "password": "correct horse"}
    return client.create(cognito.SUBJECT, content_type="wifi", content_data=data)


def at(qr_code: Any, suffix: str = "") -> str:
    return f"{QR_CODES}/{qr_code['id']}{suffix}"


def opened(person: Browser, qr_code: Any) -> dict[str, str]:
    """The form of the page as a browser would send it."""
    text = person.get(at(qr_code)).text
    form = re.search(rf'<form[^>]*action="/live{at(qr_code)}".*?</form>', text, re.DOTALL)
    assert form is not None
    typed = re.findall(r'<input[^>]*name="([^"]+)" type="\w+" value="([^"]*)"', form[0])
    switches = re.findall(r'<input[^>]*name="([^"]+)" type="checkbox"[^>]*( checked)', form[0])
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0])
    return {
        name: unescape(value)
        for name, value in (*hidden, *typed, *switches)
        if "_token" not in name
    }


def stored(client: Client, qr_code: Any) -> Any:
    return client.get(qr_code["id"], account=cognito.SUBJECT)


def entries(dynamodb: DynamoDBClient, qr_id: str) -> list[Any]:
    return list(AuditLog(dynamodb, AUDIT).page(cognito.SUBJECT, EntryFilter(qr_id), 10).entries)


def test_its_page_says_what_it_is_and_who_scanned_it(
    person: Browser, dynamic: Any, dynamodb: DynamoDBClient
) -> None:
    now = int(system_clock() * 1000)
    click = clicks.click(1, link=dynamic["short_url_id"], account=cognito.SUBJECT, at=now)
    scan = replace(click, user_agent=clicks.AGENTS[0])
    made = [replace(scan, qr_id=dynamic["id"]), replace(scan, id=clicks.click(2).id)]
    ClickRecorder(ClickStore(dynamodb, CLICKS, TABLE, 30)).record(made)
    text = unescape(person.get(at(dynamic)).text)
    assert "<h1>Poster</h1>" in text
    for shown in (URL, dynamic["short_url"].removeprefix("https://").partition("/")[0], "dynamic"):
        assert shown in text
    assert re.search(r"<dt>Scans</dt><dd>1<", text)
    assert text.count("New visitor") == 1
    image = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', text)
    assert image is not None
    assert b64decode(image[1]).startswith(b"<svg")


def test_the_password_of_a_network_is_on_no_page(person: Browser, wifi: Any) -> None:
    for suffix in ("", "/delete", "/file?format=png"):
        text = unescape(person.get(at(wifi, suffix)).text)
        assert "Café" in text
        assert "correct horse" not in text


def test_its_name_and_look_change_and_its_content_stays(
    person: Browser, client: Client, wifi: Any, dynamodb: DynamoDBClient
) -> None:
    form = opened(person, wifi) | {
        "name": "Guests",
        LOOK + "foregroundColor": "#1a2b6d",
        LOOK + "size": "640",
        LOOK + "margin": "2",
        LOOK + "errorCorrectionLevel": "Q",
        LOOK + "rounded": "on",
        "transparent": "on",
    }
    changed = person.submit(at(wifi), form)
    assert (changed.status, changed.headers["location"]) == (
        303, f"{STAGE}{at(wifi)}?done=qr-code-changed"
    )  # fmt: skip
    now = stored(client, wifi)
    assert now["name"] == "Guests"
    assert now["content"] == wifi["content"]
    look = now["visual_settings"]
    assert look | {"errorCorrectionLevel": "Q"} == {
        "foregroundColor": "#1a2b6d", "backgroundColor": "transparent", "size": 640, "margin": 2,
        "errorCorrectionLevel": "Q", "rounded": True, "hasLogo": False,
    }  # fmt: skip
    (entry,) = entries(dynamodb, wifi["id"])
    assert entry.action is Action.QR_CODE_CHANGED
    assert entry.changes["size"] == (300, 640)
    assert entry.changes["rounded"] == (False, True)
    assert "correct horse" not in str(entry)
    page = person.get(at(wifi)).text
    assert "QR code changed" in page
    assert "#1a2b6d" in page


def test_what_stays_the_same_writes_nothing(
    person: Browser, client: Client, dynamic: Any, dynamodb: DynamoDBClient
) -> None:
    form = opened(person, dynamic) | {LOOK + "errorCorrectionLevel": "M"}
    assert person.submit(at(dynamic), form).status == 303
    assert stored(client, dynamic) == dynamic
    assert entries(dynamodb, dynamic["id"]) == []


def test_short_colors_stay_as_they_were_written(person: Browser, client: Client) -> None:
    look = {"foregroundColor": "#123", "backgroundColor": "#FFF"}
    created = client.create(cognito.SUBJECT, visual_settings=look)
    form = opened(person, created)
    assert form[LOOK + "foregroundColor"] == "#112233"
    person.submit(at(created), {**form, "name": "New"})
    assert stored(client, created)["visual_settings"]["foregroundColor"] == "#123"


def test_a_logo_is_added_and_removed(person: Browser, client: Client, dynamic: Any) -> None:
    png = io.BytesIO()
    Image.new("RGB", (20, 20), "#202020").save(png, "PNG")
    logo = f"data:image/png;base64,{b64encode(png.getvalue()).decode()}"
    person.submit(at(dynamic), {**opened(person, dynamic), LOOK + "logoUrl": logo})
    assert stored(client, dynamic)["visual_settings"]["hasLogo"] is True
    form = opened(person, dynamic)
    assert "Remove the logo" in person.get(at(dynamic)).text
    person.submit(at(dynamic), {**form, "remove_logo": "on"})
    assert stored(client, dynamic)["visual_settings"]["hasLogo"] is False


def test_a_dynamic_one_leads_elsewhere(person: Browser, client: Client, dynamic: Any) -> None:
    form = {**opened(person, dynamic), "content_data.url": "https://example.com/new"}
    assert person.submit(at(dynamic), form).status == 303
    now = stored(client, dynamic)
    assert now["content_data"] == {"url": "https://example.com/new"}
    assert now["dataURL"] == dynamic["dataURL"]


def test_it_shows_where_its_link_leads_now(person: Browser, client: Client, dynamic: Any) -> None:
    link = f"/dashboard/links/{dynamic['short_url_id']}"
    person.submit(link, {"url": "https://example.com/moved", "version": "1"})
    assert opened(person, dynamic)["content_data.url"] == "https://example.com/moved"
    person.submit(at(dynamic), {**opened(person, dynamic), "name": "New"})
    assert stored(client, dynamic)["content_data"] == {"url": "https://example.com/moved"}


def test_of_a_chat_the_number_and_the_message_change(person: Browser, client: Client) -> None:
    data = {"phone": "+49 30 123456", "message": "Hi"}
    created = client.create(
        cognito.SUBJECT, content_type="whatsapp", content_data=data, is_dynamic=True
    )
    form = opened(person, created) | {"content_data.message": "Hello\r\nthere"}
    assert person.submit(at(created), form).status == 303
    assert stored(client, created)["content_data"]["message"] == "Hello\nthere"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("name", "x" * 256),
        ("content_data.url", "nowhere"),
        ("content_data.url", f"{STAGE}/abc"),
        (LOOK + "foregroundColor", "#ffff00"),
        (LOOK + "size", "20"),
        (LOOK + "size", "large"),
        (LOOK + "margin", "0"),
        (LOOK + "logoUrl", "http://169.254.169.254/logo.png"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    person: Browser, client: Client, dynamic: Any, name: str, typed: str
) -> None:
    response = person.submit(at(dynamic), {**opened(person, dynamic), name: typed})
    assert response.status == 422
    assert f'id="{name}-error"' in response.text
    assert f'value="{typed}"' in response.text
    assert stored(client, dynamic) == dynamic


def test_all_mistakes_are_shown_at_once(person: Browser, dynamic: Any) -> None:
    wrong = {"name": "x" * 256, "content_data.url": "nowhere", LOOK + "margin": "0"}
    text = person.submit(at(dynamic), {**opened(person, dynamic), **wrong}).text
    assert all(f'id="{name}-error"' in text for name in wrong)


def test_a_form_from_before_a_change_says_what_changed(
    person: Browser, client: Client, dynamic: Any
) -> None:
    form = opened(person, dynamic)
    client("PUT", dynamic["id"], account=cognito.SUBJECT, body={"name": "Other"})
    response = person.submit(at(dynamic), {**form, "name": "Mine"})
    assert response.status == 409
    assert "Nothing was saved" in response.text
    assert "<ins>Other</ins>" in response.text
    assert 'value="Mine"' in response.text
    assert stored(client, dynamic)["name"] == "Other"
    fresh = re.findall(r'name="((?:link_)?version)" value="(\d+)"', response.text)
    assert person.submit(at(dynamic), {**form, "name": "Mine", **dict(fresh)}).status == 303


def test_nor_does_it_undo_where_its_link_leads_by_now(
    person: Browser, client: Client, dynamic: Any
) -> None:
    form = opened(person, dynamic)
    link = f"/dashboard/links/{dynamic['short_url_id']}"
    person.submit(link, {"url": "https://example.com/moved", "version": "1"})
    response = person.submit(at(dynamic), {**form, "name": "Mine"})
    assert response.status == 409
    assert "<ins>https://example.com/moved</ins>" in response.text
    assert stored(client, dynamic)["content_data"] == {"url": "https://example.com/moved"}
    assert stored(client, dynamic)["name"] == "Poster"


def test_its_scans_are_counted_or_not(person: Browser, client: Client, dynamic: Any) -> None:
    form = opened(person, dynamic)
    assert form.pop("tracking_enabled")
    assert person.submit(at(dynamic), form).status == 303
    assert stored(client, dynamic)["tracking_enabled"] is False
    assert "Its scans are not counted" in person.get(at(dynamic)).text
    person.submit(at(dynamic), {**opened(person, dynamic), "tracking_enabled": "on"})
    assert stored(client, dynamic)["tracking_enabled"] is True


def test_without_its_link_its_name_and_look_can_change(
    person: Browser, client: Client, dynamic: Any
) -> None:
    person.submit(f"/dashboard/links/{dynamic['short_url_id']}/delete", {})
    assert "Its link was deleted" in person.get(at(dynamic)).text
    form = {**opened(person, dynamic), "name": "Old", LOOK + "margin": "3"}
    assert person.submit(at(dynamic), form).status == 303
    assert stored(client, dynamic)["name"] == "Old"


def file_in(response: Response, media_type: str) -> bytes:
    found = re.search(rf'href="data:{media_type};base64,([^"]+)"', response.text)
    assert found is not None
    return b64decode(found[1])


@pytest.mark.parametrize(("query", "size"), [("", 300), ("&size=1200", 1200), ("&size=9", 300)])
def test_its_file_is_decoded_as_its_content(
    person: Browser, wifi: Any, query: str, size: int
) -> None:
    response = person.get(at(wifi, f"/file?format=png{query}"))
    image = Image.open(io.BytesIO(file_in(response, "image/png")))
    assert image.size == (size, size)
    (decoded,) = zxingcpp.read_barcodes(image.convert("L"))
    assert decoded.text == wifi["content"]


@pytest.mark.parametrize(
    ("image_format", "media_type", "start"),
    [("svg", r"image/svg\+xml", b"<svg"), ("pdf", "application/pdf", b"%PDF")],
)
def test_it_is_there_in_other_formats(
    person: Browser, dynamic: Any, image_format: str, media_type: str, start: bytes
) -> None:
    response = person.get(at(dynamic, f"/file?format={image_format}"))
    assert file_in(response, media_type).startswith(start)
    code = dynamic["content"].rpartition("/")[2]
    assert f'download="qr-code-{code}.{image_format}"' in response.text


def test_after_its_end_its_link_remains(person: Browser, client: Client, dynamic: Any) -> None:
    assert "printed" in person.get(at(dynamic, "/delete")).text
    assert person.submit(at(dynamic, "/delete"), {}).status == 303
    assert person.get(at(dynamic)).status == 404
    link = person.app.services.links.get(cognito.SUBJECT, dynamic["short_url_id"])
    assert link.qr_id is None


def test_a_change_and_a_deletion_that_are_sent_twice_say_the_same_twice(
    person: Browser, client: Client, dynamic: Any
) -> None:
    form = {**opened(person, dynamic), "name": "New", "content_data.url": f"{URL}/2"}
    for path, fields in ((at(dynamic), form), (at(dynamic, "/delete"), {})):
        sent = {**person.tokens(), **fields}
        responses = [person.post(path, sent) for _ in range(2)]
        assert [response.status for response in responses] == [303, 303]
        assert len({response.headers["location"] for response in responses}) == 1


def test_nobody_else_finds_it(person: Browser, client: Client) -> None:
    theirs = client.create("b")
    for suffix in ("", "/file", "/delete"):
        assert person.get(at(theirs, suffix)).status == 404
    assert person.submit(at(theirs), {"name": "Mine", "version": "1"}).status == 404
    assert person.submit(at(theirs, "/delete"), {}).status == 404


def test_one_that_was_deleted_while_it_was_read_is_not_found(
    person: Browser, dynamic: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    qr_codes = person.app.services.qr_codes
    found = qr_codes.stored(cognito.SUBJECT, dynamic["id"])
    changes = person.app.services.qr_code_changes()
    changes.remove(cognito.SUBJECT, dynamic["id"], by=SOMEBODY)
    monkeypatch.setattr(type(qr_codes), "stored", lambda *_: found)
    assert person.get(at(dynamic)).status == 404

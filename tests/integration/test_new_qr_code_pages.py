"""The pages on which QR codes are created, as a browser meets them."""

from __future__ import annotations

import io
import re
from base64 import b64decode, b64encode
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
import resvg_py
import zxingcpp
from PIL import Image

from jmpy.links.listing import Request
from jmpy.qr.content import ContentType
from jmpy.qr.content_schema import field_names
from project.tables import AUDIT, IDEMPOTENCY
from tests import cognito
from tests.integration.browser import STAGE
from tests.integration.qr_codes import Client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response
    from tests.integration.browser import Browser

QR_CODES = "/dashboard/qr-codes"
NEW = f"{QR_CODES}/new"
CONTENT = "content_data."
LOOK = "visual_settings."
OURS = {"Origin": STAGE.removesuffix("/live"), "Sec-Fetch-Site": "same-origin"}
SECRET = " correct horse "

CASES: dict[str, tuple[dict[str, str], str]] = {
    "url": ({"url": "https://example.com/ü"}, "https://example.com/%C3%BC"),
    "text": ({"text": "Grüße\r\n\r\n日本語"}, "Grüße\n\n日本語"),
    "wifi": (
        {"ssid": ' a;b:c"d\\e,f', "security": "WPA", "password": SECRET, "hidden": "on"},
        f'WIFI:T:WPA;S: a\\;b\\:c\\"d\\\\e\\,f;P:{SECRET};H:true;;',
    ),
    "vcard": (
        {"name": "Doe;John", "phone": "+49 30 123456"},
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:;Doe\\;John;;;\r\nFN:Doe\\;John\r\nTEL:+4930123456\r\n"
        "END:VCARD\r\n",
    ),
    "email": ({"email": "a@example.com", "subject": "a&b"}, "mailto:a@example.com?subject=a%26b"),
    "phone": ({"phone": "+49 30 123456"}, "tel:+4930123456"),
    "sms": ({"phone": "+49 30 123456", "message": "Hi"}, "SMSTO:+4930123456:Hi"),
    "whatsapp": ({"phone": "+49 30 123456", "message": "Hi"}, "https://wa.me/4930123456?text=Hi"),
    "location": ({"latitude": "0", "longitude": "-13.4049540"}, "geo:0,-13.404954"),
}  # fmt: skip


def form_of(kind: str) -> dict[str, str]:
    return {CONTENT + name: value for name, value in CASES[kind][0].items()}


def created(response: Response) -> Any:
    """As the API shows it."""
    assert response.status == 303, response.text
    found = re.fullmatch(rf"{STAGE}{QR_CODES}/([0-9a-f-]+)\?done=qr-code-created",
                         response.headers["location"])  # fmt: skip
    assert found is not None
    return Client().get(found[1], account=cognito.SUBJECT)


def decoded(png: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))
    return found.text


def previewed(response: Response) -> str:
    assert response.status == 200
    found = re.search(r'class="code" src="data:image/svg\+xml;base64,([^"]+)"', response.text)
    assert found is not None
    return decoded(bytes(resvg_py.svg_to_bytes(svg_string=b64decode(found[1]).decode())))


def count(person: Browser) -> int:
    return int(person.app.services.qr_code_store.count(cognito.SUBJECT))


def test_every_type_has_a_case() -> None:
    assert CASES.keys() == set(ContentType)


@pytest.mark.parametrize("kind", CASES)
def test_each_type_has_its_fields_only_and_links_to_the_others(person: Browser, kind: str) -> None:
    text = person.get(f"{NEW}/{kind}").text
    shown = set(re.findall(rf'name="{CONTENT}(\w+)"', text))
    assert shown == set(field_names(ContentType(kind)))
    for other in CASES:
        current = ' aria-current="true"' if other == kind else ""
        assert f'href="/live{NEW}/{other}"{current}>' in text


def test_without_a_type_it_is_a_web_address_and_of_another_there_is_no_page(
    person: Browser,
) -> None:
    assert f'action="/live{NEW}/url"' in person.get(NEW).text
    assert person.get(f"{NEW}/fax").status == 404
    assert person.submit(f"{NEW}/fax", {}).status == 404


@pytest.mark.parametrize("kind", CASES)
def test_what_is_created_is_decoded_as_what_was_typed(person: Browser, kind: str) -> None:
    form = {**form_of(kind), "name": "First"}
    assert previewed(person.submit(f"{NEW}/{kind}/preview", form)) == CASES[kind][1]
    assert count(person) == 0
    qr_code = created(person.submit(f"{NEW}/{kind}", form))
    assert decoded(b64decode(qr_code["dataURL"].partition(",")[2])) == CASES[kind][1]
    assert (qr_code["name"], qr_code["content_type"]) == ("First", kind)
    assert (qr_code["is_dynamic"], qr_code["short_url_id"]) == (False, None)
    page = person.get(f"{QR_CODES}/{qr_code['id']}?done=qr-code-created").text
    assert "The QR code is ready" in page
    assert "Download it" in page


@pytest.mark.parametrize("kind", ["url", "whatsapp"])
def test_a_dynamic_one_has_a_link_and_its_preview_leads_nowhere(person: Browser, kind: str) -> None:
    form = {**form_of(kind), "is_dynamic": "on", "tracking_enabled": "on"}
    assert previewed(person.submit(f"{NEW}/{kind}/preview", form)) == f"{STAGE}/~~~~~~~"
    qr_code = created(person.submit(f"{NEW}/{kind}", form))
    assert (qr_code["is_dynamic"], qr_code["tracking_enabled"]) == (True, True)
    link = person.app.services.links.get(cognito.SUBJECT, qr_code["short_url_id"])
    assert link.url == CASES[kind][1]


def test_other_types_are_static_whatever_is_sent(person: Browser) -> None:
    qr_code = created(person.submit(f"{NEW}/text", {**form_of("text"), "is_dynamic": "on"}))
    assert qr_code["is_dynamic"] is False


def test_one_of_a_short_url_is_that_links_once(person: Browser) -> None:
    person.submit("/dashboard/links", {"url": "https://example.com/", "custom_alias": "sale"})
    form = {f"{CONTENT}url": f"{STAGE}/sale", "is_dynamic": "on"}
    link = person.app.services.links.get(cognito.SUBJECT, "sale")
    assert created(person.submit(f"{NEW}/url", form))["short_url_id"] == link.id
    again = person.submit(f"{NEW}/url", form)
    assert again.status == 409
    assert "already has a QR code" in again.text
    assert f'value="{STAGE}/sale"' in again.text


def test_its_look_is_as_it_was_chosen(person: Browser) -> None:
    png = io.BytesIO()
    Image.new("RGB", (20, 20), "#202020").save(png, "PNG")
    form = {
        **form_of("url"),
        LOOK + "foregroundColor": "#1a2b6d",
        LOOK + "size": "640",
        LOOK + "rounded": "on",
        LOOK + "logoUrl": f"data:image/png;base64,{b64encode(png.getvalue()).decode()}",
        "transparent": "on",
    }
    look = created(person.submit(f"{NEW}/url", form))["visual_settings"]
    assert look == {
        "foregroundColor": "#1a2b6d", "backgroundColor": "transparent", "size": 640, "margin": 4,
        "errorCorrectionLevel": "H", "rounded": True, "hasLogo": True,
    }  # fmt: skip


WRONG = [
    ("url", "url", ""),
    ("url", "url", "nowhere"),
    ("text", "text", ""),
    ("text", "text", "ü" * 1500),
    ("wifi", "ssid", "ü" * 17),
    ("wifi", "security", "WPA9"),
    ("wifi", "password", "short"),
    ("vcard", "name", ""),
    ("vcard", "email", "nobody"),
    ("vcard", "url", "javascript:alert(1)"),
    ("email", "email", "nobody@"),
    ("email", "body", "ü" * 1400),
    ("phone", "phone", "12"),
    ("sms", "message", "x" * 2900),
    ("whatsapp", "phone", "call me"),
    ("location", "latitude", "91"),
    ("location", "longitude", "east"),
    ("location", "longitude", "nan"),
]


@pytest.mark.parametrize("suffix", ["", "/preview"])
@pytest.mark.parametrize(("kind", "name", "typed"), WRONG)
def test_what_is_wrong_stands_beside_its_field(
    person: Browser, kind: str, name: str, typed: str, suffix: str
) -> None:
    form = {**form_of(kind), CONTENT + name: typed}
    response = person.submit(f"{NEW}/{kind}{suffix}", form)
    assert response.status == 422
    assert f'id="{CONTENT}{name}-error"' in response.text
    assert count(person) == 0


def test_a_short_url_of_nobody_is_wrong(person: Browser) -> None:
    form = {CONTENT + "url": f"{STAGE}/nobodys", "is_dynamic": "on"}
    response = person.submit(f"{NEW}/url", form)
    assert (response.status, count(person)) == (422, 0)
    assert f'id="{CONTENT}url-error"' in response.text


def test_all_mistakes_are_shown_at_once_and_nothing_that_was_typed_is_lost(
    person: Browser,
) -> None:
    form = {
        CONTENT + "phone": "12",
        CONTENT + "message": "Line\r\nbreak </textarea>",
        "name": "x" * 256,
        LOOK + "margin": "0",
    }
    response = person.submit(f"{NEW}/whatsapp", form)
    for name in (CONTENT + "phone", "name", LOOK + "margin"):
        assert f'id="{name}-error"' in response.text
        assert f'value="{form[name]}"' in response.text
    assert "Line\nbreak </textarea>" in unescape(response.text)
    assert not re.search(r'name="is_dynamic"[^>]* checked', response.text)


def test_the_password_of_a_network_is_nowhere_but_in_its_code(
    person: Browser, dynamodb: DynamoDBClient, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = {**person.tokens(), **form_of("wifi")}
    wrong = person.post(f"{NEW}/wifi", {**sent, CONTENT + "ssid": ""})
    preview = person.post(f"{NEW}/wifi/preview", sent)
    page = person.get(person.post(f"{NEW}/wifi", sent).headers["location"])
    person.cookies.clear()
    unsent = person.post(f"{NEW}/wifi", sent, **OURS)
    for response in (wrong, preview, page, unsent):
        assert SECRET.strip() not in response.text
    for response in (wrong, preview):
        assert "Enter the password again" in response.text
    stored = str([dynamodb.scan(TableName=table)["Items"] for table in (AUDIT, IDEMPOTENCY)])
    assert SECRET.strip() not in stored + capsys.readouterr().out


def test_after_its_session_ended_the_form_is_there_again_with_its_type(person: Browser) -> None:
    sent = {**person.tokens(), **form_of("sms"), "name": "Typed"}
    person.cookies.clear()
    signed_out = person.post(f"{NEW}/sms", sent, **OURS)
    assert signed_out.status == 401
    assert "return_to=%2Fdashboard%2Fqr-codes%2Fnew%2Fsms" in signed_out.text
    person.sign_in()
    form = person.post(f"{NEW}/sms", sent, **OURS)
    assert (form.status, count(person)) == (409, 0)
    assert 'value="+49 30 123456"' in form.text
    assert 'value="Typed"' in form.text


def test_a_form_that_is_sent_twice_creates_one(person: Browser) -> None:
    for kind, further in (("wifi", {}), ("url", {"is_dynamic": "on"})):
        sent = {**person.tokens(), **form_of(kind), **further}
        before = count(person)
        responses = [person.post(f"{NEW}/{kind}", sent) for _ in range(2)]
        assert len({response.headers["location"] for response in responses}) == 1
        assert count(person) == before + 1
    assert person.app.services.links.page(cognito.SUBJECT, Request()).total == 1


def test_a_form_that_is_wrong_or_previewed_counts_no_creation(person: Browser) -> None:
    for _ in range(2):
        person.submit(f"{NEW}/url", {CONTENT + "url": "nowhere"})
        person.submit(f"{NEW}/url/preview", form_of("url"))
    services = person.app.services
    quotas = services.limiter.today(services.subscriber(cognito.SUBJECT))
    used = {quota.limit_class: quota.used for quota in quotas}
    assert (used["qr_generation"], used["qr_reads"]) == (0, 2)

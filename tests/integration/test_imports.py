"""Links that are taken over into an account, and handed out again."""

from __future__ import annotations

import csv
import io
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.formats import csv_file
from jmpy.gateway.own_names import OwnNames
from jmpy.imports import fields, records
from jmpy.imports import rows as import_rows
from jmpy.imports import service as import_service
from jmpy.imports.service import ImportOutcome, ImportService, Result
from jmpy.links import codes
from jmpy.links.bulk import BulkService, Row
from jmpy.links.model import Link
from jmpy.links.store import LinkStore
from jmpy.qr.service import QrCodes
from jmpy.qr.store import QrCodeStore
from jmpy.qr.with_links import QrCodesOfLinks
from project import functions
from project.tables import LINKS
from tests.integration.short_urls import BASE_URL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.links.bulk import Failure
    from jmpy.links.new_link import NewLink
    from project.functions import Response
    from tests.integration.browser import Browser
    from tests.integration.short_urls import Client

EXPORT = "/api/v1/short-urls/export"
OWN_NAMES = OwnNames.from_urls(["https://go.example.com"])
FILE = (
    "keyword,url,title\n"
    "spring,https://shop.example/spring,Spring\n"
    "ab,https://shop.example/short,Short\n"
    "spring,https://shop.example/again,Again\n"
    "taken,https://shop.example/taken,Taken\n"
    "loop,https://go.example.com/spring,Loop\n"
)


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    found = LinkStore(dynamodb, LINKS)
    found.add(Link(codes.link_id(0), "other", "taken", "https://other.example/", 0, 0))
    return found


@pytest.fixture
def imports(store: LinkStore, dynamodb: DynamoDBClient) -> ImportService:
    qr_codes = QrCodesOfLinks(QrCodeStore(dynamodb, LINKS))
    qr_code = partial(qr_codes.created, base_url=BASE_URL)
    return ImportService(store, BulkService(store), qr_code)


def rows_of(text: str) -> Iterator[Row[NewLink] | Failure]:
    file = records.read(text)
    return import_rows.rows(file, fields.recognize(file.fields))


def run(imports: ImportService, text: str = FILE, **options: Any) -> list[ImportOutcome]:
    planned = imports.plan("a", rows_of(text), OWN_NAMES, **options)
    outcomes = [outcome for batch in imports.run("a", planned) for outcome in batch]
    return sorted(outcomes, key=lambda outcome: outcome.number)


def test_links_are_imported_with_their_codes_and_others_are_reported(
    imports: ImportService, store: LinkStore
) -> None:
    outcomes = run(imports)
    assert [outcome.result for outcome in outcomes] == [Result.NEW, *[Result.REJECTED] * 4]
    assert [outcome.reasons[0].partition(":")[0] for outcome in outcomes[1:]] == [
        "custom_alias", "custom_alias", "custom_alias", "original_url",
    ]  # fmt: skip
    target = store.target("spring")
    assert target is not None
    assert (target.account_id, target.url) == ("a", "https://shop.example/spring")
    assert store.count("a") == 1


def test_a_repetition_creates_nothing_twice(imports: ImportService, store: LinkStore) -> None:
    run(imports)
    assert run(imports)[0].result is Result.PRESENT
    assert store.count("a") == 1


def test_new_codes_take_the_place_of_those_that_cannot_be_had(
    imports: ImportService, store: LinkStore
) -> None:
    outcomes = run(imports, new_codes=True)
    assert [outcome.result for outcome in outcomes] == [*[Result.NEW] * 4, Result.REJECTED]
    for outcome, path in zip(outcomes, ("spring", "short", "again", "taken"), strict=False):
        target = store.target(outcome.short_code or "")
        assert target is not None
        assert (target.account_id, target.url) == ("a", f"https://shop.example/{path}")


def test_a_short_code_of_another_service_works_when_the_operator_allows_it(
    imports: ImportService, store: LinkStore
) -> None:
    outcomes = run(imports, shortest_code=1)
    assert [outcome.short_code for outcome in outcomes[:2]] == ["spring", "ab"]
    assert codes.is_code("ab")
    target = store.target("ab")
    assert target is not None
    assert target.url == "https://shop.example/short"


def test_a_preview_shows_the_outcomes_of_a_run_and_creates_nothing(
    imports: ImportService, store: LinkStore
) -> None:
    planned = imports.plan("a", rows_of(FILE), OWN_NAMES)
    previewed = imports.preview(planned)
    assert store.count("a") == 0
    assert run(imports) == previewed


def test_more_links_than_one_batch(
    imports: ImportService, store: LinkStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_service, "BATCH", 10)
    text = "url,keyword\n" + "".join(f"https://a.example/{n},code-{n}\n" for n in range(11))
    planned = imports.plan("a", rows_of(text), OWN_NAMES)
    sizes = [len(batch) for batch in imports.run("a", planned)]
    assert sizes == [10, 1, 0]
    assert store.count("a") == 11


class TestQrCodes:
    FILE = (
        "short_code,original_url,is_password_protected,qr_content\n"
        "spring,https://shop.example/spring,false,https://old.example/Printed1\n"
        "summer,https://shop.example/summer,false,https://old.example/taken\n"
        "autumn,https://shop.example/autumn,false,https://old.example/Printed1\n"
        "winter,https://shop.example/winter,false,https://old.example/winter\n"
        "later,https://shop.example/later,false,https://old.example/api\n"
    )

    def test_they_are_created_with_their_links_and_keep_what_is_printed(
        self, imports: ImportService, store: LinkStore, dynamodb: DynamoDBClient
    ) -> None:
        outcomes = run(imports, self.FILE)
        assert [outcome.result.value for outcome in outcomes] == [
            "new", "rejected", "rejected", "new", "rejected",
        ]  # fmt: skip
        target = store.target("Printed1")
        assert target is not None
        assert (target.url, target.account_id) == ("https://shop.example/spring", "a")
        (described,) = QrCodes(QrCodeStore(dynamodb, LINKS)).newest("a", 9)
        assert described.image.payload == f"{BASE_URL}/Printed1"
        assert (described.qr_code.id, described.qr_code.code) == (target.qr_id, "Printed1")
        assert described.link is not None
        assert described.link.short_code == "spring"

    def test_a_code_that_cannot_be_had_is_reported_for_its_row(
        self, imports: ImportService
    ) -> None:
        taken, repeated, word = (
            outcome.reasons[0]
            for outcome in run(imports, self.FILE, new_codes=True)
            if outcome.result is Result.REJECTED
        )
        assert "'taken' of the QR code is already in use" in taken
        assert "'Printed1' is already used by row 1" in repeated
        assert word == "qr_content: 'https://old.example/api' is no short URL"

    def test_a_code_that_is_held_for_the_account_leads_to_its_link_again(
        self, imports: ImportService, store: LinkStore
    ) -> None:
        run(imports, self.FILE)
        for code in ("spring", "winter"):
            target = store.target(code)
            assert target is not None
            link = store.find("a", target.link_id)
            assert link is not None
            store.remove(link, link.created_at)
        planned = imports.plan("b", rows_of(self.FILE), OWN_NAMES)
        assert {outcome.result for outcome in imports.preview(planned)} == {Result.REJECTED}
        assert run(imports, self.FILE)[0].result is Result.NEW
        target = store.target("Printed1")
        assert target is not None
        assert target.url == "https://shop.example/spring"

    def test_a_link_is_left_out_whose_printed_code_was_taken_meanwhile(
        self, imports: ImportService, store: LinkStore
    ) -> None:
        planned = imports.plan("a", rows_of(self.FILE), OWN_NAMES)
        store.add(Link(codes.link_id(0), "other", "Printed1", "https://other.example/", 0, 0))
        outcomes = [outcome for batch in imports.run("a", planned) for outcome in batch]
        assert [one.number for one in outcomes if one.result is Result.NEW] == [4]
        assert store.target("spring") is None


def exported(client: Client, **query: str) -> Response:
    authorizer = functions.authorizer_context()
    event = functions.event("GET", EXPORT, query=query or None, authorizer=authorizer)
    return functions.call(client.app.handler, event)


class TestExport:
    def test_what_is_handed_out_can_be_taken_over(
        self, client: Client, imports: ImportService
    ) -> None:
        sent: dict[str, Any] = {
            "url": "https://shop.example/spring",
            "custom_alias": "spring",
            "name": "=Spring, sale",
            "tags": ["shop", "spring"],
            "expires_at": "2030-01-01T00:00:00Z",
            "is_dynamic": True,
            "tracking_enabled": False,
        }
        client.create(**sent)
        response = exported(client)
        assert response.status == 200
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        client("DELETE", "spring")
        (outcome,) = run(imports, response.text)
        assert (outcome.result, outcome.short_code) == (Result.NEW, "spring")
        found = client("GET", "spring").body["data"]
        assert {name: found[name] for name in sent.keys() - {"url"}} == {
            name: value for name, value in sent.items() if name != "url"
        }
        assert found["original_url"] == sent["url"]

    def test_a_password_is_mentioned_and_not_exported(self, client: Client) -> None:
        client.create(url="https://a.example/", password="correct horse")
        text = exported(client).text
        (line,) = csv.DictReader(io.StringIO(text))
        assert line["is_password_protected"] == "true"
        assert "argon2" not in text

    def test_parts_follow_one_another(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(csv_file, "MAX_ROWS", 2)
        created = [client.create(url=f"https://a.example/{n}") for n in range(5)]
        found, parts, query = list[str](), 0, dict[str, str]()
        while True:
            response = exported(client, **query)
            found += [line["short_code"] for line in csv.DictReader(io.StringIO(response.text))]
            parts += 1
            if "link" not in response.headers:
                break
            assert response.headers["x-truncated"] == "true"
            following = re.fullmatch('<[?]cursor=(.+)>; rel="next"', response.headers["link"])
            assert following is not None
            query = {"cursor": following[1]}
        assert parts == 3
        assert found == [link["short_code"] for link in reversed(created)]

    def test_an_account_without_links_gets_the_header_alone(self, client: Client) -> None:
        assert exported(client).text.count("\r\n") == 1

    def test_another_accounts_links_are_not_in_it(self, client: Client) -> None:
        client.create(account="b", custom_alias="theirs")
        assert "theirs" not in exported(client).text

    def test_an_invalid_cursor_is_rejected(self, client: Client) -> None:
        response = exported(client, cursor="abc")
        assert (response.status, response.code) == (400, "INVALID_REQUEST")

    def test_the_dashboard_offers_it_when_there_are_links(self, person: Browser) -> None:
        assert "/links/export" not in person.get("/dashboard/links").text
        person.submit("/dashboard/links", {"url": "https://a.example/"})
        assert "/links/export" in person.get("/dashboard/links").text
        response = person.get("/dashboard/links/export")
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        assert "https://a.example/" in response.text


@pytest.mark.parametrize(
    ("stated", "disabled"), [("safe", False), ("", False), ("taken_down", True)]
)
def test_a_link_that_was_taken_down_elsewhere_does_not_work_here(
    stated: str, disabled: bool
) -> None:
    text = f"short_code,original_url,safety_status\nabc,https://shop.example/,{stated}\n"
    (row,) = rows_of(text)
    assert isinstance(row, Row)
    assert row.link.disabled is disabled

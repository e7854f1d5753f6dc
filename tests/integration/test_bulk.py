"""The resource `/api/v1/bulk-urls`, through its function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.links import utm
from jmpy.links.bulk import BulkService
from jmpy.links.store import LinkStore
from project import functions
from project.tables import LINKS
from tests.integration.test_bulk_service import ROW, link

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response
    from tests.integration.conftest import Clock

PATH = "/api/v1/bulk-urls"
BASE_URL = "https://api123.execute-api.eu-west-1.amazonaws.com/live"
OWN_HOST = "api123.execute-api.eu-west-1.amazonaws.com"


class Client:
    def __init__(self) -> None:
        self.app = functions.load("bulk")

    def __call__(
        self, operation: str, body: object, content_type: str = "", **who: str
    ) -> Response:
        headers = {"Content-Type": content_type or "application/json"}
        sent = functions.event(
            "POST",
            f"{PATH}/{operation}",
            body=body,
            headers=headers,
            authorizer=functions.authorizer_context(**who),
        )
        return functions.call(self.app.handler, sent)


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    return LinkStore(dynamodb, LINKS)


def reasons(failed: list[Any]) -> dict[int, dict[str, str]]:
    return {row["row"]: {e["field"]: e["reason"] for e in row["errors"]} for row in failed}


KINDS: list[tuple[str, str | None]] = [
    ("ftp://example.com/{n},,,,", "INVALID_URL"),
    ("https://example.com/{n},alias-{n},Name {n},,a", None),
    ("https://example.com/{n},taken-{n},,,", "ALIAS_TAKEN"),
    ("https://example.com/{n},alias-{two_before},,,", "ALIAS_TAKEN"),
    ("https://example.com/{n},x,,,", "VALIDATION_ERROR"),
    ("https://example.com/{n},,,go.example.com,", "VALIDATION_ERROR"),
    ("https://example.com/{n},,a,b", "VALIDATION_ERROR"),
    (f'https://example.com/{{n}},,,{OWN_HOST.upper()},"a, b"', None),
    (f"https://example.com/{{n}},,{'n' * 256},,", "VALIDATION_ERROR"),
    ("https://example.com/{n},,,,", None),
    # Most rows fail: moto copies the whole table for every write of a transaction.
    *[("nope-{n},,,,", "INVALID_URL")] * 15,
]
"""The lines of the large file, again and again, and the code that each has to end with."""


def mixed(number: int) -> tuple[str, str | None]:
    line, code = KINDS[number % len(KINDS)]
    return line.format(n=number, two_before=number - 2), code


def test_a_thousand_mixed_rows(client: Client, store: LinkStore, clock: Clock) -> None:
    client.app.resource.bulk = BulkService(store, clock)  # moto may need longer than the time limit
    taken = [link(f"taken-{number}") for number in range(2, 1001, len(KINDS))]
    store.add_all(taken)
    lines = {number: mixed(number) for number in range(1, 1001)}
    text = "\n".join(["url,custom_alias,name,domain,tags", *(line for line, _ in lines.values())])
    expected = {number: code for number, (_, code) in lines.items() if code}

    preview = client("validate", {"csv_content": text}).body["data"]
    assert preview["validation"] == {"total": 1000, "valid": 120, "invalid": 880}
    assert {row["row"]: row["code"] for row in preview["preview"]["invalid_urls"]} == expected

    response = client("create", {"csv_content": text})
    assert response.status == 201
    data = response.body["data"]
    assert data["results"] == {"total": 1000, "created": 120, "failed": 880}
    assert {row["row"]: row["code"] for row in data["failed"]} == expected
    assert [row["row"] for row in data["failed"]] == sorted(expected)
    assert [made["original_url"] for made in data["created"]] == [
        line.partition(",")[0] for line, code in lines.values() if code is None
    ]
    assert store.count("a") == 120
    stored, _ = store.page("a", 1000)
    assert {made["id"] for made in data["created"]} == {found.id for found in stored}
    for made in data["created"]:
        target = store.target(made["short_code"])
        assert target is not None
        assert (target.link_id, target.account_id) == (made["id"], "a")
    assert store.targets(
        {f"taken-{n}" for n in range(1001)} | {f"alias-{n}" for n in range(1001)}
    ).keys() == {
        *(blocker.short_code for blocker in taken),
        *(f"alias-{n}" for n in range(1, 1001, len(KINDS))),
    }
    assert store.count("b") == len(taken)


def test_create_answers_with_links_of_a_bulk_import(client: Client, store: LinkStore) -> None:
    text = f'url,custom_alias,name,tags\n{ROW},Abc,"A, b","x,y,x"\n'
    response = client("create", {"csv_content": text}).body
    assert response["message"] == "1 of 1 links were created"
    (made,) = response["data"]["created"]
    assert made["short_url"] == f"{BASE_URL}/Abc"
    assert (made["original_url"], made["name"], made["tags"]) == (ROW, "A, b", ["x", "y"])
    found = store.find("a", made["id"])
    assert found is not None
    assert found.source == "BULK_IMPORT"


def test_a_preview_can_be_sent_to_create(client: Client) -> None:
    text = f'url,custom_alias,tags\nnope,,\n{ROW},abc,"x,y"\n{ROW},abc,\n{ROW},,\n'
    preview = client("validate", {"csv_content": text}).body["data"]["preview"]
    assert (preview["will_create"], preview["will_skip"]) == (2, 2)
    assert preview["available_limit"] == 100_000  # of the plan enterprise
    assert preview["valid_urls"][0] == {
        "row": 2,
        "original_url": ROW,
        "custom_alias": "abc",
        "name": None,
        "domain": None,
        "tags": ["x", "y"],
        "campaign_id": None,
        **dict.fromkeys(utm.NAMES),
    }
    failed = reasons(preview["invalid_urls"])
    assert "http or https" in failed[1]["original_url"]
    assert "used by row 2" in failed[3]["custom_alias"]
    response = client("create", {"validated_urls": preview["valid_urls"]})
    assert response.body["data"]["results"] == {"total": 2, "created": 2, "failed": 0}


def test_each_item_fails_alone_and_names_its_fields(client: Client) -> None:
    items = [
        {"original_url": ROW, "custom_alias": "x", "domain": "nobodys.example"},
        {"original_url": ROW, "domain": ""},
        {"url": ROW},
        {"original_url": ROW, "tags": [""]},
        {"original_url": ROW, "tags": ["x"] * 21},
        {"original_url": ROW, "name": "\ud800"},
        {"original_url": "\ud800"},
        {"original_url": ROW, "\ud800": 1},
        {"original_url": f"{BASE_URL}/abc"},
        {"row": 77, "original_url": "https://" + "\\" * 9999},
        {"row": 0, "original_url": ROW, **{str(n): n for n in range(20)}},
        "text",
        None,
    ]
    data = client("create", {"validated_urls": items}).body["data"]
    assert data["results"] == {"total": 13, "created": 1, "failed": 12}
    failed = reasons(data["failed"])
    assert set(failed) == {1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 77}
    assert set(failed[1]) == {"custom_alias", "domain"}
    assert "not one of your domains" in failed[1]["domain"]
    assert set(failed[3]) == {"original_url", "url"}
    assert set(failed[4]) == {"tags.0"}
    assert "itself" in failed[9]["original_url"]
    assert set(failed[11]) == {"row"}
    assert set(failed[77]) == {"original_url"}
    assert max(len(row["original_url"] or "") for row in data["failed"]) == 8000


def test_a_refused_alias_can_be_had_by_a_later_row(client: Client) -> None:
    text = f"url,custom_alias\nnope,abc\n{ROW},abc\n"
    data = client("create", {"csv_content": text}).body["data"]
    assert [made["short_code"] for made in data["created"]] == ["abc"]
    assert [row["row"] for row in data["failed"]] == [1]


def test_after_a_refused_alias_the_row_can_be_sent_again(client: Client, store: LinkStore) -> None:
    blocker = link("abc")
    store.add(blocker)
    upload = {"csv_content": f"url,custom_alias\n{ROW},abc\n"}
    refused = client("create", upload)
    assert (refused.status, refused.code) == (422, "VALIDATION_ERROR")
    (row,) = refused.body["error"]["details"]["failed"]
    assert (row["row"], row["original_url"], row["code"]) == (1, ROW, "ALIAS_TAKEN")
    assert "already in use" in reasons([row])[1]["custom_alias"]
    assert store.count("a") == 0
    store.remove(blocker, 0, release=True)
    assert client("create", upload).status == 201


def test_a_fault_at_once_is_503(client: Client, dynamodb: DynamoDBClient) -> None:
    dynamodb.delete_table(TableName=LINKS)
    text = f"url,custom_alias\n{ROW},abc\n"
    for operation in ("validate", "create"):
        response = client(operation, {"csv_content": text})
        assert (response.status, response.code) == (503, "SERVICE_UNAVAILABLE")

"""The resource `/api/v1/campaigns`, through its function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

import pytest

from jmpy.audit.model import Action
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.aws.dynamodb import transact
from jmpy.campaigns.store import CampaignStore
from jmpy.links import membership, utm
from project.tables import AUDIT, LINKS
from tests.integration.campaign_client import Client
from tests.integration.short_urls import errors_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PAST, FUTURE = "2020-01-31T12:00:00Z", "2090-01-31T12:00:00Z"


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


def join(dynamodb: DynamoDBClient, campaign: Any, links: int) -> None:
    transact(dynamodb, [membership.CAMPAIGN.counted(LINKS, "a", campaign["id"], links)])


def test_a_campaign_has_what_it_was_created_with(client: Client) -> None:
    created = client.create(
        "Winter", description="Snow", start_date=PAST, end_date=FUTURE, tags=["sale", "sale"]
    )
    assert created.pop("id")
    assert created.pop("created_at") == created.pop("updated_at")
    assert created == {
        "name": "Winter",
        "description": "Snow",
        "status": "active",
        "start_date": PAST,
        "end_date": FUTURE,
        "tags": ["sale"],
        **dict.fromkeys(utm.NAMES),
        "archived": False,
        "url_count": 0,
        "total_clicks": 0,
        "human_clicks": 0,
        "bot_clicks": 0,
    }


def test_a_campaign_is_found_by_id_and_by_encoded_name(client: Client) -> None:
    created = client.create("Été 100 %/2026")
    names = ("Été 100 %/2026", "e\u0301te\u0301 100 %/2026", "ÉTÉ 100 %/2026")
    for reference in (created["id"], *(quote(name, safe="") for name in names)):
        assert client.get(reference) == created
    for reference in ("%ff", "nothing", str(UUID(int=UUID(created["id"]).int ^ 1))):
        assert client("GET", reference).status == 404
    assert client("GET", created["id"], account="b").status == 404


def test_a_name_is_encoded_once(client: Client) -> None:
    encoded, plain = client.create("50%25"), client.create("50%")
    assert client.get("50%2525") == encoded
    assert client.get("50%25") == plain


@pytest.mark.parametrize("name", ["Été 2026", "e\u0301te\u0301 2026", " ÉTÉ 2026 "])
def test_a_name_is_taken_in_any_spelling(client: Client, name: str) -> None:
    client.create("été 2026")
    response = client("POST", body={"name": name})
    assert (response.status, response.code) == (409, "CAMPAIGN_NAME_TAKEN")
    other = client.create("other")
    response = client("PATCH", other["id"], body={"name": name})
    assert (response.status, response.code) == (409, "CAMPAIGN_NAME_TAKEN")
    client.create(name, account="b")


def test_a_campaign_may_be_named_like_the_id_of_another(client: Client) -> None:
    first = client.create("first")
    named = client.create(first["id"])
    assert client.get(first["id"]) == first
    assert client("DELETE", first["id"]).status == 200
    assert client.get(first["id"]) == named


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "x", "description": "x" * 501}, "description"),
        ({"name": "x", "tags": ["a,b"]}, "tags.0"),
        ({"name": "x", "start_date": "tomorrow"}, "start_date"),
        ({"name": "x", "end_date": "2026-13-01"}, "end_date"),
        ({"name": "x", "end_date": 5}, "end_date"),
        ({"name": "x", "archived": True}, "archived"),
        ({"name": "x", "utm_term": "x" * 256}, "utm_term"),
    ],
)
def test_what_breaks_a_rule_is_rejected_at_its_field(
    client: Client, body: dict[str, Any], field: str
) -> None:
    response = client("POST", body=body)
    assert (response.status, list(errors_of(response))) == (422, [field])


def test_a_campaign_does_not_end_before_it_starts(client: Client) -> None:
    response = client("POST", body={"name": "x", "start_date": FUTURE, "end_date": PAST})
    assert (response.status, response.code) == (422, "VALIDATION_ERROR")
    created = client.create("x", start_date=FUTURE)
    response = client("PUT", created["id"], body={"end_date": PAST})
    assert (response.status, list(errors_of(response))) == (422, ["end_date"])
    client.create("one day", start_date="2030-01-31", end_date="2030-01-31")


def test_a_date_without_a_time_is_the_last_day(client: Client) -> None:
    created = client.create("x", start_date="2029-12-01", end_date="2029-12-31")
    dates = (created["start_date"], created["end_date"])
    assert dates == ("2029-12-01T00:00:00Z", "2029-12-31T23:59:59Z")


def test_only_what_is_sent_is_changed(client: Client) -> None:
    created = client.create("x", description="Snow", end_date=FUTURE, tags=["sale"])
    changed = client("PUT", created["id"], body={"description": None, "archived": True})
    assert changed.body["data"] == {
        **created,
        "description": None,
        "archived": True,
        "status": "archived",
        "updated_at": changed.body["data"]["updated_at"],
    }
    body: dict[str, Any] = {
        "name": "y",
        "tags": [],
        "end_date": None,
        "archived": False,
        "start_date": FUTURE,
    }
    changed = client("PATCH", "x", body=body)
    assert changed.body["data"]["status"] == "scheduled"
    assert client.get("y") == changed.body["data"]
    assert client("GET", "x").status == 404
    assert client("PATCH", "y", body={}).status == 422


def test_a_template_of_utm_parameters_is_changed_by_name(
    client: Client, dynamodb: DynamoDBClient
) -> None:
    created = client.create("x", utm_source=" news ", utm_medium="", utm_term=None)
    assert [created[name] for name in utm.NAMES] == ["news", "", None, None, None]
    for body, template in (
        ({"utm_source": "mail"}, ["mail", "", None, None, None]),
        ({"utm_source": "", "utm_medium": None}, ["", None, None, None, None]),
        ({"utm_source": None, "utm_content": "top"}, [None, None, None, None, "top"]),
    ):
        changed = client("PATCH", "x", body=body).body["data"]
        assert [changed[name] for name in utm.NAMES] == template
        assert client.get("x") == changed
    created_entry, _, _, changed_entry = reversed(entries(dynamodb))
    assert created_entry[2] == {
        "name": (None, "x"), "utm_source": (None, "news"), "utm_medium": (None, ""),
    }  # fmt: skip
    assert changed_entry[2] == {"utm_source": ("", None), "utm_content": (None, "top")}


def test_a_change_may_name_the_version_that_was_read(client: Client) -> None:
    created = client("POST", body={"name": "x"})
    etag = created.headers["etag"]
    assert client("GET", "x").headers["etag"] == etag
    changed = client("PUT", "x", body={"name": "y"}, headers={"If-Match": etag})
    assert (changed.status, changed.headers["etag"] != etag) == (200, True)
    for method, body in (("PATCH", {"name": "z"}), ("DELETE", None)):
        response = client(method, "y", body=body, headers={"If-Match": etag})
        assert response.status == 412


def test_what_changes_nothing_is_not_recorded(client: Client, dynamodb: DynamoDBClient) -> None:
    created = client("POST", body={"name": "x"})
    same = client("PUT", "x", body={"name": "x", "tags": None})
    assert same.headers["etag"] == created.headers["etag"]
    assert len(entries(dynamodb)) == 1


def entries(dynamodb: DynamoDBClient) -> list[tuple[Action, str | None, dict[str, Any]]]:
    found = AuditLog(dynamodb, AUDIT).all("a", EntryFilter(), 10)
    return [(one.action, one.target_name, dict(one.changes)) for one in found]


def test_changes_are_recorded(client: Client, dynamodb: DynamoDBClient) -> None:
    client.create("x", tags=["sale"], end_date="1970-01-01T00:01:00Z")
    client("PUT", "x", body={"name": "y", "archived": True})
    client("DELETE", "y")
    assert entries(dynamodb) == [
        (
            Action.CAMPAIGN_DELETED,
            "y",
            {
                "name": ("y", None),
                "end_date": (60, None),
                "tags": (["sale"], None),
                "archived": (True, None),
            },
        ),
        (Action.CAMPAIGN_CHANGED, "x", {"name": ("x", "y"), "archived": (False, True)}),
        (
            Action.CAMPAIGN_CREATED,
            "x",
            {"name": (None, "x"), "end_date": (None, 60), "tags": (None, ["sale"])},
        ),
    ]


def test_a_campaign_with_links_is_deleted_only_by_force(
    client: Client, dynamodb: DynamoDBClient
) -> None:
    created = client.create("x")
    join(dynamodb, created, 2)
    assert client.get("x")["url_count"] == 2
    response = client("DELETE", "x")
    assert (response.status, response.code) == (409, "CAMPAIGN_HAS_LINKS")
    assert client("DELETE", "x", query={"force": "true"}).status == 200
    assert client("GET", created["id"]).status == 404
    assert client.listed()["data"] == []
    client.create("x")


def test_the_same_request_creates_one_campaign(client: Client) -> None:
    once: dict[str, Any] = {"headers": {"Idempotency-Key": "once"}}
    first, again = (client("POST", body={"name": "x"}, **once) for _ in range(2))
    assert (first.status, again.status) == (201, 201)
    assert (first.body, first.headers["etag"]) == (again.body, again.headers["etag"])
    assert client("POST", body={"name": "y"}, **once).status == 422
    assert client.listed()["meta"]["total"] == 1


def test_a_list_is_an_array_with_a_meta(client: Client, dynamodb: DynamoDBClient) -> None:
    made = [client.create(f"n{number}") for number in range(5)]
    for number, one in enumerate(made):
        join(dynamodb, one, number)
    found = client.listed(page="2", limit="2")
    assert found["success"] is True
    assert found["meta"] == {"page": 2, "limit": 2, "total": 5, "total_pages": 3}
    assert [(one["name"], one["url_count"]) for one in found["data"]] == [("n2", 2), ("n1", 1)]
    assert client.listed(page="4", limit="2")["data"] == []
    empty = {"page": 1, "limit": 20, "total": 0, "total_pages": 0}
    assert client.listed(account="b") == {"success": True, "data": [], "meta": empty}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"status": "active"}, ["running", "Plain"]),
        ({"status": "scheduled"}, ["later"]),
        ({"status": "ended"}, ["over"]),
        ({"status": "archived"}, ["filed"]),
        ({"search": "PLA"}, ["Plain"]),
        ({"name": "e"}, ["filed", "over", "later"]),
        ({"name": "x", "search": "R"}, ["over", "later", "running"]),
        ({"status": "ended", "search": "la"}, []),
        ({"search": "r", "page": "2", "limit": "2"}, ["running"]),
    ],
)
def test_lists_are_filtered(client: Client, query: dict[str, str], names: list[str]) -> None:
    client.create("Plain")
    client.create("running", start_date=PAST, end_date=FUTURE)
    client.create("later", start_date=FUTURE)
    client.create("over", end_date=PAST)
    client.create("filed", start_date=FUTURE)
    client("PATCH", "filed", body={"archived": True})
    assert [one["name"] for one in client.listed(**query)["data"]] == names


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"page": "0"},
        {"status": "open"},
        {"range": "2d"},
        {"range": "7d", "start_date": "2026-01-01"},
        {"range": "all", "end_date": "2026-01-01"},
        {"start_date": "2026-02-01", "end_date": "2026-01-01"},
        {"start_date": "yesterday"},
        {"page": "102", "limit": "100"},
        {"sort": "name"},
    ],
)
def test_invalid_parameters_are_rejected(client: Client, query: dict[str, str]) -> None:
    assert client("GET", query=query).status == 400
    if "page" not in query and "limit" not in query:
        client.create("x")
        assert client("GET", "x", query=query).status == 400


def test_ids_of_others_are_of_no_use(client: Client, dynamodb: DynamoDBClient) -> None:
    created = client.create("x")
    for method, body in (("GET", None), ("PUT", {"name": "y"}), ("DELETE", None)):
        assert client(method, created["id"], account="b", body=body).status == 404
    assert CampaignStore(dynamodb, LINKS).find("a", created["id"]).name == "x"

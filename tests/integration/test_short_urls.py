"""The resource `/api/v1/short-urls`, through its function: what it does."""

from __future__ import annotations

import pytest

from project import functions
from tests.integration.short_urls import BASE_URL, PATH, Client, errors_of


def test_create_answers_with_the_link(client: Client) -> None:
    link = client.create(url="https://example.com/a?b=c", name="N", custom_alias="My-alias")
    assert link["short_code"] == link["custom_alias"] == "My-alias"
    assert link["short_url"] == link["full_url"] == f"{BASE_URL}/My-alias"
    assert link["original_url"] == "https://example.com/a?b=c"
    assert link["name"] == "N"
    assert link["clicks"] == link["click_count"] == 0
    assert link["created_at"].endswith("Z")


def test_short_urls_start_with_the_operators_address(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://go.example.com")
    assert client.create(custom_alias="abc")["short_url"] == "https://go.example.com/abc"


def test_a_link_is_read_by_uuid_code_and_alias(client: Client) -> None:
    by_alias, random = client.create(custom_alias="abc"), client.create()
    for link, reference in (
        (by_alias, by_alias["id"]),
        (by_alias, by_alias["id"].upper()),
        (by_alias, "abc"),
        (random, random["short_code"]),
    ):
        assert client("GET", reference).body == {"success": True, "data": link}


def test_aliases_are_case_sensitive(client: Client) -> None:
    client.create(custom_alias="abc")
    assert client("GET", "ABC").status == 404
    client.create(custom_alias="ABC")


def test_a_taken_alias_is_a_conflict(client: Client) -> None:
    client.create(custom_alias="abc")
    response = client("POST", account="b", body={"url": "https://x.example", "custom_alias": "abc"})
    assert (response.status, response.code) == (409, "ALIAS_TAKEN")


def test_an_account_sees_only_its_own(client: Client) -> None:
    link = client.create(custom_alias="abc")
    for method, body in (("GET", None), ("PUT", {"name": "mine"}), ("DELETE", None)):
        for reference in (link["id"], "abc"):
            response = client(method, reference, account="b", body=body)
            assert (response.status, response.code) == (404, "NOT_FOUND")
    assert client("GET", account="b").body["data"]["shortUrls"] == []
    assert client("GET", "abc").body["data"] == link


def test_pages_go_through_all_links_newest_first(client: Client) -> None:
    made = [client.create(name=str(n))["id"] for n in range(5)]
    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        response = client("GET", query=query).body
        assert response["pagination"] == response["data"]["pagination"]
        seen += [link["id"] for link in response["data"]["shortUrls"]]
        if response["pagination"]["next_cursor"] is None:
            break
        query["cursor"] = response["pagination"]["next_cursor"]
    assert sorted(seen) == sorted(made)
    assert seen == sorted(seen, reverse=True)


def test_a_change_touches_only_the_fields_that_are_sent(client: Client) -> None:
    link = client.create(custom_alias="abc", name="old", expires_at="2030-01-01T00:00:00Z")
    response = client("PUT", "abc", body={"url": "https://example.com/new"})
    assert response.status == 200
    changed = response.body["data"]
    assert changed["original_url"] == "https://example.com/new"
    assert {
        **changed,
        "original_url": link["original_url"],
        "updated_at": link["updated_at"],
    } == link
    cleared = client("PUT", "abc", body={"name": None, "expires_at": None}).body["data"]
    assert (cleared["name"], cleared["expires_at"]) == (None, None)
    assert client("GET", "abc").body["data"] == cleared


def test_every_field_is_stored_and_answered(client: Client) -> None:
    campaign = "3f0e0b52-5d0d-4d0e-9d5c-0f6f7b1b6a11"
    link = client.create(
        name="N", tags=["a", "b", "a"], is_dynamic=True, tracking_enabled=False,
        password="correct horse", campaign_id=campaign, channel="popclip", url_type="standard",
    )  # fmt: skip
    assert link["tags"] == ["a", "b"]
    assert (link["is_dynamic"], link["tracking_enabled"]) == (True, False)
    assert link["is_password_protected"] is True
    assert link["campaign_id"] == campaign
    assert link["channel"] == "popclip"
    assert (link["source"], link["status"], link["url_type"]) == (
        "URL_SHORTENER", "active", "standard",
    )  # fmt: skip
    assert link["subdomain"] is link["branded_domain"] is None
    assert "correct horse" not in str(link)
    assert client("GET", link["id"]).body["data"] == link


def test_null_clears_and_dynamic_is_another_name(client: Client) -> None:
    link = client.create(
        tags=["a"], password="correct horse", campaign_id="3f0e0b52-5d0d-4d0e-9d5c-0f6f7b1b6a11"
    )
    cleared = client(
        "PATCH", link["id"],
        body={"tags": None, "password": None, "campaign_id": None, "dynamic": True},
    ).body["data"]  # fmt: skip
    assert cleared["tags"] == []
    assert cleared["is_password_protected"] is False
    assert cleared["campaign_id"] is None
    assert cleared["is_dynamic"] is True


def test_a_link_is_disabled_and_enabled(client: Client) -> None:
    link = client.create()
    for status in ("disabled", "active"):
        assert client("PUT", link["id"], body={"status": status}).body["data"]["status"] == status


def test_a_changed_alias_moves_the_short_url(client: Client) -> None:
    link = client.create(custom_alias="old")
    moved = client("PUT", "old", body={"custom_alias": "fresh"}).body["data"]
    assert moved["short_code"] == moved["custom_alias"] == "fresh"
    assert moved["short_url"] == f"{BASE_URL}/fresh"
    assert client("GET", "old").status == 404
    assert client("GET", "fresh").body["data"]["id"] == link["id"]
    # The old one is held for its account, and one that is taken stays with its owner.
    assert (
        client(
            "POST", account="b", body={"url": "https://example.com/", "custom_alias": "old"}
        ).status
        == 409
    )
    client.create(custom_alias="old")
    response = client("PUT", "fresh", body={"custom_alias": "old"})
    assert (response.status, response.code) == (409, "ALIAS_TAKEN")
    cleared = client("PUT", "fresh", body={"custom_alias": None}).body["data"]
    assert cleared["custom_alias"] is None
    assert cleared["short_code"] not in ("fresh", "old")


def test_if_match_guards_a_change(client: Client) -> None:
    created = client("POST", body={"url": "https://example.com/"})
    link, tag = created.body["data"], created.headers["etag"]
    assert client("GET", link["id"]).headers["etag"] == tag
    first = client("PUT", link["id"], body={"name": "first"}, headers={"If-Match": tag})
    assert first.status == 200
    assert first.headers["etag"] != tag
    for method, body in (("PUT", {"name": "second"}), ("DELETE", None)):
        response = client(method, link["id"], body=body, headers={"If-Match": tag})
        assert (response.status, response.code) == (412, "PRECONDITION_FAILED")
    assert client("GET", link["id"]).body["data"]["name"] == "first"
    current = {"If-Match": first.headers["etag"]}
    assert client("DELETE", link["id"], headers=current).status == 200


@pytest.mark.parametrize(
    ("alias", "available", "message"),
    [
        ("free-one", True, "available"),
        ("taken", False, "in use"),
        ("api", False, "reserved"),
        ("no way", False, "3 to 50"),
    ],
)
def test_check_alias(client: Client, alias: str, available: bool, message: str) -> None:
    client.create(account="b", custom_alias="taken")
    path = f"{PATH}/check-alias"
    caller = functions.authorizer_context()
    for query in ({"alias": alias}, {"alias": alias, "urlType": "standard"}):
        response = functions.call(
            client.app.handler, functions.event("GET", path, query=query, authorizer=caller)
        )
        assert response.status == 200
        data = response.body["data"]
        assert (data["available"], data["alias"], data["url_type"]) == (
            available,
            alias,
            "standard",
        )
        assert data["full_url"] == f"{BASE_URL}/{alias}"
        assert message in data["message"]


def test_lookup_finds_the_accounts_links_of_a_destination(client: Client) -> None:
    mine = [client.create(url="https://Example.com/x")["id"] for _ in range(2)]
    client.create(url="https://example.com/y")
    client.create(account="b", url="https://example.com/x")
    client("PUT", mine[1], body={"url": "https://example.com/z"})
    for url, expected in (("https://example.com/x", mine[:1]), ("https://example.com/z", mine[1:])):
        response = functions.call(
            client.app.handler,
            functions.event(
                "GET", f"{PATH}/lookup", query={"url": url},
                authorizer=functions.authorizer_context(),
            ),
        )  # fmt: skip
        assert response.status == 200
        assert [link["id"] for link in response.body["data"]["shortUrls"]] == expected


def test_list_parameters_in_both_spellings(client: Client) -> None:
    campaign = "3f0e0b52-5d0d-4d0e-9d5c-0f6f7b1b6a11"
    link = client.create(name="needle", campaign_id=campaign)
    client.create()
    for query in (
        {"campaign_id": campaign},
        {"campaignId": campaign},
        {"search": "needle"},
        {"start_date": "2020-01-01", "endDate": "2100-01-01", "search": "needle"},
        {"status": "active", "sort": "clicks", "order": "asc", "search": "NEEDLE"},
    ):
        body = client("GET", query=query).body
        assert [found["id"] for found in body["data"]["shortUrls"]] == [link["id"]]
        assert body["pagination"] == {
            "page": 1, "limit": 20, "total": 1, "total_pages": 1, "totalPages": 1,
            "next_cursor": None,
        }  # fmt: skip


@pytest.mark.parametrize(
    "host", ["go.example.com", "api123.execute-api.eu-west-1.amazonaws.com", "d1.cloudfront.net"]
)
def test_no_name_of_the_service_is_a_destination(
    client: Client, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://go.example.com")
    monkeypatch.setenv("OWN_DOMAINS", "go.example.org, d1.cloudfront.net")
    link = client.create()
    sent = {"url": f"https://{host}/abc"}
    for response in (client("POST", body=sent), client("PATCH", link["id"], body=sent)):
        assert (response.status, response.body["error"]["code"]) == (422, "INVALID_URL")
        assert "itself" in errors_of(response)["url"]


def test_a_destination_on_the_service_itself_is_refused(client: Client) -> None:
    response = client("POST", body={"url": f"{BASE_URL}/abc"})
    assert (response.status, response.code) == (422, "INVALID_URL")


def test_a_deleted_link_is_gone(client: Client) -> None:
    link = client.create(custom_alias="abc")
    response = client("DELETE", "abc")
    assert response.status == 200
    assert "abc" in response.body["data"]["message"]
    assert response.body["timestamp"].endswith("Z")
    assert client("GET", "abc").status == 404
    assert client("DELETE", "abc").status == 404
    assert client.create(custom_alias="abc")["id"] != link["id"]

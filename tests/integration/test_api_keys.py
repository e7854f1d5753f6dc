"""The resource `/api/v1/api-keys`, for somebody who signed in and for the holder of a key."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.clock import DAY
from jmpy.keys import token
from jmpy.keys.store import KeyStore
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, USAGE
from tests.integration.api_keys import FIELDS, Keys
from tests.integration.short_urls import errors_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.accounts.service import AccountService


@pytest.fixture
def keys(account: Account) -> Keys:
    return Keys()


def status_of(keys: Keys, key_id: str) -> str:
    status: str = keys("GET", key_id).body["data"]["status"]
    return status


class TestCreate:
    def test_a_new_key_is_shown_once_and_never_again(
        self, keys: Keys, dynamodb: DynamoDBClient
    ) -> None:
        response = keys("POST", body={"name": "CI", "permissions": ["write", "read"]})
        assert (response.status, response.headers["cache-control"]) == (201, "no-store")
        created = response.body["data"]
        assert set(created) == FIELDS | {"key", "adjusted_ips"}
        secret = created.pop("key")
        assert created.pop("adjusted_ips") == []
        found = KeyStore(dynamodb, ACCOUNTS).find(token.parse(secret))
        assert found is not None
        assert (found.id, found.account_id) == (created["id"], "acme")
        assert (created["prefix"], created["last_four"]) == (secret[:9], secret[-4:])
        assert (created["permissions"], created["status"]) == (["read", "write"], "active")
        assert (created["environment"], created["header_only"], created["expires_at"]) == (
            None,
            False,
            None,
        )
        assert keys("GET", created["id"]).body["data"] == created
        keys("PATCH", created["id"], body={"name": "two"})
        keys("DELETE", created["id"])
        for later in (keys("GET"), keys("GET", created["id"]), keys("DELETE", created["id"])):
            assert secret[9:-4] not in later.text
        assert secret[9:-4] not in json.dumps(dynamodb.scan(TableName=ACCOUNTS)["Items"])

    def test_all_that_can_be_chosen(self, keys: Keys) -> None:
        chosen = {
            "name": "All \u2192 \U0001f469\u200d\U0001f4bb",
            "permissions": ["analytics", "delete", "read", "write"],
            "environment": "production",
            "header_only": True,
            "allowed_ips": ["203.0.113.0/24", "2001:db8::/32"],
            "limits": {"url_creation": 100, "analytics": 0},
            "expires_at": "2099-01-31T12:00:00Z",
        }
        created = keys.create(**chosen)
        assert {name: created[name] for name in chosen} == chosen

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "  "}, "name"),
            ({"name": "x" * 101}, "name"),
            ({"name": "a\nb"}, "name"),
            ({"name": None}, "name"),
            ({"permissions": []}, "permissions"),
            ({"permissions": ["admin"]}, "permissions.0"),
            ({"permissions": "read"}, "permissions"),
            ({"environment": "moon"}, "environment"),
            ({"expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
            ({"expires_at": "tomorrow"}, "expires_at"),
            ({"header_only": "yes"}, "header_only"),
            ({"allowed_ips": ["10.0.0.0/8"]}, "allowed_ips"),
            ({"allowed_ips": ["0.0.0.0/0"]}, "allowed_ips"),
            ({"allowed_ips": [f"203.0.113.{n}" for n in range(51)]}, "allowed_ips"),
            ({"allowed_ips": "203.0.113.7"}, "allowed_ips"),
            ({"allowed_ips": [7]}, "allowed_ips.0"),
            ({"account_id": "other"}, "account_id"),
            ({"key": "mine"}, "key"),
        ],
    )
    def test_a_bad_field_is_named(self, keys: Keys, body: dict[str, Any], field: str) -> None:
        response = keys("POST", body={"name": "one", "permissions": ["read"], **body})
        assert (response.status, response.code) == (422, "VALIDATION_ERROR")
        assert list(errors_of(response)) == [field]
        assert keys("GET").body["data"]["api_keys"] == []

    def test_the_rules_of_a_key_explain_themselves(self, keys: Keys) -> None:
        body = {"name": "x" * 101, "permissions": []}
        assert errors_of(keys("POST", body=body)) == {
            "name": "The name is 101 characters long; the maximum is 100",
            "permissions": "A key needs at least one permission of: read, write, delete, analytics",
        }

    def test_name_and_permissions_are_needed(self, keys: Keys) -> None:
        assert set(errors_of(keys("POST", body={}))) == {"name", "permissions"}

    def test_one_key_too_many_is_a_conflict_that_says_what_to_do(
        self, keys: Keys, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("jmpy.keys.working_limit.MAX_WORKING", 1)
        key_id = keys.create()["id"]
        rejected = keys("POST", body={"name": "two", "permissions": ["read"]})
        assert (rejected.status, rejected.code) == (409, "CONFLICT")
        assert "revoke one" in rejected.body["error"]["message"]
        keys("DELETE", key_id)
        keys.create()

    @pytest.mark.parametrize("action", ["", "rotate"])
    def test_an_idempotency_key_is_rejected_since_no_response_is_stored(
        self, keys: Keys, dynamodb: DynamoDBClient, action: str
    ) -> None:
        key_id = keys.create()["id"]
        body = {"grace_period": 0} if action else {"name": "two", "permissions": ["read"]}
        response = keys(
            "POST", key_id if action else "", action=action, body=body,
            headers={"Idempotency-Key": "once"},
        )  # fmt: skip
        assert (response.status, response.code) == (400, "INVALID_REQUEST")
        assert "never stored" in response.body["error"]["message"]
        assert [key["id"] for key in keys("GET").body["data"]["api_keys"]] == [key_id]
        assert dynamodb.scan(TableName="idempotency")["Items"] == []

    def test_the_response_says_which_addresses_are_stored_in_another_form(self, keys: Keys) -> None:
        sent = ["203.0.113.5/24", "::ffff:198.51.100.7", "2001:db8::7"]
        created = keys.create(allowed_ips=sent)
        assert created["allowed_ips"] == ["198.51.100.7", "203.0.113.0/24", "2001:db8::7"]
        assert created["adjusted_ips"] == [
            {"sent": "203.0.113.5/24", "stored": "203.0.113.0/24"},
            {"sent": "::ffff:198.51.100.7", "stored": "198.51.100.7"},
        ]
        changed = keys("PATCH", created["id"], body={"allowed_ips": ["2001:DB8::/32"]}).body["data"]
        assert changed["allowed_ips"] == ["2001:db8::/32"]
        assert changed["adjusted_ips"] == [{"sent": "2001:DB8::/32", "stored": "2001:db8::/32"}]


class TestList:
    def test_pages_of_keys(self, keys: Keys) -> None:
        created = {keys.create(name=str(number))["id"] for number in range(3)}
        pages = [keys("GET", query={"page": str(n), "limit": "2"}).body["data"] for n in (1, 2, 3)]
        assert [len(page["api_keys"]) for page in pages] == [2, 1, 0]
        assert {key["id"] for page in pages for key in page["api_keys"]} == created
        assert all(set(key) == FIELDS for key in pages[0]["api_keys"])
        assert pages[1]["pagination"] == {
            "page": 2,
            "limit": 2,
            "total": 3,
            "total_pages": 2,
            "complete": True,
        }

    def test_keys_by_status(self, keys: Keys) -> None:
        revoked, rotating = (keys.create()["id"] for _ in range(2))
        keys("DELETE", revoked)
        new = keys.rotate(rotating, grace_period=DAY).body["data"]["id"]
        for status, ids in {
            "revoked": [revoked],
            "rotating": [rotating],
            "active": [new],
            "expired": [],
        }.items():
            data = keys("GET", query={"status": status}).body["data"]
            assert [key["id"] for key in data["api_keys"]] == ids
            assert data["pagination"]["total"] == len(ids)

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({}, ["Cron", "billing", "App"]),
            ({"order": "asc"}, ["App", "billing", "Cron"]),
            ({"sort": "name", "order": "asc"}, ["App", "billing", "Cron"]),
            ({"sort": "expires_at", "order": "asc"}, ["billing", "App", "Cron"]),
            ({"search": "APP"}, ["App"]),
            ({"search": "nothing"}, []),
            ({"permission": "write"}, ["billing"]),
            ({"environment": "production"}, ["Cron", "billing"]),
            ({"environment": "production", "permission": "read"}, ["Cron"]),
            ({"expires": "true"}, ["billing"]),
            ({"expires": "false", "environment": "production"}, ["Cron"]),
            ({"expires_before": "2099-01-01T00:00:00Z"}, ["billing"]),
            ({"expires_after": "2099-01-01T00:00:01Z"}, []),
        ],
    )
    def test_keys_are_searched_filtered_and_sorted(
        self, keys: Keys, query: dict[str, str], names: list[str]
    ) -> None:
        keys.create(name="App")
        keys.create(
            name="billing",
            permissions=["write"],
            environment="production",
            expires_at="2099-01-01T00:00:00Z",
        )
        keys.create(name="Cron", environment="production")
        data = keys("GET", query=query).body["data"]
        # Of those created in the same second, any may be the newest.
        created_in_order = bool(query.get("sort"))
        found = [key["name"] for key in data["api_keys"]]
        assert (found if created_in_order else sorted(found)) == (
            names if created_in_order else sorted(names)
        )
        assert data["pagination"]["total"] == len(names)
        assert data["pagination"]["complete"] is True

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("page", "0"),
            ("limit", "101"),
            ("sort", "last_used_at"),
            ("order", "up"),
            ("search", "x" * 201),
            ("status", "lost"),
            ("permission", "admin"),
            ("environment", "moon"),
            ("expires", "soon"),
            ("expires_before", "tomorrow"),
            ("expires_after", "9999-12-31T00:00:00Z"),
        ],
    )
    def test_an_invalid_query_names_its_field(self, keys: Keys, field: str, value: str) -> None:
        response = keys("GET", query={field: value})
        assert (response.status, response.code) == (400, "INVALID_REQUEST")
        assert field in str(response.body["error"])

    def test_a_range_of_expiry_is_in_order(self, keys: Keys) -> None:
        query = {
            "expires_after": "2099-01-01T00:00:00Z", "expires_before": "2098-01-01T00:00:00Z"
        }  # fmt: skip
        response = keys("GET", query=query)
        assert (response.status, response.code) == (400, "INVALID_REQUEST")
        assert "expires_after" in str(response.body["error"])

    def test_an_unknown_parameter_is_rejected(self, keys: Keys) -> None:
        response = keys("GET", query={"account_id": "other"})
        assert (response.status, response.code) == (400, "INVALID_REQUEST")


class TestChange:
    def test_only_what_is_sent_changes(self, keys: Keys) -> None:
        created = keys.create(environment="staging", header_only=True)
        created.pop("key")
        bodies: tuple[dict[str, Any], ...] = (
            {"allowed_ips": ["203.0.113.0/24", "2001:db8::7"]},
            {"allowed_ips": []},
            {"limits": {"url_reads": 5}},
            {"name": "two"},
            {"permissions": ["delete"]},
            {"environment": "production"},
            {"environment": None},
            {"header_only": False},
            {},
        )
        for body in bodies:
            created |= body
            response = keys("PATCH", created["id"], body=body)
            assert (response.status, response.body["data"]) == (200, created)
        created.pop("adjusted_ips")
        assert keys("GET", created["id"]).body["data"] == created

    @pytest.mark.parametrize("field", ["created_at", "status", "revoked_at"])
    def test_nothing_else_can_be_set(self, keys: Keys, field: str) -> None:
        key_id = keys.create()["id"]
        response = keys("PATCH", key_id, body={field: None})
        assert (response.status, list(errors_of(response))) == (422, [field])

    @pytest.mark.parametrize("field", ["name", "permissions", "header_only", "allowed_ips"])
    def test_null_for_what_cannot_be_cleared_counts_as_not_sent(
        self, keys: Keys, field: str
    ) -> None:
        created = keys.create(allowed_ips=["203.0.113.7"])
        created.pop("key")
        response = keys("PATCH", created["id"], body={field: None, "environment": "staging"})
        assert (response.status, response.body["data"]) == (
            200,
            created | {"environment": "staging"},
        )

    def test_a_revoked_key_stays_as_it_was(self, keys: Keys) -> None:
        key_id = keys.create()["id"]
        keys("DELETE", key_id)
        for response in (
            keys("PATCH", key_id, body={"name": "two"}),
            keys.rotate(key_id, grace_period=0),
        ):
            assert (response.status, response.code) == (409, "CONFLICT")
        assert keys("GET", key_id).body["data"]["name"] == "one"


class TestRotate:
    def test_the_new_key_works_at_once_and_the_old_one_for_its_grace_period(
        self, keys: Keys
    ) -> None:
        old = keys.create(
            name="CI", permissions=["write"], environment="staging", header_only=True,
            allowed_ips=["203.0.113.0/24", "2001:db8::7"], limits={"url_reads": 5},
        )  # fmt: skip
        response = keys.rotate(old["id"], grace_period=7 * DAY)
        assert (response.status, response.headers["cache-control"]) == (201, "no-store")
        new = response.body["data"]
        assert set(new) == FIELDS | {"key", "old_key_expires_at"}
        for same in set(FIELDS) - {"id", "prefix", "last_four", "created_at"}:
            assert new[same] == old[same]
        assert new["key"] != old["key"]
        retired = keys("GET", old["id"]).body["data"]
        assert (retired["status"], retired["replaced_by"]) == ("rotating", new["id"])
        assert retired["expires_at"] > retired["created_at"]
        assert new["old_key_expires_at"] == retired["expires_at"]

    def test_without_grace_the_old_one_ends_at_once(self, keys: Keys) -> None:
        old = keys.create()["id"]
        assert keys.rotate(old, grace_period=0).status == 201
        assert status_of(keys, old) == "expired"

    @pytest.mark.parametrize("body", [{}, {"grace_period": None}])
    def test_the_old_one_works_for_a_day_unless_one_says_otherwise(
        self, keys: Keys, body: dict[str, Any]
    ) -> None:
        old = keys.create()
        new = keys.rotate(old["id"], **body).body["data"]
        ends = datetime.fromisoformat(new["old_key_expires_at"])
        assert ends == datetime.fromisoformat(new["created_at"]) + timedelta(days=1)

    @pytest.mark.parametrize(
        "body", [{"grace_period": period} for period in (-1, 7 * DAY + 1, "60", 1.5)]
    )
    def test_a_grace_period_is_chosen_within_its_limits(
        self, keys: Keys, body: dict[str, Any]
    ) -> None:
        key_id = keys.create()["id"]
        response = keys.rotate(key_id, **body)
        assert (response.status, list(errors_of(response))) == (422, ["grace_period"])
        assert status_of(keys, key_id) == "active"


class TestVersion:
    """As of links: RFC 9110, section 13.1.1."""

    def test_a_change_applies_to_the_version_that_was_read_or_not_at_all(self, keys: Keys) -> None:
        created = keys("POST", body={"name": "one", "permissions": ["read", "write"]})
        key_id, tag = created.body["data"]["id"], created.headers["etag"]
        assert keys("GET", key_id).headers["etag"] == tag
        narrowed = keys("PATCH", key_id, body={"permissions": ["read"]})
        assert narrowed.headers["etag"] != tag
        for method, body, action in (
            ("PATCH", {"permissions": ["read", "write"]}, ""),
            ("POST", {"grace_period": 0}, "rotate"),
            ("POST", None, "pause"),
            ("DELETE", None, ""),
        ):
            response = keys(method, key_id, body=body, action=action, headers={"If-Match": tag})
            assert (response.status, response.code) == (412, "PRECONDITION_FAILED")
            assert "read it again" in response.body["error"]["message"]
        assert keys("GET", key_id).body["data"].items() <= narrowed.body["data"].items()
        current = {"If-Match": narrowed.headers["etag"]}
        assert keys("PATCH", key_id, body={"name": "two"}, headers=current).status == 200

    def test_every_change_of_a_key_gives_it_another_version(self, keys: Keys) -> None:
        key_id = keys.create()["id"]
        tags = [keys("GET", key_id).headers["etag"]]
        for method, body, action in (
            ("PATCH", {"name": "two"}, ""),
            ("PATCH", {"environment": "staging"}, ""),
            ("POST", None, "pause"),
            ("POST", None, "resume"),
            ("POST", {"grace_period": DAY}, "rotate"),
            ("DELETE", None, ""),
        ):
            keys(method, key_id, body=body, action=action)
            tags.append(keys("GET", key_id).headers["etag"])
        assert len(set(tags)) == 7

    def test_what_changes_nothing_leaves_the_version(self, keys: Keys) -> None:
        key_id = keys.create(name="same")["id"]
        tag = keys("GET", key_id).headers["etag"]
        assert keys("PATCH", key_id, body={"name": "same"}).headers["etag"] == tag

    def test_without_if_match_and_with_any_a_change_succeeds(self, keys: Keys) -> None:
        key_id = keys.create()["id"]
        assert keys("PATCH", key_id, body={"name": "two"}).status == 200
        any_version = {"If-Match": "*"}
        assert keys("PATCH", key_id, body={"name": "three"}, headers=any_version).status == 200

    def test_a_key_that_is_revoked_already_needs_no_version(self, keys: Keys) -> None:
        """What the request wants is done: a client that lost the response sends it again."""
        key_id = keys.create()["id"]
        stale = {"If-Match": keys("GET", key_id).headers["etag"]}
        for _ in range(2):
            assert keys("DELETE", key_id, headers=stale).status == 200

    def test_a_new_key_of_a_rotation_has_its_own(self, keys: Keys) -> None:
        old = keys.create()["id"]
        keys("PATCH", old, body={"name": "two"})
        rotated = keys.rotate(old)
        new = keys("GET", rotated.body["data"]["id"])
        assert rotated.headers["etag"] == new.headers["etag"]

    def test_a_key_revokes_its_own_version_that_was_read(self, keys: Keys) -> None:
        key_id = keys.create()["id"]
        tag = keys.holding("GET", key_id).headers["etag"]
        keys("PATCH", key_id, body={"name": "two"})
        headers = {"If-Match": tag}
        response = keys("DELETE", "current", headers=headers, authorizer=keys.holder(key_id))
        assert (response.status, status_of(keys, key_id)) == (412, "active")
        assert keys.holding("DELETE", key_id).status == 200

    def test_a_malformed_one_is_a_bad_request(self, keys: Keys) -> None:
        key_id = keys.create()["id"]
        for tag in ("1", 'W/"1"', '"x"'):
            response = keys("PATCH", key_id, body={"name": "x"}, headers={"If-Match": tag})
            assert response.status == 400


class TestCurrent:
    def test_a_key_that_may_do_nothing_reads_what_it_is(self, keys: Keys) -> None:
        created = keys.create(environment="production", allowed_ips=["203.0.113.7"])
        del created["key"], created["adjusted_ips"]
        response = keys.holding("GET", created["id"], plan="pro")
        shown = response.body["data"]
        assert shown.pop("today")["limits"] == {}
        assert (response.status, shown) == (200, created | {"plan": "pro", "created_by": None})

    def test_every_key_can_revoke_itself(self, keys: Keys) -> None:
        mine, other = (keys.create()["id"] for _ in range(2))
        response = keys.holding("DELETE", mine)
        assert (response.status, response.body["data"]["status"]) == (200, "revoked")
        assert response.body["data"]["revoked_at"] is not None
        assert (status_of(keys, mine), status_of(keys, other)) == ("revoked", "active")
        assert keys.holding("DELETE", mine).body == response.body

    def test_a_key_of_an_account_is_no_other_accounts(self, keys: Keys) -> None:
        mine = keys.create()["id"]
        assert keys.holding("DELETE", mine, account_id="other").status == 404
        assert status_of(keys, mine) == "active"


@pytest.mark.parametrize(
    ("method", "action", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"name": "mine"}),
        ("DELETE", "", None),
        ("POST", "pause", None),
        ("POST", "resume", None),
        ("POST", "rotate", {"grace_period": 0}),
    ],
)
def test_another_accounts_key_looks_like_a_missing_one(
    keys: Keys, accounts: AccountService, method: str, action: str, body: Any
) -> None:
    accounts.ensure("other", by=SOMEBODY)
    created = keys.create()
    del created["key"], created["adjusted_ips"]
    responses = [
        keys(method, key_id, action=action, body=body, account="other")
        for key_id in (created["id"], "00000000-0000-4000-8000-000000000000")
    ]
    for response in responses:
        assert (response.status, response.code) == (404, "NOT_FOUND")
    assert keys("GET", created["id"]).body["data"] == created
    assert keys("GET", account="other").body["data"]["api_keys"] == []


def test_managing_keys_counts_against_no_limit_and_returns_the_callers_quota(
    keys: Keys, dynamodb: DynamoDBClient
) -> None:
    keys.create()
    assert keys("GET").headers["x-ratelimit-remaining"] == "1000000"
    # Only as one of the changes that an account may make in a day.
    (counted,) = dynamodb.scan(TableName=USAGE)["Items"]
    assert counted["pk"] == {"S": "account#acme#changes"}


def test_a_path_lists_its_methods_for_other_methods(keys: Keys) -> None:
    assert keys("PUT").headers["allow"] == "GET, POST"
    assert keys("PUT", "x").headers["allow"] == "DELETE, GET, PATCH"
    assert keys("GET", "x", action="rotate").headers["allow"] == "POST"
    assert keys("PUT", "current").headers["allow"] == "DELETE, GET"

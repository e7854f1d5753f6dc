"""`/api/v1/audit-log` through its function, and what the functions write of who asked."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.audit.model import Action, Actor, ActorType, Change, Channel, Entry, Origin, Source
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.aws.dynamodb import transact
from project import functions
from project.origins import SOMEBODY
from project.tables import AUDIT
from tests.cognito import EMAIL, SUBJECT
from tests.integration.api_keys import Keys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from project.functions import Response
    from tests.integration.browser import Browser

PATH = "/api/v1/audit-log"
NOW = 1_800_000_000
ACTIONS = [Action.KEY_CREATED, Action.KEY_CHANGED, Action.PLAN_CHANGED]


def ask(path: str = "", account: str = "acme", **query: Any) -> Response:
    sent = functions.event(
        "GET",
        f"{PATH}{path}",
        query={name: str(value) for name, value in query.items()} or None,
        authorizer=functions.session_context(account),
    )
    return functions.call(functions.load("audit_log").handler, sent)


@pytest.fixture
def written(dynamodb: DynamoDBClient) -> list[str]:
    """The ids of twelve entries, one a second, the latest last."""
    log = AuditLog(dynamodb, AUDIT)
    entries = [
        Entry(
            account_id="acme",
            at_milliseconds=(NOW + number) * 1000 + 500,
            action=ACTIONS[number % 3],
            origin=SOMEBODY,
            target_id="acme" if number % 3 == 2 else f"key-{number % 2}",
            target_name=None if number % 3 == 2 else "=cmd()",
            changes={"expires_at": Change(None, NOW)},
        )
        for number in range(12)
    ]
    assert transact(dynamodb, [log.put(entry) for entry in entries]) == []
    return [entry.id for entry in entries]


def ids(response: Response) -> list[str]:
    assert response.status == 200, response
    return [entry["id"] for entry in response.body["data"]["entries"]]


def test_the_entries_are_listed_the_latest_first(written: list[str]) -> None:
    response = ask()
    assert ids(response) == written[::-1]
    assert response.body["data"]["next_cursor"] is None
    assert response.body["data"]["entries"][-1] == {
        "id": written[0],
        "time": "2027-01-15T08:00:00Z",
        "action": "api_key.created",
        "actor": {"type": "user", "id": "acme", "name": "somebody@example.com"},
        "target": {"type": "api_key", "id": "key-0", "name": "=cmd()"},
        "source": {
            "channel": "dashboard",
            "ip_address": "192.0.2.1",
            "user_agent": "a browser",
            "request_id": "request-1",
        },
        "changes": {"expires_at": {"before": None, "after": "2027-01-15T08:00:00Z"}},
    }


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"key_id": "key-1"}, [9, 7, 3, 1]),
        ({"key_id": "key-"}, []),
        ({"action": "account.plan_changed"}, [11, 8, 5, 2]),
        ({"action": "api_key.changed", "keyId": "key-0"}, [10, 4]),
        ({"action": "api_key.revoked"}, []),
        ({"start_date": "2027-01-15T08:00:09Z"}, [11, 10, 9]),
        ({"end_date": "2027-01-15T08:00:02Z"}, [2, 1, 0]),
        ({"key_id": "key-0", "end_date": "2027-01-15T10:00:04+02:00"}, [4, 0]),
    ],
)
@pytest.mark.parametrize("limit", [1, 3, 100])
def test_a_list_is_filtered_whatever_its_pages(
    written: list[str], query: dict[str, str], numbers: list[int], limit: int
) -> None:
    found: list[str] = []
    cursor: dict[str, str] = {}
    pages = 0
    while True:
        response = ask(limit=limit, **query, **cursor)
        found += ids(response)
        pages += 1
        if response.body["data"]["next_cursor"] is None:
            break
        cursor = {"cursor": response.body["data"]["next_cursor"]}
    assert found == [written[number] for number in numbers]
    assert pages == max(1, -(-len(numbers) // limit))


@pytest.mark.parametrize(
    "query",
    [
        {"action": "api_key"},
        {"cursor": "x"},
        {"cursor": "1800000000000#00000000000000000000000000000000"},
        {"limit": 0},
        {"limit": 101},
        {"start_date": "yesterday"},
        {"key_id": "k" * 65},
        {"nonsense": 1},
    ],
)
def test_a_wrong_parameter_is_named(dynamodb: DynamoDBClient, query: dict[str, Any]) -> None:
    response = ask(**query)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")


def test_nobody_sees_the_changes_of_others(written: list[str]) -> None:
    assert ids(ask(account="another")) == []
    assert ids(ask(account="another", key_id="key-0")) == []


def test_the_log_is_taken_as_csv(written: list[str]) -> None:
    response = ask("/export", key_id="key-0")
    assert response.headers["content-type"].startswith("text/csv")
    assert response.headers["content-disposition"] == 'attachment; filename="audit-log.csv"'
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["id"] for row in rows] == [written[n] for n in (10, 6, 4, 0)]
    assert {row["target_name"] for row in rows} == {"'=cmd()"}
    assert rows[0]["actor_name"] == "somebody@example.com"
    assert rows[0]["changes"] == (
        '{"expires_at": {"before": null, "after": "2027-01-15T08:00:00Z"}}'
    )


def test_owners_see_an_operators_name_and_not_the_identity(dynamodb: DynamoDBClient) -> None:
    arn = "arn:aws:sts::123456789012:assumed-role/Admin/ada"
    operator = Origin(Actor(ActorType.OPERATOR, arn, "ada"), Source(Channel.MAKE))
    entry = Entry("acme", 1, Action.PLAN_RENEWED, operator, "acme")
    transact(dynamodb, [AuditLog(dynamodb, AUDIT).put(entry)])
    told = ask().text + ask("/export").text
    assert '{"type":"operator","id":null,"name":"ada"}' in told
    assert arn not in told


def origin_of_latest(dynamodb: DynamoDBClient, account: str, action: Action) -> Origin:
    return next(AuditLog(dynamodb, AUDIT).all(account, EntryFilter(action=action), 1)).origin


FROM_API = Source(Channel.API, "192.0.2.1", "test", "request-1")
FROM_DASHBOARD = Source(Channel.DASHBOARD, "192.0.2.1", "test", "request-1")


def test_through_the_api_it_is_the_person_or_the_key(
    dynamodb: DynamoDBClient, account: Account
) -> None:
    keys = Keys()
    session = functions.session_context("acme")
    keys("POST", body={"name": "one", "permissions": ["read"]},
         authorizer=session | {"email": "ada@example.com"})  # fmt: skip
    created = origin_of_latest(dynamodb, "acme", Action.KEY_CREATED)
    assert created == Origin(Actor(ActorType.USER, "acme", "ada@example.com"), FROM_API)
    key_id = keys.create()["id"]
    created = origin_of_latest(dynamodb, "acme", Action.KEY_CREATED)
    assert created.actor == Actor(ActorType.USER, "acme")
    assert keys.holding("DELETE", key_id).status == 200
    revoked = origin_of_latest(dynamodb, "acme", Action.KEY_REVOKED)
    assert revoked == Origin(Actor(ActorType.API_KEY, key_id, "Tëst"), FROM_API)


def test_on_the_dashboard_it_is_who_signed_in(person: Browser, dynamodb: DynamoDBClient) -> None:
    owner = Origin(Actor(ActorType.USER, SUBJECT, EMAIL), FROM_DASHBOARD)
    assert origin_of_latest(dynamodb, SUBJECT, Action.ACCOUNT_CREATED) == owner
    form = {"name": "CI", "permissions": "read", "expiry": "never"}
    assert person.submit("/dashboard/api-keys", form).status == 201
    assert origin_of_latest(dynamodb, SUBJECT, Action.KEY_CREATED) == owner


def test_a_strange_user_agent_is_stored_as_far_as_a_table_can(
    dynamodb: DynamoDBClient, account: Account
) -> None:
    sent = functions.event(
        "POST",
        "/api/v1/api-keys",
        body={"name": "one", "permissions": ["read"]},
        authorizer=functions.session_context("acme"),
    )
    sent["requestContext"]["identity"]["userAgent"] = "\ud800" + "a" * 300
    assert functions.call(functions.load("keys").handler, sent).status == 201
    kept = origin_of_latest(dynamodb, "acme", Action.KEY_CREATED).source.user_agent
    assert kept == "?" + "a" * 255
    del sent["requestContext"]["identity"]["userAgent"]
    assert functions.call(functions.load("keys").handler, sent).status == 201

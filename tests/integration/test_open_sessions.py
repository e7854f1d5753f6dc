"""Sessions as their person sees them: listed, ended one by one or all at once, and in the audit
log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jmpy.audit.model import Action, Actor, ActorType, Channel
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.clock import DAY, system_clock
from jmpy.limits.changes import MAX_SIGN_INS
from jmpy.limits.model import day_of
from jmpy.sessions.errors import SignInUnavailable
from jmpy.sessions.model import digest
from jmpy.sessions.people import People
from jmpy.sessions.store import SessionStore
from project import template
from project.origins import SOMEBODY
from project.tables import AUDIT, SESSIONS, USAGE
from tests import cognito
from tests.cognito import EMAIL, SUBJECT, FakeCognito
from tests.integration.browser import Browser

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.audit.model import Entry

PATH = "/dashboard/sessions"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def other(pool: FakeCognito, person: Browser) -> Browser:
    """Another browser of the same person."""
    browser = Browser(pool)
    browser.sign_in()
    return browser


def reference(browser: Browser) -> str:
    assert browser.session_id is not None
    return digest(browser.session_id)


def logged(dynamodb: DynamoDBClient, *actions: Action) -> list[Entry]:
    """Of SUBJECT, the earliest first."""
    entries = list(AuditLog(dynamodb, AUDIT).all(SUBJECT, EntryFilter(), 100))
    return [entry for entry in reversed(entries) if entry.action in actions]


def test_the_list_says_which_browser_from_where_and_when(
    person: Browser, other: Browser, dynamodb: DynamoDBClient
) -> None:
    dynamodb.update_item(
        TableName=SESSIONS,
        Key={"pk": {"S": f"place#{reference(other)}"}},
        UpdateExpression="SET user_agent = :agent, ip_address = :address, country = :country",
        ExpressionAttributeValues={
            ":agent": {"S": FIREFOX},
            ":address": {"S": "2001:db8::7"},
            ":country": {"S": "DE"},
        },
    )
    page = person.get(PATH).text
    for words in ("Firefox on Linux", "2001:db8::7", "Germany", "192.0.2.1", "just now"):
        assert words in page
    assert page.count("This browser") == 1
    # This one first; it signs out as everywhere else.
    mine, theirs = page.split('<tr role="row">')[2:]
    assert "This browser" in mine
    assert 'action="/live/logout"' in mine
    assert f'href="/live{PATH}/{reference(other)}/end" data-confirm' in theirs
    for secret in (person.session_id, other.session_id):
        assert str(secret) not in page


def test_last_use_follows_from_what_each_request_writes_anyway(
    person: Browser, other: Browser, dynamodb: DynamoDBClient
) -> None:
    key = {"pk": {"S": f"session#{reference(other)}"}}
    at = int(system_clock()) - 3 * 3600
    dynamodb.update_item(
        TableName=SESSIONS,
        Key=key,
        UpdateExpression="SET busy_until = :then, created_at = :before",
        ExpressionAttributeValues={
            ":then": {"N": str(at * 1000)},
            ":before": {"N": str(at - 3600)},
        },
    )
    assert "3 hours ago" in person.get(PATH).text


def test_sessions_that_are_over_and_those_of_others_are_not_listed(
    person: Browser, pool: FakeCognito, accounts: AccountService, dynamodb: DynamoDBClient
) -> None:
    item = dynamodb.get_item(TableName=SESSIONS, Key={"pk": {"S": f"session#{reference(person)}"}})[
        "Item"
    ]
    now = int(system_clock())
    over = {"pk": {"S": "session#over"}, "expires_ttl": {"N": str(now - 1)}}
    theirs = {"pk": {"S": "session#theirs"}, "account_id": {"S": "other"}}
    for changes in (over, theirs):
        dynamodb.put_item(TableName=SESSIONS, Item={**item, **changes})
    page = person.get(PATH).text
    assert page.count('<tr role="row">') == 2  # with the head
    responses = [
        person.get(f"{PATH}/theirs/end"),
        person.submit(f"{PATH}/theirs/end", {}),
        person.submit(f"{PATH}/{'0' * 64}/end", {}),
    ]
    assert [response.status for response in responses] == [404] * 3
    assert "Item" in dynamodb.get_item(TableName=SESSIONS, Key={"pk": {"S": "session#theirs"}})


def test_another_browser_is_signed_out_and_this_one_is_not(
    person: Browser, other: Browser, dynamodb: DynamoDBClient
) -> None:
    question = person.get(f"{PATH}/{reference(other)}/end").text
    assert "Signed in from" in question
    done = person.submit(f"{PATH}/{reference(other)}/end", {})
    assert done.headers["location"].endswith(f"{PATH}?done=session-ended")
    assert other.get("/dashboard").status == 302
    page = person.get(f"{PATH}?done=session-ended")
    assert "That browser is signed out" in page.text
    assert reference(other) not in page.text
    assert person.submit(f"{PATH}/{reference(other)}/end", {}).status == 404
    (entry,) = logged(dynamodb, Action.SESSION_ENDED)
    assert entry.target_id == reference(other)
    stored = {item["pk"]["S"] for item in dynamodb.scan(TableName=SESSIONS)["Items"]}
    assert stored == {f"session#{reference(person)}", f"place#{reference(person)}"}


def test_signing_out_everywhere_ends_every_session_here_and_at_cognito(
    person: Browser, other: Browser, pool: FakeCognito, dynamodb: DynamoDBClient
) -> None:
    assert "This session and 1 other session end" in person.get(f"{PATH}/end-all").text
    mine = reference(person)
    response = person.submit(f"{PATH}/end-all", {})
    assert response.status == 303
    assert response.headers["location"].startswith(f"{cognito.SIGN_IN_URL}/logout?")
    assert person.session_id is None
    assert other.get("/dashboard").status == 302
    assert dynamodb.scan(TableName=SESSIONS)["Items"] == []
    assert cognito.directory.signed_out == [SUBJECT]
    (entry,) = logged(dynamodb, Action.SESSIONS_ENDED)
    assert entry.target_id == mine


def test_signing_out_everywhere_does_not_wait_for_cognito(
    person: Browser, other: Browser, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise SignInUnavailable

    monkeypatch.setattr(People, "sign_out", down)
    assert person.submit(f"{PATH}/end-all", {}).status == 303
    assert dynamodb.scan(TableName=SESSIONS)["Items"] == []


def test_sign_ins_and_sign_outs_are_in_the_audit_log(
    person: Browser, dynamodb: DynamoDBClient
) -> None:
    session = reference(person)
    person.submit("/logout", {})
    entries = logged(dynamodb, Action.SESSION_CREATED, Action.SESSION_ENDED)
    assert [entry.action for entry in entries] == [Action.SESSION_CREATED, Action.SESSION_ENDED]
    for entry in entries:
        assert entry.origin.actor == Actor(ActorType.USER, SUBJECT, EMAIL)
        assert entry.origin.source.channel is Channel.DASHBOARD
        assert (entry.origin.source.ip_address, entry.origin.source.user_agent) == (
            "192.0.2.1",
            "test",
        )
        assert entry.target_id == session
    person.sign_in()
    page = person.get("/dashboard/audit-log").text
    assert page.count('<span class="title-line">Signed in</span>') == 2
    assert page.count('<span class="title-line">Signed out</span>') == 1


def test_a_sign_in_to_a_suspended_account_is_in_the_audit_log(
    person: Browser, accounts: AccountService, dynamodb: DynamoDBClient
) -> None:
    accounts.suspend(SUBJECT, by=SOMEBODY)
    SessionStore(dynamodb, SESSIONS).remove_all(SUBJECT)
    assert person.sign_in().status == 403
    (entry,) = logged(dynamodb, Action.SESSION_DENIED)
    assert entry.origin.actor == Actor(ActorType.USER, SUBJECT, EMAIL)
    assert entry.target_id == SUBJECT


def test_nobody_fills_the_audit_log_with_sign_ins(
    person: Browser, dynamodb: DynamoDBClient
) -> None:
    now = system_clock()
    dynamodb.update_item(
        TableName=USAGE,
        Key={"pk": {"S": f"account#{SUBJECT}#sign-ins"}, "sk": {"S": day_of(now)}},
        UpdateExpression="SET used = :used",
        ExpressionAttributeValues={":used": {"N": str(MAX_SIGN_INS)}},
    )
    response = person.sign_in()
    assert (response.status, 1 <= int(response.headers["retry-after"]) <= DAY) == (429, True)
    assert "1,000 sign-ins per account" in response.text
    assert len(logged(dynamodb, Action.SESSION_CREATED)) == 1
    assert person.get("/dashboard").status == 200  # who is signed in stays so


def test_what_only_the_list_shows_makes_no_page_dearer(
    person: Browser, dynamodb: DynamoDBClient
) -> None:
    """A write is billed by the size of its item, and by the indexes that have what changed."""
    person.get("/dashboard")
    item = dynamodb.get_item(TableName=SESSIONS, Key={"pk": {"S": f"session#{reference(person)}"}})[
        "Item"
    ]
    assert set(item) == {
        "pk", "account_id", "email", "refresh_token", "proven_until", "created_at", "expires_ttl",
        "busy_until",
    }  # fmt: skip
    (index,) = template.resources("AWS::DynamoDB::Table")["SessionsTable"]["GlobalSecondaryIndexes"]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert {key["AttributeName"] for key in index["KeySchema"]} == {"account_id", "created_at"}

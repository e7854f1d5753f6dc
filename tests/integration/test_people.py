"""Whoever signed in is asked about before they change anything: a token is good for an hour, its
person perhaps not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.aws import clients
from jmpy.aws.client import SignedClient
from jmpy.aws.errors import AwsRejected, AwsUnavailable
from jmpy.sessions.errors import PersonGone, SignInUnavailable
from jmpy.sessions.model import digest
from jmpy.sessions.people import People
from project import functions
from project.origins import SOMEBODY
from project.tables import SESSIONS
from tests import cognito
from tests.cognito import CONFIRMED, DISABLED, POOL_ID, SUBJECT
from tests.integration.paths import FORMS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from project.functions import Response
    from tests.cognito import FakeCognito
    from tests.integration.browser import Browser

GONE: dict[str, dict[str, Any] | None] = {
    "deleted": None,
    "disabled": DISABLED,
    "whose password was reset": CONFIRMED | {"UserStatus": "RESET_REQUIRED"},
    "with a temporary password": CONFIRMED | {"UserStatus": "FORCE_CHANGE_PASSWORD"},
    "unconfirmed": CONFIRMED | {"UserStatus": "UNCONFIRMED"},
    "of a status that is new": CONFIRMED | {"UserStatus": "SOMETHING_NEW"},
}
gone = pytest.mark.parametrize("user", GONE.values(), ids=GONE)

WITHOUT_COGNITO = {
    "/logout",
    "/dashboard/api-keys/<id>/pause",
    "/dashboard/api-keys/<id>/revoke",
    "/dashboard/api-keys/<id>/tokens/revoke",
    "/dashboard/api-keys/policy/apply",
    "/dashboard/api-keys/revoke",
    "/dashboard/alerts/<id>/revoke",
    "/dashboard/sessions/<id>/end",
    "/dashboard/sessions/end-all",
}
"""Actions that only take something away."""


@gone
def test_who_may_not_sign_in_any_more_is_gone(
    dynamodb: DynamoDBClient, user: dict[str, Any] | None
) -> None:
    people = People(clients.cognito(), POOL_ID)
    people.require(SUBJECT)
    cognito.directory.users[SUBJECT] = user
    with pytest.raises(PersonGone):
        people.require(SUBJECT)


@pytest.mark.parametrize(
    "response",
    [
        AwsUnavailable("cognito-idp: TooManyRequestsException"),
        AwsRejected("ResourceNotFoundException", {}),
        AwsRejected("AccessDeniedException", {}),
        {},
        None,
        {"Enabled": True},
    ],
    ids=str,
)
def test_a_fault_of_cognito_says_nothing_about_anybody(response: Any) -> None:
    class Fallen:
        def admin_get_user(self, **_: Any) -> Any:
            if isinstance(response, Exception):
                raise response
            return response

        admin_user_global_sign_out = admin_get_user

    with pytest.raises(SignInUnavailable):
        People(Fallen(), POOL_ID).require(SUBJECT)


# The dashboard


@pytest.fixture
def owned(person: Browser, service: KeyService) -> ApiKey:
    return service.create(SUBJECT, "CI", ["read"], by=SOMEBODY).record


@pytest.mark.parametrize("path", sorted(set(FORMS) - WITHOUT_COGNITO))
def test_a_disabled_user_changes_nothing_and_their_session_ends(
    person: Browser, owned: ApiKey, service: KeyService, dynamodb: DynamoDBClient, path: str
) -> None:
    token = person.csrf_token()
    cognito.directory.users[SUBJECT] = DISABLED
    response = person.post(path.replace("<id>", owned.id), {"csrf_token": token})
    assert (response.status, "You are not signed in" in response.text) == (401, True)
    assert dynamodb.scan(TableName=SESSIONS)["Items"] == []
    assert service.of_account(SUBJECT) == [owned]
    assert person.get("/dashboard").status == 302


@gone
@pytest.mark.parametrize("path", ["", "/<id>", "/<id>/rotate"])
def test_nobody_who_is_gone_gets_a_key_or_a_wider_one(
    person: Browser, owned: ApiKey, service: KeyService, user: dict[str, Any] | None, path: str
) -> None:
    token = person.csrf_token()
    cognito.directory.users[SUBJECT] = user
    form = {"name": "CI", "permissions": "write", "expiry": "never", "environment": ""}
    url = f"/dashboard/api-keys{path}".replace("<id>", owned.id)
    response = person.post(url, {"csrf_token": token, "grace_days": "0", **form})
    assert response.status == 401
    assert service.of_account(SUBJECT) == [owned]


@pytest.mark.parametrize("path", sorted(set(FORMS) - WITHOUT_COGNITO))
def test_while_cognito_is_down_nothing_is_changed_and_no_session_ends(
    person: Browser,
    owned: ApiKey,
    service: KeyService,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    token = person.csrf_token()
    with monkeypatch.context() as patched:
        down(patched)
        response = person.post(path.replace("<id>", owned.id), {"csrf_token": token})
    assert (response.status, response.headers["retry-after"]) == (503, "5")
    assert service.of_account(SUBJECT) == [owned]
    assert person.get("/dashboard").status == 200


@pytest.mark.parametrize("path", sorted(WITHOUT_COGNITO - {"/dashboard/alerts/<id>/revoke"}))
def test_what_takes_away_does_not_wait_for_cognito(
    person: Browser, owned: ApiKey, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    token = person.csrf_token()
    down(monkeypatch)
    expected = digest(person.session_id or "") if "/sessions/" in path else owned.id
    sent = {"csrf_token": token, "key": owned.id}
    assert person.post(path.replace("<id>", expected), sent).status in {200, 303}


def down(patched: pytest.MonkeyPatch) -> None:
    post = SignedClient.post

    def fail(client: Any, *sent: Any) -> Any:
        if client._scope.service == "cognito-idp":
            raise AwsUnavailable("cognito-idp: TimeoutError")
        return post(client, *sent)

    patched.setattr(SignedClient, "post", fail)


# The API


WRITES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "create": ("POST", "", {"name": "two", "permissions": ["read"]}),
    "widen": ("PATCH", "/{id}", {"permissions": ["read", "write"]}),
    "resume": ("POST", "/{id}/resume", {}),
    "rotate": ("POST", "/{id}/rotate", {"grace_period": 0}),
}


def requested(key_id: str, name: str) -> Response:
    method, path, body = WRITES[name]
    resource = f"/api/v1/api-keys{path}"
    sent = functions.event(
        method,
        resource.replace("{id}", key_id),
        resource=resource,
        parameters={"id": key_id} if "{id}" in path else None,
        body=body,
        authorizer=functions.session_context("acme"),
    )
    return functions.call(functions.load("keys").handler, sent)


@pytest.mark.parametrize("name", WRITES)
def test_cognito_is_queried_before_a_key_is_created_rotated_resumed_or_widened(
    accounts: AccountService,
    service: KeyService,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    accounts.ensure("acme", by=SOMEBODY)
    key = service.create("acme", "one", ["read"], by=SOMEBODY).record
    cognito.directory.users["acme"] = DISABLED
    response = requested(key.id, name)
    assert (response.status, response.code) == (401, "INVALID_API_KEY")
    cognito.directory.users["acme"] = None
    assert requested(key.id, name).status == 401
    with monkeypatch.context() as patched:
        down(patched)
        response = requested(key.id, name)
        assert (response.status, response.code) == (503, "SERVICE_UNAVAILABLE")
        assert response.headers["retry-after"] == "5"
    assert service.of_account("acme") == [key]
    cognito.directory.users.clear()
    assert requested(key.id, name).status < 300


@gone
def test_an_id_token_of_a_deleted_or_disabled_user_is_denied(
    pool: FakeCognito, user: dict[str, Any] | None
) -> None:
    app = functions.load("id_token")
    event = {"id_token": cognito.sign(cognito.claims(pool.now))}
    assert app.handler(event, None)["subject"] == SUBJECT
    cognito.directory.users[SUBJECT] = user
    assert "rejection" in app.handler(event, None)


def test_a_forged_id_token_costs_no_question(pool: FakeCognito) -> None:
    app = functions.load("id_token")
    event = {"id_token": cognito.sign(cognito.claims(pool.now), cognito.FOREIGN_KEY)}
    assert "rejection" in app.handler(event, None)
    assert cognito.directory.requested == []


def test_while_cognito_is_down_an_id_token_is_a_fault(
    pool: FakeCognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = functions.load("id_token")
    down(monkeypatch)
    with pytest.raises(SignInUnavailable):
        app.handler({"id_token": cognito.sign(cognito.claims(pool.now))}, None)

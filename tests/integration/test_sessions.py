"""Sessions on the table of the template, with a user pool of the tests' own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jmpy.accounts.service import AccountService
from jmpy.accounts.store import AccountStore
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.clock import HOUR
from jmpy.limits.changes import SignInLimit
from jmpy.sessions import cognito_http, login_state
from jmpy.sessions.errors import SignInDenied, SignInUnavailable
from jmpy.sessions.id_token import IdTokenVerifier
from jmpy.sessions.model import Session
from jmpy.sessions.oidc import ManagedLogin
from jmpy.sessions.people import People
from jmpy.sessions.service import LIFETIME, SessionService
from jmpy.sessions.signing_keys import SigningKeys
from jmpy.sessions.store import SessionStore
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, AUDIT, SESSIONS, USAGE
from tests import cognito
from tests.cognito import FakeCognito
from tests.integration.conftest import Clock
from tests.integration.network import Fault, Network, behind

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CALLBACK = "https://go.example.com/login/callback"


@pytest.fixture
def pool(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> FakeCognito:
    pool = FakeCognito(now=clock.time)
    monkeypatch.setattr(cognito_http, "post_form", pool.post_form)
    return pool


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> SessionStore:
    return SessionStore(dynamodb, SESSIONS)


@pytest.fixture
def sessions(
    accounts: AccountService, store: SessionStore, clock: Clock, dynamodb: DynamoDBClient
) -> SessionService:
    return SessionService(
        store,
        accounts,
        ManagedLogin(cognito.SIGN_IN_URL, cognito.SETTINGS),
        IdTokenVerifier(cognito.SETTINGS, SigningKeys(cognito.keys_document, clock), clock),
        People(clients.cognito(), cognito.POOL_ID),
        audit=AuditLog(dynamodb, AUDIT, SignInLimit(USAGE)),
        now=clock,
    )


def sign_in(sessions: SessionService, pool: FakeCognito) -> Session:
    started = login_state.start(None)
    pool.nonce = started.nonce
    pool.codes.add("code")
    return sessions.begin(started, "code", CALLBACK, SOMEBODY.source)


def test_a_session_begins_also_if_the_response_to_its_write_gets_lost(
    sessions: SessionService, accounts: AccountService, pool: FakeCognito
) -> None:
    accounts.ensure(cognito.SUBJECT, cognito.EMAIL, by=SOMEBODY)
    with behind(Network(Fault.LOST, is_write=True)) as network:
        begun = sign_in(sessions, pool)
    assert network.injected == 1
    assert sessions.find(begun.id) == begun


def later(pool: FakeCognito, clock: Clock, seconds: int) -> None:
    clock.time += seconds
    pool.now = clock.time


def test_the_first_sign_in_creates_the_account_on_the_free_plan(
    sessions: SessionService, pool: FakeCognito, dynamodb: DynamoDBClient
) -> None:
    accounts = AccountStore(dynamodb, ACCOUNTS)
    assert accounts.find(cognito.SUBJECT) is None
    session = sign_in(sessions, pool)
    assert (session.account_id, session.email) == (cognito.SUBJECT, cognito.EMAIL)
    account = accounts.find(cognito.SUBJECT)
    assert account is not None
    assert account.subscription.plan == "free"
    sign_in(sessions, pool)
    assert accounts.find(cognito.SUBJECT) == account


def test_a_code_is_exchanged_with_the_verifier_of_its_own_sign_in(
    sessions: SessionService, pool: FakeCognito
) -> None:
    started = login_state.start(None)
    pool.nonce = started.nonce
    pool.codes.add("code")
    sessions.begin(started, "code", CALLBACK, SOMEBODY.source)
    assert pool.sent[0]["code_verifier"] == started.verifier
    assert pool.sent[0]["redirect_uri"] == CALLBACK


def test_every_sign_in_gets_an_id_of_its_own(sessions: SessionService, pool: FakeCognito) -> None:
    ids = {sign_in(sessions, pool).id for _ in range(5)}
    assert len(ids) == 5
    assert {len(created) for created in ids} == {43}  # 256 bits in Base64


def test_a_session_is_found_by_its_id_alone(sessions: SessionService, pool: FakeCognito) -> None:
    session = sign_in(sessions, pool)
    assert sessions.find(session.id) == session
    for other in (None, "", "x", "a" * 43, session.id + "a", session.csrf_token()):
        assert sessions.find(other) is None


def test_the_table_holds_neither_id_nor_token(
    sessions: SessionService, pool: FakeCognito, dynamodb: DynamoDBClient
) -> None:
    session = sign_in(sessions, pool)
    items = dynamodb.scan(TableName=SESSIONS)["Items"]
    assert len(items) == 2
    assert session.id not in str(items)
    assert session.csrf_token()[32:] not in str(items)
    assert session.refresh_token not in str(items)


def test_a_response_to_another_sign_in_begins_nothing(
    sessions: SessionService, pool: FakeCognito, dynamodb: DynamoDBClient
) -> None:
    pool.nonce = "somebody-else's"
    pool.codes.add("code")
    with pytest.raises(SignInDenied):
        sessions.begin(login_state.start(None), "code", CALLBACK, SOMEBODY.source)
    assert dynamodb.scan(TableName=SESSIONS)["Items"] == []


def test_a_code_works_once(sessions: SessionService, pool: FakeCognito) -> None:
    sign_in(sessions, pool)
    with pytest.raises(SignInDenied):
        sessions.begin(login_state.start(None), "code", CALLBACK, SOMEBODY.source)


def test_a_session_ends_after_its_lifetime_however_busy(
    sessions: SessionService, pool: FakeCognito, clock: Clock
) -> None:
    session = sign_in(sessions, pool)
    for _ in range(LIFETIME // HOUR - 1):
        later(pool, clock, HOUR)
        assert sessions.find(session.id) is not None
    later(pool, clock, HOUR - 1)
    assert sessions.find(session.id) is not None
    later(pool, clock, 1)
    assert sessions.find(session.id) is None


def test_an_expired_id_token_is_refreshed_once(
    sessions: SessionService, pool: FakeCognito, clock: Clock
) -> None:
    session = sign_in(sessions, pool)
    later(pool, clock, HOUR)
    pool.changes = {"email": "new@example.com"}
    for _ in range(2):
        found = sessions.find(session.id)
        assert found is not None
        assert found.email == "new@example.com"
        assert found.owns(session.csrf_token())
    refreshes = [sent for sent in pool.sent if sent.get("grant_type") == "refresh_token"]
    assert len(refreshes) == 1


def test_a_rejected_refresh_ends_the_session(
    sessions: SessionService, store: SessionStore, pool: FakeCognito, clock: Clock
) -> None:
    session = sign_in(sessions, pool)
    later(pool, clock, HOUR)
    pool.refresh_tokens.clear()  # the user was disabled, say
    assert sessions.find(session.id) is None
    assert store.find(session.id) is None


@pytest.mark.parametrize(
    "changes", [{"sub": "00000000-0000-0000-0000-000000000000"}, {"aud": "client-2"}, {"exp": 1}]
)
def test_a_refresh_that_proves_something_else_ends_the_session(
    sessions: SessionService,
    store: SessionStore,
    pool: FakeCognito,
    clock: Clock,
    changes: dict[str, object],
) -> None:
    session = sign_in(sessions, pool)
    later(pool, clock, HOUR)
    pool.changes = changes
    assert sessions.find(session.id) is None
    assert store.find(session.id) is None


def test_a_fault_of_cognito_neither_ends_the_session_nor_lets_it_pass(
    sessions: SessionService, pool: FakeCognito, clock: Clock
) -> None:
    session = sign_in(sessions, pool)
    later(pool, clock, HOUR)
    pool.down = SignInUnavailable
    with pytest.raises(SignInUnavailable):
        sessions.find(session.id)
    pool.down = None
    assert sessions.find(session.id) is not None


def test_of_two_refreshes_at_once_both_survive(
    sessions: SessionService, pool: FakeCognito, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sign_in(sessions, pool)
    later(pool, clock, HOUR)
    others: list[Session | None] = []

    def meanwhile(url: str, fields: dict[str, str]) -> object:
        # The other request comes, refreshes and is done while this one waits for Cognito.
        monkeypatch.setattr(cognito_http, "post_form", pool.post_form)
        others.append(sessions.find(session.id))
        return pool.post_form(url, fields)

    monkeypatch.setattr(cognito_http, "post_form", meanwhile)
    assert sessions.find(session.id) is not None
    assert others[0] is not None
    assert sessions.find(session.id) is not None


def test_where_refresh_tokens_rotate_the_slower_of_two_survives(
    sessions: SessionService, pool: FakeCognito, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sign_in(sessions, pool)
    later(pool, clock, HOUR)

    def used_up(_url: str, _fields: dict[str, str]) -> object:
        monkeypatch.setattr(cognito_http, "post_form", pool.post_form)
        assert sessions.find(session.id) is not None  # the faster one
        raise cognito_http.Rejected

    monkeypatch.setattr(cognito_http, "post_form", used_up)
    assert sessions.find(session.id) is not None
    assert sessions.find(session.id) is not None


def test_a_refresh_does_not_bring_back_a_session_that_was_ended_meanwhile(
    sessions: SessionService,
    store: SessionStore,
    pool: FakeCognito,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = sign_in(sessions, pool)
    later(pool, clock, HOUR)

    def meanwhile(url: str, fields: dict[str, str]) -> object:
        store.remove(session.id)
        return pool.post_form(url, fields)

    monkeypatch.setattr(cognito_http, "post_form", meanwhile)
    assert sessions.find(session.id) is None
    assert store.find(session.id) is None


def test_the_end_of_a_session_revokes_its_refresh_token(
    sessions: SessionService, pool: FakeCognito
) -> None:
    session = sign_in(sessions, pool)
    other = sign_in(sessions, pool)
    sessions.end(session, by=SOMEBODY)
    assert sessions.find(session.id) is None
    assert pool.refresh_tokens == {other.refresh_token}
    assert sessions.find(other.id) == other


def test_signing_out_works_while_cognito_does_not(
    sessions: SessionService, pool: FakeCognito
) -> None:
    session = sign_in(sessions, pool)
    pool.down = SignInUnavailable
    sessions.end(session, by=SOMEBODY)
    assert sessions.find(session.id) is None


def test_a_form_token_belongs_to_one_session(sessions: SessionService, pool: FakeCognito) -> None:
    mine, other = sign_in(sessions, pool), sign_in(sessions, pool)
    token = mine.csrf_token()
    assert mine.owns(token)
    for wrong in (
        "",
        "x",
        other.csrf_token(),
        mine.id,
        token.upper(),
        token[:32],
        other.csrf_token()[:32] + token[32:],
        "\u00e9",
    ):
        assert not mine.owns(wrong)


def test_no_two_pages_repeat_a_secret_whose_length_could_be_guessed(
    sessions: SessionService, pool: FakeCognito
) -> None:
    """Compressed responses that repeat a secret beside what was asked for give it away (BREACH)."""
    session = sign_in(sessions, pool)
    tokens = {session.csrf_token() for _ in range(50)}
    assert len({token[:32] for token in tokens}) == len({token[32:] for token in tokens}) == 50
    assert all(map(session.owns, tokens))


def test_a_sessions_text_shows_no_secret(sessions: SessionService, pool: FakeCognito) -> None:
    session = sign_in(sessions, pool)
    for secret in (session.id, session.refresh_token):
        assert secret not in repr(session)

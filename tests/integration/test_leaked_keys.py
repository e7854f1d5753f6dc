"""`POST /api/v1/leaked-keys`: reports of secret scanners, signed and not."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jmpy.alerts.facts import LeakedKey, LeakedToken
from jmpy.alerts.rule import Rule
from jmpy.alerts.store import AlertStore
from jmpy.audit.model import Action, Actor, ActorType, Channel, Origin, Source
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.key_set import LIFETIME
from jmpy.key_tokens import text
from jmpy.keys import token
from jmpy.keys.model import KeyStatus
from jmpy.leaks.errors import PublisherUnavailable
from jmpy.leaks.publisher import Publisher
from jmpy.refreshed import PAUSE, RETAINED
from project import functions
from project.origins import SOMEBODY
from project.tables import ACTIVITY, ALERT_TOPIC_NAME, AUDIT
from tests.integration.alerts import stored
from tests.integration.conftest import Clock, create_alerts_queue
from tests.integration.key_tokens import token_service

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.keys.model import IssuedKey
    from jmpy.keys.service import KeyService
    from project.functions import Response

PATH = "/api/v1/leaked-keys"
KEY_ID = "90a421169f0a4062"
ED25519 = (
    ed25519.Ed25519PrivateKey.generate()
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
# Of an algorithm that nobody has: the identifier 1.2.3.
UNSUPPORTED = "-----BEGIN PUBLIC KEY-----\nMAowBAYCKgMDAgAA\n-----END PUBLIC KEY-----\n"


class Scanner:
    """Signs as GitHub does, and publishes its key."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.fetched = 0
        self.app = functions.load("leaked_keys")
        self.app.publisher = Publisher(self.published)

    def published(self) -> Any:
        self.fetched += 1
        pem = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        entry = {"key_identifier": KEY_ID, "key": pem.decode(), "is_current": True}
        return {"public_keys": [entry]}

    def signature(self, body: str) -> str:
        return base64.b64encode(self._key.sign(body.encode(), ec.ECDSA(SHA256()))).decode()

    def report(self, body: Any, *, method: str = "POST", **headers: str) -> Response:
        text = body if isinstance(body, str) else json.dumps(body)
        sent = {
            "Github-Public-Key-Identifier": KEY_ID,
            "Github-Public-Key-Signature": self.signature(text),
            **headers,
        }
        event = functions.event(method, PATH, body=text, headers=sent)
        return functions.call(self.app.handler, event)


@pytest.fixture
def scanner(dynamodb: DynamoDBClient) -> Scanner:
    create_alerts_queue()
    boto3.client("sns").create_topic(Name=ALERT_TOPIC_NAME)
    return Scanner()


@pytest.fixture
def leaked(service: KeyService, account: Account) -> IssuedKey:
    return service.create("acme", "Leaked", ["read"], by=SOMEBODY)


def found(secret: str) -> list[dict[str, str]]:
    return [{"token": secret, "type": "jmpy_api_key", "url": "https://github.com/a/b/x.py"}]


def test_a_reported_key_is_revoked_and_its_owner_notified_once(
    scanner: Scanner, leaked: IssuedKey, service: KeyService, dynamodb: DynamoDBClient
) -> None:
    for _ in range(2):
        response = scanner.report(found(leaked.secret))
        assert (response.status, response.body) == (200, [])
    assert service.get("acme", leaked.record.id).status is KeyStatus.REVOKED
    (alert,) = stored(AlertStore(dynamodb, ACTIVITY))
    assert (alert.rule, alert.key_id) == (Rule.LEAKED_KEY, leaked.record.id)
    assert alert.facts == LeakedKey("https://github.com/a/b/x.py")
    assert leaked.secret not in str(dynamodb.scan(TableName=ACTIVITY))


def test_a_reported_key_was_revoked_by_the_scanner_that_signed(
    scanner: Scanner, leaked: IssuedKey, dynamodb: DynamoDBClient
) -> None:
    assert scanner.report(found(leaked.secret) * 2).status == 200
    (revoked,) = AuditLog(dynamodb, AUDIT).all("acme", EntryFilter(action=Action.KEY_REVOKED), 10)
    assert revoked.origin == Origin(
        Actor(ActorType.SECRET_SCANNER, KEY_ID),
        Source(Channel.API, "192.0.2.1", "test", "request-1"),
    )


def test_a_reported_token_is_revoked_and_its_key_works_on(
    scanner: Scanner, leaked: IssuedKey, service: KeyService, dynamodb: DynamoDBClient
) -> None:
    tokens = token_service(dynamodb)
    one, other = tokens.create(leaked.record), tokens.create(leaked.record)
    for _ in range(2):
        response = scanner.report(found(one.secret))
        assert (response.status, response.body) == (200, [])
    assert [token.id for token in tokens.of_key(leaked.record)] == [other.record.id]
    assert service.get("acme", leaked.record.id).status is KeyStatus.ACTIVE
    (alert,) = stored(AlertStore(dynamodb, ACTIVITY))
    assert (alert.key_id, alert.facts) == (
        leaked.record.id,
        LeakedToken("https://github.com/a/b/x.py"),
    )
    log = AuditLog(dynamodb, AUDIT).all("acme", EntryFilter(action=Action.TOKENS_REVOKED), 10)
    assert [entry.origin.actor for entry in log] == [Actor(ActorType.SECRET_SCANNER, KEY_ID)]


def test_a_token_that_is_not_ours_or_no_longer_works_is_ignored(
    scanner: Scanner, leaked: IssuedKey, service: KeyService, dynamodb: DynamoDBClient
) -> None:
    issued = token_service(dynamodb).create(leaked.record)
    unknown = text.compose(leaked.record.digest, 0, "A" * 32)
    assert scanner.report([*found(unknown), *found(issued.secret[:-1])]).body == []
    service.revoke("acme", leaked.record.id, by=SOMEBODY)
    assert scanner.report(found(issued.secret)).body == []
    assert stored(AlertStore(dynamodb, ACTIVITY)) == []


def test_the_response_does_not_reveal_which_keys_are_ours(
    scanner: Scanner, leaked: IssuedKey
) -> None:
    unknown = scanner.report([*found(token.generate()), *found("ghp_something-else")])
    known = scanner.report(found(leaked.secret))
    assert (unknown.status, unknown.text) == (known.status, known.text)


@pytest.mark.parametrize(
    "headers",
    [
        {"Github-Public-Key-Signature": ""},
        {"Github-Public-Key-Signature": "not base64!"},
        {"Github-Public-Key-Signature": "caf\u00e9"},
        {"Github-Public-Key-Signature": "\U0001f511=="},
        {"Github-Public-Key-Signature": "MEUCIQ"},
        {"Github-Public-Key-Signature": "A" * 100_000},
        {"Github-Public-Key-Identifier": "caf\u00e9"},
        {"Github-Public-Key-Identifier": "9" * 10_000},
        {"Github-Public-Key-Signature": base64.b64encode(b"forged").decode()},
        {"Github-Public-Key-Identifier": ""},
        {"Github-Public-Key-Identifier": "another"},
    ],
)
def test_a_report_that_is_not_signed_does_nothing(
    scanner: Scanner, leaked: IssuedKey, service: KeyService, headers: dict[str, str]
) -> None:
    response = scanner.report(found(leaked.secret), **headers)
    assert (response.status, response.code) == (401, "INVALID_SIGNATURE")
    assert service.get("acme", leaked.record.id).status is KeyStatus.ACTIVE


def test_a_signature_is_of_one_body(
    scanner: Scanner, leaked: IssuedKey, service: KeyService
) -> None:
    other = scanner.signature(json.dumps(found("another")))
    headers = {"Github-Public-Key-Signature": other}
    assert scanner.report(found(leaked.secret), **headers).status == 401
    assert service.get("acme", leaked.record.id).status is KeyStatus.ACTIVE


@pytest.mark.parametrize("body", ["", "{", "{}", "[1]", '[{"type": "x"}]', "[[]]", "null"])
def test_a_malformed_report_is_explained(scanner: Scanner, body: str) -> None:
    response = scanner.report(body)
    assert (response.status, response.code) == (400, "INVALID_REQUEST")


def test_another_method_is_not_allowed(scanner: Scanner) -> None:
    response = scanner.report([], method="GET")
    assert (response.status, response.headers["allow"]) == (405, "POST")


def test_without_the_public_keys_nothing_is_believed(
    scanner: Scanner, leaked: IssuedKey, service: KeyService
) -> None:
    def unavailable() -> Any:
        raise PublisherUnavailable

    scanner.app.publisher = Publisher(unavailable)
    response = scanner.report(found(leaked.secret))
    assert (response.status, response.headers["retry-after"]) == (503, "5")
    assert service.get("acme", leaked.record.id).status is KeyStatus.ACTIVE


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        {"public_keys": []},
        {"public_keys": [{}]},
        {"public_keys": [{"key": "x"}]},
        {"public_keys": [{"key_identifier": [], "key": ""}]},
        {"public_keys": [{"key_identifier": KEY_ID, "key": UNSUPPORTED}]},
        {"public_keys": [{"key_identifier": KEY_ID, "key": ED25519}]},
    ],
)
def test_public_keys_that_cannot_be_read_are_none(scanner: Scanner, document: Any) -> None:
    scanner.app.publisher = Publisher(lambda: document)
    assert scanner.report([]).status == 503


def test_invented_keys_do_not_make_us_ask_each_time(scanner: Scanner, clock: Clock) -> None:
    scanner.app.publisher = Publisher(scanner.published, clock)
    for number in range(5):
        headers = {"Github-Public-Key-Identifier": f"unknown-{number}"}
        assert scanner.report([], **headers).status == 401
    assert scanner.fetched == 1
    clock.time += PAUSE
    scanner.report([], **{"Github-Public-Key-Identifier": "unknown"})
    assert scanner.fetched == 2


def test_while_the_publisher_is_down_reports_do_not_each_ask_it(
    scanner: Scanner, clock: Clock
) -> None:
    requested: list[float] = []

    def down() -> Any:
        requested.append(clock.time)
        raise PublisherUnavailable("down")

    scanner.app.publisher = Publisher(down, clock)
    for number in range(1000):
        headers = {"Github-Public-Key-Identifier": f"invented-{number}"}
        assert scanner.report([], **headers).status == 503
    assert len(requested) == 1


def test_known_keys_are_believed_while_the_publisher_is_down(
    scanner: Scanner, clock: Clock, leaked: IssuedKey, service: KeyService
) -> None:
    documents = iter([scanner.published()])

    def published() -> Any:
        try:
            return next(documents)
        except StopIteration:
            raise PublisherUnavailable("down") from None

    scanner.app.publisher = Publisher(published, clock)
    assert scanner.report([]).status == 200
    clock.time += LIFETIME
    assert scanner.report(found(leaked.secret)).status == 200
    assert service.get("acme", leaked.record.id).status is KeyStatus.REVOKED
    clock.time += RETAINED
    assert scanner.report([]).status == 503


def test_an_invalid_signature_causes_no_request_for_keys(scanner: Scanner) -> None:
    for signature in ("", "not base64!", "caf\u00e9"):
        assert scanner.report([], **{"Github-Public-Key-Signature": signature}).status == 401
    assert scanner.fetched == 0

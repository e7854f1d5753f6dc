"""What an owner notes about a key, and from when to when it is valid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.audit.model import Actor, ActorType, Channel, Origin, Source
from jmpy.clock import DAY
from jmpy.formats.times import LATEST
from jmpy.keys.errors import InvalidKeyRequest, KeyChanged, KeyNotActive
from jmpy.keys.item import expiry_day
from jmpy.keys.model import KeyState
from jmpy.keys.store import KeyStore
from project.origins import SOMEBODY
from project.tables import ACCOUNTS
from tests.integration.api_keys import Keys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from tests.integration.conftest import Clock

ADA = Origin(Actor(ActorType.USER, "acme", "ada@example.com"), Source(Channel.DASHBOARD))
NOTES: dict[str, Any] = {"description": "Nightly import\nof the agency", "labels": ("growth", "ci")}


@pytest.fixture
def key(service: KeyService, account: Account, clock: Clock) -> ApiKey:
    ends = int(clock.time) + 10 * DAY
    return service.create("acme", "one", ["read"], ends, by=ADA, **NOTES).record


def moved(service: KeyService, key: ApiKey, **times: int | None) -> ApiKey:
    return service.change("acme", key.id, by=SOMEBODY, **times)  # type: ignore[arg-type]


def test_a_key_starts_to_be_valid_at_its_time(
    service: KeyService, key: ApiKey, clock: Clock
) -> None:
    start = int(clock.time) + 60
    later = service.create("acme", "two", ["read"], by=SOMEBODY, not_before=start).record
    assert later.state(clock.time) is KeyState.NOT_YET_VALID
    assert later.state(start) is KeyState.ACTIVE
    narrowed = moved(service, key, not_before=start)
    assert narrowed.state(clock.time) is KeyState.NOT_YET_VALID
    opened = moved(service, key, not_before=None)
    assert opened.state(clock.time) is KeyState.ACTIVE


def test_the_expiry_moves_both_ways_and_the_index_follows(
    dynamodb: DynamoDBClient, service: KeyService, key: ApiKey, clock: Clock
) -> None:
    store = KeyStore(dynamodb, ACCOUNTS)
    day = expiry_day(key.expires_at or 0)
    assert [found.id for found in store.ending_on(day)] == [key.id]
    for ends in (int(clock.time) + DAY, int(clock.time) + 30 * DAY):
        assert moved(service, key, expires_at=ends).expires_at == ends
        assert [found.id for found in store.ending_on(expiry_day(ends))] == [key.id]
        assert store.ending_on(day) == []
    assert moved(service, key, expires_at=None).expires_at is None
    assert store.ending_on(expiry_day(ends)) == []
    assert moved(service, key, expires_at=None).version == 4


def in_days(clock: Clock, days: float) -> int:
    return int(clock.time + days * DAY)


@pytest.mark.parametrize(
    ("field", "days"),
    [("expires_at", 0), ("expires_at", -1), ("not_before", 0), ("not_before", 10)],
)
def test_a_time_is_in_the_future_and_in_order(
    service: KeyService, key: ApiKey, clock: Clock, field: str, days: int
) -> None:
    with pytest.raises(InvalidKeyRequest) as rejected:
        moved(service, key, **{field: in_days(clock, days)})
    assert rejected.value.field == field
    for beyond in (LATEST + 1, 10**12):
        with pytest.raises(InvalidKeyRequest):
            moved(service, key, **{field: beyond})
    assert service.get("acme", key.id) == key


def test_an_expiry_before_the_start_is_rejected_at_creation_too(
    service: KeyService, key: ApiKey, clock: Clock
) -> None:
    start = in_days(clock, 9)
    moved(service, key, not_before=start)
    with pytest.raises(InvalidKeyRequest):
        moved(service, key, expires_at=start)
    with pytest.raises(InvalidKeyRequest):
        service.create("acme", "two", ["read"], start, by=SOMEBODY, not_before=start)


def test_what_was_reached_meanwhile_can_be_sent_again(
    service: KeyService, key: ApiKey, clock: Clock
) -> None:
    """By a client that always sends all fields."""
    start = in_days(clock, 1)
    moved(service, key, not_before=start)
    clock.time += 2 * DAY
    assert moved(service, key, not_before=start, expires_at=key.expires_at).version == 2


def test_a_grace_period_can_only_be_shortened(
    service: KeyService, key: ApiKey, clock: Clock
) -> None:
    service.rotate("acme", key.id, DAY, by=SOMEBODY)
    for longer in (in_days(clock, 1.5), None):
        with pytest.raises(InvalidKeyRequest, match="only be shortened"):
            moved(service, key, expires_at=longer)
    assert moved(service, key, expires_at=in_days(clock, 0.5)).state(clock.time) == "rotating"


def test_what_has_ended_stays_so(service: KeyService, key: ApiKey, clock: Clock) -> None:
    clock.time += 10 * DAY
    with pytest.raises(KeyNotActive):
        moved(service, key, expires_at=in_days(clock, 1))


def test_a_stale_change_of_the_expiry_is_rejected(
    service: KeyService, key: ApiKey, clock: Clock
) -> None:
    moved(service, key, expires_at=in_days(clock, 5))
    with pytest.raises(KeyChanged):
        service.change("acme", key.id, by=SOMEBODY, version=1, expires_at=in_days(clock, 6))


def test_a_rotation_copies_the_notes_and_names_its_own_actor(
    service: KeyService, key: ApiKey, clock: Clock
) -> None:
    start = in_days(clock, 1)
    moved(service, key, not_before=start)
    new = service.rotate("acme", key.id, by=SOMEBODY).record
    assert (new.description, new.labels) == (NOTES["description"], NOTES["labels"])
    assert new.not_before == start
    assert key.created_by == {"type": "user", "id": "acme", "name": "ada@example.com"}
    assert (new.created_by or {})["id"] == SOMEBODY.actor.id
    assert service.get("acme", new.id) == new


@pytest.mark.parametrize(
    ("field", "sent", "stored"),
    [
        ("description", "  two\r\nlines ", "two\nlines"),
        ("description", " ", None),
        ("description", None, None),
        ("labels", ["b", " a ", "b"], ["b", "a"]),
        ("labels", [], []),
    ],
)
@pytest.mark.usefixtures("account")
def test_notes_are_stored_as_they_are_shown(field: str, sent: Any, stored: Any) -> None:
    keys = Keys()
    created = keys.create(**{field: sent})
    assert created[field] == stored
    assert keys("GET", created["id"]).body["data"][field] == stored
    other = keys.create()["id"]
    assert keys("PATCH", other, body={field: sent}).body["data"][field] == stored


@pytest.mark.parametrize(
    "body",
    [
        {"description": "x" * 501},
        {"description": "a\0b"},
        {"labels": ["x" * 65]},
        {"labels": [""]},
        {"labels": ["two\nlines"]},
        {"labels": ["a,b"]},
        {"labels": [str(number) for number in range(11)]},
        {"not_before": "2020-01-01T00:00:00Z"},
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"not_before": "soon"},
    ],
)
@pytest.mark.usefixtures("account")
def test_the_api_names_the_field_that_breaks_its_rule(body: dict[str, Any]) -> None:
    keys = Keys()
    key_id = keys.create()["id"]
    for response in (
        keys("POST", body={"name": "two", "permissions": ["read"], **body}),
        keys("PATCH", key_id, body=body),
    ):
        assert response.status == 422
        assert [
            error["field"].split(".")[0] for error in response.body["error"]["details"]["errors"]
        ] == list(body)


@pytest.mark.usefixtures("account")
def test_who_created_a_key_is_for_its_owner_alone() -> None:
    keys = Keys()
    created = keys.create()
    assert created["created_by"]["type"] == "user"
    assert keys("GET", created["id"]).body["data"]["created_by"] == created["created_by"]
    assert keys.holding("GET", created["id"]).body["data"]["created_by"] is None
    assert keys.holding("DELETE", created["id"]).body["data"]["created_by"] is None

"""The limit on attempts at a link's password: what is counted, when, and what races cannot do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import argon2
import boto3
import pytest

from jmpy.links import attempts as limits
from jmpy.links.attempts import Attempts
from jmpy.links.errors import TooManyAttempts
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from tests.integration import functions
from tests.integration.conftest import LINKS, Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

URL = "https://example.com/"
SECRET = "correct horse"


@pytest.fixture
def attempts(dynamodb: DynamoDBClient, clock: Clock) -> Attempts:
    return Attempts(dynamodb, LINKS, clock)


@pytest.fixture
def app(dynamodb: DynamoDBClient, clock: Clock, attempts: Attempts) -> Any:
    """The redirect function with one protected link, at the clock's time."""
    LinkService(LinkStore(dynamodb, LINKS)).create(
        "a", url=URL, custom_alias="locked", password=SECRET
    )
    loaded = functions.load("redirect")
    loaded.attempts = attempts
    return loaded


def send(app: Any, password: str) -> functions.Answer:
    sent = functions.event(
        "POST", "/locked", parameters={"proxy": "locked"}, body=f"password={password}"
    )
    return functions.call(app.handler, sent)


def exhaust(attempts: Attempts, code: str = "locked", address: str = "192.0.2.1") -> None:
    for _ in range(limits.PER_ADDRESS):
        attempts.count(code, address)


def test_a_right_password_works_after_wrong_ones(app: Any) -> None:
    for _ in range(limits.PER_ADDRESS - 1):
        assert send(app, "wrong horse").status == 401
    assert send(app, SECRET).status == 303


@pytest.mark.parametrize("elapsed", [0, 1, limits.WINDOW - 1])
def test_the_wait_ends_with_the_window(
    app: Any, attempts: Attempts, clock: Clock, elapsed: int
) -> None:
    clock.time = clock.time // limits.WINDOW * limits.WINDOW + elapsed
    exhaust(attempts)
    refused = send(app, SECRET)
    assert (refused.status, refused.code) == (429, "RATE_LIMIT_EXCEEDED")
    wait = int(refused.headers["retry-after"])
    assert wait == limits.WINDOW - elapsed
    clock.time += wait - 1
    assert send(app, SECRET).status == 429
    clock.time += 1
    assert send(app, SECRET).status == 303


@pytest.mark.parametrize(("code", "address"), [("other", "192.0.2.1"), ("locked", "192.0.2.2")])
def test_addresses_and_links_are_counted_apart(attempts: Attempts, code: str, address: str) -> None:
    exhaust(attempts)
    with pytest.raises(TooManyAttempts):
        attempts.count("locked", "192.0.2.1")
    attempts.count(code, address)


def test_a_blocked_address_does_not_use_up_the_link(
    dynamodb: DynamoDBClient, attempts: Attempts
) -> None:
    exhaust(attempts)
    for _ in range(limits.PER_LINK):
        with pytest.raises(TooManyAttempts):
            attempts.count("locked", "192.0.2.1")
    attempts.count("locked", "192.0.2.2")


def test_beyond_the_limit_nothing_is_hashed(
    app: Any, attempts: Attempts, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhaust(attempts)
    monkeypatch.delattr(argon2.PasswordHasher, "verify")
    assert send(app, SECRET).status == 429


def test_what_is_too_long_is_not_hashed(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(argon2.PasswordHasher, "verify")
    assert send(app, "x" * 65).status == 401


def test_an_attempt_is_counted_before_its_password_is_hashed(
    app: Any, attempts: Attempts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that whoever makes hashing fail has still spent the attempt."""
    with monkeypatch.context() as broken:
        broken.delattr(argon2.PasswordHasher, "verify")
        for _ in range(limits.PER_ADDRESS):
            assert send(app, SECRET).status == 500
    assert send(app, SECRET).status == 429


def test_attempts_at_the_same_time_cannot_pass_the_limit(
    dynamodb: DynamoDBClient, attempts: Attempts, clock: Clock
) -> None:
    """A rival takes the last attempt while ours is on its way to the table."""
    for _ in range(limits.PER_ADDRESS - 1):
        attempts.count("locked", "192.0.2.1")
    rival = Attempts(boto3.client("dynamodb"), LINKS, clock)
    left = [rival]

    def overtake(**_: Any) -> None:
        if left:
            left.pop().count("locked", "192.0.2.1")

    dynamodb.meta.events.register("before-call.dynamodb.UpdateItem", overtake)
    with pytest.raises(TooManyAttempts):
        attempts.count("locked", "192.0.2.1")

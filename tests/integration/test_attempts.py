"""Guesses at a link's password: who is slowed, who never is, and what races cannot do."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import argon2
import boto3
import pytest

from jmpy.clock import HOUR
from jmpy.links import attempts as limits
from jmpy.links.attempts import NETWORK, SLOWED, SLOWED_SITE, Attempts, networks
from jmpy.links.errors import TooManyAttempts
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from project import functions
from project.tables import LINKS
from project.template import PROJECT
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

URL = "https://example.com/"
SECRET = "correct horse"
HERE = "192.0.2.1"


@pytest.fixture
def attempts(dynamodb: DynamoDBClient, clock: Clock) -> Attempts:
    return Attempts(dynamodb, LINKS, clock)


@pytest.fixture
def app(dynamodb: DynamoDBClient, attempts: Attempts) -> Any:
    """The redirect function with one protected link, at the clock's time."""
    LinkService(LinkStore(dynamodb, LINKS)).create(
        "a", NewLink(URL, custom_alias="locked", password=SECRET)
    )
    loaded = functions.load("redirect")
    loaded.attempts = lambda: attempts
    return loaded


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that take no time to look at."""
    same = lambda password, _stored: password == SECRET  # noqa: E731
    monkeypatch.setattr("jmpy.links.password.matches", same)


def send(app: Any, password: str, address: str = HERE, **headers: str) -> functions.Response:
    sent = functions.event(
        "POST",
        "/locked",
        parameters={"proxy": "locked"},
        body=f"password={password}",
        headers=headers,
    )
    sent["requestContext"]["identity"]["sourceIp"] = address
    return functions.call(app.handler, sent)


def guess(attempts: Attempts, address: str = HERE, code: str = "locked", times: int = 1) -> None:
    for _ in range(times):
        attempts.was_wrong(attempts.begin(code, address))


@pytest.fixture
def attacked(attempts: Attempts, monkeypatch: pytest.MonkeyPatch) -> Attempts:
    """From so many networks that the link is slowed."""
    monkeypatch.setattr(limits, "CEILING", 5)
    for number in range(limits.CEILING):
        guess(attempts, f"198.51.{number}.1")
    return attempts


# Who knows the password


@pytest.mark.usefixtures("quick")
def test_the_right_password_is_admitted_from_elsewhere_while_a_link_is_attacked(app: Any) -> None:
    statuses = {
        send(app, "wrong horse", f"198.51.{number}.{host}").status
        for number in range(30)
        for host in (1, 1, 1, 2, 3)
    }
    assert statuses == {401, 429}
    assert send(app, SECRET, "203.0.113.9").status == 303
    assert send(app, SECRET, "2001:db8::9").status == 303


@pytest.mark.usefixtures("quick")
def test_a_class_behind_one_address_gets_in_with_some_typos(app: Any) -> None:
    for number in range(40):
        if number % 3 == 0:
            assert send(app, "wrong horse").status == 401
        assert send(app, SECRET).status == 303


def test_a_right_password_works_after_wrong_ones(app: Any) -> None:
    for _ in range(NETWORK.free - 1):
        assert send(app, "wrong horse").status == 401
    assert send(app, SECRET).status == 303


# Who does not


@pytest.mark.usefixtures("quick")
def test_each_wait_is_twice_the_one_before_up_to_an_hour(app: Any, clock: Clock) -> None:
    for _ in range(NETWORK.free):
        assert send(app, "wrong horse").status == 401
    waits = []
    for _ in range(9):
        refused = send(app, SECRET)
        assert (refused.status, refused.code) == (429, "RATE_LIMIT_EXCEEDED")
        waits.append(int(refused.headers["retry-after"]))
        clock.time += waits[-1] - 1
        assert send(app, SECRET).headers["retry-after"] == "1"  # asking early costs nothing
        clock.time += 1
        assert send(app, "wrong horse").status == 401
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    clock.time += limits.FORGOTTEN
    assert send(app, "wrong horse").status == 401
    assert send(app, SECRET).status == 303


def test_an_attacked_link_lets_each_network_try_twice_and_then_wait_longer(
    attacked: Attempts, clock: Clock
) -> None:
    attempts = attacked
    guess(attempts, times=SLOWED.free)
    with pytest.raises(TooManyAttempts) as refused:
        attempts.begin("locked", HERE)
    assert refused.value.retry_after == SLOWED.first_wait
    attempts.begin("other", HERE)  # which nobody attacks
    clock.time = (clock.time // HOUR + 1) * HOUR  # and nobody this one any more
    attempts.begin("locked", HERE)


@pytest.mark.parametrize(
    ("one", "another", "together"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", True),
        ("2001:db8:0:1::1", "2001:0DB8:0000:0001::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("unknown", "unknown", True),
    ],
)
def test_a_network_is_an_ipv4_address_or_the_64_of_an_ipv6_one(
    attempts: Attempts, one: str, another: str, together: bool
) -> None:
    guess(attempts, one, times=NETWORK.free)
    if together:
        with pytest.raises(TooManyAttempts):
            attempts.begin("locked", another)
    else:
        attempts.begin("locked", another)


def test_of_an_attacked_link_a_customer_with_65_536_networks_is_one(attacked: Attempts) -> None:
    attempts = attacked
    for number in range(SLOWED_SITE.free):
        guess(attempts, f"2001:db8:0:{number:x}::1")
    for number in (100, 101, 101, 101, 101):
        with pytest.raises(TooManyAttempts):
            attempts.begin("locked", f"2001:db8:0:{number:x}::1")
    guess(attempts, "2001:db8:1::1")  # of another customer
    assert networks("192.0.2.1") == ("192.0.2.1", None)


def test_links_are_counted_apart(attempts: Attempts) -> None:
    guess(attempts, times=NETWORK.free)
    with pytest.raises(TooManyAttempts):
        attempts.begin("locked", HERE)
    attempts.begin("other", HERE)


def test_a_network_that_has_to_wait_cannot_slow_the_link(
    attempts: Attempts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CEILING", 2 * NETWORK.free)
    guess(attempts, times=NETWORK.free)
    for _ in range(limits.CEILING):
        with pytest.raises(TooManyAttempts):
            attempts.begin("locked", HERE)
    guess(attempts, "192.0.2.2", times=NETWORK.free)  # not only twice


# What is counted, and when


def test_beyond_the_limit_nothing_is_hashed(
    app: Any, attempts: Attempts, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess(attempts, times=NETWORK.free)
    monkeypatch.delattr(argon2.PasswordHasher, "verify")
    assert send(app, SECRET).status == 429


def test_what_is_too_long_is_not_hashed(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(argon2.PasswordHasher, "verify")
    assert send(app, "x" * 65).status == 401


def test_an_attempt_is_counted_before_its_password_is_hashed(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that whoever makes hashing fail has still spent the attempt."""
    with monkeypatch.context() as broken:
        broken.delattr(argon2.PasswordHasher, "verify")
        for _ in range(NETWORK.free):
            assert send(app, SECRET).status == 500
    assert send(app, SECRET).status == 429


def test_attempts_at_the_same_time_cannot_pass_the_limit(
    dynamodb: DynamoDBClient, attempts: Attempts, clock: Clock
) -> None:
    """A rival takes the last attempt while ours is on its way to the table."""
    guess(attempts, times=NETWORK.free - 1)
    rival = Attempts(boto3.client("dynamodb"), LINKS, clock)
    left = [rival]

    def overtake(**_: Any) -> None:
        if left:
            left.pop().begin("locked", HERE)

    dynamodb.meta.events.register("before-call.dynamodb.UpdateItem", overtake)
    with pytest.raises(TooManyAttempts):
        attempts.begin("locked", HERE)


def test_who_is_overtaken_again_and_again_waits_and_is_no_fault(
    dynamodb: DynamoDBClient,
    attempts: Attempts,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "NETWORK", replace(NETWORK, free=1000))
    rival = Attempts(boto3.client("dynamodb"), LINKS, clock)

    def overtake(**_: Any) -> None:
        rival.begin("locked", HERE)

    dynamodb.meta.events.register("before-call.dynamodb.UpdateItem", overtake)
    with pytest.raises(TooManyAttempts):
        attempts.begin("locked", HERE)


def test_the_counters_name_no_address_and_forget_themselves(
    dynamodb: DynamoDBClient, attempts: Attempts, clock: Clock
) -> None:
    guess(attempts)
    guess(attempts, "2001:db8::1")
    items = dynamodb.scan(TableName=LINKS)["Items"]
    assert len(items) == 3
    assert not re.search(r"192\.0\.2\.1|2001:db8", str(items))
    ends = [int(item[limits.TTL_ATTRIBUTE]["N"]) for item in items]
    assert all(clock.time < end <= clock.time + limits.FORGOTTEN for end in ends)


def test_an_item_that_dynamodb_has_yet_to_delete_counts_no_more(
    attempts: Attempts, clock: Clock
) -> None:
    guess(attempts, times=NETWORK.free)
    clock.time += limits.FORGOTTEN
    guess(attempts, times=NETWORK.free)
    with pytest.raises(TooManyAttempts):
        attempts.begin("locked", HERE)


# What that leaves


def guesses(pace: limits.Pace, days: int) -> int:
    """Of one network that guesses whenever it may."""
    now, made = 0, 0
    while now < days * 24 * 3600:
        made += 1
        now += pace.wait(made)
    return made


def test_the_page_says_what_is_left_to_guess() -> None:
    page = (PROJECT / "docs" / "security.md").read_text()
    rows = {"A network": NETWORK, "slowed": SLOWED, "IPv6 networks": SLOWED_SITE}
    for name, pace in rows.items():
        first, later = guesses(pace, 1), guesses(pace, 2) - guesses(pace, 1)
        assert re.search(rf"^\| [^|]*{name}[^|]* \| {first} \| {later} \|", page, re.MULTILINE), (
            name, first, later,
        )  # fmt: skip

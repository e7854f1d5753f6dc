"""The sentence that says what a key can do."""

from __future__ import annotations

import pytest

from jmpy.access.permission import Permission
from jmpy.clock import DAY
from jmpy.dashboard.key_summary import sentences
from jmpy.formats.times import parse_time


def at(text: str) -> int:
    time = parse_time(text)
    assert time is not None
    return int(time.timestamp())


def test_it_says_what_from_where_and_until_when() -> None:
    found = sentences(
        ["read", "analytics"],
        ["203.0.113.0/24"],
        at("2027-02-25T04:50:00Z"),
        (),
        header_only=True,
        exists=False,
    )
    assert found == (
        "This key will be able to read links and statistics from 203.0.113.0/24 until "
        "25 February 2027. It has to be sent in a header."
    )


def test_of_a_key_that_exists_it_speaks_in_the_present() -> None:
    found = sentences(["read"], [], None, (), header_only=False, exists=True)
    assert found == (
        "This key can read links from any address until it is revoked. It can be sent in a header "
        "or, less safely, in a URL."
    )


@pytest.mark.parametrize(
    ("permissions", "expected"),
    [
        ("read", "read links"),
        ("write", "create and change links"),
        ("delete", "delete links"),
        ("analytics", "read statistics"),
        ("read analytics", "read links and statistics"),
        ("read write", "read, create and change links"),
        ("write analytics", "create and change links and read statistics"),
        (
            "read write delete analytics",
            "read, create, change and delete links and read statistics",
        ),
    ],
)
def test_permissions_are_verbs(permissions: str, expected: str) -> None:
    found = sentences(permissions.split(), [], None, (), header_only=True, exists=True)
    assert found.startswith(f"This key can {expected} from")


def test_every_permission_makes_a_difference() -> None:
    others = {
        one: sentences(set(Permission) - {one}, [], None, (), header_only=True, exists=True)
        for one in Permission
    }
    everything = sentences(Permission, [], None, (), header_only=True, exists=True)
    assert len({everything, *others.values()}) == len(Permission) + 1


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ([], "any address"),
        (["203.0.113.7"], "203.0.113.7"),
        (["203.0.113.7", "2001:db8::/32"], "203.0.113.7 and 2001:db8::/32"),
        (["192.0.2.1", "192.0.2.2", "192.0.2.3"], "192.0.2.1, 192.0.2.2 and 192.0.2.3"),
        ([f"192.0.2.{n}" for n in range(12)], "12 addresses and networks"),
    ],
)
def test_a_long_list_of_addresses_is_a_number(addresses: list[str], expected: str) -> None:
    found = sentences(["read"], addresses, None, (), header_only=True, exists=True)
    assert f" from {expected} until" in found


@pytest.mark.parametrize(
    ("expires_at", "expected"),
    [
        (at("2027-02-26T00:00:00Z"), "until 25 February 2027."),
        (at("2027-02-26T00:00:01Z"), "until 26 February 2027."),
        (at("2027-02-26T00:00:00Z") - DAY, "until 24 February 2027."),
    ],
)
def test_a_key_that_expires_at_midnight_works_until_the_day_before(
    expires_at: int, expected: str
) -> None:
    found = sentences(["read"], [], expires_at, (), header_only=True, exists=True)
    assert expected in found


def test_budgets_are_named_by_what_they_count() -> None:
    limits = [("url_creation", 1000), ("analytics", 0)]
    found = sentences(["write"], [], None, limits, header_only=True, exists=True)
    assert found.endswith(
        "header. It is limited to 1,000 link creations and 0 analytics requests a day."
    )

"""Many links in few transactions, on moto's table."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from botocore.exceptions import ConnectTimeoutError

from jmpy.links import codes
from jmpy.links.bulk import TIME_LIMIT, BulkService, Plan, Row
from jmpy.links.bulk_errors import NotConfirmed
from jmpy.links.model import Link
from jmpy.links.new_link import ProcessedLink
from jmpy.links.store import LinkStore, Rejected
from project.tables import LINKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.integration.conftest import Clock

ROW = "https://a.example/"


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    return LinkStore(dynamodb, LINKS)


def link(code: str) -> Link:
    """Another account's."""
    return Link(codes.link_id(0), "b", code, ROW, 0, 0, custom_alias=code)


def plan(rows: int) -> Plan:
    return Plan([Row(number, ProcessedLink(ROW)) for number in range(1, rows + 1)])


def test_taken_random_codes_are_drawn_again(store: LinkStore, clock: Clock) -> None:
    store.add(link("taken1"))
    drawn = iter(["taken1", "same12", "same12", "fresh1", "fresh2"])
    service = BulkService(store, clock, drawn.__next__)
    links, failures = service.create("a", plan(3))
    assert failures == []
    assert sorted(made.short_code for made in links) == ["fresh1", "fresh2", "same12"]
    assert store.count("a") == 3


def test_a_taken_random_code_of_a_qr_code_is_drawn_again(store: LinkStore, clock: Clock) -> None:
    store.add(link("taken1"))
    again = ["fresh1", "fresh2", "fresh3", "fresh4"]
    drawn = iter(["first1", "taken1", "other1", "first1", *again])
    with_qr_codes = plan(2)
    with_qr_codes.add_qr_codes(clock())
    links, failures = BulkService(store, clock, drawn.__next__).create("a", with_qr_codes)
    assert failures == []
    assert [made.addresses for made in links] == [("fresh1", "fresh2"), ("fresh3", "fresh4")]


def interrupted(store: LinkStore, after: int, action: Callable[[], None]) -> Any:
    """A store that does something else from its batch number `after` on."""
    add_all, batches = store.add_all, itertools.count()

    def add(links: list[Link], *also: Any) -> Rejected:
        if next(batches) >= after:
            action()
        return add_all(links, *also)

    return mock.patch.object(store, "add_all", add)


def fault() -> None:
    raise ConnectTimeoutError(endpoint_url="x")


def test_a_fault_midway_tells_what_was_created(store: LinkStore, clock: Clock) -> None:
    with interrupted(store, 1, fault):
        links, failures = BulkService(store, clock).create("a", plan(120))
    assert [failure.number for failure in failures] == list(range(50, 121))
    assert all(isinstance(failure.errors[0], NotConfirmed) for failure in failures)
    assert len(links) == store.count("a") == 49


def test_a_fault_before_anything_was_created_is_raised(store: LinkStore, clock: Clock) -> None:
    with interrupted(store, 0, fault), pytest.raises(ConnectTimeoutError):
        BulkService(store, clock).create("a", plan(120))


def test_no_batch_is_begun_after_the_time_limit(store: LinkStore, clock: Clock) -> None:
    def wait() -> None:
        clock.time += TIME_LIMIT

    with interrupted(store, 1, wait):
        links, failures = BulkService(store, clock).create("a", plan(149))
    assert (len(links), len(failures)) == (98, 51)
    assert failures[0].number == 99


def test_validate_asks_for_more_aliases_than_one_read_takes(store: LinkStore) -> None:
    for start in range(0, 120, 40):
        store.add_all([link(f"taken-{number}") for number in range(start, start + 40)])
    assert store.targets({f"taken-{number}" for number in range(250)}).keys() == {
        f"taken-{number}" for number in range(120)
    }

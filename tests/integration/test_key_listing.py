"""Lists of keys on the table: pages, what they read, and where a search stops."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jmpy.accounts.item import to_account_item
from jmpy.clock import HOUR
from jmpy.keys import item, listing
from jmpy.keys.listing import Filter, Request, Sort
from jmpy.keys.model import KeyState
from jmpy.keys.store import KeyStore
from project.keys import issued
from project.meter import Meter
from project.origins import SOMEBODY
from project.tables import ACCOUNTS
from tests.integration import moto_tables
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    from collections.abc import Collection

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.accounts.service import AccountService
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService


def filled(accounts: AccountService, name: str, count: int) -> None:
    """Writes keys `name-0` to `name-…`, each a second younger, into a new account: of a large one
    only the references, except for the first and the last hundred keys."""
    account = accounts.ensure(name, by=SOMEBODY)
    _, sample = issued(account_id=name, subscription=account.subscription)
    ids = [f"{number:08}" for number in range(count)]
    references = [
        item.reference_key(name, key_id) | {"digest": {"S": f"{name}-{key_id}"}} for key_id in ids
    ]
    keys = [
        replace(sample, id=ids[n], digest=f"{name}-{ids[n]}", name=f"name-{n}", created_at=1000 + n)
        for n in {*range(count)[:100], *range(count)[-100:]}
    ]
    moto_tables.put(ACCOUNTS, [*references, *map(item.to_item, keys)])
    added = to_account_item(replace(account, keys_added=count))
    moto_tables.put(ACCOUNTS, [added])


def names(page: listing.Page) -> list[str]:
    return [key.name for key in page.keys]


def test_pages_are_newest_first_and_have_the_total(
    service: KeyService, accounts: AccountService, account: Account, clock: Clock
) -> None:
    service.create(accounts.ensure("other", by=SOMEBODY).id, "not mine", ["read"], by=SOMEBODY)
    for name in ("first", "second", "third"):
        key = service.create("acme", name, ["read"], by=SOMEBODY).record
        clock.time += 1
    service.revoke("acme", key.id, by=SOMEBODY)
    pages = [service.page("acme", Request(page=number, limit=2)) for number in (1, 2, 3)]
    assert [names(page) for page in pages] == [["third", "second"], ["first"], []]
    assert {(page.total, page.total_pages, page.is_complete) for page in pages} == {(3, 2, True)}
    oldest = [service.page("acme", Request(page=n, limit=2, descending=False)) for n in (1, 2)]
    assert [names(page) for page in oldest] == [["first", "second"], ["third"]]
    active = service.page("acme", Request(limit=1, filter=Filter(states={KeyState.ACTIVE})))
    assert (names(active), active.total, active.total_pages) == (["second"], 2, 2)


def test_every_key_is_in_the_list_of_its_state(
    service: KeyService, account: Account, clock: Clock
) -> None:
    soon = int(clock.time) + HOUR
    keys = {
        KeyState.ACTIVE: service.create("acme", "one", ["read"], by=SOMEBODY).record,
        KeyState.ROTATING: service.create("acme", "two", ["read"], by=SOMEBODY).record,
        KeyState.EXPIRED: service.create(
            "acme", "three", ["read"], expires_at=soon, by=SOMEBODY
        ).record,
        KeyState.REVOKED: service.create("acme", "four", ["read"], by=SOMEBODY).record,
    }
    service.rotate("acme", keys[KeyState.ROTATING].id, 2 * HOUR, by=SOMEBODY)
    service.revoke("acme", keys[KeyState.REVOKED].id, by=SOMEBODY)
    clock.time += HOUR

    def listed(state: KeyState) -> list[ApiKey]:
        return service.page("acme", Request(filter=Filter(states={state}))).keys

    for state, key in keys.items():
        assert key.id in {found.id for found in listed(state)}
    assert len(listed(KeyState.ACTIVE)) == 2  # with the successor
    clock.time += HOUR
    assert listed(KeyState.ROTATING) == []


def test_a_rotation_is_on_one_page_and_counts_as_one_there(
    service: KeyService, account: Account, clock: Clock
) -> None:
    old = service.create("acme", "z", ["read"], by=SOMEBODY).record
    clock.time += 1
    for name in ("a", "b"):
        service.create("acme", name, ["read"], by=SOMEBODY)
    service.rotate("acme", old.id, HOUR, by=SOMEBODY)
    by_name = Request(limit=1, sort=Sort.NAME, descending=False, groups_rotations=True)
    pages = [service.page("acme", replace(by_name, page=number)) for number in (1, 2, 3, 4)]
    assert [names(page) for page in pages] == [["a"], ["b"], ["z", "z"], []]
    assert pages[2].keys[1].id == old.id
    assert {(page.total, page.total_pages) for page in pages} == {(4, 3)}


def test_page_one_costs_the_page_and_not_the_account(
    dynamodb: DynamoDBClient, accounts: AccountService, service: KeyService
) -> None:
    filled(accounts, "small", 100)
    filled(accounts, "large", 5_000)
    meter = Meter(dynamodb)
    meter.watch(dynamodb)
    costs = []
    for account in ("small", "large"):
        for descending in (True, False):
            page = service.page(account, Request(limit=20, descending=descending))
            assert len(page.keys) == 20
            costs.append((meter.take(), page.total))
    assert costs[:2] == [(costs[0][0], 100)] * 2
    assert costs[2:] == [(costs[0][0], 5_000)] * 2
    assert costs[0][0].calls == {"Query": 1, "BatchGetItem": 1}


def test_a_search_reads_no_more_than_its_bound_and_says_so(
    dynamodb: DynamoDBClient,
    accounts: AccountService,
    service: KeyService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listing, "SEARCHED", 50)
    filled(accounts, "just", 50)
    filled(accounts, "more", 51)
    filled(accounts, "many", 400)
    by_name = Request(limit=100, sort=Sort.NAME)
    meter = Meter(dynamodb)
    meter.watch(dynamodb)
    costs = []
    for account in ("more", "many"):
        page = service.page(account, by_name)
        assert (page.total, page.is_complete) == (50, False)
        costs.append(meter.take())
    assert costs[0] == costs[1]
    assert service.page("just", by_name).is_complete
    # The newest, unless the oldest are to come first.
    last, first = Request(filter=Filter(search="name-399")), Request(filter=Filter(search="name-0"))
    assert names(service.page("many", last)) == ["name-399"]
    assert service.page("many", replace(last, descending=False)).total == 0
    assert names(service.page("many", replace(first, descending=False))) == ["name-0"]


def test_a_sort_by_last_use_looks_up_the_keys_that_match(
    service: KeyService, account: Account
) -> None:
    one, two, _ = (
        service.create("acme", name, ["read"], by=SOMEBODY).record
        for name in ("zoo-1", "zoo-2", "other")
    )
    request = Request(sort=Sort.LAST_USED_AT, filter=Filter(search="zoo"))
    looked_up: list[str] = []

    def last_used(ids: Collection[str]) -> dict[str, int]:
        looked_up.extend(ids)
        return {two.id: 7}

    filtered = replace(request, filter=Filter(search="zoo-1"))
    assert [key.id for key in service.page("acme", filtered, last_used).keys] == [one.id]
    assert looked_up == [one.id]
    assert names(service.page("acme", request, last_used)) == ["zoo-2", "zoo-1"]


def test_an_account_without_keys_has_an_empty_list(dynamodb: DynamoDBClient) -> None:
    assert KeyStore(dynamodb, ACCOUNTS).first("nobody", 5) == ([], True)


def test_several_keys_are_read_at_once_in_their_order_and_each_once(
    service: KeyService, accounts: AccountService, account: Account
) -> None:
    other = accounts.ensure("other", by=SOMEBODY).id
    theirs = service.create(other, "theirs", ["read"], by=SOMEBODY).record
    one, two = (service.create("acme", name, ["read"], by=SOMEBODY).record for name in "ab")
    found = service.get_all("acme", [two.id, "missing", one.id, theirs.id, two.id])
    assert [key.id for key in found] == [two.id, one.id]
    assert service.get_all("acme", []) == []

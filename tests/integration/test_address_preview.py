"""Which requests of the last 30 days a list of allowed addresses would have denied."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.activity import address_preview, callers
from jmpy.activity.address_preview import AddressPreview, Preview
from jmpy.activity.request_store import AccessLog
from jmpy.clock import DAY, HOUR
from project import functions
from project.origins import SOMEBODY
from project.tables import ACTIVITY
from tests.integration.api_keys import Keys
from tests.integration.calls import called
from tests.integration.short_urls import errors_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService

NOW = 1_800_000_000 + 13 * 3600
OFFICE = ("203.0.113.0/24",)


@pytest.fixture
def key(service: KeyService, account: Account) -> ApiKey:
    created = service.create("acme", "CI", ["read"], by=SOMEBODY).record
    return replace(created, created_at=NOW - 60 * DAY)


def preview(dynamodb: DynamoDBClient, key: ApiKey, *entries: str, retention: int = 30) -> Preview:
    log = AccessLog(dynamodb, ACTIVITY)
    return AddressPreview(log, retention).find(key, entries, NOW)


def test_requests_from_elsewhere_are_counted_by_address_the_latest_first(
    dynamodb: DynamoDBClient, key: ApiKey
) -> None:
    called(dynamodb, key, at=NOW - 3 * DAY, times=5, ip="203.0.113.7")
    called(dynamodb, key, at=NOW - 2 * DAY, times=3, ip="198.51.100.7")
    called(dynamodb, key, at=NOW - HOUR, ip="198.51.100.7", method="POST")
    called(dynamodb, key, at=NOW - 2 * HOUR, ip="2001:db8::1")
    found = preview(dynamodb, key, *OFFICE)
    assert (found.requests, found.denied, found.is_truncated) == (10, 5, False)
    assert [(one.ip, one.requests, one.last_at) for one in found.addresses] == [
        ("198.51.100.7", 4, NOW - HOUR),
        ("2001:db8::1", 1, NOW - 2 * HOUR),
    ]
    assert found.addresses[0].route == "POST /api/v1/short-urls"
    assert (found.since, found.until, found.left_out) == (NOW - 30 * DAY, NOW, 0)


def test_a_list_that_is_empty_or_covers_all_callers_denies_none(
    dynamodb: DynamoDBClient, key: ApiKey
) -> None:
    called(dynamodb, key, at=NOW - DAY, times=2, ip="203.0.113.7")
    for entries in ((), OFFICE):
        found = preview(dynamodb, key, *entries)
        assert (found.requests, found.denied, found.addresses) == (2, 0, ())


def test_only_requests_whose_address_decides_are_evaluated(
    dynamodb: DynamoDBClient, key: ApiKey, service: KeyService
) -> None:
    other = service.create("acme", "other", ["read"], by=SOMEBODY).record
    denied: dict[str, Any] = {"credential": "-", "status": "401", "ip": "198.51.100.7"}
    called(dynamodb, other, at=NOW - HOUR, ip="198.51.100.7")
    called(dynamodb, key, at=NOW - 31 * DAY, ip="198.51.100.7")
    called(dynamodb, key, at=NOW - HOUR, reason="expired", **denied)
    assert preview(dynamodb, key, *OFFICE).requests == 0
    called(dynamodb, key, at=NOW - HOUR + 60, reason="address", **denied)
    found = preview(dynamodb, key, *OFFICE)
    assert (found.requests, found.denied) == (1, 1)
    assert preview(dynamodb, key, "198.51.100.0/24").denied == 0


def test_the_period_begins_with_the_key_or_the_log(dynamodb: DynamoDBClient, key: ApiKey) -> None:
    young = replace(key, created_at=NOW - 5 * DAY)
    assert preview(dynamodb, young, *OFFICE).since == NOW - 5 * DAY
    assert preview(dynamodb, key, *OFFICE, retention=7).since == NOW - 7 * DAY
    assert preview(dynamodb, key, *OFFICE, retention=365).since == NOW - 30 * DAY


def test_beyond_what_is_read_the_preview_says_that_it_is_truncated(
    dynamodb: DynamoDBClient, key: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callers, "READ", 4)
    called(dynamodb, key, at=NOW - HOUR, times=6, ip="198.51.100.7")
    found = preview(dynamodb, key, *OFFICE)
    assert (found.requests, found.denied, found.is_truncated) == (4, 4, True)
    assert NOW - HOUR < found.since <= NOW - HOUR + 3


def test_addresses_beyond_the_latest_are_counted(
    dynamodb: DynamoDBClient, key: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address_preview, "LISTED", 2)
    for number in range(5):
        called(dynamodb, key, at=NOW - HOUR + number, ip=f"198.51.100.{number}")
    found = preview(dynamodb, key, *OFFICE)
    assert [one.ip for one in found.addresses] == ["198.51.100.4", "198.51.100.3"]
    assert (found.denied, found.left_out) == (5, 3)


@pytest.fixture
def keys(account: Account) -> Keys:
    return Keys()


def test_a_preview_changes_nothing_and_shows_the_list_as_it_would_be_stored(
    keys: Keys, service: KeyService, dynamodb: DynamoDBClient
) -> None:
    key = service.get("acme", keys.create()["id"])
    called(dynamodb, key, ip="198.51.100.7")
    response = keys.preview(key.id, allowed_ips=["203.0.113.5/24"])
    data = response.body["data"]
    assert response.status == 200
    assert (data["allowed_ips"], data["adjusted_ips"]) == (
        ["203.0.113.0/24"],
        [{"sent": "203.0.113.5/24", "stored": "203.0.113.0/24"}],
    )
    assert (data["requests"], data["denied"], data["truncated"]) == (1, 1, False)
    assert [one["ip_address"] for one in data["addresses"]] == ["198.51.100.7"]
    assert service.get("acme", key.id) == key


def test_what_cannot_be_stored_is_rejected(keys: Keys) -> None:
    key_id = keys.create()["id"]
    for body in ({"allowed_ips": ["10.0.0.0/8"]}, {"allowed_ips": None}, {}):
        response = keys.preview(key_id, **body)
        assert (response.status, list(errors_of(response))) == (422, ["allowed_ips"])


def test_neither_another_account_nor_a_key_gets_one(keys: Keys) -> None:
    key_id = keys.create()["id"]
    assert keys.preview(key_id, account="other", allowed_ips=[]).status == 404
    holder = functions.authorizer_context("read write delete analytics", "acme")
    denied = keys.preview(key_id, authorizer=holder | {"key_id": key_id}, allowed_ips=[])
    assert denied.status == 403

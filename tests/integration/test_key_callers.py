"""Who calls with a key, and whether it is safe to revoke: never said unless it was shown."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest

from jmpy.activity import callers as domain
from jmpy.activity.callers import Callers, KeyCallers, Verdict
from jmpy.activity.request_store import AccessLog
from jmpy.aws.errors import AwsUnavailable
from jmpy.clock import DAY, HOUR, system_clock
from project.origins import SOMEBODY
from project.tables import ACTIVITY
from tests import cognito
from tests.integration.api_keys import Keys
from tests.integration.calls import called

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from tests.integration.browser import Browser

NOW = 1_800_000_000 + 13 * 3600


@pytest.fixture
def key(service: KeyService, account: Account) -> ApiKey:
    """Ten days old."""
    made = service.create("acme", "CI", ["read"], by=SOMEBODY).record
    return replace(made, created_at=NOW - 10 * DAY)


@pytest.fixture
def other(service: KeyService, key: ApiKey) -> ApiKey:
    return service.create("acme", "other", ["read"], by=SOMEBODY).record


@pytest.fixture
def log(dynamodb: DynamoDBClient) -> AccessLog:
    return AccessLog(dynamodb, ACTIVITY)


def of(log: AccessLog, key: ApiKey, since: int = NOW - 3 * DAY, kept: int = 30) -> Callers:
    return KeyCallers(log, kept).find(key, since, NOW)


def test_all_callers_are_listed_with_their_number_first_and_last_request(
    dynamodb: DynamoDBClient, log: AccessLog, key: ApiKey, other: ApiKey
) -> None:
    called(dynamodb, key, at=NOW - 2 * DAY, times=3, ip="192.0.2.7", userAgent="cron/1")
    called(dynamodb, key, at=NOW - HOUR, ip="192.0.2.7", userAgent="cron/1", status="403")
    called(dynamodb, key, at=NOW - 5 * HOUR, ip="192.0.2.7", userAgent="app/2", method="POST")
    called(dynamodb, key, at=NOW - 4 * DAY, ip="192.0.2.9")  # before
    called(dynamodb, other, at=NOW - HOUR, ip="192.0.2.10")
    found = of(log, key)
    assert [(one.ip, one.user_agent, one.requests, one.failed) for one in found.callers] == [
        ("192.0.2.7", "cron/1", 4, 1),
        ("192.0.2.7", "app/2", 1, 0),
    ]
    cron, app = found.callers
    assert (cron.first_at, cron.last_at) == (NOW - 2 * DAY, NOW - HOUR)
    assert app.route == "POST /api/v1/short-urls"
    assert (found.is_complete, found.left_out, found.since) == (True, 0, NOW - 3 * DAY)


def test_a_key_that_was_called_within_a_day_is_in_use(
    dynamodb: DynamoDBClient, log: AccessLog, key: ApiKey
) -> None:
    called(dynamodb, key, at=NOW - DAY + 1)
    found = of(log, key)
    assert (found.verdict, found.quiet_since) == (Verdict.IN_USE, NOW - DAY + 1)


def test_a_denied_request_is_a_caller_as_well(
    dynamodb: DynamoDBClient, log: AccessLog, key: ApiKey
) -> None:
    called(dynamodb, key, at=NOW - HOUR, credential="-", reason="header_only", status="401")
    found = of(log, key)
    assert (found.verdict, found.callers[0].failed) == (Verdict.IN_USE, 1)


def test_calls_of_the_day_count_also_when_the_rotation_was_later(
    dynamodb: DynamoDBClient, log: AccessLog, key: ApiKey
) -> None:
    """An hour of silence after the rotation says nothing about a job that runs every night."""
    called(dynamodb, key, at=NOW - 2 * HOUR)
    found = of(log, key, since=NOW - HOUR)
    assert (found.callers, found.verdict) == ((), Verdict.IN_USE)


def test_a_key_that_nobody_called_for_a_day_is_safe_to_revoke(
    dynamodb: DynamoDBClient, log: AccessLog, key: ApiKey
) -> None:
    called(dynamodb, key, at=NOW - DAY - HOUR)
    found = of(log, key)
    assert (found.verdict, found.quiet_since) == (Verdict.UNUSED, NOW - DAY - HOUR)
    assert len(found.callers) == 1


def test_a_key_that_was_never_called_is_safe_since_it_was_created(
    log: AccessLog, key: ApiKey
) -> None:
    found = of(log, key, since=0)
    assert (found.verdict, found.quiet_since) == (Verdict.UNUSED, key.created_at)
    assert found.is_complete


def test_a_key_younger_than_a_day_is_not_called_safe(log: AccessLog, key: ApiKey) -> None:
    found = of(log, replace(key, created_at=NOW - DAY + 1))
    assert found.verdict is Verdict.TOO_NEW


def test_no_key_is_safe_while_the_log_cannot_be_read(
    dynamodb: DynamoDBClient, key: ApiKey, monkeypatch: pytest.MonkeyPatch, log: AccessLog
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise AwsUnavailable("no response")

    called(dynamodb, key, at=NOW - 2 * DAY)
    for name in ("page", "usage"):
        with monkeypatch.context() as broken:
            broken.setattr(AccessLog, name, fails)
            with pytest.raises(AwsUnavailable):
                of(log, key)


def test_callers_before_what_the_log_retains_are_not_claimed_to_be_none(
    log: AccessLog, key: ApiKey
) -> None:
    found = of(log, key, since=NOW - 9 * DAY, kept=2)
    assert (found.is_complete, found.since) == (False, NOW - 2 * DAY)
    assert (found.verdict, found.quiet_since) == (Verdict.UNUSED, NOW - 2 * DAY)


@pytest.fixture
def reads_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of an account that makes more requests than are looked at."""
    monkeypatch.setattr("jmpy.aws.log_query.SCANNED", 5)


@pytest.mark.usefixtures("reads_little")
def test_a_list_that_was_cut_says_so_and_since_when_it_is_whole(
    dynamodb: DynamoDBClient, log: AccessLog, key: ApiKey, other: ApiKey
) -> None:
    called(dynamodb, key, at=NOW - 2 * DAY, ip="192.0.2.1")
    called(dynamodb, other, at=NOW - HOUR, times=60)
    called(dynamodb, key, at=NOW - 10, ip="192.0.2.2")
    found = of(log, key)
    assert [one.ip for one in found.callers] == ["192.0.2.2"]
    assert not found.is_complete
    assert NOW - HOUR <= found.since < NOW


@pytest.mark.usefixtures("reads_little")
def test_a_cut_list_without_callers_makes_no_key_safe_that_was_called_today(
    dynamodb: DynamoDBClient, log: AccessLog, key: ApiKey, other: ApiKey
) -> None:
    called(dynamodb, key, at=NOW - 5 * HOUR)
    called(dynamodb, other, at=NOW - HOUR, times=60)
    found = of(log, key)
    assert (found.callers, found.verdict) == ((), Verdict.UNKNOWN)


@pytest.mark.usefixtures("reads_little")
def test_nor_one_that_was_called_yesterday_at_an_hour_that_was_not_read(
    dynamodb: DynamoDBClient, log: AccessLog, key: ApiKey, other: ApiKey
) -> None:
    called(dynamodb, key, at=NOW - 23 * HOUR)
    called(dynamodb, other, at=NOW - HOUR, times=60)
    assert of(log, key).verdict is Verdict.UNKNOWN


@pytest.mark.usefixtures("reads_little")
def test_a_busy_account_has_safe_keys_as_well(
    dynamodb: DynamoDBClient, log: AccessLog, key: ApiKey, other: ApiKey
) -> None:
    """The counts of its days show it, however many requests others make."""
    called(dynamodb, key, at=NOW - 3 * DAY + HOUR)
    called(dynamodb, other, at=NOW - HOUR, times=60)
    found = of(log, key)
    assert found.verdict is Verdict.UNUSED
    assert found.quiet_since <= NOW - DAY


def test_requests_that_share_a_row_are_counted_and_said_to_hide_callers(
    dynamodb: DynamoDBClient, log: AccessLog, key: ApiKey
) -> None:
    ended = {"credential": "-", "reason": "revoked", "status": "401"}
    called(dynamodb, key, at=NOW - HOUR, times=40, **ended)
    found = of(log, key)
    assert sum(one.requests for one in found.callers) == 40
    assert not found.is_complete


def test_the_latest_hundred_callers_are_listed_and_the_others_counted(
    dynamodb: DynamoDBClient, log: AccessLog, key: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "LISTED", 3)
    for number in range(5):
        called(dynamodb, key, at=NOW - HOUR + number, ip=f"192.0.2.{number}")
    found = of(log, key)
    assert [one.ip for one in found.callers] == ["192.0.2.4", "192.0.2.3", "192.0.2.2"]
    assert found.left_out == 2


def test_a_key_that_nobody_called_costs_one_query(
    dynamodb: DynamoDBClient, log: AccessLog, key: ApiKey, other: ApiKey
) -> None:
    called(dynamodb, other, at=NOW - HOUR, times=60)
    asked: list[str] = []
    dynamodb.meta.events.register(
        "before-call.dynamodb", lambda model, **_: asked.append(model.name)
    )
    assert of(log, key).verdict is Verdict.UNUSED
    assert asked == ["Query"]


@pytest.fixture
def keys(account: Account) -> Keys:
    return Keys()


class TestApi:
    def test_callers_since_the_rotation(self, keys: Keys, dynamodb: DynamoDBClient) -> None:
        key_id = keys.create()["id"]
        key = keys.app.resource.keys.get("acme", key_id)
        called(dynamodb, key, at=system_clock() - 2 * DAY, ip="192.0.2.1")
        keys.rotate(key_id)
        called(dynamodb, key, ip="192.0.2.2", userAgent="old/1")
        found = keys.callers(key_id).body["data"]
        assert [(one["ip_address"], one["user_agent"]) for one in found["callers"]] == [
            ("192.0.2.2", "old/1")
        ]
        assert (found["verdict"], found["safe_to_revoke"]) == ("in_use", False)

    def test_of_the_last_day_unless_one_says_since_when(self, keys: Keys) -> None:
        key_id = keys.create()["id"]
        found = keys.callers(key_id).body["data"]
        assert (found["callers"], found["verdict"]) == ([], "too_new")
        assert keys.callers(key_id, start_date="2020-01-01T00:00:00Z").status == 200
        assert keys.callers(key_id, start_date="soon").status == 400
        assert keys.callers("00000000-0000-4000-8000-000000000000").status == 404
        assert keys.callers(key_id, account="other").status == 404


class TestPages:
    KEYS = "/dashboard/api-keys"

    @pytest.fixture
    def old(self, person: Browser) -> ApiKey:
        keys: KeyService = person.app.services.keys
        old = keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY).record
        keys.rotate(cognito.SUBJECT, old.id, DAY, by=SOMEBODY)
        return old

    def test_an_old_keys_page_lists_all_who_still_use_it(
        self, person: Browser, dynamodb: DynamoDBClient, old: ApiKey
    ) -> None:
        called(dynamodb, old, ip="192.0.2.7", userAgent="cron/1", times=2)
        called(dynamodb, old, ip="192.0.2.8", userAgent="<b>app</b>/2")
        for path in (f"{self.KEYS}/{old.id}", f"{self.KEYS}/{old.id}/rotation"):
            page = person.get(path).text
            for words in ("192.0.2.7", "cron/1", "192.0.2.8", "&lt;b&gt;app&lt;/b&gt;/2", "In use"):
                assert words in page
            assert "Safe to revoke" not in page

    def test_the_confirmation_says_who_still_uses_it(
        self, person: Browser, dynamodb: DynamoDBClient, old: ApiKey
    ) -> None:
        ask = f"{self.KEYS}/{old.id}/revoke"
        assert "created less than a day ago" in person.get(ask).text
        for number in range(2):
            called(dynamodb, old, ip=f"192.0.2.{number}")
        assert "2 callers within a day" in unescape(person.get(ask).text)

    def test_a_key_that_nobody_uses_is_said_to_be_safe_on_its_page_and_when_it_is_revoked(
        self, person: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keys: KeyService = person.app.services.keys
        with monkeypatch.context() as days_ago:
            days_ago.setattr(keys, "_now", lambda: system_clock() - 5 * DAY)
            key = keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY).record
        for path in (f"{self.KEYS}/{key.id}", f"{self.KEYS}/{key.id}/revoke"):
            assert "Safe to revoke" in person.get(path).text

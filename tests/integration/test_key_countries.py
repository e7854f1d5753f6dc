"""The last countries of a key, for its owner: on its page and in its usage."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from jmpy.alerts.detection.baseline import Baseline, Visit
from jmpy.alerts.detection.baseline_store import BaselineStore
from jmpy.clock import DAY
from jmpy.formats.times import iso
from project import functions
from project.origins import SOMEBODY
from project.tables import ACTIVITY
from tests.cognito import SUBJECT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from project.functions import Response
    from tests.integration.browser import Browser

NOW = int(time.time())
CODES = ("BR", "DE", "FR", "JP", "KE", "US", "ZZ")


def used(service: KeyService, dynamodb: DynamoDBClient) -> ApiKey:
    """From seven countries, the last ones of which come last in `CODES`."""
    key = service.create(SUBJECT, "CI", ["read"], by=SOMEBODY).record
    visits = {
        code: Visit(NOW - 30 * DAY, NOW - (7 - place) * DAY) for place, code in enumerate(CODES)
    }
    baseline = Baseline(key.id, SUBJECT, version=1, countries=visits)
    assert BaselineStore(dynamodb, ACTIVITY).save(baseline, NOW)
    return key


def usage(key: ApiKey, account: str = SUBJECT) -> Response:
    path = "/api/v1/api-keys/{id}/usage"
    sent = functions.event(
        "GET",
        path.replace("{id}", key.id),
        resource=path,
        parameters={"id": key.id},
        authorizer=functions.session_context(account),
    )
    return functions.call(functions.load("key_usage").handler, sent)


def test_the_usage_of_a_key_lists_its_last_five_countries(
    person: Browser, service: KeyService, dynamodb: DynamoDBClient
) -> None:
    listed = usage(used(service, dynamodb)).body["data"]["countries"]
    assert [one["country"] for one in listed] == ["ZZ", "US", "KE", "JP", "FR"]
    assert listed[0] == {
        "country": "ZZ",
        "first_used_at": iso(NOW - 30 * DAY),
        "last_used_at": iso(NOW - DAY),
    }


def test_the_page_of_a_key_names_them(
    person: Browser, service: KeyService, dynamodb: DynamoDBClient
) -> None:
    key = used(service, dynamodb)
    page = person.get(f"/dashboard/api-keys/{key.id}").text
    row = page.partition("<dt>Last countries</dt>")[2].partition("</div>")[0]
    for words in ("ZZ (", "United States of America (", "1 day ago", "France (", "5 days ago"):
        assert words in row
    assert "Germany" not in row


def test_a_key_of_which_no_country_is_known_has_none(person: Browser, service: KeyService) -> None:
    key = service.create(SUBJECT, "CI", ["read"], by=SOMEBODY).record
    assert usage(key).body["data"]["countries"] == []
    assert "Last countries" not in person.get(f"/dashboard/api-keys/{key.id}").text


def test_the_countries_of_anothers_key_are_not_found(
    person: Browser, service: KeyService, dynamodb: DynamoDBClient
) -> None:
    assert usage(used(service, dynamodb), account="another").status == 404

"""The page of the policy for the lifetime of keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from project.origins import SOMEBODY
from tests import cognito

if TYPE_CHECKING:
    from jmpy.keys.service import KeyService
    from tests.integration.browser import Browser

POLICY = "/dashboard/api-keys/policy"


@pytest.fixture
def keys(person: Browser) -> KeyService:
    found: KeyService = person.app.services.keys
    return found


def save(person: Browser, days: str, version: int = 0) -> str:
    sent = {"max_key_days": days, "version": str(version)}
    response = person.submit(POLICY, sent)
    assert response.status == 303, response.text
    return response.headers["location"]


def test_without_a_policy_the_page_says_so(person: Browser, keys: KeyService) -> None:
    keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY)
    page = person.get(POLICY).text
    assert "There is no policy" in page
    assert "Keys that exceed" not in page


def test_a_saved_policy_lists_the_keys_that_exceed_it(person: Browser, keys: KeyService) -> None:
    key = keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY).record
    assert save(person, "90").endswith("done=policy-saved")
    page = person.get(POLICY).text
    assert "within 90 days" in page
    assert f"/dashboard/api-keys/{key.id}" in page
    assert keys.get(cognito.SUBJECT, key.id).expires_at is None


def test_a_policy_that_every_key_meets_says_so(person: Browser) -> None:
    save(person, "90")
    page = person.get(POLICY).text
    assert "All working keys expire within 90 days" in page
    assert "data-confirm" not in page


def test_an_empty_field_lifts_the_policy(person: Browser) -> None:
    save(person, "90")
    save(person, "", version=90)
    assert "There is no policy" in person.get(POLICY).text


@pytest.mark.parametrize("days", ["0", "3651", "-1", "1.5", "ninety", "٩٠", "9" * 5000])
def test_a_number_of_days_that_is_none_is_shown_again(person: Browser, days: str) -> None:
    response = person.submit(POLICY, {"max_key_days": days, "version": "0"})
    assert response.status == 422
    assert 'id="max_key_days-error"' in response.text
    assert f'value="{days}"' in response.text


def test_a_policy_that_was_changed_meanwhile_is_not_overwritten(person: Browser) -> None:
    save(person, "90")
    response = person.submit(POLICY, {"max_key_days": "30", "version": "0"})
    assert response.status == 409
    assert "has changed since you read it" in response.text
    assert "within 90 days" in response.text


def test_applying_says_what_will_happen_and_shortens_the_keys(
    person: Browser, keys: KeyService
) -> None:
    key = keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY).record
    save(person, "90")
    question = person.get(f"{POLICY}/apply").text
    assert "Shorten 1 key?" in question
    assert re.search(r"It expires in 90 days, on \d+ \w+ 20\d\d", question)
    assert keys.get(cognito.SUBJECT, key.id).expires_at is None
    applied = person.submit(f"{POLICY}/apply", {"version": "90"})
    assert applied.headers["location"].endswith("done=policy-applied")
    assert keys.get(cognito.SUBJECT, key.id).expires_at is not None


def test_only_the_policy_that_was_read_is_applied(person: Browser, keys: KeyService) -> None:
    key = keys.create(cognito.SUBJECT, "CI", ["read"], by=SOMEBODY).record
    save(person, "90")
    assert person.submit(f"{POLICY}/apply", {"version": "30"}).status == 409
    assert keys.get(cognito.SUBJECT, key.id).expires_at is None


def test_the_list_of_keys_leads_to_the_policy(person: Browser) -> None:
    assert f'{POLICY}"' in person.get("/dashboard/api-keys").text


def test_where_no_key_exceeds_it_there_is_no_question(person: Browser) -> None:
    save(person, "90")
    response = person.get(f"{POLICY}/apply")
    assert (response.status, response.headers["location"].endswith(POLICY)) == (303, True)

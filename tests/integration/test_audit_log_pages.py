"""The page of changes, and the history of a key on its own page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from jmpy.audit.model import Action, Actor, ActorType, Change, Channel, Entry, Origin, Source
from jmpy.audit.store import AuditLog
from jmpy.aws.dynamodb import transact
from project.origins import SOMEBODY
from project.tables import AUDIT
from tests.cognito import EMAIL, SUBJECT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from tests.integration.browser import Browser

PATH = "/dashboard/audit-log"
NOW = 1_800_000_000
OPERATOR = Origin(
    Actor(ActorType.OPERATOR, "arn:aws:iam::123456789012:user/ada", "ada"), Source(Channel.MAKE)
)


@pytest.fixture
def key(person: Browser, service: KeyService) -> ApiKey:
    return service.create(SUBJECT, "<Newsletter>", ["read"], by=SOMEBODY).record


@pytest.fixture
def changed(dynamodb: DynamoDBClient, key: ApiKey) -> ApiKey:
    """Renamed sixty times, once a day, and then the plan changed."""
    log = AuditLog(dynamodb, AUDIT)
    renamed = [
        Entry(
            account_id=SUBJECT,
            at_milliseconds=(NOW + number * 86400) * 1000,
            action=Action.KEY_CHANGED,
            origin=SOMEBODY,
            target_id=key.id,
            target_name=f"name-{number}",
            changes={"header_only": Change(False, True)},
        )
        for number in range(60)
    ]
    plan = Entry(
        account_id=SUBJECT,
        at_milliseconds=(NOW + 60 * 86400) * 1000,
        action=Action.PLAN_CHANGED,
        origin=OPERATOR,
        target_id=SUBJECT,
        changes={
            "plan": Change("free", "pro"),
            "limits": Change({}, {"url_creation": 5000, "analytics": 9}),
            "expires_at": Change(NOW, None),
        },
    )
    assert transact(dynamodb, [log.put(entry) for entry in (*renamed, plan)]) == []
    return key


def names(page: str) -> list[int]:
    return [int(number) for number in re.findall(r">name-(\d+)<", page)]


def test_the_latest_changes_are_shown(person: Browser, changed: ApiKey) -> None:
    page = person.get(PATH).text
    assert names(page) == list(range(59, 10, -1))
    for shown in (
        "Plan changed", "Operator ada", "Command line", "<del>free</del>", "<ins>pro</ins>",
        "url_creation 5,000, analytics 9", "<del>15 Jan 2027, 08:00 UTC</del>",
        "somebody@example.com", "192.0.2.1", "Dashboard · a browser", "Header only:",
    ):  # fmt: skip
        assert shown in page
    assert "arn:aws" not in page
    older = re.search(r'rel="next" href="([^"]*)"', page)
    assert older
    page = person.get(older[1].removeprefix("/live")).text
    assert names(page) == list(range(10, -1, -1))
    assert "&lt;Newsletter&gt;" in page
    assert "<Newsletter>" not in page
    assert "Account created" in page
    assert EMAIL in page
    assert 'rel="next"' not in page


def test_changes_are_chosen_by_key_kind_and_days(person: Browser, changed: ApiKey) -> None:
    of_days = person.get(f"{PATH}?key={changed.id}&from=2027-01-16&to=2027-01-18").text
    assert names(of_days) == [3, 2, 1]
    plans = person.get(f"{PATH}?action=account.plan_changed").text
    assert names(plans) == []
    assert "Operator ada" in plans
    # What is none of ours is as if it was not sent.
    nonsense = person.get(f"{PATH}?action=x&from=2027-02-31&to=never&cursor=x").text
    assert names(nonsense) == list(range(59, 10, -1))
    file = person.get(f"{PATH}/export?key={changed.id}&to=2027-01-15")
    assert "attachment" in file.headers["content-disposition"]
    assert len(file.text.splitlines()) == 1 + 2


def test_where_nothing_matches_the_page_says_so(person: Browser) -> None:
    assert "No matching changes" in person.get(f"{PATH}?to=2020-01-01").text


def test_a_key_has_its_history_on_its_page(
    person: Browser, changed: ApiKey, service: KeyService
) -> None:
    page = person.get(f"/dashboard/api-keys/{changed.id}").text
    assert page.count("<h3>Key changed</h3>") == 10
    assert "Plan changed" not in page
    assert f'href="/live/dashboard/audit-log?key={changed.id}">All changes' in page
    other = service.create(SUBJECT, "CI", ["read"], by=SOMEBODY).record
    page = person.get(f"/dashboard/api-keys/{other.id}").text
    assert "<h3>Key created</h3>" in page
    assert "All changes" not in page


def test_a_revocation_is_of_who_signed_in(person: Browser, key: ApiKey) -> None:
    assert person.submit(f"/dashboard/api-keys/{key.id}/revoke", {}).status == 303
    page = person.get(f"{PATH}?action=api_key.revoked").text
    assert "<ins>revoked</ins>" in page
    assert EMAIL in page.split("</caption>")[1]


def test_a_stranger_is_asked_to_sign_in(browser: Browser) -> None:
    for path in (PATH, f"{PATH}/export"):
        assert browser.get(path).status == 302


@pytest.mark.parametrize("actor_type", ActorType)
@pytest.mark.parametrize("channel", Channel)
def test_whoever_made_a_change_and_however_it_is_listed(
    person: Browser, dynamodb: DynamoDBClient, actor_type: ActorType, channel: Channel
) -> None:
    by = Origin(Actor(actor_type, "the-id", "the name"), Source(channel))
    entry = Entry(SUBJECT, NOW * 1000, Action.LINK_TAKEN_DOWN, by, "link-1", "abc")
    transact(dynamodb, [AuditLog(dynamodb, AUDIT).put(entry)])
    page = person.get(PATH)
    assert page.status == 200
    assert "Link taken down" in page.text

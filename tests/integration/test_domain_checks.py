"""What the daily check of branded domains changes, and when its owner gets a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jmpy.audit.model import Action
from jmpy.audit.store import EntryFilter
from jmpy.aws.errors import AwsUnavailable
from jmpy.clock import DAY
from jmpy.domains import item
from jmpy.domains.checks import Outcome
from jmpy.domains.errors import DomainNotFound
from jmpy.domains.model import Domain, DomainState
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from project import functions
from project.tables import LINKS
from tests.integration.branded import HOST, Branded, resolver
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def branded(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> Branded:
    return Branded(dynamodb, resolver(monkeypatch))


def checked(branded: Branded, domain: Domain, days: int = 1) -> Outcome:
    """By the check of its hour, so many days later."""
    branded.clock.time += days * DAY
    (outcome,) = branded.checks.run_hour(item.check_hour(domain.id)).elements()
    return outcome


def failing(branded: Branded) -> Domain:
    domain = branded.owned("a")
    branded.withdraw(domain)
    assert [checked(branded, domain) for _ in range(3)] == [
        Outcome.MISSED,
        Outcome.MISSED,
        Outcome.FAILED,
    ]
    return branded.read(domain)


def mails(branded: Branded) -> int:
    """Entries about which its owner gets one."""
    return len(list(branded.audit.all("a", EntryFilter(action=Action.DOMAIN_FAILING), 100)))


def test_a_domain_is_checked_in_one_hour_of_the_day(branded: Branded) -> None:
    domain = branded.owned("a")
    hours = [hour for hour in range(24) if branded.checks.run_hour(hour)]
    assert hours == [item.check_hour(domain.id)]


def test_a_healthy_domain_stays_the_version_that_its_owner_read(branded: Branded) -> None:
    domain = branded.owned("a")
    assert checked(branded, domain) is Outcome.HEALTHY
    now = branded.read(domain)
    assert (now.version, now.checked_at) == (domain.version, int(branded.clock.time))


def test_a_domain_fails_after_its_record_was_missing_on_three_days(branded: Branded) -> None:
    domain = failing(branded)
    assert domain.state is DomainState.FAILING
    assert domain.failing_since == int(branded.clock.time)
    assert domain.reason is not None
    assert "_jmpy.go.acme.com" in domain.reason
    assert mails(branded) == 1
    record = branded.store.host(HOST)
    assert record is not None
    assert record.state.serves


def test_three_misses_on_one_day_are_one(branded: Branded) -> None:
    domain = branded.owned("a")
    branded.withdraw(domain)
    assert [checked(branded, domain, days=0) for _ in range(5)] == [Outcome.MISSED] * 5
    assert branded.read(domain).misses == 1


def test_a_domain_whose_record_comes_back_begins_anew(branded: Branded) -> None:
    domain = branded.owned("a")
    for _ in range(3):
        branded.withdraw(domain)
        assert [checked(branded, domain) for _ in range(2)] == [Outcome.MISSED] * 2
        branded.prove(domain)
        assert checked(branded, domain) is Outcome.HEALTHY
    now = branded.read(domain)
    assert (now.state, now.misses, now.reason) == (DomainState.ACTIVE, 0, None)


def test_a_target_that_is_missing_counts_as_well(branded: Branded) -> None:
    domain = branded.owned("a")
    branded.dns.remove(HOST, "CNAME")
    assert [checked(branded, domain) for _ in range(3)][-1] is Outcome.FAILED
    assert "does not lead to" in str(branded.read(domain).reason)


def test_a_resolver_that_fails_changes_nothing(branded: Branded) -> None:
    domain = branded.owned("a")
    branded.dns.is_failing = True
    assert [checked(branded, domain) for _ in range(10)] == [Outcome.UNKNOWN] * 10
    assert branded.read(domain) == domain


def test_a_failure_between_misses_neither_counts_nor_absolves(branded: Branded) -> None:
    domain = branded.owned("a")
    branded.withdraw(domain)
    outcomes = []
    for day in range(5):
        branded.dns.is_failing = day in {1, 3}
        outcomes.append(checked(branded, domain))
    assert outcomes == [
        Outcome.MISSED,
        Outcome.UNKNOWN,
        Outcome.MISSED,
        Outcome.UNKNOWN,
        Outcome.FAILED,
    ]


def test_the_owner_gets_a_mail_on_the_first_the_seventh_and_the_fourteenth_day(
    branded: Branded,
) -> None:
    domain = failing(branded)
    days = {}
    for day in range(2, 40):
        before = mails(branded)
        assert checked(branded, domain) is Outcome.FAILING
        if mails(branded) > before:
            days[day] = mails(branded)
    assert days == {7: 2, 14: 3}


def test_a_mail_whose_day_was_missed_comes_with_the_next_check(branded: Branded) -> None:
    domain = failing(branded)
    checked(branded, domain, days=9)
    assert mails(branded) == 2
    checked(branded, domain)
    assert mails(branded) == 2


def test_a_domain_recovers_and_its_links_were_never_touched(
    branded: Branded, dynamodb: DynamoDBClient
) -> None:
    links = SomebodysLinks(LinkStore(dynamodb, LINKS))
    domain = branded.owned("a")
    link = links.create("a", NewLink("https://a.example/", "sale", host=HOST))
    branded.withdraw(domain)
    for _ in range(40):
        checked(branded, domain)
    assert branded.read(domain).state is DomainState.FAILING
    branded.prove(domain)
    assert checked(branded, domain) is Outcome.RECOVERED
    now = branded.read(domain)
    assert (now.state, now.misses, now.mails, now.failing_since, now.reason) == (
        DomainState.ACTIVE, 0, 0, None, None,
    )  # fmt: skip
    assert branded.actions("a")[0] is Action.DOMAIN_RECOVERED
    assert LinkStore(dynamodb, LINKS).find("a", link.id) == link


def test_a_failing_domain_recovers_when_its_owner_verifies_it(branded: Branded) -> None:
    domain = failing(branded)
    branded.prove(domain)
    assert branded.verify(domain).state is DomainState.ACTIVE


def test_a_claim_that_is_not_proven_in_thirty_days_is_deleted(branded: Branded) -> None:
    claim = branded.claim("a")
    claimed_at = int(branded.clock.time)
    assert checked(branded, claim, days=29) is Outcome.UNCHECKED
    assert checked(branded, claim) is Outcome.EXPIRED
    with pytest.raises(DomainNotFound):
        branded.read(claim)
    assert branded.store.holdings("a").total == 0
    assert branded.claim("a").created_at == claimed_at + 30 * DAY


@pytest.mark.parametrize("state", [DomainState.SUSPENDED, DomainState.DELETING])
def test_domains_that_do_not_serve_are_left_as_they_are(
    branded: Branded, state: DomainState
) -> None:
    domain = branded.owned("a")
    changed = branded.store.change(domain, {"state": state, "updated_at": 0})
    branded.withdraw(domain)
    assert [checked(branded, domain) for _ in range(4)] == [Outcome.UNCHECKED] * 4
    assert branded.read(domain) == changed


def test_the_schedule_checks_the_hour_that_its_event_names(
    branded: Branded, capsys: pytest.CaptureFixture[str]
) -> None:
    domain = branded.owned("a")
    app = functions.load("domain_checks")
    capsys.readouterr()
    hour = item.check_hour(domain.id)
    app.handler({"time": f"2026-11-23T{hour:02}:30:00Z"}, None)
    assert '"DomainsChecked":[1' in capsys.readouterr().out
    app.handler({"time": f"2026-11-23T{(hour + 1) % 24:02}:30:00Z"}, None)
    assert '"DomainsChecked":[0' in capsys.readouterr().out
    app.handler({"only": "verifying"}, None)
    assert '"DomainsChecked":[0' in capsys.readouterr().out


def test_a_fault_of_one_domain_fails_the_run_and_leaves_the_others_checked(
    branded: Branded, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = branded.owned("a")
    app = functions.load("domain_checks")

    def fail(*_: object) -> None:
        raise AwsUnavailable("a fault")

    monkeypatch.setattr(app.branded.owners, "note", fail)
    with pytest.raises(app.ChecksFailed):
        app.handler({"time": f"2026-11-23T{item.check_hour(domain.id):02}:30:00Z"}, None)

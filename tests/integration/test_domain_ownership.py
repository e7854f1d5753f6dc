"""Whose a host is: claims that block nobody, proofs by DNS, and hosts that change hands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from jmpy.audit.model import Action, ActorType
from jmpy.audit.store import EntryFilter
from jmpy.domains import item
from jmpy.domains.checks import Outcome
from jmpy.domains.errors import (
    DomainExists,
    DomainIsSuspended,
    DomainNotFound,
    TooManyDomains,
)
from jmpy.domains.model import DomainState
from jmpy.domains.ownership_store import OwnershipStore
from jmpy.domains.serving import Serving, ServingState
from jmpy.domains.writes import StaleDomain
from jmpy.links.errors import UnknownDomain
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from project.tables import LINKS
from tests.integration.branded import HOST, Branded, resolver
from tests.integration.interleaved import before
from tests.integration.somebodys_links import SomebodysLinks
from tests.integration.test_races import at_once

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

RACERS = 200


@pytest.fixture
def branded(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> Branded:
    return Branded(dynamodb, resolver(monkeypatch))


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> SomebodysLinks:
    return SomebodysLinks(LinkStore(dynamodb, LINKS))


def holder(branded: Branded) -> str | None:
    record = branded.store.host(HOST)
    return record.account_id if record else None


def test_a_claim_blocks_nobody(branded: Branded) -> None:
    first, second = branded.claim("a", "google.com"), branded.claim("b", "google.com")
    assert {first.state, second.state} == {DomainState.PENDING}
    assert first.token != second.token
    assert len(str(first.token)) == 32
    assert branded.store.host("google.com") is None
    branded.prove(second)
    assert branded.verify(second).state is DomainState.ACTIVE


def test_an_account_has_a_claim_of_a_host_once_and_as_many_as_its_plan_includes(
    branded: Branded,
) -> None:
    branded.claim("a", "go.acme.com")
    with pytest.raises(DomainExists):
        branded.claim("a", "GO.acme.com.")
    for number in range(9):
        branded.claim("a", f"go{number}.acme.com")
    with pytest.raises(TooManyDomains):
        branded.claim("a", "go9.acme.com")


def test_a_domain_is_active_once_both_records_are_there(branded: Branded) -> None:
    domain = branded.claim("a")
    records = branded.verification.records(domain)
    pending = branded.verify(domain)
    assert (pending.state, pending.verified_at) == (DomainState.PENDING, None)
    assert pending.reason is not None
    assert records.txt_name in pending.reason
    assert records.target in pending.reason
    branded.dns.add(HOST, "CNAME", records.target)
    halfway = branded.verify(domain)
    assert halfway.reason == f"There is no TXT record {records.txt_name} with {records.txt_value}."
    assert holder(branded) is None
    branded.dns.add(records.txt_name, "TXT", records.txt_value)
    proven = branded.verify(domain)
    assert (proven.state, proven.reason) == (DomainState.ACTIVE, None)
    assert proven.verified_at == proven.checked_at == int(branded.clock.time)
    assert branded.read(domain) == proven
    assert holder(branded) == "a"
    assert sorted(branded.actions("a")) == [
        Action.DOMAIN_CHANGED,
        Action.DOMAIN_CREATED,
        Action.DOMAIN_VERIFIED,
    ]


def test_a_txt_record_in_two_strings_beside_three_others_is_a_proof(branded: Branded) -> None:
    domain = branded.claim("a")
    branded.prove(domain)
    records = branded.verification.records(domain)
    for text in ("v=spf1 -all", "another=1", "jmpy-verify=somebody"):
        branded.dns.add(records.txt_name, "TXT", text)
    branded.dns.splits_texts = True
    assert branded.verify(domain).state is DomainState.ACTIVE


def test_a_claim_of_a_verified_domain_without_a_proof_is_pending_and_touches_nothing(
    branded: Branded,
) -> None:
    mine = branded.owned("a")
    theirs = branded.verify(branded.claim("b"))
    assert theirs.state is DomainState.PENDING
    assert branded.read(mine) == mine
    assert holder(branded) == "a"


def test_a_host_stays_with_its_account_while_its_record_is_there(branded: Branded) -> None:
    mine, theirs = branded.owned("a"), branded.claim("b")
    branded.prove(theirs)
    checked = branded.verify(theirs)
    assert checked.state is DomainState.PENDING
    assert checked.reason is not None
    assert "Another account has proven go.acme.com" in checked.reason
    assert str(mine.token) not in checked.reason
    assert branded.read(mine).state is DomainState.ACTIVE
    assert holder(branded) == "a"


def test_a_host_goes_to_who_proves_it_when_the_record_before_is_gone(branded: Branded) -> None:
    mine, theirs = branded.owned("a"), branded.claim("b")
    branded.prove(theirs)
    branded.withdraw(mine)
    assert branded.verify(theirs).state is DomainState.ACTIVE
    assert branded.read(mine).state is DomainState.LOST
    assert holder(branded) == "b"
    assert Action.DOMAIN_VERIFIED in branded.actions("b")
    (lost,) = branded.audit.all("a", EntryFilter(action=Action.DOMAIN_LOST), 10)
    assert lost.target_name == HOST
    assert lost.changes["state"] == ("active", "lost")
    assert lost.origin.actor.type is ActorType.SERVICE
    assert "b" not in {lost.origin.actor.id, lost.origin.actor.name}


def test_with_a_host_go_all_of_its_codes_by_one_write(
    branded: Branded, links: SomebodysLinks
) -> None:
    mine, theirs = branded.owned("a"), branded.claim("b")
    sale = links.create("a", NewLink("https://a.example/", "sale", host=HOST))
    branded.prove(theirs)
    branded.withdraw(mine)
    branded.verify(theirs)
    record = branded.store.host(HOST)
    assert record is not None
    assert record.domain_id == theirs.id
    assert sale.domain is not None
    assert sale.domain.id == mine.id
    with pytest.raises(UnknownDomain):
        links.create("a", NewLink("https://a.example/", "more", host=HOST))
    again = links.create("b", NewLink("https://b.example/", "sale", host=HOST))
    assert again.domain is not None
    assert again.domain.id == theirs.id


def test_who_lost_a_host_gets_it_back_by_a_proof_with_all_links(
    branded: Branded, links: SomebodysLinks
) -> None:
    mine, theirs = branded.owned("a"), branded.claim("b")
    links.create("a", NewLink("https://a.example/", "sale", host=HOST))
    branded.prove(theirs)
    branded.withdraw(mine)
    branded.verify(theirs)
    branded.prove(mine)
    branded.withdraw(theirs)
    assert branded.verify(mine).state is DomainState.ACTIVE
    assert branded.read(theirs).state is DomainState.LOST
    assert branded.store.host(HOST) is not None
    links.create("a", NewLink("https://a.example/", "more", host=HOST))


def test_a_lost_primary_domain_is_primary_no_longer(branded: Branded) -> None:
    mine, theirs = branded.owned("a"), branded.claim("b")
    branded.changes.change("a", mine.id, {"is_primary": True}, by=branded.somebody)
    assert branded.store.lookup.primary("a") is not None
    branded.prove(theirs)
    branded.withdraw(mine)
    branded.verify(theirs)
    assert branded.store.lookup.primary("a") is None
    assert not branded.read(mine).is_primary


def test_a_resolver_that_fails_gives_a_host_to_nobody(branded: Branded) -> None:
    mine, theirs = branded.owned("a"), branded.claim("b")
    branded.prove(theirs)
    branded.withdraw(mine)
    branded.dns.is_failing = True
    assert branded.verify(theirs).state is DomainState.PENDING
    assert branded.verify(mine).state is DomainState.ACTIVE
    assert holder(branded) == "a"


def test_a_host_that_the_operator_suspended_goes_to_nobody(branded: Branded) -> None:
    mine, theirs = branded.owned("a"), branded.claim("b")
    branded.store.change(mine, {"state": DomainState.SUSPENDED, "updated_at": 0})
    branded.prove(theirs)
    branded.withdraw(mine)
    checked = branded.verify(theirs)
    assert checked.reason == "The operator of this service has suspended go.acme.com."
    assert holder(branded) == "a"
    with pytest.raises(DomainIsSuspended):
        branded.verify(mine)


def test_the_domain_of_another_account_cannot_be_verified(branded: Branded) -> None:
    mine = branded.claim("a")
    with pytest.raises(DomainNotFound):
        branded.verification.verify("b", mine.id, by=branded.somebody)


class Certificates:
    """In the place of CloudFront."""

    def __init__(self) -> None:
        self.serving = Serving(ServingState.PENDING, "The certificate is being issued.")

    def serve(self, host: str) -> Serving:
        assert host == HOST
        return self.serving


def test_a_proven_host_is_served_once_it_has_a_certificate(
    dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificates = Certificates()
    branded = Branded(dynamodb, resolver(monkeypatch), hosting=certificates)
    waiting = branded.owned("a")
    assert waiting.state is DomainState.VERIFYING
    assert waiting.reason == "The certificate is being issued."
    assert holder(branded) == "a"
    certificates.serving = Serving(ServingState.FAILED, "It is on another distribution.")
    failed = branded.verify(waiting)
    assert failed.state is DomainState.FAILING
    assert failed.reason == "It is on another distribution."
    certificates.serving = Serving(ServingState.ACTIVE)
    active = branded.verify(waiting)
    assert (active.state, active.reason) == (DomainState.ACTIVE, None)


def test_a_host_without_a_certificate_is_checked_every_few_minutes_until_it_has_one(
    dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificates = Certificates()
    branded = Branded(dynamodb, resolver(monkeypatch), hosting=certificates)
    waiting = branded.owned("a")
    hour = item.check_hour(waiting.id)
    assert [branded.checks.run_hour(hour), branded.checks.run_verifying()] == [
        {},
        {Outcome.HEALTHY: 1},
    ]
    assert branded.read(waiting).state is DomainState.VERIFYING
    certificates.serving = Serving(ServingState.ACTIVE)
    branded.checks.run_verifying()
    assert branded.read(waiting).state is DomainState.ACTIVE
    assert [branded.checks.run_verifying(), branded.checks.run_hour(hour)] == [
        {},
        {Outcome.HEALTHY: 1},
    ]


def test_a_claim_that_loses_a_race_sees_who_won(
    branded: Branded, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = branded.claim("a"), branded.claim("b")
    branded.prove(first)
    branded.prove(second)
    branded.dns.add(HOST, "A", "192.0.2.1")
    for domain in (first, second):
        branded.dns.add(branded.verification.records(domain).target, "A", "192.0.2.1")
    branded.dns.remove(HOST, "CNAME")
    before(monkeypatch, "take", lambda: branded.verify(second), OwnershipStore)
    checked = branded.verify(first)
    assert checked.reason is not None
    assert "Another account" in checked.reason
    assert holder(branded) == "b"


def test_a_note_does_not_change_the_version_and_needs_the_one_that_was_read(
    branded: Branded,
) -> None:
    domain = branded.claim("a")
    noted = branded.verify(domain)
    assert noted.version == domain.version
    branded.changes.change("a", domain.id, {"name": "New"}, by=branded.somebody)
    with pytest.raises(StaleDomain):
        branded.owners.note(domain, {"checked_at": 1})


def test_two_hundred_verifications_at_once_leave_one_owner(branded: Branded) -> None:
    claims = [branded.claim(f"account-{number}") for number in range(8)]
    branded.dns.add(HOST, "A", "192.0.2.1")
    for claim in claims:
        records = branded.verification.records(claim)
        branded.dns.add(records.txt_name, "TXT", records.txt_value)
        branded.dns.add(records.target, "A", "192.0.2.1")

    at_once([partial(branded.verify, claims[number % 8]) for number in range(RACERS)])
    states = [branded.read(claim).state for claim in claims]
    assert states.count(DomainState.ACTIVE) == 1
    assert states.count(DomainState.PENDING) == len(claims) - 1
    owner = claims[states.index(DomainState.ACTIVE)]
    assert holder(branded) == owner.account_id
    for claim in claims:
        verified = branded.actions(claim.account_id).count(Action.DOMAIN_VERIFIED)
        assert verified == (claim is owner)

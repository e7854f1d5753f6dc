"""What happens at once to domains and to the links on them: in threads, on AWS's own engine."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.audit.store import AuditLog
from jmpy.domains.changes import DomainChanges, NewSubdomain
from jmpy.domains.errors import (
    DomainConflict,
    DomainExists,
    DomainHasLinks,
    DomainNotFound,
    SubdomainTaken,
    TooManyDomains,
)
from jmpy.domains.model import Domain, DomainState
from jmpy.domains.removals import DomainRemovals, Removal, RemovalJob
from jmpy.domains.store import DomainStore
from jmpy.links.domain_links import DomainLinks
from jmpy.links.errors import UnknownDomain
from jmpy.links.model import Link
from jmpy.links.new_link import NewLink
from project.origins import SOMEBODY
from project.tables import AUDIT, LINKS
from tests.conftest import Figures
from tests.integration.conftest import DYNAMODB_LOCAL
from tests.integration.somebodys_links import SomebodysLinks
from tests.integration.test_races import at_once

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ENGINES = [DYNAMODB_LOCAL]
RACERS = 200
ZONE = "go.example.com"


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> DomainStore:
    return DomainStore(dynamodb, LINKS)


@pytest.fixture
def changes(dynamodb: DynamoDBClient, store: DomainStore) -> DomainChanges:
    return DomainChanges(store, AuditLog(dynamodb, AUDIT))


def create(changes: DomainChanges, account: str, name: str = "promo", limit: int = 9) -> Domain:
    new = NewSubdomain(subdomain=name)
    return changes.create_subdomain(account, new, zone=ZONE, limit=limit, by=SOMEBODY)


def faults(outcomes: list[Any], *expected: type[Exception]) -> list[Any]:
    return [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, expected)]


def test_of_two_hundred_claims_of_a_subdomain_one_is_its_owner(
    store: DomainStore, changes: DomainChanges, figures: Figures
) -> None:
    outcomes = at_once([partial(create, changes, f"account-{number}") for number in range(RACERS)])
    assert faults(outcomes, SubdomainTaken) == []
    (owner,) = [one for one in outcomes if isinstance(one, Domain)]
    record = store.host(f"promo.{ZONE}")
    assert record is not None
    assert (record.account_id, record.domain_id) == (owner.account_id, owner.id)
    owned = [store.holdings(f"account-{number}").total for number in range(RACERS)]
    assert sum(owned) == 1
    figures("races", races=RACERS)


def test_an_account_gets_no_more_domains_than_its_plan_includes(
    store: DomainStore, changes: DomainChanges
) -> None:
    outcomes = at_once([partial(create, changes, "a", f"promo-{n}", 5) for n in range(40)])
    assert faults(outcomes, TooManyDomains) == []
    assert len(list(store.newest("a", 100))) == store.holdings("a").total == 5


def test_one_domain_is_primary_whoever_wins(store: DomainStore, changes: DomainChanges) -> None:
    domains = [create(changes, "a", f"promo-{number}") for number in range(5)]
    outcomes = at_once(
        [
            partial(changes.change, "a", domain.id, {"is_primary": number != 3}, by=SOMEBODY)
            for number in range(4)
            for domain in domains
        ]
    )
    assert faults(outcomes, DomainConflict) == []
    primary = [domain for domain in store.newest("a", 100) if domain.is_primary]
    assert store.lookup.primary("a") == (primary[0].host if primary else None)
    assert len(primary) <= 1


@pytest.mark.parametrize("force", [False, True])
def test_a_domain_is_deleted_without_a_link_or_with_all_of_them(
    dynamodb: DynamoDBClient,
    store: DomainStore,
    changes: DomainChanges,
    figures: Figures,
    force: bool,
) -> None:
    links = DomainLinks(dynamodb, LINKS)
    removals = DomainRemovals(store, AuditLog(dynamodb, AUDIT), lambda _: None)
    domain = create(changes, "a")
    new = NewLink("https://example.com/", host=domain.host)
    works: list[Any] = [partial(SomebodysLinks(links).create, "a", new) for _ in range(60)]
    remove = partial(removals.remove, "a", domain.id, by=SOMEBODY, force=force)
    works[30:30] = [remove] * 3
    outcomes = at_once(works)
    assert faults(outcomes, UnknownDomain, DomainHasLinks, DomainNotFound, DomainConflict) == []
    created = [one for one in outcomes if isinstance(one, Link)]
    found = next(store.newest("a", 1), None)
    if any(isinstance(one, Removal) for one in outcomes):
        if found is not None:
            assert force
            assert found.state is DomainState.DELETING
            assert RemovalJob(store, links).run("a", domain.id, lambda: True)
        assert links.count("a") == 0
        assert list(links.newest("a", 100)) == []
        assert store.counts("a", domain.id) == []
    else:
        assert len(created) == links.count("a")
    figures("races", races=len(works))


def test_two_jobs_and_the_owner_remove_each_link_once(
    dynamodb: DynamoDBClient, store: DomainStore, changes: DomainChanges
) -> None:
    links = DomainLinks(dynamodb, LINKS)
    somebodys = SomebodysLinks(links)
    domain = create(changes, "a")
    new = NewLink("https://example.com/", host=domain.host)
    made = [somebodys.create("a", new) for _ in range(20)]
    other = somebodys.create("a", NewLink("https://example.com/"))
    store.close(domain, {"state": DomainState.DELETING})
    job = RemovalJob(store, links)
    works: list[Any] = [partial(job.run, "a", domain.id, lambda: True)] * 2
    works += [partial(somebodys.remove, "a", link.id) for link in made[:5]]
    at_once(works)
    assert job.run("a", domain.id, lambda: True)
    assert [link.id for link in links.newest("a", 100)] == [other.id]
    assert links.count("a") == 1
    with pytest.raises(DomainNotFound):
        store.find("a", domain.id)


def test_a_name_that_is_created_again_is_not_deleted_by_a_late_job(
    dynamodb: DynamoDBClient, store: DomainStore, changes: DomainChanges
) -> None:
    removals = DomainRemovals(store, AuditLog(dynamodb, AUDIT), lambda _: None)
    first = create(changes, "a")
    removals.remove("a", first.id, by=SOMEBODY)
    with pytest.raises(SubdomainTaken):
        create(changes, "b")
    again = create(changes, "a")
    with pytest.raises(DomainExists):
        create(changes, "a")
    links = DomainLinks(dynamodb, LINKS)
    link = SomebodysLinks(links).create("a", NewLink("https://example.com/", host=again.host))
    assert RemovalJob(store, links).run("a", first.id, lambda: True)
    assert links.find("a", link.id) == link

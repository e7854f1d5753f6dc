"""What happens at once to links on domains, and to domains that are closed and deleted meanwhile:
in threads, on AWS's own engine."""

from __future__ import annotations

import random
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.aws.dynamodb import transact
from jmpy.links.errors import AliasTaken, LinkConflict, LinkNotFound, UnknownDomain
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from project.tables import LINKS
from tests.conftest import Figures
from tests.integration.conftest import DYNAMODB_LOCAL
from tests.integration.domains import close_domain, create_domain, members, numbers
from tests.integration.somebodys_links import SomebodysLinks
from tests.integration.test_races import at_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.domains.model import DomainName

ENGINES = [DYNAMODB_LOCAL]
RACERS = 200
URL = "https://example.com/"
FAULTS = (AliasTaken, UnknownDomain, LinkNotFound, LinkConflict)


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    return LinkStore(dynamodb, LINKS)


@pytest.fixture
def links(store: LinkStore) -> SomebodysLinks:
    return SomebodysLinks(store)


def assert_counted(client: DynamoDBClient, store: LinkStore, domain: DomainName) -> int:
    """The domain has the links that name it, each with its code; returns how many."""
    found = [link for link in store.newest("a", 1000) if link.domain == domain]
    assert members(client, "a", domain) == sorted(link.id for link in found)
    qr_codes = sum(link.qr_domain == domain for link in store.newest("a", 1000))
    assert numbers(client, "a", domain) == (len(found), qr_codes)
    targets = store.targets([link.address for link in found])
    assert {target.link_id for target in targets.values()} == {link.id for link in found}
    return len(found)


def test_domains_have_the_links_that_two_hundred_racers_leave_on_them(
    dynamodb: DynamoDBClient, store: LinkStore, links: SomebodysLinks, figures: Figures
) -> None:
    closed, *others = (create_domain(dynamodb, "a", f"{n}.go.example.com") for n in range(3))
    choice = random.Random(23)
    racing = [links.create("a", NewLink(URL, host=closed.host)).id for _ in range(20)]
    works: list[Callable[[], Any]] = []
    for number in range(RACERS):
        link, host = choice.choice(racing), choice.choice([closed, *others]).host
        works.append([
            partial(links.create, "a", NewLink(URL, host=host)),
            partial(links.create, "a", NewLink(URL, f"code-{number % 20}", host=host)),
            partial(links.change, "a", link, {"host": choice.choice([host, ""])}),
            partial(links.remove, "a", link),
        ][number % 4 if number < RACERS // 2 else number % 3])  # fmt: skip
    works.insert(RACERS // 3, partial(close_domain, dynamodb, "a", closed))
    faults = [outcome for outcome in at_once(works) if isinstance(outcome, Exception)]
    assert all(isinstance(fault, FAULTS) for fault in faults), faults
    assert any(isinstance(fault, UnknownDomain) for fault in faults)
    assert sum(assert_counted(dynamodb, store, one) for one in others) > 0
    # Its deletion: nothing joins any more, so that it has fewer and fewer links.
    left = members(dynamodb, "a", closed)
    assert assert_counted(dynamodb, store, closed) == len(left)
    at_once([partial(links.remove, "a", link) for link in left])
    number, deletion = store.domain_links.deletion("a", closed.id)
    assert number == assert_counted(dynamodb, store, closed) == 0
    assert not transact(dynamodb, deletion)
    figures("races", races=len(works))


def test_an_empty_domain_is_deleted_or_gets_a_link_and_never_both(
    dynamodb: DynamoDBClient, store: LinkStore, links: SomebodysLinks, figures: Figures
) -> None:
    seen = set()
    for number in range(20):
        domain = create_domain(dynamodb, "a", f"{number}.go.example.com")
        link = links.create("a", NewLink(URL, qr_id="qr", qr_code=f"printed-{number}"))

        def delete(domain: DomainName = domain) -> bool:
            left, deletion = store.domain_links.deletion("a", domain.id)
            return not left and not transact(dynamodb, deletion)

        works: list[Callable[[], Any]] = [
            delete,
            partial(links.create, "a", NewLink(URL, host=domain.host)),
            partial(links.change, "a", link.id, {"host": domain.host}),
        ]
        random.Random(number).shuffle(works)
        outcomes = at_once(works)
        is_deleted = True in outcomes
        faults = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert len(faults) == 2 * is_deleted, outcomes
        assert all(isinstance(fault, UnknownDomain) for fault in faults)
        assert len(members(dynamodb, "a", domain)) == 2 * (not is_deleted)
        seen.add(is_deleted)
    assert seen == {True, False}
    figures("races", races=20)

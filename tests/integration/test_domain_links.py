"""Links on domains: the same code on two hosts is two links, which share nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jmpy.domains.model import DomainKind, DomainState
from jmpy.links.errors import AliasTaken, AmbiguousCode, LinkNotFound, UnknownDomain
from jmpy.links.model import AliasState
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from project.tables import LINKS
from tests.integration.domains import close_domain, create_domain, members, numbers
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.domains.model import DomainName

URL = "https://example.com/"
HOST = "promo.go.example.com"
OTHER = "links.acme.example"


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    return LinkStore(dynamodb, LINKS)


@pytest.fixture
def links(store: LinkStore) -> SomebodysLinks:
    return SomebodysLinks(store)


@pytest.fixture
def domain(dynamodb: DynamoDBClient) -> DomainName:
    return create_domain(dynamodb, "a", HOST)


@pytest.fixture
def other(dynamodb: DynamoDBClient) -> DomainName:
    return create_domain(dynamodb, "a", OTHER, kind=DomainKind.BRANDED)


def new(alias: str | None = "sale", host: str = HOST) -> NewLink:
    return NewLink(URL, alias, host=host)


def test_the_same_code_on_three_hosts_is_three_links(
    links: SomebodysLinks, store: LinkStore, domain: DomainName, other: DomainName
) -> None:
    made = {host: links.create("a", new(host=host)) for host in ("", HOST, OTHER)}
    assert len({link.id for link in made.values()}) == 3
    for host, link in made.items():
        assert links.get("a", "sale", host) == links.get("a", link.id) == link
        assert link.host == host
    targets = [store.target(address) for address in ("sale", f"{HOST}/sale", f"{OTHER}/sale")]
    assert [target and target.domain_id for target in targets] == [None, domain.id, other.id]
    assert store.count("a") == 3


def test_a_link_counts_in_its_domain_until_it_is_deleted(
    links: SomebodysLinks, dynamodb: DynamoDBClient, domain: DomainName
) -> None:
    link = links.create("a", new())
    assert members(dynamodb, "a", domain) == [link.id]
    assert numbers(dynamodb, "a", domain) == (1, 0)
    links.remove("a", link.id)
    assert members(dynamodb, "a", domain) == []
    assert numbers(dynamodb, "a", domain) == (0, 0)


def test_an_alias_is_taken_on_its_domain_alone(links: SomebodysLinks, domain: DomainName) -> None:
    links.create("a", new())
    with pytest.raises(AliasTaken):
        links.create("a", new())
    assert links.availability("a", "sale", HOST).state is AliasState.TAKEN
    assert links.availability("a", "sale").state is AliasState.AVAILABLE
    links.create("b", new(host=""))
    assert links.get("b", "sale").host == ""


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (DomainState.PENDING, "not verified yet"),
        (DomainState.VERIFYING, "not active yet"),
        (DomainState.SUSPENDED, "suspended"),
        (DomainState.DELETING, "being deleted"),
        (DomainState.LOST, "another account"),
    ],
)
def test_links_are_created_on_domains_that_serve(
    links: SomebodysLinks, dynamodb: DynamoDBClient, state: DomainState, words: str
) -> None:
    create_domain(dynamodb, "a", HOST, state)
    for use in (
        lambda: links.create("a", new()),
        lambda: links.availability("a", "sale", HOST),
    ):
        with pytest.raises(UnknownDomain, match=words):
            use()


def test_links_are_created_on_a_domain_that_is_failing(
    links: SomebodysLinks, dynamodb: DynamoDBClient
) -> None:
    create_domain(dynamodb, "a", HOST, DomainState.FAILING)
    assert links.create("a", new()).host == HOST


def test_nobody_has_links_on_the_domain_of_another(
    links: SomebodysLinks, store: LinkStore, domain: DomainName
) -> None:
    for account, host in (("b", HOST), ("a", "unknown.example")):
        with pytest.raises(UnknownDomain, match="not one of your domains"):
            links.create(account, new(host=host))
    link = links.create("b", new(host=""))
    with pytest.raises(UnknownDomain):
        links.change("b", link.id, {"host": HOST})
    assert store.target(f"{HOST}/sale") is None


def test_a_code_without_a_host_is_found_where_it_is(
    links: SomebodysLinks, domain: DomainName, other: DomainName
) -> None:
    first = links.create("a", new())
    assert links.get("a", "sale") == first
    second = links.create("a", new(host=OTHER))
    with pytest.raises(AmbiguousCode, match=f"on {OTHER}, {HOST}"):
        links.get("a", "sale")
    with pytest.raises(LinkNotFound):
        links.get("a", "sale", "")
    with pytest.raises(LinkNotFound):
        links.get("b", "sale")
    assert links.remove("a", "sale", host=OTHER).id == second.id
    assert links.get("a", "sale") == first
    theirs = links.create("b", new(host=""))
    assert links.get("a", "sale") == first
    links.remove("b", theirs.id, release=True)
    default = links.create("a", new(host=""))
    assert links.get("a", "sale") == default


def test_no_code_is_taken_on_a_domain_that_was_closed_meanwhile(
    links: SomebodysLinks, dynamodb: DynamoDBClient, domain: DomainName
) -> None:
    link = links.create("a", new())
    close_domain(dynamodb, "a", domain)
    with pytest.raises(UnknownDomain, match="takes no short URLs"):
        links.create("a", new("other"))
    with pytest.raises(UnknownDomain, match="takes no short URLs"):
        links.change("a", link.id, {"custom_alias": "other"})
    assert members(dynamodb, "a", domain) == [link.id]
    links.change("a", link.id, {"name": "Sale"})
    links.remove("a", link.id)
    assert numbers(dynamodb, "a", domain) == (0, 0)

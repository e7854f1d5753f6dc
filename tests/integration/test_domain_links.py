"""Links on domains: the same code on two hosts is two links, which share nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.audit.store import AuditLog
from jmpy.domains.choice import DomainChoice
from jmpy.domains.model import DomainKind, DomainState
from jmpy.gateway.own_names import OwnNames
from jmpy.links import listing, membership
from jmpy.links.attempts import NETWORK, Attempts
from jmpy.links.bulk import BulkService, Row
from jmpy.links.errors import (
    AliasNotHeld,
    AliasTaken,
    AmbiguousCode,
    ChangeOfTakenDown,
    InvalidDestination,
    LinkNotFound,
    TooManyAttempts,
    UnknownDomain,
)
from jmpy.links.held import HeldAliases
from jmpy.links.held_store import HeldCodeStore
from jmpy.links.model import AliasState
from jmpy.links.new_link import NewLink
from jmpy.links.processing import Rules
from jmpy.links.safety import Cause, TakedownReason
from jmpy.links.store import LinkStore
from jmpy.links.takedown import Order, TakedownService
from jmpy.links.takedown_store import TakedownStore
from jmpy.notices.takedowns import TakedownNotices
from project.origins import SOMEBODY
from project.tables import ACTIVITY, AUDIT, LINKS
from tests.integration.conftest import Clock
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
def links(store: LinkStore, clock: Clock) -> SomebodysLinks:
    return SomebodysLinks(store, clock)


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
    assert links.availability("a", "sale", domain).state is AliasState.TAKEN
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
        lambda: links.domain("a", HOST),
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


def test_a_link_moves_between_domains_as_with_another_alias(
    links: SomebodysLinks,
    store: LinkStore,
    dynamodb: DynamoDBClient,
    domain: DomainName,
    other: DomainName,
) -> None:
    link = links.create("a", new(host=""))
    address = "sale"
    for host in (HOST, OTHER, OTHER, "", HOST):
        moved = links.change("a", link.id, {"host": host})
        assert (moved.host, moved.custom_alias) == (host, "sale")
        if moved.address != address:
            left = store.target(address)
            assert left is not None
            assert left.is_tombstone
            assert left.is_available_to("a", 0)
        address = moved.address
        found = store.target(address)
        assert found is not None
        assert (found.url, found.domain_id) == (URL, moved.domain and moved.domain.id)
        for one in (domain, other):
            is_on_it = one.host == host
            assert members(dynamodb, "a", one) == [link.id] * is_on_it
            assert numbers(dynamodb, "a", one) == (int(is_on_it), 0)
    assert store.count("a") == 1


def test_a_move_keeps_a_random_code_unless_it_is_taken_there(
    links: SomebodysLinks, store: LinkStore, domain: DomainName
) -> None:
    first, second = (links.create("a", new(None, host="")) for _ in range(2))
    assert links.change("a", first.id, {"host": HOST}).short_code == first.short_code
    links.create("a", new(second.short_code))
    moved = links.change("a", second.id, {"host": HOST})
    assert moved.host == HOST
    assert moved.short_code != second.short_code
    assert moved.custom_alias is None
    held = store.target(second.address)
    assert held is not None
    assert held.is_tombstone


def test_a_move_and_another_alias_are_one_change(links: SomebodysLinks, domain: DomainName) -> None:
    links.create("a", new())
    link = links.create("a", new(host=""))
    with pytest.raises(AliasTaken):
        links.change("a", link.id, {"host": HOST})
    moved = links.change("a", link.id, {"host": HOST, "custom_alias": "other"})
    assert moved.address == f"{HOST}/other"
    cleared = links.change("a", link.id, {"host": "", "custom_alias": None})
    assert cleared.address == cleared.short_code
    assert cleared.custom_alias is None


def test_a_code_that_is_printed_stays_on_the_domain_where_it_was_printed(
    links: SomebodysLinks,
    store: LinkStore,
    dynamodb: DynamoDBClient,
    domain: DomainName,
    other: DomainName,
) -> None:
    link = links.create("a", NewLink(URL, "sale", host=HOST, qr_id="qr", qr_code="printed"))
    assert numbers(dynamodb, "a", domain) == (1, 1)
    moved = links.change("a", link.id, {"host": OTHER, "url": f"{URL}other"})
    assert moved.addresses == (f"{OTHER}/sale", f"{HOST}/printed")
    printed = store.target(f"{HOST}/printed")
    assert printed is not None
    assert (printed.url, printed.domain_id) == (f"{URL}other", domain.id)
    assert (numbers(dynamodb, "a", domain), numbers(dynamodb, "a", other)) == ((0, 1), (1, 0))
    assert links.get("a", "printed", HOST).id == link.id


def lost(client: DynamoDBClient, domain: DomainName) -> DomainName:
    """Account `b` has proven that the host is its own."""
    close_domain(client, "a", domain)
    return create_domain(client, "b", domain.host, kind=DomainKind.BRANDED)


def test_links_of_a_lost_domain_are_edited_moved_and_deleted_and_the_new_owners_stay(
    links: SomebodysLinks,
    store: LinkStore,
    dynamodb: DynamoDBClient,
    domain: DomainName,
    other: DomainName,
) -> None:
    mine = [links.create("a", new(f"sale-{number}")) for number in range(4)]
    theirs_on = lost(dynamodb, domain)
    theirs = [links.create("b", new(f"sale-{number}")) for number in range(3)]
    kept = {link.address: store.target(link.address) for link in theirs}
    assert [one and one.domain_id for one in kept.values()] == [theirs_on.id] * 3
    links.change("a", mine[0].id, {"url": f"{URL}other", "disabled": True})
    assert links.change("a", mine[1].id, {"host": OTHER}).host == OTHER
    links.remove("a", mine[2].id, release=True)
    links.remove("a", mine[3].id)
    assert {address: store.target(address) for address in kept} == kept
    assert links.get("a", mine[0].id).url == f"{URL}other"
    assert numbers(dynamodb, "a", domain) == (1, 0)
    assert numbers(dynamodb, "a", other) == (1, 0)
    assert numbers(dynamodb, "b", theirs_on) == (3, 0)
    for alias in ("fresh", "sale-1"):
        with pytest.raises(UnknownDomain):
            links.change("a", mine[0].id, {"custom_alias": alias})
    assert links.get("b", "sale-0").id == theirs[0].id
    # What the former owner left is void: also what is held for it, or was taken down.
    assert links.create("b", new("sale-3")).host == HOST


def test_the_codes_of_a_former_owner_are_available(
    links: SomebodysLinks, dynamodb: DynamoDBClient, domain: DomainName
) -> None:
    links.create("a", new())
    lost(dynamodb, domain)
    assert links.availability("b", "sale", links.domain("b", HOST)).state is AliasState.AVAILABLE
    links.create("b", new())
    assert links.availability("b", "sale", links.domain("b", HOST)).state is AliasState.TAKEN


def test_links_of_a_domain_that_is_gone_are_moved_and_deleted(
    links: SomebodysLinks, store: LinkStore, dynamodb: DynamoDBClient, domain: DomainName
) -> None:
    moved, deleted = (links.create("a", new(alias)) for alias in ("moved", "deleted"))
    for shard in range(4):
        key = membership.DOMAIN.count_key("a", domain.id, shard)
        dynamodb.delete_item(TableName=LINKS, Key=key)
    links.change("a", moved.id, {"host": ""})
    links.remove("a", deleted.id)
    assert store.count("a") == 1
    assert members(dynamodb, "a", domain) == []


def test_no_link_leads_to_a_host_of_the_service(
    links: SomebodysLinks, store: LinkStore, domain: DomainName, other: DomainName
) -> None:
    own = OwnNames(hosts=frozenset({"go.example.com"}), zone="go.example.com", have_others=True)
    link = links.create("a", new(), own)
    loops = (
        f"https://{OTHER}/sale",
        f"http://{OTHER.upper()}:8080/",
        f"https://{OTHER}./",
        f"https://{HOST}/sale",
        "https://nobody.go.example.com/",
        "https://go.example.com/",
    )
    for url in loops:
        with pytest.raises(InvalidDestination, match="this service itself"):
            links.create("a", NewLink(url), own)
        with pytest.raises(InvalidDestination, match="this service itself"):
            links.change("a", link.id, {"url": url}, own=own)
    plan = BulkService(store).plan(
        "a", [Row(n, NewLink(url)) for n, url in enumerate([*loops, URL])], Rules(own)
    )
    assert [row.link.url for row in plan.rows] == [URL]
    errors = [error for failure in plan.failures for error in failure.errors]
    assert {getattr(error, "field", None) for error in errors} == {"original_url"}
    links.create("a", NewLink("https://notgo.example.com/"), own)


def on(host: str) -> DomainChoice:
    return DomainChoice(branded_domain=host or None)


def test_rows_are_created_on_their_domains(
    links: SomebodysLinks, store: LinkStore, dynamodb: DynamoDBClient, domain: DomainName
) -> None:
    lost_domain = create_domain(dynamodb, "a", OTHER)
    links.create("a", new("taken"))
    service = BulkService(store)
    hosts = ["", HOST, OTHER, "unknown.example"]
    rows = [Row(n, NewLink(URL, f"row-{n // 4}"), on(hosts[n % 4])) for n in range(80)]
    plan = service.plan("a", [*rows, Row(80, new("taken"), on(HOST))], Rules())
    assert {type(failure.errors[0]) for failure in plan.failures} == {UnknownDomain}
    assert len(plan.failures) == 20
    assert [failure.number for failure in service.preview("a", plan).failures][20:] == [80]
    close_domain(dynamodb, "a", lost_domain)
    made, failures = service.create("a", plan)
    assert sorted(link.host for link in made) == [""] * 20 + [HOST] * 20
    assert len(failures) == 41
    assert numbers(dynamodb, "a", domain) == (21, 0)
    assert numbers(dynamodb, "a", lost_domain) == (0, 0)
    assert store.count("a") == 41


def test_the_links_of_a_domain_are_listed_by_its_memberships(
    links: SomebodysLinks, clock: Clock, domain: DomainName, other: DomainName
) -> None:
    made = []
    for number in range(5):
        made.append(links.create("a", new(f"sale-{number}")))
        clock.time += 1
    links.create("a", new())
    links.create("a", new(host=""))

    def page(host: str, **options: Any) -> list[str]:
        request = listing.Request(filter=listing.Filter(host=host), **options)
        return [link.short_code for link in links.page("a", request).links]

    codes = [link.short_code for link in made]
    assert page(HOST, descending=False) == [*codes, "sale"]
    assert page(HOST, limit=2, page=2) == [codes[3], codes[2]]
    assert page(HOST, sort=listing.Sort.SHORT_CODE, descending=False) == ["sale", *codes]
    assert page("") == ["sale"]
    assert page(OTHER) == page("unknown.example") == []
    first = links.page("a", listing.Request(limit=4, filter=listing.Filter(host=HOST)))
    assert first.total == 6
    assert page(HOST, limit=4, cursor=first.next_cursor) == [codes[1], codes[0]]


def test_a_taken_down_link_and_a_held_code_are_of_one_host(
    links: SomebodysLinks,
    dynamodb: DynamoDBClient,
    domain: DomainName,
    other: DomainName,
    clock: Clock,
) -> None:
    audit, order = AuditLog(dynamodb, AUDIT), Order(Cause.LINK, TakedownReason.PHISHING)
    notices = TakedownNotices(dynamodb, ACTIVITY)
    takedowns = TakedownService(TakedownStore(dynamodb, LINKS), audit, notices, clock)
    made = {host: links.create("a", new(host=host)) for host in ("", HOST, OTHER)}
    takedowns.take_down(f"{HOST}/sale", order, by=SOMEBODY)
    assert [links.get("a", one.id).taken_down for one in made.values()] == [False, True, False]
    ((notice,),) = notices.waiting(clock())
    assert (notice.host, notice.short_code) == (HOST, "sale")
    with pytest.raises(ChangeOfTakenDown):
        links.change("a", made[HOST].id, {"host": ""})
    for address in (f"{HOST}/nothing", f"{HOST}/a/b", "UPPER.example/sale", "/sale", "a b/sale"):
        with pytest.raises(LinkNotFound):
            takedowns.take_down(address, order, by=SOMEBODY)
    links.remove("a", made[HOST].id)
    links.remove("a", made[OTHER].id)
    held = HeldAliases(HeldCodeStore(dynamodb, LINKS), audit, clock)
    ((one,), following) = held.page("a", 10)
    assert (one.host, one.code, one.link_id, following) == (OTHER, "sale", made[OTHER].id, None)
    for host in ("", HOST, "nobody.example", "A/B"):
        with pytest.raises(AliasNotHeld):
            held.get("a", "sale", host)
    held.release("a", "sale", OTHER, by=SOMEBODY)
    assert held.page("a", 10) == ([], None)
    takedowns.restore(f"{HOST}/sale", by=SOMEBODY)
    assert links.create("a", new()).host == HOST
    assert links.get("a", "sale", "").id == made[""].id


def test_guesses_at_a_password_slow_one_host_alone(dynamodb: DynamoDBClient, clock: Clock) -> None:
    attempts = Attempts(dynamodb, LINKS, clock)
    for _ in range(NETWORK.free):
        attempts.begin(f"{HOST}/sale", "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        attempts.begin(f"{HOST}/sale", "192.0.2.1")
    attempts.begin("sale", "192.0.2.1")
    attempts.begin(f"{OTHER}/sale", "192.0.2.1")

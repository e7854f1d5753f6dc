"""Lists of links: pages, cursors, sorts, filters, and what they cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.campaigns import item as campaign_item
from jmpy.campaigns.model import Campaign
from jmpy.clicks.model import Bots
from jmpy.links import codes, item, listing
from jmpy.links.counts import counter_key
from jmpy.links.errors import InvalidCursor, PageTooDeep
from jmpy.links.listing import Filter, Request, Sort
from jmpy.links.model import Link, LinkStatus
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from jmpy.links.tags import wanted as wanted_tags
from project.tables import LINKS
from tests.integration import batch_write
from tests.integration.conftest import Clock
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

COUNT = 120


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    return LinkStore(dynamodb, LINKS)


def filled(
    dynamodb: DynamoDBClient, clock: Clock, count: int = COUNT, account: str = "a"
) -> list[Link]:
    """Links of one account, oldest first, one second apart. Written as items, because moto
    copies the whole table for a transaction."""
    summer = Campaign(codes.link_id(clock.time), account, "Summer", 0, 0)
    links = [
        Link(
            id=codes.link_id(clock.time + n),
            account_id=account,
            short_code=f"code{n:05d}",
            url=f"https://example.com/{n}",
            name=f"Name {count - n:05d}",
            created_at=int(clock.time + n),
            updated_at=int(clock.time + n),
            click_count=n % 7,
            bot_count=min(n % 4, n % 7),
            campaign_id=summer.id if n % 3 == 0 else None,
            tags=("Summer", "print") if n % 3 == 0 else (),
        )
        for n in range(count)
    ]
    items = [
        made
        for link in links
        for made in (item.to_link_item(link), *item.to_code_items(link).values())
    ]
    total = counter_key(account, 0) | {"links": {"N": str(count)}}
    campaign = [campaign_item.to_item(summer), campaign_item.to_name_item(summer)]
    batch_write.put(dynamodb, LINKS, [*items, *campaign, total])
    return links


@pytest.fixture
def links(dynamodb: DynamoDBClient, clock: Clock) -> list[Link]:
    return filled(dynamodb, clock)


@pytest.fixture
def service(store: LinkStore, clock: Clock) -> SomebodysLinks:
    return SomebodysLinks(store, clock)


def pages(service: SomebodysLinks, **request: Any) -> Iterator[listing.Page]:
    """All pages, by their numbers."""
    number = 1
    while (page := service.page("a", Request(page=number, **request))).links:
        yield page
        number += 1


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("limit", [1, 50, 100])
def test_numbered_pages_cover_the_account_once_in_order(
    service: SomebodysLinks, links: list[Link], descending: bool, limit: int
) -> None:
    if limit == 1:
        links[:] = links[-3:] if descending else links[:3]
    read = list(pages(service, limit=limit, descending=descending)) if limit > 1 else [
        service.page("a", Request(page=n, limit=1, descending=descending)) for n in (1, 2, 3)
    ]  # fmt: skip
    found = [link for page in read for link in page.links]
    assert found == (links[::-1] if descending else links)
    assert {page.total for page in read} == {COUNT}


@pytest.mark.parametrize("descending", [True, False])
def test_a_cursor_goes_on_where_its_page_ended(
    service: SomebodysLinks, links: list[Link], descending: bool
) -> None:
    found: list[Link] = []
    cursor: str | None = None
    while True:
        page = service.page("a", Request(limit=50, descending=descending, cursor=cursor))
        found += page.links
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == (links[::-1] if descending else links)


def test_a_cursor_is_stable_while_links_come_and_go(
    service: SomebodysLinks, links: list[Link], clock: Clock
) -> None:
    first = service.page("a", Request(limit=50))
    clock.time += COUNT
    service.create("a", NewLink("https://example.com/new"))
    service.remove("a", first.links[-1].id)
    second = service.page("a", Request(limit=50, cursor=first.next_cursor))
    assert second.links == links[::-1][50:100]
    assert second.total == COUNT


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize(
    ("sort", "key"),
    [
        (Sort.NAME, lambda link: link.name),
        (Sort.SHORT_CODE, lambda link: link.short_code),
        (Sort.CLICKS, lambda link: (link.click_count, link.id)),
    ],
)
def test_other_sorts(
    service: SomebodysLinks, links: list[Link], sort: Sort, key: Any, descending: bool
) -> None:
    read = list(pages(service, sort=sort, descending=descending, limit=100))
    found = [link for page in read for link in page.links]
    assert found == sorted(links, key=key, reverse=descending)
    assert {page.total for page in read} == {COUNT}


@pytest.mark.parametrize(
    ("bots", "wanted"),
    [
        (Bots.INCLUDE, lambda link: link.click_count),
        (Bots.EXCLUDE, lambda link: link.click_count - link.bot_count),
        (Bots.ONLY, lambda link: link.bot_count),
    ],
)
def test_links_have_and_are_sorted_by_the_clicks_that_are_counted(
    service: SomebodysLinks, links: list[Link], bots: Bots, wanted: Any
) -> None:
    read = [
        link
        for page in pages(service, sort=Sort.CLICKS, bots=bots, limit=40)
        for link in page.links
    ]
    found = [(link.click_count, link.id) for link in read]
    assert found == sorted(((wanted(link), link.id) for link in links), reverse=True)
    newest = service.page("a", Request(limit=20, bots=bots)).links
    assert [link.click_count for link in newest] == [wanted(link) for link in links[: -20 - 1 : -1]]
    assert all(link.human_count + link.bot_count == link.click_count for link in newest + read)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Filter(search="NAME 00007"), 1),
        (Filter(search="code0000"), 10),
        (Filter(search="example.com/11"), 11),
        (Filter(search="nothing"), 0),
        (Filter(campaign_id="summer"), 40),
        (Filter(campaign_id="winter"), 0),
        (Filter(tags=wanted_tags("SUMMER,none")), 40),
        (Filter(tags=wanted_tags("summe")), 0),
        (Filter(tags=wanted_tags("summer"), created_until=1_800_000_003), 2),
        (Filter(source="url_shortener"), COUNT),
        (Filter(source="BULK_IMPORT"), 0),
        (Filter(status=LinkStatus.ACTIVE), COUNT - 2),
        (Filter(status=LinkStatus.EXPIRED), 1),
        (Filter(status=LinkStatus.DISABLED), 1),
        (Filter(created_from=1_800_000_010, created_until=1_800_000_019), 10),
        (Filter(campaign_id="summer", created_until=1_800_000_003), 2),
    ],
)
def test_filters(service: SomebodysLinks, links: list[Link], wanted: Filter, count: int) -> None:
    earlier = SomebodysLinks(service._store, now=lambda: 0)
    earlier.change("a", links[1].id, {"expires_at": 1})
    service.change("a", links[2].id, {"disabled": True})
    page = service.page("a", Request(filter=wanted, limit=100))
    assert page.total == count
    assert len(page.links) == min(count, 100)


@pytest.fixture
def few(service: SomebodysLinks) -> list[Link]:
    return [
        service.create("a", NewLink(f"https://example.com/{n % 3}", name=f"Name {n % 4}"))
        for n in range(7)
    ]


def test_cursors_lead_through_every_list_to_its_end(
    service: SomebodysLinks, few: list[Link]
) -> None:
    for sort, descending, wanted in product(Sort, (False, True), (Filter(), Filter(search="name"))):
        request = Request(sort=sort, descending=descending, filter=wanted, limit=3)
        whole = service.page("a", replace(request, limit=10))
        found, cursor = list[Link](), None
        for _ in range(3):
            page = service.page("a", replace(request, cursor=cursor))
            found, cursor = found + page.links, page.next_cursor
        assert cursor is None
        assert found == whole.links
        assert len(found) == len(few)


def test_a_cursor_is_a_place_and_not_a_link(service: SomebodysLinks, few: list[Link]) -> None:
    request = Request(sort=Sort.NAME, descending=False, limit=3)
    whole = service.page("a", replace(request, limit=10)).links
    first = service.page("a", request)
    service.remove("a", first.links[-1].id)
    second = service.page("a", replace(request, cursor=first.next_cursor))
    assert second.links == whole[3:6]


def test_a_cursor_of_another_list_is_invalid(service: SomebodysLinks) -> None:
    service.create("a", NewLink("https://example.com/1"))
    service.create("a", NewLink("https://example.com/2"))
    clicks = service.page("a", Request(sort=Sort.CLICKS, limit=1)).next_cursor
    for sort in Sort:
        others = [clicks] if sort is not Sort.CLICKS else []
        for cursor in ("x", "5", "W10", "WyJuYW1lIiwxLDJd", "\u00e9", "W" * 3000, *others):
            with pytest.raises(InvalidCursor):
                service.page("a", Request(sort=sort, cursor=cursor, filter=Filter(search="1")))


@pytest.mark.parametrize(
    "typed", ["m\u00fcnchen", "M\u00dcNCHEN", "stra\u00dfe", "\u043d\u043f", "xn--mnchen", "%C3%9F",
              "sommer-aktion", "mu\u0308nchen"],
)  # fmt: skip
def test_a_search_finds_what_was_typed(service: SomebodysLinks, typed: str) -> None:
    url = "https://m\u00fcnchen.example/stra\u00dfe?q=\u043d\u043f"
    made = service.create("a", NewLink(url, tags=("Sommer-Aktion",)))
    service.create("a", NewLink("https://example.com/"))
    found = service.page("a", Request(filter=Filter(search=typed)))
    assert [link.id for link in found.links] == [made.id]


def test_an_account_without_links_has_an_empty_first_page(service: SomebodysLinks) -> None:
    for request in (Request(), Request(sort=Sort.NAME), Request(page=5)):
        assert service.page("a", request) == listing.Page([], 0)


def test_a_page_beyond_the_bound_asks_for_a_cursor(
    service: SomebodysLinks, links: list[Link], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SEARCHED", 100)
    with pytest.raises(PageTooDeep, match="cursor"):
        service.page("a", Request(page=12, limit=10))


def test_a_search_reads_no_more_than_its_bound(
    service: SomebodysLinks, links: list[Link], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SEARCHED", 30)
    found = service.page("a", Request(sort=Sort.SHORT_CODE, limit=100, descending=False))
    assert found.links == links[-30:]


def test_the_count_follows_creates_and_deletes(service: SomebodysLinks, store: LinkStore) -> None:
    made = [service.create("a", NewLink("https://example.com/")) for _ in range(5)]
    for link in made[:2]:
        service.remove("a", link.id)
    assert store.count("a") == 3
    assert store.count("b") == 0


class Meter:
    """The calls of a client and the items that each of them read."""

    def __init__(self, client: DynamoDBClient) -> None:
        self.calls: list[str] = []
        self.items: list[int] = []
        client.meta.events.register("after-call.dynamodb", self._note)

    def _note(self, model: Any, parsed: Any, **_: Any) -> None:
        self.calls.append(model.name)
        found = sum(map(len, parsed.get("Responses", {}).values()))
        self.items.append(parsed.get("ScannedCount", found))


def test_page_one_costs_the_page_and_not_the_account(
    dynamodb: DynamoDBClient, clock: Clock
) -> None:
    service = SomebodysLinks(LinkStore(dynamodb, LINKS), clock)
    filled(dynamodb, clock, 25, "small")
    filled(dynamodb, clock, 1000, "large")
    service.page("small", Request(limit=1))  # reads the blocklist, as all do twice a minute
    meter = Meter(dynamodb)
    for account in ("small", "large"):
        assert len(service.page(account, Request(limit=20)).links) == 20
    # The one item of the count, the page's 20 links and their campaign, for either account.
    assert meter.calls == ["Query", "Query", "BatchGetItem"] * 2
    assert meter.items == [1, 20, 1] * 2

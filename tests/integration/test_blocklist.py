"""The operator's blocklist: where no link may lead, whoever created it and whenever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from jmpy.links import destination
from jmpy.links.blocklist import CACHED
from jmpy.links.blocklist_store import MAX_BYTES, BlocklistFull, BlocklistStore, Entry
from jmpy.links.bulk import BulkService, Row
from jmpy.links.errors import InvalidDestination, LinkTakenDown
from jmpy.links.listing import Request
from jmpy.links.new_link import NewLink
from jmpy.links.processing import Rules
from jmpy.links.store import LinkStore
from jmpy.redirect.lookup import RedirectLookup
from project import functions
from project.tables import LINKS, SALTS
from tests.integration.conftest import Clock
from tests.integration.short_urls import errors_of
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.integration.browser import Browser
    from tests.integration.short_urls import Client

URL = "https://evil.example/login"


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    return LinkStore(dynamodb, LINKS)


@pytest.fixture
def blocklist(dynamodb: DynamoDBClient) -> BlocklistStore:
    return BlocklistStore(dynamodb, LINKS)


@pytest.fixture
def links(store: LinkStore, clock: Clock) -> SomebodysLinks:
    return SomebodysLinks(store, clock)


def entry(host: str = "evil.example") -> Entry:
    return Entry(host, "phishing", 1, "an operator")


WITHIN = [
    URL,
    "https://EVIL.example/",
    "https://evil.example./",
    "http://evil.example:8080/",
    "https://login.evil.example/",
    "https://a.b.c.evil.example/?q=1",
    "https://evil\u3002example/",
    "https://\uff45vil.example/",
    "https://%65vil.example/",
    "https://ev\u00adil.example/",
    "https://ev\til.example/",
    "https:\\\\evil.example\\",
]
OUTSIDE = [
    "https://notevil.example/",
    "https://evil.example.org/",
    "https://example.org/evil.example",
    "https://evil-example.com/",
]


@pytest.mark.parametrize("url", WITHIN)
def test_no_link_to_a_blocked_host_is_created(
    links: SomebodysLinks, blocklist: BlocklistStore, url: str
) -> None:
    blocklist.add(entry())
    with pytest.raises(InvalidDestination, match=r"Links to evil\.example are blocked"):
        links.create("a", NewLink(url))


@pytest.mark.parametrize("url", OUTSIDE)
def test_a_lookalike_of_a_blocked_host_is_another_host(
    links: SomebodysLinks, blocklist: BlocklistStore, url: str
) -> None:
    blocklist.add(entry())
    assert links.create("a", NewLink(url)).safety_status == "safe"


SPELLINGS = {
    "203.0.113.7": "http://203.0.113.7/",
    "http://3405803783/": "http://203.0.113.7/",
    "0xcb.0.0x71.7": "http://203.0.113.7/",
    "0313.0.0161.7": "http://203.0.113.7/",
    "[::ffff:203.0.113.7]": "http://203.0.113.7/",
    "203.0.113.7 ": "http://[::ffff:cb00:7107]/",
    "[2001:db8::1]": "http://[2001:db8:0:0::1]/",
    "b\u00fccher.example": "https://xn--bcher-kva.example/",
    "https://evil.example:80/a?b#c": URL,
    "*.evil.example": URL,
    ".example": URL,
}


@pytest.mark.parametrize(("named", "url"), SPELLINGS.items())
def test_a_host_is_blocked_in_all_its_spellings(
    links: SomebodysLinks, blocklist: BlocklistStore, named: str, url: str
) -> None:
    blocklist.add(entry(destination.domain(named)))
    with pytest.raises(InvalidDestination, match="are blocked"):
        links.create("a", NewLink(url))


@pytest.mark.parametrize("named", ["", " ", "zip", "*", ".", "a b", "a/b", "256.1", "[::1"])
def test_what_is_no_host_cannot_be_blocked(named: str) -> None:
    with pytest.raises(InvalidDestination):
        destination.domain(named)


def test_a_link_cannot_be_changed_to_lead_there(
    links: SomebodysLinks, blocklist: BlocklistStore, clock: Clock
) -> None:
    link = links.create("a", NewLink("https://example.com/"))
    blocklist.add(entry())
    clock.time += CACHED
    with pytest.raises(InvalidDestination, match="are blocked"):
        links.change("a", link.id, {"url": URL})


def test_rows_of_a_bulk_upload_and_of_an_import_say_which_are_blocked(
    store: LinkStore, blocklist: BlocklistStore
) -> None:
    blocklist.add(entry())
    plan = BulkService(store).plan(
        "a", [Row(1, NewLink(URL)), Row(2, NewLink("https://example.com/"))], Rules()
    )
    (failure,) = plan.failures
    assert (failure.number, str(failure.errors[0])) == (
        1, "Links to evil.example are blocked by the operator of this service",
    )  # fmt: skip


def test_an_existing_link_leads_nowhere_within_a_minute_and_again_when_unblocked(
    dynamodb: DynamoDBClient, links: SomebodysLinks, blocklist: BlocklistStore, clock: Clock
) -> None:
    code = links.create("a", NewLink(URL)).short_code
    lookup = RedirectLookup(dynamodb, LINKS, SALTS, clock)  # a warm environment
    assert lookup.follow(code).url == URL
    blocklist.add(entry())
    clock.time += CACHED
    with pytest.raises(LinkTakenDown):
        lookup.follow(code)
    blocklist.remove("evil.example")
    clock.time += CACHED
    assert lookup.follow(code).url == URL
    assert CACHED <= 55  # and the four seconds of a code


def test_the_owner_reads_that_the_destination_is_blocked_and_can_choose_another(
    links: SomebodysLinks, blocklist: BlocklistStore, clock: Clock
) -> None:
    link = links.create("a", NewLink(URL))
    blocklist.add(entry())
    clock.time += CACHED
    seen = links.get("a", link.id)
    assert (seen.safety_status, seen.safety_reason) == (
        "blocked", "blocked: links to evil.example are blocked",
    )  # fmt: skip
    assert links.change("a", link.id, {"name": "still there"}).safety_status == "blocked"
    assert links.change("a", link.id, {"url": "https://example.com/"}).safety_status == "safe"
    assert links.get("a", link.id).takedowns == ()


def test_a_blocked_link_is_not_stored_as_taken_down(
    dynamodb: DynamoDBClient, links: SomebodysLinks, blocklist: BlocklistStore, clock: Clock
) -> None:
    link = links.create("a", NewLink(URL))
    blocklist.add(entry())
    clock.time += CACHED
    links.change("a", link.id, {"name": "changed while blocked"})
    blocklist.remove("evil.example")
    clock.time += CACHED
    assert RedirectLookup(dynamodb, LINKS, SALTS, clock).follow(link.short_code).url == URL


@pytest.mark.parametrize("name", ["page", "newest", "lookup"])
def test_every_list_of_links_says_so(
    links: SomebodysLinks, blocklist: BlocklistStore, clock: Clock, name: str
) -> None:
    links.create("a", NewLink(URL))
    blocklist.add(entry())
    clock.time += CACHED
    lists = {
        "page": lambda: links.page("a", Request()).links,
        "newest": lambda: [*links.newest("a", 10)],
        "lookup": lambda: links.lookup("a", URL),
    }
    assert [link.safety_status for link in lists[name]()] == ["blocked"]


def test_the_response_says_what_is_wrong(client: Client, blocklist: BlocklistStore) -> None:
    blocklist.add(entry())
    response = client("POST", body={"url": URL})
    assert (response.status, response.code) == (422, "INVALID_URL")
    assert "evil.example" in errors_of(response)["url"]


def test_the_form_of_the_dashboard_says_so_too(person: Browser, blocklist: BlocklistStore) -> None:
    blocklist.add(entry())
    page = person.submit("/dashboard/links", {"url": URL})
    assert page.status == 422
    assert "Links to evil.example are blocked" in page.text


def test_a_blocklist_that_cannot_be_read_lets_nobody_by(
    dynamodb: DynamoDBClient, store: LinkStore
) -> None:
    def broken() -> frozenset[str]:
        raise ConnectionError

    links = SomebodysLinks(store)
    links.blocklist._load = broken
    with pytest.raises(ConnectionError):
        links.create("a", NewLink("https://example.com/"))


def test_entries_are_listed_with_why_when_and_by_whom(blocklist: BlocklistStore) -> None:
    assert blocklist.add(entry("b.example"))
    assert blocklist.add(entry("a.example"))
    assert not blocklist.add(Entry("a.example", "malware", 2, "another"))
    assert [*blocklist.entries()] == [
        Entry("a.example", "malware", 2, "another"),
        entry("b.example"),
    ]
    assert blocklist.remove("a.example")
    assert not blocklist.remove("a.example")
    assert [*blocklist.entries()] == [entry("b.example")]


def test_what_a_restore_brings_back_of_an_entry_is_not_listed(
    dynamodb: DynamoDBClient, blocklist: BlocklistStore
) -> None:
    blocklist.add(entry())
    key = {"pk": {"S": "blocklist"}, "sk": {"S": "host#evil.example"}}
    item = dynamodb.get_item(TableName=LINKS, Key=key)["Item"]
    blocklist.remove("evil.example")
    dynamodb.put_item(TableName=LINKS, Item=item)
    assert [*blocklist.entries()] == []


def test_two_operators_at_once_lose_no_entry(
    dynamodb: DynamoDBClient, store: LinkStore, blocklist: BlocklistStore
) -> None:
    real, other = dynamodb.get_item, BlocklistStore(dynamodb, LINKS)
    raced: list[bool] = []

    def get_item(**request: Any) -> Any:
        response = real(**request)
        if not raced:
            raced.append(True)
            other.add(entry("second.example"))
        return response

    with patch.object(dynamodb, "get_item", get_item):
        blocklist.add(entry("first.example"))
    assert store.blocked_hosts() == {"first.example", "second.example"}


def test_the_list_has_a_bound(blocklist: BlocklistStore, store: LinkStore) -> None:
    for number in range(3):
        blocklist.add(entry(f"{number}.example"))
    with pytest.raises(BlocklistFull, match="full"):
        blocklist.add(entry("a" * MAX_BYTES))
    assert len(store.blocked_hosts()) == 3


def test_an_empty_list_blocks_nothing(links: SomebodysLinks, blocklist: BlocklistStore) -> None:
    blocklist.add(entry())
    blocklist.remove("evil.example")
    assert links.create("a", NewLink(URL)).url == URL


def test_the_redirect_says_gone_and_counts_no_click(
    links: SomebodysLinks, blocklist: BlocklistStore
) -> None:
    code = links.create("a", NewLink(URL)).short_code
    blocklist.add(entry())
    event = functions.event("GET", f"/{code}", resource="/{proxy+}", parameters={"proxy": code})
    response = functions.call(functions.load("redirect").handler, event)
    assert (response.status, response.code) == (410, "LINK_TAKEN_DOWN")

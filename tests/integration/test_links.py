"""Links under interleaving: what two requests at once may not break."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.links.errors import AliasTaken, LinkExpired, LinkNotFound
from jmpy.links.model import Target
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.links.writes import CodeTaken, StaleLink
from jmpy.redirect.lookup import RedirectLookup
from project.tables import LINKS, SALTS
from tests.integration.conftest import Clock
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

URL = "https://example.com/"

Follow = Callable[[str], Target]


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> LinkStore:
    return LinkStore(dynamodb, LINKS)


@pytest.fixture
def links(store: LinkStore, clock: Clock) -> SomebodysLinks:
    return SomebodysLinks(store, clock)


@pytest.fixture
def follow(dynamodb: DynamoDBClient, clock: Clock) -> Follow:
    """In an execution environment that remembers no link."""
    return lambda code: RedirectLookup(dynamodb, LINKS, SALTS, clock).follow(code)


def test_a_taken_random_code_is_drawn_again(store: LinkStore, clock: Clock) -> None:
    codes = iter(["AAAAAAA", "AAAAAAA", "AAAAAAA", "BBBBBBB"])
    links = LinkService(store, clock, lambda: next(codes))
    assert links.create("a", NewLink(URL)).short_code == "AAAAAAA"
    assert links.create("a", NewLink(URL)).short_code == "BBBBBBB"


def test_a_refused_create_leaves_nothing(links: SomebodysLinks, store: LinkStore) -> None:
    links.create("a", NewLink(URL, custom_alias="abc"))
    with pytest.raises(AliasTaken):
        links.create("b", NewLink(URL, custom_alias="abc"))
    assert store.page("b", 10, None) == ([], None)


def test_a_stale_change_is_refused_and_the_service_retries(
    links: SomebodysLinks, store: LinkStore
) -> None:
    stale = links.create("a", NewLink(URL, custom_alias="abc"))
    links.change("a", "abc", {"name": "first"})
    with pytest.raises(StaleLink):
        store.change(stale, {"name": "second", "updated_at": 0})
    changed = links.change("a", "abc", {"url": "https://example.com/2"})
    assert (changed.name, changed.url, changed.version) == ("first", "https://example.com/2", 3)


def test_a_change_after_a_delete_brings_nothing_back(
    links: SomebodysLinks, store: LinkStore
) -> None:
    stale = links.create("a", NewLink(URL, custom_alias="abc"))
    links.remove("a", "abc")
    with pytest.raises(StaleLink):
        store.change(stale, {"name": "zombie", "updated_at": 0})
    target = store.target("abc")
    assert target is not None
    assert target.is_tombstone
    assert store.find("a", stale.id) is None


def test_a_stale_delete_does_not_take_the_codes_next_owner(
    links: SomebodysLinks, store: LinkStore, follow: Follow
) -> None:
    stale = links.create("a", NewLink(URL, custom_alias="abc"))
    links.remove("a", "abc", release=True)
    links.create("b", NewLink(URL, custom_alias="abc"))
    with pytest.raises(StaleLink):
        store.remove(stale, 0)
    assert follow("abc").url == URL


def test_two_adds_of_one_code_have_one_owner(links: SomebodysLinks, store: LinkStore) -> None:
    link = links.create("a", NewLink(URL, custom_alias="abc"))
    with pytest.raises(CodeTaken):
        store.add(link)


def test_a_redirect_follows_changes_at_once(
    links: SomebodysLinks, clock: Clock, follow: Follow
) -> None:
    links.create("a", NewLink(URL, custom_alias="abc"))
    links.change("a", "abc", {"url": "https://example.com/2", "expires_at": int(clock.time) + 10})
    assert follow("abc").url == "https://example.com/2"
    clock.time += 10
    with pytest.raises(LinkExpired):
        follow("abc")
    links.change("a", "abc", {"expires_at": None})
    assert follow("abc").url == "https://example.com/2"
    links.remove("a", "abc")
    with pytest.raises(LinkNotFound):
        follow("abc")


def test_an_id_wins_over_an_alias_of_the_same_spelling(
    links: SomebodysLinks, follow: Follow
) -> None:
    first = links.create("a", NewLink(URL))
    second = links.create("a", NewLink(URL, custom_alias=first.id))
    assert links.get("a", first.id).id == first.id
    assert follow(first.id).url == second.url


def test_a_lookup_asks_again_for_what_an_answer_left_out(
    links: SomebodysLinks, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {links.create("a", NewLink(URL)).id for _ in range(3)}
    whole: Any = dynamodb.batch_get_item

    def one_at_a_time(RequestItems: Any) -> Any:  # noqa: N803 - boto3's name
        first, *rest = RequestItems[LINKS]["Keys"]
        response = dict(whole(RequestItems={LINKS: {**RequestItems[LINKS], "Keys": [first]}}))
        return response | {"UnprocessedKeys": {LINKS: {"Keys": rest}} if rest else {}}

    monkeypatch.setattr(dynamodb, "batch_get_item", one_at_a_time)
    assert {link.id for link in links.lookup("a", URL)} == made

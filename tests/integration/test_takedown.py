"""Takedowns: what an operator holds against links, and what owners and visitors see of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jmpy.audit.model import Action
from jmpy.audit.store import AuditLog, EntryFilter
from jmpy.links.errors import AliasTaken, ChangeOfTakenDown, LinkNotFound, LinkTakenDown
from jmpy.links.model import AliasState
from jmpy.links.new_link import NewLink
from jmpy.links.safety import Cause, TakedownReason
from jmpy.links.takedown import Order, Progress, TakedownService
from jmpy.links.takedown_store import TakedownStore
from jmpy.notices.takedowns import TakedownNotices
from jmpy.redirect.lookup import RedirectLookup
from project.origins import SOMEBODY
from project.tables import ACTIVITY, AUDIT, LINKS, SALTS
from tests.integration.conftest import Clock
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.links.changes import LinkUpdate
    from jmpy.links.model import Target

URL = "https://example.com/"
PHISHING = Order(Cause.LINK, TakedownReason.PHISHING, "reported by Example Bank")
ACCOUNT = Order(Cause.ACCOUNT, TakedownReason.SPAM)


def destination(domain: str) -> Order:
    return Order(Cause.DESTINATION, TakedownReason.MALWARE, subject=domain)


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> TakedownStore:
    return TakedownStore(dynamodb, LINKS)


@pytest.fixture
def links(store: TakedownStore, clock: Clock) -> SomebodysLinks:
    return SomebodysLinks(store, clock)


@pytest.fixture
def takedowns(store: TakedownStore, dynamodb: DynamoDBClient, clock: Clock) -> TakedownService:
    notices = TakedownNotices(dynamodb, ACTIVITY)
    return TakedownService(store, AuditLog(dynamodb, AUDIT), notices, clock)


@pytest.fixture
def follow(dynamodb: DynamoDBClient, clock: Clock) -> Callable[[str], Target]:
    """In an execution environment that has cached no link."""
    return lambda code: RedirectLookup(dynamodb, LINKS, SALTS, clock).follow(code)


def test_a_link_that_was_taken_down_leads_nowhere_until_it_is_restored(
    links: SomebodysLinks, takedowns: TakedownService, follow: Callable[[str], Target]
) -> None:
    links.create("acme", NewLink(URL, custom_alias="abc"))
    takedowns.take_down("abc", PHISHING, by=SOMEBODY)
    with pytest.raises(LinkTakenDown):
        follow("abc")
    takedowns.restore("abc", by=SOMEBODY)
    assert follow("abc").url == URL


def test_the_owner_reads_why(links: SomebodysLinks, takedowns: TakedownService) -> None:
    links.create("acme", NewLink(URL, custom_alias="abc"))
    assert links.get("acme", "abc").safety_status == "safe"
    takedowns.take_down("abc", PHISHING, by=SOMEBODY)
    link = links.get("acme", "abc")
    assert link.safety_status == "taken_down"
    assert link.safety_reason == "phishing: reported by Example Bank"


def test_the_owners_own_status_stays_as_it_is(
    links: SomebodysLinks, takedowns: TakedownService, clock: Clock
) -> None:
    links.create("acme", NewLink(URL, custom_alias="abc", disabled=True))
    takedowns.take_down("abc", PHISHING, by=SOMEBODY)
    takedowns.restore("abc", by=SOMEBODY)
    assert links.get("acme", "abc").status(clock()) == "disabled"


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://example.org/"},
        {"utm": {"utm_source": "other"}},
        {"custom_alias": "other"},
        {"custom_alias": None},
    ],
)
def test_an_owner_cannot_lead_it_elsewhere_or_move_it(
    links: SomebodysLinks, takedowns: TakedownService, change: LinkUpdate
) -> None:
    links.create("acme", NewLink(URL, custom_alias="abc"))
    takedowns.take_down("abc", PHISHING, by=SOMEBODY)
    with pytest.raises(ChangeOfTakenDown, match="safety_reason"):
        links.change("acme", "abc", change)
    assert links.get("acme", "abc").url == URL


def test_no_change_of_the_owner_brings_it_back(
    links: SomebodysLinks, takedowns: TakedownService, follow: Callable[[str], Target]
) -> None:
    links.create("acme", NewLink(URL, custom_alias="abc"))
    takedowns.take_down("abc", PHISHING, by=SOMEBODY)
    links.change("acme", "abc", {"name": "mine", "disabled": False, "url": URL})
    assert links.get("acme", "abc").name == "mine"
    with pytest.raises(LinkTakenDown):
        follow("abc")


def test_a_deleted_one_blocks_its_code_for_everybody(
    links: SomebodysLinks, takedowns: TakedownService, follow: Callable[[str], Target]
) -> None:
    links.create("acme", NewLink(URL, custom_alias="abc"))
    takedowns.take_down("abc", PHISHING, by=SOMEBODY)
    links.remove("acme", "abc")
    with pytest.raises(LinkTakenDown):
        follow("abc")
    with pytest.raises(LinkNotFound):
        links.get("acme", "abc")
    assert links.availability("acme", "abc").state is AliasState.HELD
    for account in ("acme", "other"):
        with pytest.raises(AliasTaken):
            links.create(account, NewLink(URL, custom_alias="abc"))


def test_a_link_that_was_deleted_before_it_could_be_taken_down_does_not_come_back(
    links: SomebodysLinks,
    takedowns: TakedownService,
    follow: Callable[[str], Target],
    dynamodb: DynamoDBClient,
) -> None:
    link = links.create("acme", NewLink(URL, custom_alias="abc"))
    links.remove("acme", "abc")
    for _ in range(2):
        assert takedowns.take_down("abc", PHISHING, by=SOMEBODY) is None
    with pytest.raises(AliasTaken):
        links.create("acme", NewLink(URL, custom_alias="abc"))
    with pytest.raises(LinkTakenDown):
        follow("abc")
    taken_down = EntryFilter(target_id=link.id, action=Action.LINK_TAKEN_DOWN)
    (entry,) = AuditLog(dynamodb, AUDIT).all("acme", taken_down, 10)
    assert entry.changes == {"takedown": (None, "phishing: reported by Example Bank")}
    assert takedowns.restore("abc", by=SOMEBODY) is None
    (entry,) = takedowns._audit.all("acme", EntryFilter(action=Action.LINK_RESTORED), 10)
    assert (entry.target_name, entry.origin) == ("abc", SOMEBODY)
    assert links.create("acme", NewLink(URL, custom_alias="abc")).short_code == "abc"


def test_a_link_that_moved_is_taken_down_by_its_old_code(
    links: SomebodysLinks, takedowns: TakedownService, follow: Callable[[str], Target]
) -> None:
    links.create("acme", NewLink(URL, custom_alias="abc"))
    links.change("acme", "abc", {"custom_alias": "moved"})
    down = takedowns.take_down("abc", PHISHING, by=SOMEBODY)
    assert down is not None
    assert down.short_code == "moved"
    with pytest.raises(LinkTakenDown):
        follow("moved")


def test_the_code_of_a_deleted_one_is_free_when_it_is_restored(
    links: SomebodysLinks, takedowns: TakedownService
) -> None:
    links.create("acme", NewLink(URL, custom_alias="abc"))
    takedowns.take_down("abc", PHISHING, by=SOMEBODY)
    links.remove("acme", "abc")
    assert takedowns.restore("abc", by=SOMEBODY) is None
    assert links.create("other", NewLink(URL, custom_alias="abc")).short_code == "abc"


def test_an_unknown_code_is_reported(takedowns: TakedownService) -> None:
    with pytest.raises(LinkNotFound):
        takedowns.take_down("nothing", PHISHING, by=SOMEBODY)
    with pytest.raises(LinkNotFound):
        takedowns.restore("not a code", by=SOMEBODY)


def test_all_links_of_an_account_and_nobody_elses(
    links: SomebodysLinks, takedowns: TakedownService, follow: Callable[[str], Target]
) -> None:
    mine = [links.create("acme", NewLink(URL)) for _ in range(3)]
    links.create("other", NewLink(URL, custom_alias="others"))
    assert takedowns.take_down_account("acme", ACCOUNT, by=SOMEBODY) == Progress(3, 3, 3)
    for link in mine:
        with pytest.raises(LinkTakenDown):
            follow(link.short_code)
    assert follow("others").url == URL
    assert takedowns.restore_account("acme", Cause.ACCOUNT, by=SOMEBODY) == Progress(3, 3, 3)
    assert follow(mine[0].short_code).url == URL


def test_a_link_waits_for_all_that_is_held_against_it(
    links: SomebodysLinks, takedowns: TakedownService, follow: Callable[[str], Target]
) -> None:
    links.create("acme", NewLink(URL, custom_alias="abc"))
    takedowns.take_down("abc", PHISHING, by=SOMEBODY)
    takedowns.take_down_account("acme", ACCOUNT, by=SOMEBODY)
    assert links.get("acme", "abc").safety_reason == "phishing: reported by Example Bank; spam"
    takedowns.restore_account("acme", Cause.ACCOUNT, by=SOMEBODY)
    with pytest.raises(LinkTakenDown):
        follow("abc")


DESTINATIONS = {
    "https://evil.example/a": True,
    "https://EVIL.example:8443/b": True,
    "https://login.evil.example/": True,
    "https://evil.example./": True,
    "https://notevil.example/": False,
    "https://evil.example.org/": False,
    "https://example.org/?to=evil.example": False,
}


def test_all_links_to_a_domain_and_within_it(
    links: SomebodysLinks, takedowns: TakedownService
) -> None:
    created = {links.create("acme", NewLink(url)).short_code: url for url in DESTINATIONS}
    takedowns.take_down_destination("evil.example", destination("evil.example"), by=SOMEBODY)
    down = {url: links.get("acme", code).taken_down for code, url in created.items()}
    assert down == DESTINATIONS
    takedowns.restore_destination("evil.example", by=SOMEBODY)
    assert not any(links.get("acme", code).taken_down for code in created)


def test_a_repetition_changes_nothing_and_is_not_recorded_again(
    links: SomebodysLinks, takedowns: TakedownService, dynamodb: DynamoDBClient
) -> None:
    link = links.create("acme", NewLink(URL))
    again = [takedowns.take_down_account("acme", ACCOUNT, by=SOMEBODY) for _ in range(2)]
    assert again == [Progress(1, 1, 1), Progress(1, 1, 0)]
    takedowns.restore(link.short_code, by=SOMEBODY)
    takedowns.restore(link.short_code, by=SOMEBODY)
    entries = [*AuditLog(dynamodb, AUDIT).all("acme", EntryFilter(), 10)]
    actions = {entry.action for entry in entries}
    assert (len(entries), actions) == (2, {Action.LINK_RESTORED, Action.LINK_TAKEN_DOWN})


def test_an_interrupted_run_goes_on_where_it_ended(
    links: SomebodysLinks, takedowns: TakedownService
) -> None:
    for _ in range(3):
        links.create("acme", NewLink(URL))
    (one, *_) = links.newest("acme", 1)
    takedowns.take_down(one.short_code, ACCOUNT, by=SOMEBODY)
    assert takedowns.take_down_account("acme", ACCOUNT, by=SOMEBODY) == Progress(3, 3, 2)


def test_progress_is_reported(links: SomebodysLinks, takedowns: TakedownService) -> None:
    for _ in range(2):
        links.create("acme", NewLink(URL))
    seen: list[Progress] = []
    takedowns.take_down_account("acme", ACCOUNT, by=SOMEBODY, report=seen.append)
    assert seen == [Progress(2, 2, 2)]


def test_the_audit_log_of_its_account_records_it(
    links: SomebodysLinks, takedowns: TakedownService, dynamodb: DynamoDBClient
) -> None:
    link = links.create("acme", NewLink(URL, custom_alias="abc"))
    takedowns.take_down("abc", PHISHING, by=SOMEBODY)
    (entry,) = AuditLog(dynamodb, AUDIT).all("acme", EntryFilter(action=Action.LINK_TAKEN_DOWN), 10)
    assert (entry.target_id, entry.target_name) == (link.id, "abc")
    assert entry.changes == {"takedown": (None, "phishing: reported by Example Bank")}
    assert entry.origin == SOMEBODY


def test_a_change_at_the_same_time_is_not_lost(
    links: SomebodysLinks, store: TakedownStore, takedowns: TakedownService
) -> None:
    """The owner changed it between our read and our write."""
    stale = links.create("acme", NewLink(URL, custom_alias="abc"))
    links.change("acme", "abc", {"url": "https://example.org/"})
    assert takedowns._changed(stale, lambda _link: (PHISHING.at(1),), SOMEBODY) is not None
    link = links.get("acme", "abc")
    assert (link.url, link.taken_down) == ("https://example.org/", True)

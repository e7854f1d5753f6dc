"""Takes links down, and restores them.

Operators and checks of destinations do; owners see what was done, and cannot undo it. It is apart
from the `status` that owners set, which a restored link still has.

Each change is written together with its entry in the audit log of the link's account, and with the
notice to its owner. Many links are changed one by one: a run that was interrupted can be repeated,
and changes what is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from jmpy.audit.model import Action, Entry, differences, entry_at
from jmpy.clock import system_clock
from jmpy.links import codes, hosts
from jmpy.links.errors import LinkConflict, LinkNotFound
from jmpy.links.safety import Cause, Takedown
from jmpy.links.writes import StaleLink
from jmpy.retry import CONTENTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jmpy.audit.model import Change, Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.links.model import Link, Target
    from jmpy.links.safety import TakedownReason
    from jmpy.links.takedown_store import TakedownStore
    from jmpy.notices.takedowns import TakedownNotices

PAGE = 100
"""Links after which there is progress to report."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be held against links, and why."""

    cause: Cause
    reason: TakedownReason
    note: str = ""
    subject: str = ""

    def at(self, now: float) -> Takedown:
        return Takedown(self.cause, self.reason, self.note, int(now), self.subject)


class _Page(NamedTuple):
    read: int
    """Links."""
    meant: list[Link]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many links."""

    read: int = 0
    meant: int = 0
    changed: int = 0
    """The others were as they were to be."""


Report = Callable[[Progress], None]
_Change = Callable[["Link"], tuple[Takedown, ...]]
"""From a link to what is to be held against it."""


def _silent(_progress: Progress) -> None:
    pass


class TakedownService:
    def __init__(
        self,
        store: TakedownStore,
        audit: AuditLog,
        notices: TakedownNotices,
        now: Clock = system_clock,
    ) -> None:
        self._store = store
        self._audit = audit
        self._notices = notices
        self._now = now

    # ------------------------------------------------------------ one link

    def take_down(self, address: str, order: Order, *, by: Origin) -> Link | None:
        """Does nothing if that is held against it already. None for a deleted link: its code is
        then held back from everybody, its account included. Raises LinkNotFound, LinkConflict."""
        target = self._target(address)
        link = self._store.find(target.account_id, target.link_id)
        if link is None and target.is_tombstone:
            self._hold_back(address, target, order, by)
            return None
        if link is None:
            raise LinkNotFound
        return self._changed(link, self._holding(order), by) or link

    def take_down_matched(self, address: str, url: str, order: Order, *, by: Origin) -> Link | None:
        """For its destination being `url`. None, and nothing happens, if it is another one by now,
        if an operator restored the link with it, or that is held against it already. Raises
        LinkConflict."""
        hold = self._holding(order)

        def unless_it_changed(link: Link) -> tuple[Takedown, ...]:
            return link.takedowns if link.cleared == url or link.url != url else hold(link)

        try:
            return self._changed(self._link(address), unless_it_changed, by)
        except LinkNotFound:
            return None

    def restore(self, address: str, *, by: Origin) -> Link | None:
        """Whatever it was taken down for; no check takes it down again for the destination that it
        has now. None for a deleted link, whose code is free again. Raises LinkNotFound,
        LinkConflict."""
        target = self._target(address)
        if _is_tombstone(target):
            self._free(address, target, by)
            return None
        link = self._link(address)
        return self._changed(link, lambda _link: (), by, clears=True) or link

    # ------------------------------------------------------------ many links

    def take_down_account(
        self, account_id: str, order: Order, *, by: Origin, report: Report = _silent
    ) -> Progress:
        return self._take_down_all(self._of_account(account_id), order, by, report)

    def restore_account(
        self, account_id: str, cause: Cause, *, by: Origin, report: Report = _silent
    ) -> Progress:
        """What else is held against a link still is."""
        return self._restore_all(self._of_account(account_id), cause, "", by, report)

    def take_down_destination(
        self, domain: str, order: Order, *, by: Origin, report: Report = _silent
    ) -> Progress:
        """All links, of all accounts, that lead to the host or into the domain."""
        return self._take_down_all(self._leading_to(domain), order, by, report)

    def restore_destination(self, domain: str, *, by: Origin, report: Report = _silent) -> Progress:
        pages = self._leading_to(domain)
        return self._restore_all(pages, Cause.DESTINATION, domain, by, report)

    def _take_down_all(
        self, pages: Iterable[_Page], order: Order, by: Origin, report: Report
    ) -> Progress:
        return self._change_all(pages, self._holding(order), by, report)

    def _restore_all(
        self, pages: Iterable[_Page], cause: Cause, subject: str, by: Origin, report: Report
    ) -> Progress:
        def lift(link: Link) -> tuple[Takedown, ...]:
            lifted = (cause, subject)
            return tuple(held for held in link.takedowns if (held.cause, held.subject) != lifted)

        return self._change_all(pages, lift, by, report)

    def _change_all(
        self, pages: Iterable[_Page], change: _Change, by: Origin, report: Report
    ) -> Progress:
        read = meant = changed = 0
        for page in pages:
            done = [self._changed(link, change, by) for link in page.meant]
            read, meant = read + page.read, meant + len(done)
            changed += len(done) - done.count(None)
            report(Progress(read, meant, changed))
        return Progress(read, meant, changed)

    def _of_account(self, account_id: str) -> Iterator[_Page]:
        after: str | None = None
        while True:
            links, after = self._store.page(account_id, PAGE, after)
            yield _Page(len(links), links)
            if after is None:
                return

    def _leading_to(self, domain: str) -> Iterator[_Page]:
        for links in self._store.all():
            meant = [link for link in links if hosts.is_within(hosts.host_of(link.url), {domain})]
            yield _Page(len(links), meant)

    # ------------------------------------------------------------ a change

    def _holding(self, order: Order) -> _Change:
        return lambda link: _added(link.takedowns, order.at(self._now()))

    def _changed(
        self, link: Link, change: _Change, by: Origin, *, clears: bool = False
    ) -> Link | None:
        """The link as it is now; None where there was nothing to change, or it was deleted
        meanwhile. `clears` keeps checks from it. Raises LinkConflict."""
        current: Link | None = link
        for _ in CONTENTION.numbers():
            if current is None:
                return None
            held = change(current)
            if held == current.takedowns:
                return None
            try:
                return self._commit(current, held, by, clears=clears)
            except StaleLink:
                current = self._store.find(link.account_id, link.id)
        raise LinkConflict

    def _commit(self, link: Link, held: tuple[Takedown, ...], by: Origin, *, clears: bool) -> Link:
        """Raises StaleLink."""
        added = [takedown for takedown in held if takedown not in link.takedowns]
        entry = entry_at(
            self._now(),
            link.account_id,
            Action.LINK_TAKEN_DOWN if added else Action.LINK_RESTORED,
            by,
            target_id=link.id,
            target_name=link.address,
            changes=differences(_audited(link.takedowns), _audited(held)),
        )
        notices = [self._notices.taken_down(link, takedown) for takedown in added]
        if not held:
            notices.append(self._notices.restored(link))
        changes = {"takedowns": held, "cleared": link.url if clears else link.cleared}
        store = partial(self._store.change, link, changes, *notices)
        return self._audit.commit(store, entry)

    def _hold_back(self, address: str, target: Target, order: Order, by: Origin) -> None:
        """Raises LinkConflict."""
        if target.taken_down:
            return
        changes = differences({}, _audited((order.at(self._now()),)))
        entry = self._of_tombstone(Action.LINK_TAKEN_DOWN, address, target, by, changes)
        try:
            self._audit.commit(partial(self._store.hold_back, address, target.link_id), entry)
        except StaleLink:
            raise LinkConflict from None

    def _free(self, address: str, target: Target, by: Origin) -> None:
        """Raises LinkConflict."""
        entry = self._of_tombstone(Action.LINK_RESTORED, address, target, by, {})
        try:
            self._audit.commit(partial(self._store.free, address), entry)
        except StaleLink:
            raise LinkConflict from None

    def _of_tombstone(
        self,
        action: Action,
        address: str,
        target: Target,
        by: Origin,
        changes: Mapping[str, Change],
    ) -> Entry:
        """The entry of a change that is about the code alone."""
        return entry_at(
            self._now(),
            target.account_id,
            action,
            by,
            target_id=target.link_id,
            target_name=address,
            changes=changes,
        )

    def _link(self, address: str) -> Link:
        target = self._target(address)
        link = self._store.find(target.account_id, target.link_id)
        if link is None:
            raise LinkNotFound
        return link

    def _target(self, address: str) -> Target:
        target = self._store.target(address) if codes.is_address(address) else None
        if target is None:
            raise LinkNotFound
        return target


def _added(held: tuple[Takedown, ...], takedown: Takedown) -> tuple[Takedown, ...]:
    return held if any(map(takedown.is_same_as, held)) else (*held, takedown)


def _is_tombstone(target: Target) -> bool:
    return target.taken_down and target.is_tombstone


def _audited(held: tuple[Takedown, ...]) -> dict[str, str]:
    """As the audit log records it."""
    return {"takedown": "; ".join(takedown.text for takedown in held)} if held else {}

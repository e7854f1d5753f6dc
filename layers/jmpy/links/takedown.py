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
from typing import TYPE_CHECKING

from jmpy.audit.model import Action, Entry, differences
from jmpy.clock import system_clock
from jmpy.links import codes
from jmpy.links.errors import LinkConflict, LinkNotFound
from jmpy.links.safety import Cause, Takedown
from jmpy.links.store import StaleLink

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.dynamodb import Write
    from jmpy.links.model import Link, Target
    from jmpy.links.safety import Reason
    from jmpy.links.takedown_store import TakedownStore

_ATTEMPTS = 5
"""How often a lost race is tried again."""

PAGE = 100
"""Links after which there is progress to report."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be held against links, and why."""

    cause: Cause
    reason: Reason
    note: str = ""
    subject: str = ""

    def at(self, now: float) -> Takedown:
        return Takedown(self.cause, self.reason, self.note, int(now), self.subject)


@dataclass(frozen=True, slots=True)
class Progress:
    links: int = 0
    """That were looked at and are meant."""
    changed: int = 0


Report = Callable[[Progress], None]
Tell = Callable[["Link", Takedown], "Write"]
"""What is to be written so that the owner of a link is told."""

_Change = Callable[[tuple[Takedown, ...]], tuple[Takedown, ...]]
"""From what is held against a link to what is to be."""


def _silent(_progress: Progress) -> None:
    pass


class TakedownService:
    def __init__(
        self,
        store: TakedownStore,
        audit: AuditLog,
        now: Clock = system_clock,
        *,
        tell: Tell | None = None,
    ) -> None:
        self._store = store
        self._audit = audit
        self._now = now
        self._tell = tell

    # ------------------------------------------------------------ one link

    def take_down(self, code: str, order: Order, *, by: Origin) -> Link:
        """Does nothing if that is held against it already. Raises LinkNotFound, LinkConflict."""
        link = self._link(code)
        return self._changed(link, lambda held: _added(held, order.at(self._now())), by) or link

    def restore(self, code: str, *, by: Origin) -> Link | None:
        """Whatever it was taken down for. None for a deleted link, whose code is free again.
        Raises LinkNotFound, LinkConflict."""
        if _is_tombstone(self._target(code)):
            self._store.free(code)
            return None
        link = self._link(code)
        return self._changed(link, lambda _held: (), by) or link

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
        return self._take_down_all(self._store.leading_to(domain), order, by, report)

    def restore_destination(self, domain: str, *, by: Origin, report: Report = _silent) -> Progress:
        pages = self._store.leading_to(domain)
        return self._restore_all(pages, Cause.DESTINATION, domain, by, report)

    def _take_down_all(
        self, pages: Iterable[list[Link]], order: Order, by: Origin, report: Report
    ) -> Progress:
        def hold(held: tuple[Takedown, ...]) -> tuple[Takedown, ...]:
            return _added(held, order.at(self._now()))

        return self._change_all(pages, hold, by, report)

    def _restore_all(
        self, pages: Iterable[list[Link]], cause: Cause, subject: str, by: Origin, report: Report
    ) -> Progress:
        def lift(held: tuple[Takedown, ...]) -> tuple[Takedown, ...]:
            return tuple(one for one in held if (one.cause, one.subject) != (cause, subject))

        return self._change_all(pages, lift, by, report)

    def _change_all(
        self, pages: Iterable[list[Link]], change: _Change, by: Origin, report: Report
    ) -> Progress:
        progress = Progress()
        for links in pages:
            done = [self._changed(link, change, by) for link in links]
            progress = Progress(
                progress.links + len(links), progress.changed + len(done) - done.count(None)
            )
            report(progress)
        return progress

    def _of_account(self, account_id: str) -> Iterable[list[Link]]:
        after: str | None = None
        while True:
            links, after = self._store.page(account_id, PAGE, after)
            yield links
            if after is None:
                return

    # ------------------------------------------------------------ a change

    def _changed(self, link: Link, change: _Change, by: Origin) -> Link | None:
        """The link as it is now; None where there was nothing to change, or it was deleted
        meanwhile. Raises LinkConflict."""
        current: Link | None = link
        for _ in range(_ATTEMPTS):
            if current is None:
                return None
            held = change(current.takedowns)
            if held == current.takedowns:
                return None
            try:
                return self._commit(current, held, by)
            except StaleLink:
                current = self._store.find(link.account_id, link.id)
        raise LinkConflict

    def _commit(self, link: Link, held: tuple[Takedown, ...], by: Origin) -> Link:
        """Raises StaleLink."""
        added = [takedown for takedown in held if takedown not in link.takedowns]
        entry = Entry(
            account_id=link.account_id,
            at_milliseconds=int(self._now() * 1000),
            action=Action.LINK_TAKEN_DOWN if added else Action.LINK_RESTORED,
            origin=by,
            target_id=link.id,
            target_name=link.short_code,
            changes=differences(_told(link.takedowns), _told(held)),
        )
        notices = [self._tell(link, takedown) for takedown in added] if self._tell else []
        store = partial(self._store.change, link, {"takedowns": held}, *notices)
        return self._audit.commit(store, entry)

    def _link(self, code: str) -> Link:
        target = self._target(code)
        link = self._store.find(target.account_id, target.link_id)
        if link is None:
            raise LinkNotFound
        return link

    def _target(self, code: str) -> Target:
        target = self._store.target(code) if codes.is_code(code) else None
        if target is None:
            raise LinkNotFound
        return target


def _added(held: tuple[Takedown, ...], takedown: Takedown) -> tuple[Takedown, ...]:
    return held if any(map(takedown.is_same_as, held)) else (*held, takedown)


def _is_tombstone(target: Target) -> bool:
    return target.taken_down and not target.url


def _told(held: tuple[Takedown, ...]) -> dict[str, str]:
    """What the audit log tells of it."""
    return {"takedown": "; ".join(takedown.text for takedown in held)} if held else {}

"""Many links at once. A row becomes a link with its code and its place in the count, or leaves
nothing; what is wrong with one row is never the trouble of another."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jmpy.aws import clients
from jmpy.clock import system_clock
from jmpy.links import codes, destination
from jmpy.links.blocklist import Blocklist
from jmpy.links.bulk_errors import AliasRepeated, InvalidField, NotConfirmed
from jmpy.links.errors import AliasTaken, InvalidAlias, InvalidDestination
from jmpy.links.model import Link, Source
from jmpy.links.store import MAX_BATCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jmpy.clock import Clock
    from jmpy.gateway.own_names import OwnNames
    from jmpy.links.store import LinkStore

MAX_ROWS = 1000

TIME_LIMIT = 20
"""Seconds after which no batch is begun, so that the last one ends, and the answer about all of
them is sent, before the function's timeout."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    """Its place in the upload; 1 is the first row of data."""
    original_url: str
    custom_alias: str | None = None
    name: str | None = None
    domain: str | None = None
    tags: tuple[str, ...] = ()
    expires_at: int | None = None
    is_dynamic: bool = False
    disabled: bool = False
    tracking_enabled: bool = True
    campaign_id: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    number: int
    original_url: str | None
    """As it was sent; None when it was not text."""
    errors: tuple[Exception, ...]


@dataclass(slots=True)
class Plan:
    """Which rows are to become links, their destinations as they will be stored."""

    rows: list[Row] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def refuse(self, row: Row, *errors: Exception) -> None:
        self.failures.append(Failure(row.number, row.original_url, errors))


class BulkService:
    def __init__(
        self,
        store: LinkStore,
        now: Clock = system_clock,
        random_code: Callable[[], str] = codes.random_code,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._store = store
        self._time_limit = time_limit
        self._now = now
        self._random_code = random_code
        self.blocklist = Blocklist(store.blocked_hosts, now)

    def plan(
        self,
        rows: Iterable[Row | Failure],
        own: OwnNames,
        shortest_alias: int = codes.SHORTEST_ALIAS,
    ) -> Plan:
        """Applies the rules that need no look at existing links. Of rows with the same alias the
        first one that is right keeps it."""
        plan = Plan()
        owners: dict[str, int] = {}
        for row in rows:
            if isinstance(row, Failure):
                plan.failures.append(row)
                continue
            url, errors = self._checked(row, own, shortest_alias)
            alias = row.custom_alias
            if alias in owners:
                errors.append(AliasRepeated(alias, owners[alias]))
            if errors:
                plan.refuse(row, *errors)
                continue
            if alias:
                owners[alias] = row.number
            plan.rows.append(replace(row, original_url=url))
        return plan

    def preview(self, account_id: str, plan: Plan) -> Plan:
        """The plan as it would end now: without the rows whose aliases are taken."""
        found = self._store.targets({row.custom_alias for row in plan.rows if row.custom_alias})
        now = self._now()
        taken = {
            alias for alias, target in found.items() if not target.is_available_to(account_id, now)
        }
        result = Plan(failures=list(plan.failures))
        for row in plan.rows:
            if row.custom_alias in taken:
                result.refuse(row, AliasTaken(row.custom_alias))
            else:
                result.rows.append(row)
        return result

    def create(self, account_id: str, plan: Plan) -> tuple[list[Link], list[Failure]]:
        """The new links in the order of their rows, and all failures. A fault raises only while
        there is no link to tell of."""
        done = Plan(failures=list(plan.failures))
        links: dict[int, Link] = {}
        pending = list(enumerate(plan.rows))
        batch: list[tuple[int, Row]] = []
        deadline = self._now() + self._time_limit
        try:
            while pending and self._now() < deadline:
                batch, pending = pending[:MAX_BATCH], pending[MAX_BATCH:]
                pending += self._add(account_id, batch, links, done)
        except clients.faults():
            if not links:
                raise
            _log.exception("bulk import interrupted")
            pending = batch + pending
        for _, row in pending:
            done.refuse(row, NotConfirmed())
        return [links[place] for place in sorted(links)], done.failures

    def _add(
        self, account_id: str, batch: list[tuple[int, Row]], links: dict[int, Link], done: Plan
    ) -> list[tuple[int, Row]]:
        """Adds a batch's links to the store and to `links`; answers with the rows whose random
        code was no good, to be drawn again."""
        drawn = {place: self._link(account_id, row) for place, row in batch}
        by_code = {link.short_code: link for link in drawn.values()}
        taken = self._store.add_all(list(by_code.values()))
        again = []
        for place, row in batch:
            link = drawn[place]
            if link is by_code[link.short_code] and link.short_code not in taken:
                links[place] = link
            elif row.custom_alias:
                done.refuse(row, AliasTaken(row.custom_alias))
            else:
                again.append((place, row))
        return again

    def _checked(self, row: Row, own: OwnNames, shortest_alias: int) -> tuple[str, list[Exception]]:
        """The destination as it will be stored, and all that is wrong with the row."""
        url, errors = row.original_url, list[Exception]()
        try:
            url = self.blocklist.admitted(destination.checked(url, own))
        except InvalidDestination as error:
            error.field = "original_url"  # its name in an upload
            errors.append(error)
        if row.custom_alias is not None:
            try:
                codes.checked_alias(row.custom_alias, shortest_alias)
            except InvalidAlias as error:
                errors.append(error)
        if row.domain and not own.have(row.domain):
            errors.append(
                InvalidField("domain", "Custom domains are not available; leave it empty")
            )
        return url, errors

    def _link(self, account_id: str, row: Row) -> Link:
        now = self._now()
        return Link(
            id=codes.link_id(now),
            account_id=account_id,
            short_code=row.custom_alias or self._random_code(),
            url=row.original_url,
            created_at=int(now),
            updated_at=int(now),
            name=row.name,
            custom_alias=row.custom_alias,
            tags=row.tags,
            expires_at=row.expires_at,
            is_dynamic=row.is_dynamic,
            disabled=row.disabled,
            tracking_enabled=row.tracking_enabled,
            campaign_id=row.campaign_id,
            source=Source.BULK_IMPORT.value,
        )

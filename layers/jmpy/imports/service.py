"""Imports links. Links imported before are recognized, so that an import can be repeated."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.clock import system_clock
from jmpy.links import codes
from jmpy.links.bulk import Failure, Plan, chosen_codes, code_taken
from jmpy.links.errors import AliasTooShort, InvalidAlias
from jmpy.links.processing import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from jmpy.clock import Clock
    from jmpy.domains.choice import DomainChoice
    from jmpy.gateway.own_names import OwnNames
    from jmpy.links.bulk import BulkService, Row
    from jmpy.links.model import Link
    from jmpy.links.new_link import NewLink, ProcessedLink
    from jmpy.links.store import LinkStore
    from jmpy.transaction import TransactionItem

BATCH = 1000
"""Rows between two reports of progress."""


class Result(StrEnum):
    NEW = "new"
    """The link was created, or would be."""
    PRESENT = "present"
    """The account already has that link."""
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    number: int
    result: Result
    original_url: str | None
    short_code: str | None = None
    """None if it is random: it is drawn when the link is created."""
    host: str = ""
    """Of the code; empty: the default domain."""
    reasons: tuple[str, ...] = ()
    has_random_code: bool = False


@dataclass(slots=True)
class Import:
    """The planned outcome of each row."""

    new: list[Row[ProcessedLink]] = field(default_factory=list)
    settled: list[ImportOutcome] = field(default_factory=list)
    """Rows that need no work."""


class ImportService:
    def __init__(
        self,
        store: LinkStore,
        bulk: BulkService,
        qr_code: Callable[[Link], Sequence[TransactionItem]],
        now: Clock = system_clock,
    ) -> None:
        """`qr_code` returns the writes of the QR code of a link that has one."""
        self._store = store
        self._bulk = bulk
        self._qr_code = qr_code
        self._now = now

    def plan(
        self,
        account_id: str,
        rows: Iterable[Row[NewLink] | Failure],
        own: OwnNames,
        *,
        new_codes: bool = False,
        shortest_code: int = codes.SHORTEST_ALIAS,
    ) -> Import:
        """With `new_codes`, a row whose code is unavailable gets a random one."""
        possible = _with_possible_codes(rows, shortest_code) if new_codes else rows
        rules = Rules(own, shortest_code, allows_past_expiry=True, uses_templates=False)
        planned = self._bulk.plan(account_id, possible, rules)
        checked = self._bulk.on_primary(account_id, planned)
        others = self._bulk.unavailable(account_id, checked)
        result = Import(settled=[rejected(failure) for failure in checked.failures])
        for row in checked.rows:
            link = row.link
            target = others.get(codes.address(link.custom_alias or "", link.host))
            if target and new_codes:
                link = replace(link, custom_alias=None)
            chosen = chosen_codes(link)
            taken = [code for address, code in chosen.items() if address in others]
            if target and (target.account_id, target.url) == (account_id, link.url):
                result.settled.append(
                    ImportOutcome(
                        row.number, Result.PRESENT, link.url, row.link.custom_alias, link.host
                    )
                )
            elif taken:
                errors = tuple(code_taken(link, code) for code in taken)
                result.settled.append(rejected(Failure(row.number, link.url, errors)))
            else:
                qr_id = None if link.qr_code is None else codes.link_id(self._now())
                result.new.append(replace(row, link=replace(link, qr_id=qr_id)))
        return result

    def preview(self, planned: Import) -> list[ImportOutcome]:
        """The outcomes as they would be now, in the order of the rows."""
        new = (
            ImportOutcome(
                row.number, Result.NEW, row.link.url, row.link.custom_alias, row.link.host,
                has_random_code=row.link.custom_alias is None,
            )
            for row in planned.new
        )  # fmt: skip
        return sorted([*new, *planned.settled], key=lambda outcome: outcome.number)

    def run(self, account_id: str, planned: Import) -> Iterator[list[ImportOutcome]]:
        """Creates the links, `BATCH` rows at a time; yields the outcomes of each batch, then those
        that needed no work."""
        for start in range(0, len(planned.new), BATCH):
            rows = planned.new[start : start + BATCH]
            links, failures = self._bulk.create(account_id, Plan(rows), self._qr_code)
            failed = {failure.number for failure in failures}
            created = (row for row in rows if row.number not in failed)
            yield [
                ImportOutcome(
                    row.number,
                    Result.NEW,
                    link.url,
                    link.short_code,
                    link.host,
                    has_random_code=row.link.custom_alias is None,
                )
                for row, link in zip(created, links, strict=True)
            ] + [rejected(failure) for failure in failures]
        yield planned.settled


def _with_possible_codes(
    rows: Iterable[Row[NewLink] | Failure], shortest: int
) -> Iterator[Row[NewLink] | Failure]:
    """Without invalid codes, and codes that an earlier row has."""
    seen: set[tuple[DomainChoice | None, str]] = set()
    for row in rows:
        if isinstance(row, Failure) or (code := row.link.custom_alias) is None:
            yield row
        elif (row.domain, code) in seen or not _is_legal(code, shortest):
            yield replace(row, link=replace(row.link, custom_alias=None))
        else:
            seen.add((row.domain, code))
            yield row


def _is_legal(code: str, shortest: int) -> bool:
    try:
        codes.checked_alias(code, shortest)
    except InvalidAlias:
        return False
    return True


def rejected(failure: Failure) -> ImportOutcome:
    return ImportOutcome(
        failure.number,
        Result.REJECTED,
        failure.original_url,
        reasons=tuple(map(_reason, failure.errors)),
    )


def _reason(error: Exception) -> str:
    hint = "; SHORT_CODES=1 imports it all the same" if isinstance(error, AliasTooShort) else ""
    return f"{getattr(error, 'field', 'row')}: {error}{hint}"

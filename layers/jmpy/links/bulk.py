"""Many links at once. A row becomes a link with its code and its place in the count, or leaves
nothing; what is wrong with one row is never the trouble of another."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from jmpy.aws import clients
from jmpy.clock import system_clock
from jmpy.domains.choice import DomainChoice, default_or
from jmpy.domains.model import DomainName
from jmpy.links import codes, destination
from jmpy.links.blocklist import Blocklist
from jmpy.links.bulk_errors import AliasRepeated, NotConfirmed, PrintedCodeTaken
from jmpy.links.errors import (
    AliasTaken,
    InvalidDestination,
    UnknownCampaign,
    UnknownDomain,
)
from jmpy.links.new_link import NewLink, ProcessedLink
from jmpy.links.processing import InvalidLink, process_link
from jmpy.links.writes import CLOSED, batch_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from jmpy.campaigns.model import Campaign
    from jmpy.clock import Clock
    from jmpy.errors import Invalid
    from jmpy.gateway.own_names import OwnNames
    from jmpy.links.model import Link, Target
    from jmpy.links.processing import Rules
    from jmpy.links.store import LinkStore
    from jmpy.transaction import TransactionItem

MAX_ROWS = 1000

TIME_LIMIT = 20
"""Seconds after which no batch is begun, so that the last one ends, and the response about all of
them is sent, before the function's timeout."""

_log = logging.getLogger(__name__)


LinkType = TypeVar("LinkType", NewLink, ProcessedLink)


@dataclass(frozen=True, slots=True)
class Row(Generic[LinkType]):
    number: int
    """Its place in the upload; 1 is the first row of data."""
    link: LinkType
    domain: DomainChoice | None = None
    """None: it names none."""


@dataclass(frozen=True, slots=True)
class Failure:
    number: int
    original_url: str | None
    """As it was sent; None when it was not text."""
    errors: tuple[Exception, ...]


@dataclass(slots=True)
class Plan:
    """Which rows are to become links."""

    rows: list[Row[ProcessedLink]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def add_qr_codes(self, now: float) -> None:
        """Each link is created with one; `now` in seconds since the Unix epoch."""
        self.rows = [
            replace(row, link=replace(row.link, qr_id=codes.link_id(now))) for row in self.rows
        ]

    def reject(self, row: Row[NewLink] | Row[ProcessedLink], *errors: Exception) -> None:
        self.failures.append(Failure(row.number, row.link.url, errors))


def chosen_codes(link: NewLink | ProcessedLink) -> dict[str, str]:
    """Its codes that are not random, by address: an alias, and what its QR code contains."""
    qr_host = link.host if link.qr_host is None else link.qr_host
    chosen = ((link.custom_alias, link.host), (link.qr_code, qr_host))
    return {codes.address(code, host): code for code, host in chosen if code is not None}


def code_taken(link: NewLink | ProcessedLink, code: str) -> AliasTaken | PrintedCodeTaken:
    """`code`: one of those that were chosen."""
    return AliasTaken(code) if code == link.custom_alias else PrintedCodeTaken(code)


_Placed = tuple[int, Row[ProcessedLink]]
"""A row with its place in the plan."""


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

    def plan(self, account_id: str, rows: Iterable[Row[NewLink] | Failure], rules: Rules) -> Plan:
        """Applies the rules that need no look at existing links, and looks up campaigns and
        domains. Of rows with the same alias on a domain, the first valid one gets it."""
        plan = Plan()
        owners: dict[str, int] = {}
        rows = [row if isinstance(row, Failure) else _placed(row, rules.own) for row in rows]
        campaigns = self._campaigns(account_id, rows)
        domains = self._domains(account_id, rows)
        for row in rows:
            if isinstance(row, Failure):
                plan.failures.append(row)
                continue
            link, errors = self._processed(row, rules, campaigns, domains)
            chosen = chosen_codes(link or row.link)
            errors += [
                AliasRepeated(code, owners[address])
                for address, code in chosen.items()
                if address in owners
            ]
            if link is None or errors:
                plan.reject(row, *errors)
                continue
            owners |= dict.fromkeys(chosen, row.number)
            plan.rows.append(Row(row.number, link, row.domain))
        return self._without_loops(plan, rules)

    def _without_loops(self, plan: Plan, rules: Rules) -> Plan:
        """Without the rows that lead to the hosts of customers."""
        looping = self._store.domains.leading_here({row.link.url for row in plan.rows}, rules.own)
        result = Plan(failures=plan.failures)
        for row in plan.rows:
            if row.link.url in looping:
                result.reject(
                    row, _in_upload(InvalidDestination(destination.LEADS_HERE), "original_url")
                )
            else:
                result.rows.append(row)
        return result

    def preview(self, account_id: str, plan: Plan) -> Plan:
        """The plan as it would end now: without the rows whose aliases are taken."""
        plan = self.on_primary(account_id, plan)
        unavailable = self.unavailable(account_id, plan)
        result = Plan(failures=list(plan.failures))
        for row in plan.rows:
            alias = row.link.custom_alias
            if alias is not None and codes.address(alias, row.link.host) in unavailable:
                result.reject(row, AliasTaken(alias))
            else:
                result.rows.append(row)
        return result

    def on_primary(self, account_id: str, plan: Plan) -> Plan:
        """The rows that name no domain are on the account's primary one, if it has one. Not part of
        `plan`, so that an upload beyond a limit is rejected without a read."""
        if not any(row.domain is None for row in plan.rows):
            return plan
        host = self._store.domains.primary(account_id)
        if host is None:
            return plan
        domain = self._store.domains.usable_all(account_id, [host]).get(host)
        result = Plan(failures=list(plan.failures))
        for row in plan.rows:
            if row.domain is not None:
                result.rows.append(row)
            elif domain is None:
                result.reject(row, _in_upload(UnknownDomain(host, CLOSED), "domain"))
            else:
                link = replace(row.link, domain=domain, qr_domain=domain)
                result.rows.append(replace(row, link=link, domain=DomainChoice(None, host)))
        return result

    def unavailable(self, account_id: str, plan: Plan) -> dict[str, Target]:
        """By address, those of the chosen codes that the account cannot have."""
        domains = {
            address: row.link.domain for row in plan.rows for address in chosen_codes(row.link)
        }
        found, now = self._store.targets(domains), self._now()
        return {
            address: target
            for address, target in found.items()
            if target.is_on(domains[address]) and not target.is_available_to(account_id, now)
        }

    def create(
        self,
        account_id: str,
        plan: Plan,
        also: Callable[[Link], Sequence[TransactionItem]] = lambda _link: (),
    ) -> tuple[list[Link], list[Failure]]:
        """The new links in the order of their rows, and all failures. A fault is raised only
        while no link was created. What `also` returns for a link, such as the writes of its QR
        code, is written with it."""
        plan = self.on_primary(account_id, plan)
        done = Plan(failures=list(plan.failures))
        links: dict[int, Link] = {}
        pending = list(enumerate(plan.rows))
        batch: list[_Placed] = []
        deadline = self._now() + self._time_limit
        size = batch_size(
            qr_codes=any(row.link.qr_id is not None for row in plan.rows),
            campaigns=any(row.link.campaign_id is not None for row in plan.rows),
            domains=any(row.link.domain is not None for row in plan.rows),
        )
        try:
            while pending and self._now() < deadline:
                batch, pending = pending[:size], pending[size:]
                pending += self._add(account_id, batch, links, done, also)
        except clients.faults():
            if not links:
                raise
            _log.exception("bulk import interrupted")
            pending = batch + pending
        for _, row in pending:
            done.reject(row, NotConfirmed())
        return [links[place] for place in sorted(links)], done.failures

    def _add(
        self,
        account_id: str,
        batch: list[_Placed],
        links: dict[int, Link],
        done: Plan,
        also: Callable[[Link], Sequence[TransactionItem]],
    ) -> list[_Placed]:
        """Adds a batch's links to the store and to `links`; returns the rows whose random code was
        taken, for another one."""
        now = self._now()
        drawn = {
            place: row.link.to_link(account_id, now, self._random_code) for place, row in batch
        }
        by_address: dict[str, Link] = {}
        for link in drawn.values():
            if by_address.keys().isdisjoint(link.addresses):
                by_address |= dict.fromkeys(link.addresses, link)
        distinct = {link.id: link for link in by_address.values()}
        rejected = self._store.add_all(list(distinct.values()), also)
        again = []
        for place, row in batch:
            link = drawn[place]
            if link.id in distinct and not rejected.has(link):
                links[place] = link
            elif row.link.campaign_id in rejected.campaigns:
                done.reject(row, UnknownCampaign())
            elif rejected.has_domain(link):
                done.reject(row, _in_upload(UnknownDomain(link.host, CLOSED), "domain"))
            elif taken := chosen_codes(row.link).keys() & rejected.addresses:
                chosen = chosen_codes(row.link)
                done.reject(row, *(code_taken(row.link, chosen[one]) for one in sorted(taken)))
            else:
                again.append((place, row))
        return again

    def _campaigns(
        self, account_id: str, rows: list[Row[NewLink] | Failure]
    ) -> dict[str, Campaign]:
        """By what the rows call them; without those that do not exist."""
        links = [row.link for row in rows if isinstance(row, Row)]
        references = {link.campaign_id for link in links if link.campaign_id is not None}
        return self._store.campaigns.find_all(account_id, references)

    def _domains(
        self, account_id: str, rows: list[Row[NewLink] | Failure]
    ) -> dict[str, DomainName | UnknownDomain]:
        """By host: those that links may be on, and what is wrong with the others."""
        links = [row.link for row in rows if isinstance(row, Row)]
        named = {link.host for link in links if link.host}
        printed = {link.qr_host for link in links if link.qr_host}
        usable = self._store.domains.usable_all(account_id, named | printed)
        return self._store.domains.problems(account_id, named - usable.keys()) | usable

    def _processed(
        self,
        row: Row[NewLink],
        rules: Rules,
        campaigns: Mapping[str, Campaign],
        domains: Mapping[str, DomainName | UnknownDomain],
    ) -> tuple[ProcessedLink | None, list[Exception]]:
        """None for a link that breaks a rule; all that is wrong with the row."""
        link, errors = None, list[Exception]()
        domain = domains.get(row.link.host)
        if isinstance(domain, UnknownDomain):
            errors.append(_in_upload(domain, "domain"))
            domain = None
        printed = domain
        if row.link.qr_host is not None:
            # A host that the account does not have is the default domain of another deployment.
            found = domains.get(row.link.qr_host)
            printed = found if isinstance(found, DomainName) else None
        new, campaign = row.link, campaigns.get(row.link.campaign_id or "")
        if campaign is not None:
            new = new.in_campaign(campaign, uses_template=rules.uses_templates)
        try:
            link = process_link(
                new,
                rules,
                blocklist=self.blocklist,
                now=self._now(),
                domain=domain,
                qr_domain=printed,
            )
        except InvalidLink as invalid:
            errors.extend(invalid.errors)
        for error in errors:
            if isinstance(error, InvalidDestination):
                _in_upload(error, "original_url")
        if row.link.campaign_id is not None and campaign is None:
            errors.append(UnknownCampaign())
        return None if errors else link, errors


def _placed(row: Row[NewLink], own: OwnNames) -> Row[NewLink] | Failure:
    """The link on the host that the row names."""
    try:
        host = "" if row.domain is None else row.domain.host(own)
    except UnknownDomain as unknown:
        return Failure(row.number, row.link.url, (_in_upload(unknown, "domain"),))
    qr_host = row.link.qr_host
    if qr_host is not None:
        qr_host = default_or(qr_host, own)
    return replace(row, link=replace(row.link, host=host, qr_host=qr_host))


def _in_upload(error: Invalid, field: str) -> Invalid:
    """With the name that the field has there."""
    error.field = field
    return error

"""Creates and finds links; `changes` has the rest. An account sees only its own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from jmpy.clock import system_clock
from jmpy.gateway.own_names import NOWHERE
from jmpy.links import codes, destination, hosts, listing
from jmpy.links.blocklist import Blocklist
from jmpy.links.errors import (
    AliasTaken,
    AmbiguousCode,
    InvalidCursor,
    InvalidDestination,
    LinkNotFound,
    UnknownCampaign,
)
from jmpy.links.model import AliasState, Availability
from jmpy.links.processing import InvalidLink, Rules, process_link
from jmpy.links.writes import CodeTaken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jmpy.campaigns.model import Campaign
    from jmpy.clock import Clock
    from jmpy.domains.model import DomainName
    from jmpy.gateway.own_names import OwnNames
    from jmpy.links.model import Link, Target
    from jmpy.links.new_link import NewLink
    from jmpy.links.store import LinkStore
    from jmpy.transaction import TransactionItem

_ATTEMPTS = 5
"""How often a random code is drawn, should it be taken."""

_SHOWN = 1000
"""Links of an export whose campaigns are looked up at a time."""

LOOKED_UP = 100
"""Links of one destination that a lookup returns, at most."""


class LinkService:
    def __init__(
        self,
        store: LinkStore,
        now: Clock = system_clock,
        random_code: Callable[[], str] = codes.random_code,
    ) -> None:
        self._store = store
        self._now = now
        self._random_code = random_code
        self.blocklist = Blocklist(store.blocked_hosts, now)

    def create(
        self,
        account_id: str,
        new: NewLink,
        own: OwnNames = NOWHERE,
        *,
        also: Callable[[Link], Sequence[TransactionItem]] = lambda _link: (),
    ) -> Link:
        """The destination may be none of the `own` names, because such a link could lead to itself.
        What `also` returns is written in the same transaction as the link.

        Raises UnknownDomain, InvalidDestination, InvalidAlias, InvalidPassword, ExpiryPassed,
        UnknownCampaign, AliasTaken, RecordRejected.
        """
        domain = self.domain(account_id, new.host)
        if (campaign := self.campaign(account_id, new.campaign_id)) is not None:
            new = new.in_campaign(campaign)
        try:
            processed = process_link(
                new,
                Rules(own),
                blocklist=self.blocklist,
                now=self._now(),
                domain=domain,
                qr_domain=domain,
            )
        except InvalidLink as invalid:
            raise invalid.errors[0] from None
        self.check_loop(processed.url, own)
        for _ in range(_ATTEMPTS):
            link = processed.to_link(account_id, self._now(), self._random_code)
            try:
                self._store.add(link, *also(link))
            except CodeTaken as taken:
                if link.custom_alias is not None and taken.address == link.address:
                    raise AliasTaken(link.custom_alias) from None
                continue
            return link
        raise RuntimeError("no free short code found")  # 62^7 codes: only a broken random source

    def get(self, account_id: str, reference: str, host: str | None = None) -> Link:
        """As `stored`, and as its owner sees it. Raises LinkNotFound, AmbiguousCode."""
        (link,) = self.shown(account_id, [self.stored(account_id, reference, host)])
        return link

    def stored(self, account_id: str, reference: str, host: str | None = None) -> Link:
        """As it is stored, to be changed: by UUID, short code or alias. A UUID that names one of
        the account's links wins over an alias of the same spelling. `host`: of the domain that the
        code is on; empty: the default domain; None: that one, or else the only other domain on
        which the account has the code. Raises LinkNotFound, AmbiguousCode."""
        if codes.is_link_id(reference):
            link = self._store.find(account_id, reference.lower())
            if link:
                return link
        if codes.is_code(reference):
            target = self._store.target(codes.address(reference, host or ""))
            if target is None or not target.leads_for(account_id):
                target = self._elsewhere(account_id, reference) if host is None else None
            link = None if target is None else self._store.find(account_id, target.link_id)
            if link:
                return link
        raise LinkNotFound

    def _elsewhere(self, account_id: str, code: str) -> Target | None:
        """What a redirect from the code needs on the only other domain where the account has it.
        Raises AmbiguousCode."""
        hosts = {codes.address(code, host): host for host in self._store.domains.hosts(account_id)}
        targets = self._store.targets(hosts) if hosts else {}
        found = {
            hosts[address]: target
            for address, target in targets.items()
            if target.leads_for(account_id)
        }
        if len(found) > 1:
            raise AmbiguousCode(code, sorted(found))
        return next(iter(found.values()), None)

    def page(self, account_id: str, request: listing.Request) -> listing.Page:
        """The filter's campaign is a UUID or a name; no link is in a campaign that does not exist.
        Raises InvalidCursor, PageTooDeep."""
        if (resolved := self._resolved(account_id, request.filter)) is None:
            return listing.Page([], 0)
        request = replace(request, filter=resolved)
        page = self._page_of_domain(account_id, request) or listing.read(
            self._store, account_id, request, self._now(), self.blocklist.marked
        )
        return replace(page, links=self.shown(account_id, page.links))

    def _page_of_domain(self, account_id: str, request: listing.Request) -> listing.Page | None:
        """In order of creation, the links on one domain other than the default one; None if another
        list is requested."""
        host, is_by_creation = request.filter.host, request.sort is listing.Sort.CREATED_AT
        if not host or not is_by_creation or request.filter != listing.Filter(host=host):
            return None
        domain_id = self._store.domains.id_of(account_id, host)
        if domain_id is None:
            return listing.Page([], 0)
        members, newest_first = self._store.domain_links, request.descending
        return listing.of_group(
            self._store,
            account_id,
            partial(members.count, account_id, domain_id),
            partial(members.ids, account_id, domain_id, newest_first=newest_first),
            request,
        )

    def _resolved(self, account_id: str, wanted: listing.Filter) -> listing.Filter | None:
        """With the id of its campaign, which may be named; None if that does not exist."""
        if (reference := wanted.campaign_id) is None:
            return wanted
        found = self._store.campaigns.find_all(account_id, [reference])
        return replace(wanted, campaign_id=found[reference].id) if found else None

    def exported(
        self, account_id: str, wanted: listing.Filter, limit: int, cursor: str | None = None
    ) -> Iterator[tuple[str, Link | None]]:
        """The ids of up to `limit` links, from behind the one whose id is `cursor`, each with the
        link if the filter matches it. Its campaign is a UUID or a name. Raises InvalidCursor."""
        links = self.newest(account_id, limit, cursor)
        resolved, now = self._resolved(account_id, wanted), self._now()
        if resolved is None:
            return iter(())
        return ((link.id, link if resolved.matches(link, now) else None) for link in links)

    def newest(self, account_id: str, limit: int, cursor: str | None = None) -> Iterator[Link]:
        """From behind the link whose id is `cursor`. Raises InvalidCursor."""
        if cursor is not None and not codes.is_link_id(cursor):
            raise InvalidCursor
        links = self._store.newest(account_id, limit, cursor)
        return chain.from_iterable(
            self.shown(account_id, [first, *islice(links, _SHOWN - 1)]) for first in links
        )

    def lookup(self, account_id: str, url: str) -> list[Link]:
        """The account's links that lead to `url`, oldest first. Raises InvalidDestination."""
        found = self._store.by_destination(account_id, destination.checked(url), LOOKED_UP)
        return self.shown(account_id, found)

    def campaign(self, account_id: str, reference: str | None) -> Campaign | None:
        """That a link is to join: by UUID or name. Raises UnknownCampaign."""
        if reference is None:
            return None
        found = self._store.campaigns.find_all(account_id, [reference])
        if not found:
            raise UnknownCampaign
        return found[reference]

    def host_of_new(self, account_id: str, named: str | None) -> str:
        """Of the domain that a new link is to be on: the one that was named, or else the account's
        primary domain. Empty: the default domain."""
        if named is not None:
            return named
        return self._store.domains.primary(account_id) or ""

    def domain(self, account_id: str, host: str) -> DomainName | None:
        """That links of the account may be on; None: the default domain, for no host. Raises
        UnknownDomain."""
        return self._store.domains.usable(account_id, host) if host else None

    def campaign_names(self, account_id: str, most: int) -> list[str]:
        """Of the newest `most` campaigns, without those that are archived: to choose from."""
        newest = self._store.campaigns.newest(account_id, most)
        return [campaign.name for campaign in newest if not campaign.archived]

    def host_of(self, url: str, own: OwnNames) -> str | None:
        """Which host of this service the valid URL leads to; empty: the default domain; None: none
        of them. At most one read."""
        if own.include(url):
            host = hosts.host_of(url)
            return host if own.are_above(host) else ""
        return hosts.host_of(url) if self._store.domains.leading_here([url], own) else None

    def check_loop(self, url: str, own: OwnNames) -> None:
        """That a stored destination leads to no host of a customer; `destination.checked` knows the
        others. Raises InvalidDestination."""
        if self._store.domains.leading_here([url], own):
            raise InvalidDestination(destination.LEADS_HERE)

    def shown(self, account_id: str, links: Sequence[Link]) -> list[Link]:
        """As their owner sees them: those that the blocklist has are marked, and none is in a
        campaign that was deleted."""
        named = {link.campaign_id for link in links if link.campaign_id is not None}
        gone = named - self._store.campaigns.with_ids(account_id, named).keys()
        return [
            self.blocklist.marked(
                replace(link, campaign_id=None) if link.campaign_id in gone else link
            )
            for link in links
        ]

    def availability(
        self, account_id: str, alias: str, domain: DomainName | None = None
    ) -> Availability:
        """On a domain of the account; None: the default domain. Raises InvalidAlias."""
        host = "" if domain is None else domain.host
        target = self._store.target(codes.address(codes.checked_alias(alias), host))
        if target is None or not target.is_on(domain):
            return Availability(AliasState.AVAILABLE)
        if target.is_available_to(account_id, self._now()):
            held_until = target.held_until if target.account_id == account_id else None
            return Availability(AliasState.AVAILABLE, held_until)
        return Availability(AliasState.HELD if target.is_tombstone else AliasState.TAKEN)

"""Creates and finds links; `changes` has the rest. An account sees only its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.clock import system_clock
from jmpy.gateway.own_names import NOWHERE
from jmpy.links import codes, destination, listing, password
from jmpy.links.blocklist import Blocklist
from jmpy.links.errors import (
    AliasTaken,
    ExpiryPassed,
    InvalidCursor,
    LinkNotFound,
)
from jmpy.links.model import AliasState, Availability, Link
from jmpy.links.store import CodeTaken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmpy.aws.dynamodb import Write
    from jmpy.clock import Clock
    from jmpy.gateway.own_names import OwnNames
    from jmpy.links.store import LinkStore

_ATTEMPTS = 5
"""How often a random code is drawn, should it be taken."""

LOOKED_UP = 100
"""Links of one destination that a lookup answers with, at most."""


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
        url: str,
        custom_alias: str | None = None,
        own: OwnNames = NOWHERE,
        *,
        record: Callable[[Link], Write] | None = None,
        **fields: Any,
    ) -> Link:
        """A new link; `fields` are those of `Link` and `password`. The destination may be none of
        the `own` names, because such a link could lead to itself. `record` says what is to be
        written with it.

        Raises InvalidDestination, InvalidAlias, InvalidPassword, ExpiryPassed, AliasTaken,
        RecordRejected.
        """
        check_expiry(fields.get("expires_at"), self._now())
        alias = None if custom_alias is None else codes.checked_alias(custom_alias)
        admitted = self.blocklist.admitted(destination.checked(url, own))
        checked = {"url": admitted, **hashed(fields)}
        for _ in range(_ATTEMPTS):
            now = self._now()
            link = Link(
                id=codes.link_id(now),
                account_id=account_id,
                short_code=alias or self._random_code(),
                custom_alias=alias,
                created_at=int(now),
                updated_at=int(now),
                **checked,
            )
            try:
                self._store.add(link, *([] if record is None else [record(link)]))
            except CodeTaken:
                if alias:
                    raise AliasTaken(alias) from None
                continue
            return link
        raise RuntimeError("no free short code found")  # 62^7 codes: only a broken random source

    def get(self, account_id: str, reference: str) -> Link:
        """By UUID, short code or alias. A UUID that names one of the account's links wins over
        an alias of the same spelling. Raises LinkNotFound."""
        return self.blocklist.marked(self.stored(account_id, reference))

    def stored(self, account_id: str, reference: str) -> Link:
        """As it is stored, to be changed. Raises LinkNotFound."""
        if codes.is_link_id(reference):
            link = self._store.find(account_id, reference.lower())
            if link:
                return link
        if codes.is_code(reference):
            target = self._store.target(reference)
            if target and not target.is_tombstone and target.account_id == account_id:
                link = self._store.find(account_id, target.link_id)
                if link:
                    return link
        raise LinkNotFound

    def page(self, account_id: str, request: listing.Request) -> listing.Page:
        """Raises InvalidCursor, PageTooDeep."""
        return listing.read(self._store, account_id, request, self._now(), self.blocklist.marked)

    def newest(self, account_id: str, limit: int, cursor: str | None = None) -> Iterator[Link]:
        """For an export: from behind the link whose id is `cursor`. Raises InvalidCursor."""
        if cursor is not None and not codes.is_link_id(cursor):
            raise InvalidCursor
        return map(self.blocklist.marked, self._store.newest(account_id, limit, cursor))

    def lookup(self, account_id: str, url: str) -> list[Link]:
        """The account's links that lead to `url`, oldest first. Raises InvalidDestination."""
        found = self._store.by_destination(account_id, destination.checked(url), LOOKED_UP)
        return [self.blocklist.marked(link) for link in found]

    def availability(self, account_id: str, alias: str) -> Availability:
        """Raises InvalidAlias."""
        target = self._store.target(codes.checked_alias(alias))
        if target is None:
            return Availability(AliasState.AVAILABLE)
        if target.is_available_to(account_id, self._now()):
            held_until = target.held_until if target.account_id == account_id else None
            return Availability(AliasState.AVAILABLE, held_until)
        return Availability(AliasState.HELD if target.is_tombstone else AliasState.TAKEN)


def check_expiry(expires_at: int | None, now: float) -> None:
    """Of a link that is to get it now; an import keeps what a link has. Raises ExpiryPassed."""
    if expires_at is not None and expires_at <= now:
        raise ExpiryPassed


def hashed(fields: dict[str, Any]) -> dict[str, Any]:
    """With the password's hash in the place of the password. Raises InvalidPassword."""
    changes = dict(fields)
    if "password" in changes:
        secret = changes.pop("password")
        changes["password_hash"] = None if secret is None else password.hashed(secret)
    return changes

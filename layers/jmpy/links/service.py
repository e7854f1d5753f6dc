"""What may be done with links. An account sees only its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.clock import system_clock
from jmpy.links import codes, destination, listing, password
from jmpy.links.blocklist import Blocklist
from jmpy.links.errors import (
    AliasTaken,
    ChangeOfTakenDown,
    InvalidCursor,
    LinkChanged,
    LinkConflict,
    LinkNotFound,
)
from jmpy.links.model import Link
from jmpy.links.own_names import NOWHERE
from jmpy.links.store import CodeTaken, StaleLink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmpy.clock import Clock
    from jmpy.dynamodb import Write
    from jmpy.links.own_names import OwnNames
    from jmpy.links.store import LinkStore

_ATTEMPTS = 5
"""How often a lost race (a taken random code, a stale read) is tried again."""

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
        self._blocklist = Blocklist(store.blocked_hosts, now)

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
        """A new link; `fields` are those of `Link` and `password`. The
        destination may be none of the `own` names, because such a link could lead to itself.
        `record` says what is to be written with it.

        Raises InvalidDestination, InvalidAlias, InvalidPassword, AliasTaken, RecordRefused.
        """
        alias = None if custom_alias is None else codes.checked_alias(custom_alias)
        admitted = self._blocklist.admitted(destination.checked(url, own))
        checked = {"url": admitted, **_hashed(fields)}
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
        return self._blocklist.marked(self._find(account_id, reference))

    def _find(self, account_id: str, reference: str) -> Link:
        """As it is stored."""
        if codes.is_link_id(reference):
            link = self._store.find(account_id, reference.lower())
            if link:
                return link
        if codes.is_code(reference):
            target = self._store.target(reference)
            if target and target.account_id == account_id:
                link = self._store.find(account_id, target.link_id)
                if link:
                    return link
        raise LinkNotFound

    def page(self, account_id: str, request: listing.Request) -> listing.Page:
        """Raises InvalidCursor, PageTooDeep."""
        return listing.read(self._store, account_id, request, self._now(), self._blocklist.marked)

    def newest(self, account_id: str, limit: int, cursor: str | None = None) -> Iterator[Link]:
        """For an export: from behind the link whose id is `cursor`. Raises InvalidCursor."""
        if cursor is not None and not codes.is_link_id(cursor):
            raise InvalidCursor
        return map(self._blocklist.marked, self._store.newest(account_id, limit, cursor))

    def lookup(self, account_id: str, url: str) -> list[Link]:
        """The account's links that lead to `url`, oldest first. Raises InvalidDestination."""
        found = self._store.by_destination(account_id, destination.checked(url), LOOKED_UP)
        return [self._blocklist.marked(link) for link in found]

    def is_free(self, alias: str) -> bool:
        """Raises InvalidAlias."""
        return self._store.target(codes.checked_alias(alias)) is None

    def change(
        self,
        account_id: str,
        reference: str,
        fields: dict[str, Any],
        *,
        version: int | None = None,
        own: OwnNames = NOWHERE,
    ) -> Link:
        """Sets the given fields of a link; None clears one. Without `version` a lost race is
        tried again on what the other request left; with it, the link has to be that version.

        Raises LinkNotFound, LinkChanged, LinkConflict, InvalidDestination, InvalidAlias,
        InvalidPassword, AliasTaken; ChangeOfTakenDown where a link that was taken down would lead
        elsewhere, or move.
        """
        changes = _hashed(fields)
        if "url" in changes:
            changes["url"] = destination.checked(changes["url"], own)
        if changes.get("custom_alias") is not None:
            changes["custom_alias"] = codes.checked_alias(changes["custom_alias"])
        for _ in range(_ATTEMPTS):
            link = self._read_for_writing(account_id, reference, version)
            if link.taken_down and _leads_elsewhere(link, changes):
                raise ChangeOfTakenDown
            if changes.get("url", link.url) != link.url:
                self._blocklist.admitted(changes["url"])
            changed = {**changes, **self._moved(link, changes), "updated_at": int(self._now())}
            try:
                return self._blocklist.marked(self._store.change(link, changed))
            except CodeTaken:
                if changes.get("custom_alias"):
                    raise AliasTaken(changes["custom_alias"]) from None
            except StaleLink:
                continue
        raise LinkConflict

    def remove(self, account_id: str, reference: str, *, version: int | None = None) -> Link:
        """Deletes a link for good and frees its code, unless it was taken down.

        Raises LinkNotFound, LinkChanged, LinkConflict.
        """
        for _ in range(_ATTEMPTS):
            link = self._read_for_writing(account_id, reference, version)
            try:
                self._store.remove(link)
            except StaleLink:
                continue
            return link
        raise LinkConflict

    def _read_for_writing(self, account_id: str, reference: str, version: int | None) -> Link:
        link = self._find(account_id, reference)
        if version is not None and link.version != version:
            raise LinkChanged
        return link

    def _moved(self, link: Link, changes: dict[str, Any]) -> dict[str, str]:
        """The short code that a changed alias brings: itself, or a random one when cleared."""
        if "custom_alias" not in changes or changes["custom_alias"] == link.custom_alias:
            return {}
        return {"short_code": changes["custom_alias"] or self._random_code()}


def _leads_elsewhere(link: Link, changes: dict[str, Any]) -> bool:
    now = {"url": link.url, "custom_alias": link.custom_alias}
    return any(changes.get(name, value) != value for name, value in now.items())


def _hashed(fields: dict[str, Any]) -> dict[str, Any]:
    """With the password's hash in the place of the password. Raises InvalidPassword."""
    changes = dict(fields)
    if "password" in changes:
        secret = changes.pop("password")
        changes["password_hash"] = None if secret is None else password.hashed(secret)
    return changes

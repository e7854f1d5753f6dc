"""What may be done with links. An account sees only its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.clock import system_clock
from jmpy.links import codes, destination
from jmpy.links.errors import AliasTaken, InvalidCursor, LinkConflict, LinkExpired, LinkNotFound
from jmpy.links.model import Link
from jmpy.links.store import CodeTaken, StaleLink

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.clock import Clock
    from jmpy.links.store import LinkStore

_ATTEMPTS = 5
"""How often a lost race (a taken random code, a stale read) is tried again."""


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

    def create(
        self,
        account_id: str,
        *,
        url: str,
        custom_alias: str | None = None,
        name: str | None = None,
        expires_at: int | None = None,
        tracking_enabled: bool = True,
    ) -> Link:
        """Raises InvalidDestination, InvalidAlias, AliasTaken."""
        alias = None if custom_alias is None else codes.checked_alias(custom_alias)
        url = destination.checked(url)
        for _ in range(_ATTEMPTS):
            now = self._now()
            link = Link(
                id=codes.link_id(now),
                account_id=account_id,
                short_code=alias or self._random_code(),
                url=url,
                created_at=int(now),
                updated_at=int(now),
                name=name,
                custom_alias=alias,
                expires_at=expires_at,
                tracking_enabled=tracking_enabled,
            )
            try:
                self._store.add(link)
            except CodeTaken:
                if alias:
                    raise AliasTaken(alias) from None
                continue
            return link
        raise RuntimeError("no free short code found")  # 62^7 codes: only a broken random source

    def get(self, account_id: str, reference: str) -> Link:
        """By UUID, short code or alias. A UUID that names one of the account's links wins over
        an alias of the same spelling. Raises LinkNotFound."""
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

    def page(
        self, account_id: str, limit: int, cursor: str | None = None
    ) -> tuple[list[Link], str | None]:
        """Links, newest first, and the cursor of the next page. Raises InvalidCursor."""
        if cursor is not None and not codes.is_link_id(cursor):
            raise InvalidCursor
        return self._store.page(account_id, limit, cursor)

    def change(self, account_id: str, reference: str, changes: dict[str, Any]) -> Link:
        """Sets the given fields of a link; None clears one.

        Raises LinkNotFound, InvalidDestination, LinkConflict.
        """
        if "url" in changes:
            changes = {**changes, "url": destination.checked(changes["url"])}
        for _ in range(_ATTEMPTS):
            link = self.get(account_id, reference)
            try:
                return self._store.change(link, {**changes, "updated_at": int(self._now())})
            except StaleLink:
                continue
        raise LinkConflict

    def remove(self, account_id: str, reference: str) -> Link:
        """Deletes a link for good and frees its code. Raises LinkNotFound, LinkConflict."""
        for _ in range(_ATTEMPTS):
            link = self.get(account_id, reference)
            try:
                self._store.remove(link)
            except StaleLink:
                continue
            return link
        raise LinkConflict

    def follow(self, code: str) -> str:
        """The destination behind a short code. Raises LinkNotFound, LinkExpired."""
        target = self._store.target(code) if codes.is_code(code) else None
        if target is None:
            raise LinkNotFound
        if target.expires_at is not None and target.expires_at <= self._now():
            raise LinkExpired
        return target.url

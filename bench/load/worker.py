"""One of many that send requests at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from bench.load.caller import Caller
from bench.load.keys import KeyActions
from bench.load.links import LinkActions

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.load.progress import Tally
    from project.stack import Stack


class Worker:
    def __init__(self, number: int, stack: Stack, http: httpx.Client, tally: Tally) -> None:
        self._tally = tally
        self._caller = Caller(number, stack, http, tally)
        self.account = self._caller.account
        self.keys = KeyActions(self._caller)
        self._links = LinkActions(self._caller)
        self.known = self._links.known
        links, keys = self._links, self.keys
        self._shares: dict[Callable[[], None], int] = {
            links.create: 14,
            links.create_twice: 2,
            links.create_bulk: 2,
            links.create_closed: 1,
            links.create_expiring: 1,
            links.read: 22,
            links.change: 10,
            links.remove: 8,
            links.page: 4,
            links.follow: 20,
            links.follow_closed: 1,
            links.follow_expired: 1,
            links.follow_removed: 2,
            links.analyze: 3,
            links.deny_another_accounts_link: 2,
            keys.rotate: 1,
            keys.revoke: 1,
            keys.deny_ended_key: 2,
            keys.deny_no_key: 2,
            keys.deny_without_permission: 2,
        }

    def run(self, after: float) -> None:
        """Begins `after` seconds: functions start one by one, as they do when traffic comes."""
        time.sleep(after)
        while not self._tally.is_over:
            action = self._next()
            try:
                action()
            except httpx.HTTPError as error:
                self._tally.note_lost(action.__name__, type(error).__name__)

    def _next(self) -> Callable[[], None]:
        if not self.known.visited:
            return self._links.create
        (action,) = self._caller.random.choices([*self._shares], [*self._shares.values()])
        if action == self._links.remove and not self._links.can_remove:
            return self._links.read
        return action

"""Checks links that were created or changed, and takes down those with an unsafe destination."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.audit.model import Actor, ActorType, Channel, Origin, Source
from jmpy.clock import system_clock
from jmpy.links.safety import Cause
from jmpy.links.takedown import Order

if TYPE_CHECKING:
    from collections.abc import Collection

    from jmpy.checks.provider import Provider, Threat
    from jmpy.checks.verdicts import Verdicts
    from jmpy.clock import Clock
    from jmpy.links.model import Link
    from jmpy.links.store import LinkStore
    from jmpy.links.takedown import TakedownService


class DestinationChecks:
    def __init__(
        self,
        store: LinkStore,
        verdicts: Verdicts,
        provider: Provider,
        takedowns: TakedownService,
        now: Clock = system_clock,
    ) -> None:
        self._store = store
        self._verdicts = verdicts
        self._provider = provider
        self._takedowns = takedowns
        self._now = now

    def check(self, codes: Collection[str]) -> list[Link]:
        """The links that were taken down. Can be repeated after a fault: completed work is not
        done twice.

        Raises ProviderUnavailable, LinkConflict.
        """
        targets = self._store.targets(codes)
        urls = {
            code: target.url
            for code, target in targets.items()
            # The destination of a QR code is checked by the short code of its link.
            if not target.taken_down and not target.is_tombstone and target.qr_id is None
        }
        threats = self._threats(set(urls.values()))
        matched = [
            self._takedowns.take_down_matched(code, url, self._order(threats[url]), by=self._by)
            for code, url in urls.items()
            if url in threats
        ]
        return [link for link in matched if link is not None]

    def _threats(self, urls: set[str]) -> dict[str, Threat]:
        now = self._now()
        known = self._verdicts.find(urls, now)
        unknown = urls - known.keys()
        found = dict(self._provider.threats(unknown)) if unknown else {}
        for url, threat in found.items():
            self._verdicts.put(url, threat, now)
        return known | found

    def _order(self, threat: Threat) -> Order:
        note = f"{self._provider.name} lists its destination as unsafe"
        return Order(Cause.CHECK, threat.reason, note, self._provider.id)

    @property
    def _by(self) -> Origin:
        actor = Actor(ActorType.SAFETY_CHECK, self._provider.id, self._provider.name)
        return Origin(actor, Source(Channel.CHECK))

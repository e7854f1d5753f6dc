"""What a redirect read of a short URL, and what follows from it.

On the default domain that is the code alone. On any other, the record of the host decides first:
whose it is now, and whether it serves. A code that was created by a former owner of the host has
another domain's id, and is no link any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.domains.model import DomainState
from jmpy.links import blocklist
from jmpy.links.errors import LinkDisabled, LinkExpired, LinkNotFound, LinkTakenDown
from jmpy.links.model import LinkStatus

if TYPE_CHECKING:
    from jmpy.domains.model import HostRecord
    from jmpy.links.model import Target


class Found:
    """No dataclass, which would be most of this module's import: cold starts wait for it."""

    __slots__ = ("_blocked", "_host", "_record", "_target")

    def __init__(
        self,
        host: str,
        target: Target | None,
        record: HostRecord | None,
        blocked: blocklist.Hosts = frozenset(),
    ) -> None:
        """`host`: empty on the default domain. `target`: of the code; None if no link has it, or
        none was requested. `record`: of the host; None of the default domain, and of a host that
        nobody has. `blocked`: the operator's blocklist."""
        self._host = host
        self._target = target
        self._record = record
        self._blocked = blocked

    def follow(self, now: float) -> Target:
        """Raises LinkNotFound, LinkTakenDown, LinkExpired, LinkDisabled."""
        if self._host:
            self.serving()
        target = self._target
        if target is None or not self._is_of_owner(target):
            raise LinkNotFound
        if target.taken_down or blocklist.match(self._blocked, target.url):
            raise LinkTakenDown
        if target.is_tombstone:
            raise LinkNotFound
        match target.status(now):
            case LinkStatus.EXPIRED:
                raise LinkExpired
            case LinkStatus.DISABLED:
                raise LinkDisabled
        return target

    def serving(self) -> HostRecord:
        """The record of another host than the default domain. Raises LinkNotFound if it serves
        nothing, LinkTakenDown if that is because the operator suspended it."""
        if self._record is None:
            raise LinkNotFound
        if self._record.state is DomainState.SUSPENDED:
            raise LinkTakenDown
        if not self._record.state.serves:
            raise LinkNotFound
        return self._record

    def instead(self, ended: LinkNotFound | LinkExpired) -> str | None:
        """Where visitors of a link that cannot be followed are sent to; None: they see the error.
        Most domains have no such address, and hosts that serve nothing have none."""
        if self._record is None or not self._record.state.serves:
            return None
        if isinstance(ended, LinkExpired):
            return self._allowed(self._record.expired_url)
        return self._allowed(self._record.not_found_url)

    def root(self) -> str:
        """Where the host itself leads to. Raises as `serving` does, also if it leads nowhere."""
        if (url := self._allowed(self.serving().root_url)) is None:
            raise LinkNotFound
        return url

    @property
    def is_free(self) -> bool:
        """Whether the code may become another link's at any time, as no link has it now."""
        target = self._target
        if target is None or not self._is_of_owner(target):
            return True
        return target.is_tombstone and not target.taken_down

    def _is_of_owner(self, target: Target) -> bool:
        return target.domain_id == (self._record and self._record.domain_id)

    def _allowed(self, url: str | None) -> str | None:
        return None if url is None or blocklist.match(self._blocked, url) else url

"""The files by which a host says which app opens its links.

They are served from `/.well-known/` on the host itself; each change of one is a change of the
domain, and is written together with its entry of the audit log.
"""

from __future__ import annotations

import json
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from jmpy.audit.model import Action, differences, entry_at
from jmpy.clock import system_clock
from jmpy.domains.errors import (
    DomainConflict,
    DomainIsDeleted,
    DomainNotProven,
    FileNotFound,
    FileTooLong,
)
from jmpy.domains.model import DomainState, WellKnownFile
from jmpy.domains.writes import WITHOUT_HOST, StaleDomain
from jmpy.retry import CONTENTION

if TYPE_CHECKING:
    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.domains.model import Domain
    from jmpy.domains.store import DomainStore

MAX_BYTES = 64 * 1024
"""Of a file as it is stored and served."""

MAX_DEPTH = 50
"""Objects and arrays within each other; such files have five."""

Content = dict[str, Any] | list[Any]


def checked(content: Content) -> Content:
    """What can be written as JSON again, unlike all that can be read. Raises ValueError with the
    reason."""
    if _is_deeper(content, MAX_DEPTH):
        raise ValueError(f"Must not have more than {MAX_DEPTH} objects and arrays in each other")
    try:
        _text(content).encode()
    except UnicodeEncodeError:
        raise ValueError("Must not contain half of a surrogate pair") from None
    except ValueError:
        raise ValueError("Must not contain a number that is too large") from None
    return content


class DomainFiles:
    def __init__(self, store: DomainStore, audit: AuditLog, now: Clock = system_clock) -> None:
        self._store = store
        self._audit = audit
        self._now = now

    def get(self, account_id: str, domain_id: str, name: str) -> tuple[Domain, Content]:
        """Raises DomainNotFound, FileNotFound."""
        domain = self._store.find(account_id, domain_id)
        text = self._store.file(domain, _named(name))
        if text is None:
            raise FileNotFound
        return domain, json.loads(text)

    def put(
        self, account_id: str, domain_id: str, name: str, content: Content, *, by: Origin
    ) -> Domain:
        """Of `content` that was `checked`. Raises DomainNotFound, FileNotFound for a name that no
        file has, FileTooLong, DomainNotProven, DomainIsDeleted, DomainConflict."""
        text = _text(content)
        if (length := len(text.encode())) > MAX_BYTES:
            raise FileTooLong(length, MAX_BYTES)
        return self._write(account_id, domain_id, _named(name), text, by)

    def remove(self, account_id: str, domain_id: str, name: str, *, by: Origin) -> Domain:
        """Raises DomainNotFound, FileNotFound, DomainNotProven, DomainIsDeleted,
        DomainConflict."""
        return self._write(account_id, domain_id, _named(name), None, by)

    def _write(
        self, account_id: str, domain_id: str, name: WellKnownFile, text: str | None, by: Origin
    ) -> Domain:
        for _ in CONTENTION.numbers():
            domain = self._store.find(account_id, domain_id)
            if domain.state in WITHOUT_HOST:
                raise DomainNotProven
            if domain.state is DomainState.DELETING:
                raise DomainIsDeleted
            before = self._store.file(domain, name)
            if before is None and text is None:
                raise FileNotFound
            if before == text:
                return domain
            now = self._now()
            digests = [{name.value: _digest(one)} for one in (before, text)]
            entry = entry_at(
                now,
                account_id,
                Action.DOMAIN_CHANGED,
                by,
                target_id=domain.id,
                target_name=domain.host,
                changes=differences(*digests),
            )
            put = partial(self._store.put_file, domain, name, text, int(now))
            try:
                self._audit.commit(put, entry)
            except StaleDomain:
                continue
            return domain
        raise DomainConflict


def _text(content: Content) -> str:
    """Raises ValueError for infinity, which Python reads for `1e999`."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _is_deeper(content: Content, most: int) -> bool:
    level: list[Any] = [content]
    for _ in range(most):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return any(isinstance(value, dict | list) for value in level)


def _named(name: str) -> WellKnownFile:
    try:
        return WellKnownFile(name)
    except ValueError:
        raise FileNotFound from None


def _digest(text: str | None) -> str | None:
    """In the audit log, in place of a file that may be long."""
    return None if text is None else f"sha256:{sha256(text.encode()).hexdigest()}"

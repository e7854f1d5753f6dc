"""Requests that no limit throttles, summed up by key and minute.

With a revoked or expired key, or beyond the rate of a plan, a client can send as many requests as
API Gateway accepts. The first ones of a minute are listed one by one, like all others. The rest
shares one row, which shows one of them and how many there are: a flood costs a row per minute and
not one per request. Usage counts all of them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jmpy.activity.access_log_line import LoggedRequest

IN_FULL = 10
"""Requests of a key and minute that have rows of their own."""

RECOGNIZED = 100
"""Batches of a minute that are recognized when they come again, the latest ones."""

DIGEST_LENGTH = 8
"""Bytes."""

MINUTE = 60_000
"""Milliseconds."""


class Subject(NamedTuple):
    """Whose requests of which minute; sorts by time."""

    minute: int
    """Its beginning, in milliseconds since the Unix epoch, UTC."""
    account_id: str
    key_id: str

    @classmethod
    def from_request(cls, request: LoggedRequest) -> Subject:
        minute = request.at_milliseconds - request.at_milliseconds % MINUTE
        return cls(minute, request.account_id, request.key_id)

    @property
    def row_id(self) -> str:
        """Of the row that requests share, among those of the account."""
        return hashlib.sha256(f"{self.key_id}\0{self.minute}".encode()).hexdigest()[:32]


class Rows(NamedTuple):
    """What a batch adds to the list of requests."""

    own: list[LoggedRequest]
    shared: LoggedRequest | None
    """In place of the row that was shared so far; None when nothing was added to it."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How the requests of a key and minute are listed so far."""

    subject: Subject
    listed: int = 0
    """Requests with rows of their own."""
    count: int = 0
    """Requests that share the row."""
    shared_at: int = 0
    """Of the first of them, in milliseconds: the row's place in the list."""
    batches: tuple[bytes, ...] = ()
    """Digests of those that are in it, the newest at the end."""
    version: int = 0
    """As read; 0 of one that is not stored yet."""

    def holds(self, batch: Iterable[LoggedRequest]) -> bool:
        """Whether the batch was added before."""
        return _digest(batch) in self.batches

    def with_batch(self, batch: Sequence[LoggedRequest]) -> tuple[Summary, Rows]:
        """`batch`: requests of the subject."""
        ordered = sorted(batch, key=lambda request: (request.at_milliseconds, request.id))
        room = IN_FULL - self.listed
        own, shared = ordered[:room], ordered[room:]
        summary = replace(
            self,
            listed=self.listed + len(own),
            batches=(*self.batches, _digest(batch))[-RECOGNIZED:],
        )
        if not shared:
            return summary, Rows(own, None)
        summary = replace(
            summary,
            count=self.count + len(shared),
            shared_at=self.shared_at or shared[0].at_milliseconds,
        )
        row = replace(shared[-1], id=self.subject.row_id, count=summary.count)
        return summary, Rows(own, row)


def _digest(batch: Iterable[LoggedRequest]) -> bytes:
    """The same whenever the same requests come together again."""
    ids = "\0".join(sorted(request.id for request in batch))
    return hashlib.sha256(ids.encode()).digest()[:DIGEST_LENGTH]

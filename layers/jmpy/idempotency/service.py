"""`Idempotency-Key`: a repeated create gets the response of the first one.

The response is stored for a day under the account, the operation and the key, in the transaction of
the create: neither exists without the other, whatever fails in between, and of concurrent requests
one creates, and all get its response. The same key with another body is rejected.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from jmpy.aws import clients
from jmpy.clock import system_clock
from jmpy.errors import Invalid, Malformed
from jmpy.idempotency.store import KeyedRequest
from jmpy.transaction import RecordRejected, TransactionItem

if TYPE_CHECKING:
    from jmpy.clock import Clock
    from jmpy.idempotency.store import ResponseStore

MAX_LENGTH = 255

StoreResponse = Callable[[Any], TransactionItem]
"""Returns the write that stores a response, for the transaction of its create; if that write is
rejected, RecordRejected is raised."""


class InvalidIdempotencyKey(Malformed):
    def __init__(self) -> None:
        super().__init__(f"An Idempotency-Key has 1 to {MAX_LENGTH} printable ASCII characters")


class IdempotencyUnsupported(Malformed):
    """The response of this operation cannot be stored: it may be too large, or is a secret."""

    example = ("its response cannot be stored",)

    def __init__(self, instead: str) -> None:
        super().__init__(f"Idempotency-Key is not supported here; {instead}")


class IdempotencyMismatch(Invalid):
    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used with another request; use a new one")


class Idempotency:
    def __init__(self, responses: ResponseStore, now: Clock = system_clock) -> None:
        self._responses = responses
        self._now = now

    def once(
        self, key: str | None, scope: str, body: Any, work: Callable[[StoreResponse | None], Any]
    ) -> Any:
        """The response of `work` (JSON values), done once per key and scope; without a key, always.

        Raises InvalidIdempotencyKey, IdempotencyMismatch.
        """
        if key is None:
            return work(None)
        if not 1 <= len(key) <= MAX_LENGTH or not (key.isascii() and key.isprintable()):
            raise InvalidIdempotencyKey
        request, now = KeyedRequest.from_body(scope, key, body), self._now()
        for _ in range(2):
            if (stored := self._responses.find(request.id, now)) is not None:
                if stored.request != request:
                    raise IdempotencyMismatch
                return stored.response
            # A concurrent request with the key may be faster; then its response is found next. This
            # one may also fail because its alias is taken, or its version out of date.
            try:
                return work(lambda response: self._responses.put(request, response, now))
            except RecordRejected:
                continue
            except Exception as error:
                if isinstance(error, clients.faults()) or not self._responses.find(request.id, now):
                    raise
        raise AssertionError("the response that took precedence is not stored")

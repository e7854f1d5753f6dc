"""The public keys of another service, by id.

A signature names its key. An unknown id is either a key that the service has just begun to use, or
an invention, and inventions must not cost a request to the service each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from jmpy.clock import HOUR, Clock, system_clock
from jmpy.refreshed import Refreshed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LIFETIME = HOUR
"""Seconds after which the keys are fetched again, so that a withdrawn key stops working."""

Key = TypeVar("Key")


class KeySet(Generic[Key]):
    def __init__(
        self, name: str, fetch: Callable[[], Mapping[str, Key]], now: Clock = system_clock
    ) -> None:
        """`name` is for the log."""
        self._keys = Refreshed(name, fetch, LIFETIME, now)

    def find(self, key_id: str) -> Key | None:
        """None if the service has no such key. Raises what `fetch` raises if no keys are known."""
        return self._keys.get(lambda keys: key_id in keys).get(key_id)

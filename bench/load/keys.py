"""What a worker does with its keys while it uses them, and which of them should work."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bench.load.links import SHORT_URLS
from jmpy.access.permission import Permission

if TYPE_CHECKING:
    from bench.load.caller import Caller

API_KEYS = "/api/v1/api-keys"
CURRENT = f"{API_KEYS}/current"
ENDS_WITHIN = 5.0
"""Seconds in which a revoked key stops to work (docs/architecture.md)."""
GRACE = 3600
KEPT = 6
"""Keys in use; of more, the oldest is revoked."""


class KeyActions:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._newest = self._create("create a key", list(Permission))
        self._caller.keys.append(self._newest["key"])
        reading = self._create("create a key", [Permission.READ])
        self._reading = reading["key"]
        self.working: set[str] = {self._newest["id"], reading["id"]}
        """Ids of keys that are active: neither rotated nor revoked."""
        self._ended: list[tuple[str, float]] = []

    def rotate(self) -> None:
        """With a grace period in which both work, or without."""
        kind, grace = "rotate a key", self._caller.random.choice([0, GRACE])
        before = self._newest
        response = self._caller.send(
            kind, "POST", f"{API_KEYS}/{before['id']}/rotate", key=self._caller.session,
            json={"grace_period": grace},
        )  # fmt: skip
        if not self._caller.expect(kind, response, 201):
            return
        self._newest = response.json()["data"]
        self._caller.keys.append(self._newest["key"])
        self.working.discard(before["id"])
        self.working.add(self._newest["id"])
        if not grace:
            self._end(before["key"])
        if len(self._caller.keys) > KEPT:
            self._revoke_itself(self._caller.keys[0])

    def revoke(self) -> None:
        """A key of its own, which was used."""
        kind = "revoke a key"
        created = self._create(kind, [Permission.READ])
        if not created:
            return
        response = self._caller.send(kind, "GET", CURRENT, key=created["key"])
        self._caller.expect(kind, response, 200, id=created["id"])
        response = self._caller.send(
            kind, "DELETE", f"{API_KEYS}/{created['id']}", key=self._caller.session
        )
        if self._caller.expect(kind, response, 200, id=created["id"]):
            self._ended.append((created["key"], time.monotonic()))

    def deny_ended_key(self) -> None:
        since = time.monotonic() - ENDS_WITHIN
        ended = [key for key, ended_at in self._ended if ended_at < since]
        if not ended:
            return self.revoke()
        kind = "deny an ended key"
        response = self._caller.send(kind, "GET", CURRENT, key=self._caller.random.choice(ended))
        self._caller.expect(kind, response, 401)
        return None

    def deny_no_key(self) -> None:
        kind = "deny a request without a key"
        self._caller.expect(kind, self._caller.send(kind, "GET", SHORT_URLS, key=None), 401)

    def deny_without_permission(self) -> None:
        kind = "deny without permission"
        response = self._caller.send(
            kind, "POST", SHORT_URLS, key=self._reading, json={"url": "https://example.com/"}
        )
        self._caller.expect(kind, response, 403)

    def _create(self, kind: str, permissions: list[Permission]) -> Any:
        response = self._caller.send(
            kind, "POST", API_KEYS, key=self._caller.session,
            json={"name": "load", "permissions": permissions},
        )  # fmt: skip
        if not self._caller.expect(kind, response, 201):
            return {}
        return response.json()["data"]

    def _revoke_itself(self, secret: str) -> None:
        kind = "revoke a key by itself"
        if self._caller.expect(kind, self._caller.send(kind, "DELETE", CURRENT, key=secret), 200):
            self._end(secret)

    def _end(self, secret: str) -> None:
        self._caller.keys.remove(secret)
        self._ended.append((secret, time.monotonic()))

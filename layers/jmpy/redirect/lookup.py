"""The reads of a redirect, in one call: the link's target, the blocklist, and the salt of the day.

All are cached: the target for seconds, during which a change may not have reached every execution
environment; the blocklist for half a minute; the salt for its day.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from jmpy.aws.dynamodb import read_batch
from jmpy.cache import Cache
from jmpy.clock import DAY, system_clock
from jmpy.limits.model import day_of, next_midnight
from jmpy.links import blocklist, codes
from jmpy.links.errors import LinkDisabled, LinkExpired, LinkNotFound, LinkTakenDown
from jmpy.links.item import blocklist_key, code_key, to_hosts, to_target
from jmpy.links.model import LinkStatus

if TYPE_CHECKING:
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.clock import Clock
    from jmpy.links.model import Target

SALT_RETENTION = 2 * DAY
"""Seconds after its day, for clicks still in the queue; then hashes can no longer be attributed."""


class RedirectLookup:
    def __init__(
        self,
        client: DynamoDBOperations,
        links_table: str,
        salts_table: str,
        now: Clock = system_clock,
    ) -> None:
        self._client = client
        self._links_table = links_table
        self._salts_table = salts_table
        self._now = now
        # Without misses and tombstones, so that a new link works at once, also with a held code.
        self._targets: Cache[str, Target] = Cache(now=now)
        self._blocked: Cache[None, blocklist.Hosts] = Cache(blocklist.CACHED, capacity=1, now=now)
        self._salts: Cache[str, bytes] = Cache(DAY, capacity=1, now=now)

    def follow(self, code: str) -> Target:
        """The target of a short code. Raises LinkNotFound, LinkTakenDown, LinkExpired,
        LinkDisabled."""
        if not codes.is_code(code):
            raise LinkNotFound
        target, blocked = self._known(code)
        if target is None:
            raise LinkNotFound
        if target.taken_down or blocklist.match(blocked, target.url):
            raise LinkTakenDown
        if target.is_tombstone:
            raise LinkNotFound
        match target.status(self._now()):
            case LinkStatus.EXPIRED:
                raise LinkExpired
            case LinkStatus.DISABLED:
                raise LinkDisabled
        return target

    def salt(self) -> bytes:
        """Today's salt. `follow` has read it already, except for the first click of a day."""
        now = self._now()
        return self._salts.get(day_of(now), lambda day: self._ensure_salt(day, now))

    def _ensure_salt(self, day: str, now: float) -> bytes:
        response = self._client.update_item(
            TableName=self._salts_table,
            Key=_salt_key(day),
            # Two concurrent calls get the same one.
            UpdateExpression="SET salt = if_not_exists(salt, :new), expires_ttl = :expires",
            ExpressionAttributeValues={
                ":new": {"B": secrets.token_bytes(32)},
                ":expires": {"N": str(next_midnight(now) + SALT_RETENTION)},
            },
            ReturnValues="ALL_NEW",
        )
        return bytes(response["Attributes"]["salt"]["B"])

    def _known(self, code: str) -> tuple[Target | None, blocklist.Hosts]:
        """From the cache, or by one consistent read of everything that is missing there."""
        target, blocked = self._targets.peek(code), self._blocked.peek(None)
        if target is not None and blocked is not None:
            return target, blocked
        now = self._now()
        keys = [code_key(code)] if target is None else []
        keys += [blocklist_key()] if blocked is None else []
        found = self._read(keys, now)
        if blocked is None:
            blocked = to_hosts(found.get("blocklist"))
            self._blocked.put(None, blocked, read_at=now)
        if target is None and (item := found.get(f"code#{code}")):
            target = to_target(item)
            if target.taken_down or not target.is_tombstone:
                self._targets.put(code, target, read_at=now)
        return target, blocked

    def _read(self, keys: list[dict[str, Any]], now: float) -> dict[str, Any]:
        """The items of the links' table that were found, by their partition key. Also reads the
        salt of the day, unless it is cached."""
        day = day_of(now)
        request: dict[str, Any] = {self._links_table: {"Keys": keys, "ConsistentRead": True}}
        if self._salts.peek(day) is None:
            request[self._salts_table] = {"Keys": [_salt_key(day)]}
        found = read_batch(self._client, request)
        for salt in found.get(self._salts_table, ()):
            self._salts.put(day, bytes(salt["salt"]["B"]), read_at=now)
        return {item["pk"]["S"]: item for item in found.get(self._links_table, ())}


def _salt_key(day: str) -> dict[str, Any]:
    return {"pk": {"S": f"salt#{day}"}}

"""What a redirect reads, in one call: the link's target and the salt of the day.

Both are cached: the target for seconds, in which a change has yet to reach every execution
environment; the salt for its day.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from jmpy.cache import Cache
from jmpy.clock import system_clock
from jmpy.dynamodb import read_batch
from jmpy.limits.model import DAY, day_of, next_midnight
from jmpy.links import codes
from jmpy.links.errors import LinkDisabled, LinkExpired, LinkNotFound, LinkTakenDown
from jmpy.links.item import code_key, to_target
from jmpy.links.model import LinkStatus

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.clock import Clock
    from jmpy.links.model import Target

SALT_KEPT = 2 * DAY
"""Seconds after its day, for clicks on their way; then nobody can tell whose hash a hash is."""


class Lookup:
    def __init__(
        self,
        client: DynamoDBClient,
        links_table: str,
        salts_table: str,
        now: Clock = system_clock,
    ) -> None:
        self._client = client
        self._links_table = links_table
        self._salts_table = salts_table
        self._now = now
        # Without misses, so that a new link works at once.
        self._targets: Cache[str, Target | None] = Cache(caches_misses=False, now=now)
        self._salts: Cache[str, bytes] = Cache(DAY, capacity=1, now=now)

    def follow(self, code: str) -> Target:
        """What is behind a short code. Raises LinkNotFound, LinkTakenDown, LinkExpired,
        LinkDisabled."""
        target = self._targets.get(code, self._target) if codes.is_code(code) else None
        if target is None:
            raise LinkNotFound
        if target.taken_down:
            raise LinkTakenDown
        match target.status(self._now()):
            case LinkStatus.EXPIRED:
                raise LinkExpired
            case LinkStatus.DISABLED:
                raise LinkDisabled
        return target

    def salt(self) -> bytes:
        """Of today. `follow` has read it already, except for the first click of a day."""
        now = self._now()
        return self._salts.get(day_of(now), lambda day: self._ensure_salt(day, now))

    def _ensure_salt(self, day: str, now: float) -> bytes:
        answer = self._client.update_item(
            TableName=self._salts_table,
            Key=_salt_key(day),
            # Two that ask at once get the same.
            UpdateExpression="SET salt = if_not_exists(salt, :new), expires_ttl = :expires",
            ExpressionAttributeValues={
                ":new": {"B": secrets.token_bytes(32)},
                ":expires": {"N": str(next_midnight(now) + SALT_KEPT)},
            },
            ReturnValues="ALL_NEW",
        )
        return bytes(answer["Attributes"]["salt"]["B"])

    def _target(self, code: str) -> Target | None:
        """One consistent read."""
        item = self._read(code, self._now()).get(self._links_table)
        return None if item is None else to_target(item)

    def _read(self, code: str, now: float) -> dict[str, Any]:
        """The items found, by table."""
        day = day_of(now)
        request: dict[str, Any] = {
            self._links_table: {"Keys": [code_key(code)], "ConsistentRead": True}
        }
        if self._salts.peek(day) is None:
            request[self._salts_table] = {"Keys": [_salt_key(day)]}
        batch = read_batch(self._client, request)
        found: dict[str, Any] = {table: items[0] for table, items in batch.items() if items}
        if salt := found.get(self._salts_table):
            self._salts.put(day, bytes(salt["salt"]["B"]), read_at=now)
        return found


def _salt_key(day: str) -> dict[str, Any]:
    return {"pk": {"S": f"salt#{day}"}}

"""The reads of a redirect, in one call: the link's target, the record of the host if it is not the
default domain, the blocklist, and the salt of the day.

All are cached: target and host for seconds, during which a change may not have reached every
execution environment; the blocklist for half a minute; the salt for its day.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, TypeAlias

from jmpy.aws.dynamodb import read_batch
from jmpy.cache import Cache
from jmpy.clock import DAY, system_clock
from jmpy.domains.item import file_key, host_key, to_file_content, to_host_record
from jmpy.limits.model import day_of, next_midnight
from jmpy.links import blocklist, codes
from jmpy.links.errors import LinkNotFound
from jmpy.links.item import blocklist_key, code_key, to_hosts, to_target
from jmpy.redirect.found import Found

if TYPE_CHECKING:
    from jmpy.aws.codec import Item
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.clock import Clock
    from jmpy.domains.model import HostRecord, WellKnownFile
    from jmpy.links.model import Target

_Name: TypeAlias = tuple[str, str]
"""Of an item: its partition key and its sort key."""

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
        # By address: the same code is another link on another host. Without misses, tombstones and
        # codes of a host's former owner, so that a new link works at once, whatever had its code.
        self._targets: Cache[str, Target] = Cache(now=now)
        # Without misses too, so that a new domain does.
        self._records: Cache[str, HostRecord] = Cache(now=now)
        self._blocked: Cache[None, blocklist.Hosts] = Cache(blocklist.CACHED, capacity=1, now=now)
        self._salts: Cache[str, bytes] = Cache(DAY, capacity=1, now=now)

    def follow(self, code: str, host: str = "") -> Target:
        """The target of a short code on a host; empty: the default domain. Raises LinkNotFound,
        LinkTakenDown, LinkExpired, LinkDisabled."""
        return self.find(code, host).follow(self._now())

    def find(self, code: str, host: str = "") -> Found:
        """What is stored of a short URL, from the caches, or by one consistent read of everything
        that is missing there. Text that is no code has no link, and on the default domain needs no
        read."""
        now = self._now()
        address = codes.address(code, host) if codes.is_code(code) else ""
        if not address and not host:
            return Found(host, None, None)
        target = self._targets.peek(address) if address else None
        record = self._records.peek(host) if host else None
        blocked = self._blocked.peek(None)
        keys = [code_key(address)] if address and target is None else []
        keys += [host_key(host)] if host and record is None else []
        keys += [blocklist_key()] if blocked is None else []
        items = self._read(keys, now)
        if blocked is None:
            blocked = to_hosts(items.get(_name(blocklist_key())))
            self._blocked.put(None, blocked, read_at=now)
        record = record or self._record(host, items, now)
        if item := items.get(_name(code_key(address))):
            target = to_target(item)
        found = Found(host, target, record, blocked)
        if item and target and not found.is_free:
            self._targets.put(address, target, read_at=now)
        return found

    def file(self, host: str, name: WellKnownFile) -> str:
        """The text of a file that a host serves, by one read. Raises LinkNotFound,
        LinkTakenDown."""
        now = self._now()
        record = self._records.peek(host)
        key = file_key(host, name)
        items = self._read([key] if record else [key, host_key(host)], now)
        record = record or self._record(host, items, now)
        Found(host, None, record).serving()
        content = to_file_content(items.get(_name(key)), record.domain_id) if record else None
        if content is None:
            raise LinkNotFound
        return content

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

    def _record(self, host: str, items: dict[_Name, Item], now: float) -> HostRecord | None:
        if (item := items.get(_name(host_key(host)))) is None:
            return None
        record = to_host_record(item)
        self._records.put(host, record, read_at=now)
        return record

    def _read(self, keys: list[Item], now: float) -> dict[_Name, Item]:
        """The items of the links' table that were found, by their keys. Also reads the salt of the
        day, unless it is cached; and nothing, if there are no keys."""
        if not keys:
            return {}
        day = day_of(now)
        request: dict[str, Any] = {self._links_table: {"Keys": keys, "ConsistentRead": True}}
        if self._salts.peek(day) is None:
            request[self._salts_table] = {"Keys": [_salt_key(day)]}
        found = read_batch(self._client, request)
        for salt in found.get(self._salts_table, ()):
            self._salts.put(day, bytes(salt["salt"]["B"]), read_at=now)
        return {_name(item): item for item in found.get(self._links_table, ())}


def _name(key: Item) -> _Name:
    """Of an item, or of its key."""
    return key["pk"]["S"], key["sk"]["S"]


def _salt_key(day: str) -> dict[str, Any]:
    return {"pk": {"S": f"salt#{day}"}}

"""Slows down guesses at a link's password, without locking out anybody who has it.

An attempt is counted for its network before the password is looked at, by a conditional write, so
that attempts at the same time cannot pass together. A right password takes back what was counted
against its network: a class behind one address gets in, and a typo costs nothing once corrected.

A link that many guess at from everywhere is never closed, since a stranger's guesses would lock out
its readers. It only makes every network slower: the first attempts of one that was not seen for a
day are always looked at. What that leaves to guess is in docs/security.md.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from jmpy.clock import DAY, HOUR, system_clock
from jmpy.links.errors import TooManyAttempts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.clock import Clock


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one network may guess. All in seconds but the first."""

    free: int
    """Attempts without a wait."""
    first_wait: int
    longest_wait: int

    def wait(self, attempts: int) -> int:
        """After so many: twice as long each time."""
        if attempts < self.free:
            return 0
        # Beyond that, doubling would only make large numbers.
        doublings = min(attempts - self.free, 20)
        return min(self.first_wait << doublings, self.longest_wait)


NETWORK = Pace(free=5, first_wait=30, longest_wait=3600)
"""Of an IPv4 address, or the /64 of an IPv6 one."""

SLOWED = Pace(free=2, first_wait=120, longest_wait=4 * 3600)
"""Of the same, while the link is guessed at from everywhere."""

SLOWED_SITE = Pace(free=20, first_wait=120, longest_wait=4 * 3600)
"""Likewise, of the /48 of an IPv6 address: one customer of an ISP has up to 65,536 networks."""

CEILING = 100
"""Wrong passwords in an hour, from all networks together, beyond which a link is slowed."""

FORGOTTEN = DAY
"""Seconds after which a network that tried nothing is as new."""

RACES = 10
"""How often one attempt is overtaken by others of its network before it counts as one too many."""

TTL_ATTRIBUTE = "expires_ttl"

_ADD = "ADD attempts :number SET latest = :now, #ttl = :ends"
_RESET = "SET attempts = :number, latest = :now, #ttl = :ends"

logger = logging.getLogger(__name__)


class _Known(NamedTuple):
    attempts: int
    latest: int


_NOTHING = _Known(0, 0)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One that was counted and may be looked at."""

    address: str
    """Of the link's code."""
    networks: tuple[str, ...]


class Attempts:
    def __init__(self, client: DynamoDBOperations, table: str, now: Clock = system_clock) -> None:
        self._client = client
        self._table = table
        self._now = now

    def begin(self, address: str, ip_address: str) -> Attempt:
        """Counts an attempt at the link with the address, from a viewer's `ip_address`. Raises
        TooManyAttempts, which says when the next one is looked at; nothing is counted then."""
        network, site = networks(ip_address)
        paces = {network: NETWORK}
        if self._wrong_this_hour(address) >= CEILING:
            paces = {network: SLOWED} | ({site: SLOWED_SITE} if site else {})
        counted: list[str] = []
        for who, pace in paces.items():
            try:
                self._count(address, who, pace)
            except TooManyAttempts:
                for earlier in counted:
                    self._update(_network_key(address, earlier), _ADD, -1, FORGOTTEN)
                raise
            counted.append(who)
        return Attempt(address, tuple(counted))

    def was_right(self, attempt: Attempt) -> None:
        """Resets the attempts of its networks: somebody there has the password."""
        for who in attempt.networks:
            self._update(_network_key(attempt.address, who), _RESET, 0, FORGOTTEN)

    def was_wrong(self, attempt: Attempt) -> None:
        """Counts it for the link."""
        key = _link_key(attempt.address, int(self._now()))
        if self._update(key, _ADD, 1, HOUR) == CEILING:
            logger.warning("a password is guessed at", extra={"short_code": attempt.address})

    def _wrong_this_hour(self, address: str) -> int:
        # Only how fast others may guess depends on it, so it need not be of this moment.
        response = self._client.get_item(
            TableName=self._table, Key=_link_key(address, int(self._now()))
        )
        return int(response["Item"]["attempts"]["N"]) if "Item" in response else 0

    def _count(self, address: str, who: str, pace: Pace) -> None:
        now = int(self._now())
        known = _NOTHING  # which is right for most, and costs no read to find out
        for _ in range(RACES):
            # Clocks differ: without a wait, what is a second in the future means nothing.
            wait = pace.wait(known.attempts)
            if wait and (left := known.latest + wait - now) > 0:
                raise TooManyAttempts(left)
            try:
                self._write(_network_key(address, who), known, now)
            except self._client.exceptions.ConditionalCheckFailedException as overtaken:
                known = _known(overtaken.response.get("Item"))
            else:
                return
        raise TooManyAttempts(1)

    def _write(self, key: dict[str, Any], known: _Known, now: int) -> None:
        """One attempt more than known, if that is still what the table says."""
        expected = {}
        unchanged = "attribute_not_exists(attempts)"
        if known != _NOTHING:
            unchanged = "attempts = :known AND latest = :latest"
            expected = {":known": _number(known.attempts), ":latest": _number(known.latest)}
        self._client.update_item(
            TableName=self._table,
            Key=key,
            UpdateExpression="SET attempts = :more, latest = :now, #ttl = :ends",
            # A network that is forgotten may still be there: DynamoDB deletes within days.
            ConditionExpression=f"({unchanged}) OR latest <= :forgotten",
            ExpressionAttributeNames={"#ttl": TTL_ATTRIBUTE},
            ExpressionAttributeValues={
                ":more": _number(known.attempts + 1),
                ":now": _number(now),
                ":forgotten": _number(now - FORGOTTEN),
                ":ends": _number(now + FORGOTTEN),
                **expected,
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    def _update(self, key: dict[str, Any], expression: str, number: int, retention: int) -> int:
        """Returns the updated attempts. The item is deleted after `retention` seconds."""
        now = int(self._now())
        response = self._client.update_item(
            TableName=self._table,
            Key=key,
            UpdateExpression=expression,
            ExpressionAttributeNames={"#ttl": TTL_ATTRIBUTE},
            ExpressionAttributeValues={
                ":number": _number(number),
                ":now": _number(now),
                ":ends": _number(now + retention),
            },
            ReturnValues="ALL_NEW",
        )
        return int(response["Attributes"]["attempts"]["N"])


def networks(address: str) -> tuple[str, str | None]:
    """What one attacker has for nothing: an IPv4 address, or the /64 of an IPv6 one; and of the
    latter the /48 that it is in."""
    from ipaddress import IPv6Address, IPv6Network, ip_address  # noqa: PLC0415 - of few requests

    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address, None
    if not isinstance(known, IPv6Address):
        return str(known), None
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped), None
    network, site = (str(IPv6Network((known, bits), strict=False)) for bits in (64, 48))
    return network, site


def _network_key(address: str, network: str) -> dict[str, Any]:
    # Only a digest, which forgets itself: addresses are personal data.
    digest = sha256(f"{address} {network}".encode()).hexdigest()[:32]
    return {"pk": {"S": f"attempts#{address}"}, "sk": {"S": f"network#{digest}"}}


def _link_key(address: str, now: int) -> dict[str, Any]:
    return {"pk": {"S": f"attempts#{address}"}, "sk": {"S": f"link#{now // HOUR}"}}


def _known(item: Mapping[str, Any] | None) -> _Known:
    if not item:
        return _NOTHING
    return _Known(int(item["attempts"]["N"]), int(item["latest"]["N"]))


def _number(value: int) -> dict[str, Any]:
    return {"N": str(value)}

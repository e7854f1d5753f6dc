"""Traffic of API keys that nobody would call unusual, and incidents that somebody should.

Six kinds of clients, which differ in when they ask, how much, and from where.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from jmpy.alerts.rule import Rule
from jmpy.clock import DAY, HOUR
from project.key_requests import denied, request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmpy.activity.access_log_line import LoggedRequest

START = 1_800_230_400
"""A Monday, 00:00 UTC; seconds since the Unix epoch."""

_WEEKEND = 5

CHANGE = {"method": "PATCH", "route": "/api/v1/short-urls/{id}"}

_COUNTRIES = ("US", "IE", "SG")
_HOLIDAY = "ES"
_ABROAD = "BR"


@dataclass(frozen=True)
class Kind:
    name: str
    share: float
    """Of all keys."""
    per_hour: float
    """Mean of the busiest hour, before the noise."""
    spread: float
    """Sigma of the log-normal noise from hour to hour."""
    night: float
    """Part of the busiest hour that is left at night."""
    weekend: float
    """Part of a working day that is left on weekends."""
    networks: int
    """That it comes from; with `moves`, how many there are to choose from."""
    moves: float
    """Days after which it goes on from another one; 0 for never."""
    refusals: float = 0.01
    """Share of requests answered 403 or 429."""
    countries: int = 1
    """That its networks are in."""
    trips: float = 0
    """Chance that it spends three of the days in another country."""
    changes: float = 0.03
    """Share of requests that change a link."""

    @property
    def roams(self) -> bool:
        return self.moves > 0


KINDS = (
    Kind("server", 0.35, 20, 0.4, 0.4, 0.8, 2, 0),
    Kind("office", 0.25, 8, 0.9, 0.02, 0.1, 2, 0, 0.03),
    Kind("home line", 0.1, 4, 0.9, 0.1, 1.3, 40, 1),
    Kind("phone", 0.1, 3, 0.8, 0.1, 1.2, 200, 0.2, trips=0.1),
    Kind("hosted runner", 0.1, 6, 0.8, 0.3, 0.3, 300, 0.1, countries=3),
)
MONTHLY = Kind("monthly job", 0.1, 600, 0.2, 0, 1, 1, 0, changes=0)
"""Two hours on the first of thirty days; it has run twice before."""


def history(kind: Kind, key_id: str, days: int, chance: Random) -> Iterator[list[LoggedRequest]]:
    """What the key did, as lists of an hour's requests, up to the end of the last day."""
    address, country = _addresses(kind, chance), _countries(kind, key_id, days)
    doing = _doing(kind, key_id)
    if kind is MONTHLY:
        first = START + chance.randrange(days) * DAY + chance.randrange(20) * HOUR
        begins = [first - back * 30 * DAY + hour * HOUR for back in (2, 1, 0) for hour in (0, 1)]
    else:
        begins = list(range(START, START + days * DAY, HOUR))
    busiest = kind.per_hour * chance.lognormvariate(0, 0.6)
    for begin in begins:
        mean = busiest * _activity(kind, begin) * chance.lognormvariate(0, kind.spread)
        count = _poisson(mean, chance)
        # An hour of a daily limit that is used up, now and then.
        refusals = 0.35 if chance.random() < 0.002 else kind.refusals  # noqa: PLR2004
        if count:
            yield sorted(
                (
                    request(
                        at := begin + chance.random() * HOUR,
                        key_id=key_id,
                        ip=(ip := address(at)),
                        country=country(at, ip),
                        status=_status(refusals, chance),
                        **doing(),
                    )
                    for _ in range(count)
                ),
                key=lambda made: made.at,
            )


def _activity(kind: Kind, begin: int) -> float:
    """Part of the busiest hour, by hour of the day and day of the week."""
    if kind is MONTHLY:
        return 1
    hour, weekday = begin % DAY / HOUR, begin // DAY % 7
    # The epoch was a Thursday.
    is_weekend = (weekday + 3) % 7 >= _WEEKEND
    by_day = kind.night + (1 - kind.night) * (1 + math.cos((hour - 14) / 12 * math.pi)) / 2
    return by_day * (kind.weekend if is_weekend else 1)


def _addresses(kind: Kind, chance: Random) -> Callable[[float], str]:
    """By time: one of the key's networks, at random, or the one of that time."""
    networks = [f"{chance.randrange(1, 200)}.{chance.randrange(256)}.{n % 256}" for n in
                range(kind.networks)]  # fmt: skip

    def address(at: float) -> str:
        if kind.roams:
            place = int(at / (kind.moves * DAY)) * 2654435761 % 4294967296
            return f"{networks[place % len(networks)]}.7"
        return f"{chance.choice(networks)}.{chance.randrange(256)}"

    return address


def _countries(kind: Kind, key_id: str, days: int) -> Callable[[float, str], str]:
    """By time and address. From chances of their own, so that the rest of the traffic stays."""
    chance = Random(key_id)  # noqa: S311 - a simulation
    leaves = chance.uniform(0, days - 3) if chance.random() < kind.trips else math.inf

    def country(at: float, ip: str) -> str:
        if leaves <= (at - START) / DAY < leaves + 3:
            return _HOLIDAY
        return _COUNTRIES[sum(map(int, ip.split(".")[:3])) % kind.countries]

    return country


def _doing(kind: Kind, key_id: str) -> Callable[[], dict[str, str]]:
    """Method and route, from chances of their own, as for countries."""
    chance = Random(f"doing {key_id}")  # noqa: S311 - a simulation

    def doing() -> dict[str, str]:
        return CHANGE if chance.random() < kind.changes else {}

    return doing


def _status(refusals: float, chance: Random) -> int:
    return chance.choice((403, 429)) if chance.random() < refusals else 200


def _poisson(mean: float, chance: Random) -> int:
    """Knuth's way for small means, the normal approximation for the others."""
    if mean > 50:  # noqa: PLR2004
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def incident(
    rule: Rule, key_id: str, at: float, usual: float, chance: Random
) -> list[LoggedRequest]:
    """What a thief or a mishap does; `usual` is the key's mean of requests per hour."""
    stranger = f"{chance.randrange(200, 223)}.{chance.randrange(256)}.9.1"
    mine = {"key_id": key_id}
    if rule in {Rule.NEW_NETWORK, Rule.NEW_COUNTRY}:
        country = _ABROAD if rule is Rule.NEW_COUNTRY else _COUNTRIES[0]
        count = chance.randrange(1, 20)
        return [request(at + n * 30, ip=stranger, country=country, **mine) for n in range(count)]
    if rule in {Rule.BURST, Rule.REJECTED_REQUESTS, Rule.LINKS_CHANGED}:
        count, said = _busy_hour(rule, usual, chance)
        return [request(at + n * HOUR / count, **said, **mine) for n in range(count)]
    if rule is Rule.INACTIVE_KEY:
        return [denied(at + n, chance.choice(("revoked", "expired")), **mine) for n in range(3)]
    if rule is Rule.DISALLOWED_ADDRESS:
        return [denied(at, "address", ip=stranger, **mine)]
    if rule is Rule.LONG_INACTIVITY:
        return [request(at + chance.uniform(91, 300) * DAY, **mine)]
    return [request(at, credential="query", **mine)]


def _busy_hour(rule: Rule, usual: float, chance: Random) -> tuple[int, dict[str, Any]]:
    """How many requests, and what they have in common."""
    if rule is Rule.BURST:
        return round(max(chance.uniform(250, 500), usual * chance.uniform(11, 30))), {}
    if rule is Rule.LINKS_CHANGED:
        return chance.randrange(60, 400), CHANGE
    # Enough to be the larger part beside what the key itself asks for in that hour.
    return round(max(chance.uniform(25, 100), usual * chance.uniform(2, 4))), {"status": 403}

"""The baseline of a key: its usual traffic, and how requests update it.

Lines come late, twice and out of order. Places, counts and times add up to the same in any order,
as long as lines are not later than `OPEN_HOURS`; a batch that comes again is recognized.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from jmpy.activity.access_log_line import FAILED
from jmpy.alerts.detection.networks import network_of
from jmpy.clock import HOUR

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jmpy.activity.access_log_line import LoggedRequest

MAX_PLACES = 50
"""Networks, and as many countries: those used last."""

MAX_BATCHES = 40
"""Batches that are recognized when they come again."""

OPEN_HOURS = 3
"""Hours before the newest one to which late requests are still added; those before are in the
mean."""

WEIGHT = 0.1
"""Of an hour in the mean: about the last twenty hours of use make it."""

_REJECTIONS = frozenset({401, 403, 429})
_LINK = "/api/v1/short-urls/{id}"
_CHANGES = frozenset({"PUT", "PATCH", "DELETE"})
_INACTIVE = frozenset({"revoked", "expired", "suspended", "paused"})


@dataclass(frozen=True, slots=True)
class Visit:
    """Of a network or country; seconds since the Unix epoch, UTC, as all times here."""

    first: int
    last: int


class CountryUse(NamedTuple):
    """A country that a key was used from; times as in `Visit`."""

    country: str
    first_used_at: int
    last_used_at: int


@dataclass(frozen=True, slots=True)
class Hour:
    requests: int = 0
    rejected: int = 0
    """Those of them with the status 401, 403 or 429."""
    changed: int = 0
    """Those of them that changed or deleted a link."""


@dataclass(frozen=True, slots=True)
class Baseline:
    key_id: str
    account_id: str
    version: int = 0
    """One higher with every write; 0 of a key without one."""
    uses: int = 0
    """Requests that the authorizer allowed."""
    first_used_at: int | None = None
    last_used_at: int | None = None
    networks: Mapping[str, Visit] = field(default_factory=dict)
    """That it was used from."""
    countries: Mapping[str, Visit] = field(default_factory=dict)
    """Likewise, by code; empty while no country is known of any use."""
    mean: float | None = None
    """Requests per hour, of hours with requests: a job that runs once a month is compared with its
    last runs, and not with the silence between. None while no such hour is over."""
    hours: Mapping[int, Hour] = field(default_factory=dict)
    """The newest, by hours since the Unix epoch."""
    batches: tuple[str, ...] = ()
    """Digests of the latest, the newest at the end."""


def last_countries(baseline: Baseline, count: int) -> list[CountryUse]:
    """Those of the latest uses, the latest first; none if no country is known of any use."""
    latest = sorted(baseline.countries.items(), key=lambda entry: entry[1].last, reverse=True)
    return [CountryUse(country, visit.first, visit.last) for country, visit in latest[:count]]


def is_by_inactive_key(request: LoggedRequest) -> bool:
    """Not by a token that expired by itself: its key works, and gets its holder another one."""
    is_expired_token = request.token_id is not None and request.reason == "expired"
    return request.reason in _INACTIVE and not is_expired_token


def updates_baseline(request: LoggedRequest) -> bool:
    """Requests that have a rule of their own, and that no limit holds back, do not."""
    return request.reason not in _INACTIVE and not request.is_from_disallowed_address


def changes_link(request: LoggedRequest) -> bool:
    return request.route == _LINK and request.method in _CHANGES and request.status < FAILED


def digest(requests: Iterable[LoggedRequest]) -> str:
    """The same whenever the same requests come together again."""
    ids = "\0".join(sorted(request.id for request in requests))
    return hashlib.sha256(ids.encode()).hexdigest()[:16]


def with_batch(baseline: Baseline, requests: Sequence[LoggedRequest]) -> Baseline:
    """The baseline with a batch of the key's requests; the same one if they do not count."""
    counted = [request for request in requests if updates_baseline(request)]
    if not counted:
        return baseline
    batches = (*baseline.batches, digest(requests))[-MAX_BATCHES:]
    uses = [request for request in counted if request.is_use]
    return _with_uses(_with_hours(replace(baseline, batches=batches), counted), uses)


def _with_uses(baseline: Baseline, uses: Sequence[LoggedRequest]) -> Baseline:
    if not uses:
        return baseline
    times = [use.at for use in uses]
    return replace(
        baseline,
        uses=baseline.uses + len(uses),
        first_used_at=min([*times, baseline.first_used_at or times[0]]),
        last_used_at=max([*times, baseline.last_used_at or 0]),
        networks=_seen(baseline.networks, [(network_of(use.ip), use.at) for use in uses]),
        countries=_seen(baseline.countries, [(use.country, use.at) for use in uses]),
    )


def _seen(
    before: Mapping[str, Visit], places: Sequence[tuple[str | None, int]]
) -> dict[str, Visit]:
    """With the places, each with its time, that are known."""
    seen = dict(before)
    for place, at in places:
        if place is not None:
            known = seen.get(place, Visit(at, at))
            seen[place] = Visit(min(known.first, at), max(known.last, at))
    return dict(sorted(seen.items(), key=lambda entry: (entry[1].last, entry[0]))[-MAX_PLACES:])


def _with_hours(baseline: Baseline, requests: Sequence[LoggedRequest]) -> Baseline:
    """Requests of hours that are in the mean already come too late to be counted."""
    oldest = max(baseline.hours, default=0) - OPEN_HOURS
    requested = Counter(request.at // HOUR for request in requests)
    rejected = Counter(r.at // HOUR for r in requests if r.status in _REJECTIONS)
    changed = Counter(r.at // HOUR for r in requests if changes_link(r))
    hours = dict(baseline.hours)
    for number, count in requested.items():
        if number >= oldest:
            known = hours.get(number, Hour())
            hours[number] = Hour(
                known.requests + count,
                known.rejected + rejected[number],
                known.changed + changed[number],
            )
    closed = sorted(number for number in hours if number < max(hours) - OPEN_HOURS)
    mean = baseline.mean
    for number in closed:
        count = hours.pop(number).requests
        mean = count if mean is None else mean + WEIGHT * (count - mean)
    return replace(baseline, hours=hours, mean=mean)

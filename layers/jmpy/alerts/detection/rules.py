"""The rules. Each is a frozen value, made from an account's thresholds, that finds facts in a batch
of a key's requests, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from jmpy.alerts.detection.baseline import (
    Visit,
    changes_link,
    is_by_inactive_key,
    updates_baseline,
)
from jmpy.alerts.detection.networks import network_of
from jmpy.alerts.facts import (
    Burst,
    DisallowedAddress,
    Facts,
    InactiveKey,
    KeyInUrl,
    LinksChanged,
    LongInactivity,
    NewCountry,
    NewNetwork,
    RejectedRequests,
)
from jmpy.alerts.model import Alert, Evidence
from jmpy.alerts.rule import Rule
from jmpy.clock import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from jmpy.activity.access_log_line import LoggedRequest
    from jmpy.alerts.detection.baseline import Baseline, Hour
    from jmpy.alerts.settings.thresholds import Thresholds


class Batch(NamedTuple):
    """Requests of one key, and its baseline without and with them."""

    before: Baseline
    after: Baseline
    requests: Sequence[LoggedRequest]
    """In order of time."""

    def hours(
        self, counts: Callable[[LoggedRequest], bool]
    ) -> Iterator[tuple[Hour, LoggedRequest]]:
        """The hours of the requests that count, each with the last of them; without hours that are
        in the mean already."""
        last = {request.at // HOUR: request for request in self.requests if counts(request)}
        for number, request in last.items():
            if number in self.after.hours:
                yield self.after.hours[number], request


class Finding(NamedTuple):
    request: LoggedRequest
    """That triggered the rule, or the last of those that it counted."""
    facts: Facts

    @property
    def alert(self) -> Alert:
        request = self.request
        route = f"{request.method} {request.route}"
        evidence = Evidence(request.ip, route, request.status, request.country or "")
        return Alert(request.account_id, request.key_id, request.at, self.facts, evidence)


class Detector(Protocol):
    def find(self, batch: Batch) -> Iterator[Finding]: ...


@dataclass(frozen=True, slots=True)
class Learned:
    """From when on a key's baseline is known well enough to call something unusual."""

    requests: int
    seconds: float

    def is_met(self, baseline: Baseline, at: int) -> bool:
        if baseline.first_used_at is None or baseline.uses < self.requests:
            return False
        return at - baseline.first_used_at >= self.seconds


@dataclass(frozen=True, slots=True)
class Roaming:
    """From how many places on a further one is normal: in the recent period that many were new, or
    that many in use."""

    new: int
    used: int
    seconds: float

    def is_met(self, visits: Collection[Visit], at: int) -> bool:
        since = at - self.seconds
        new = sum(visit.first > since for visit in visits)
        used = sum(visit.last > since for visit in visits)
        return new >= self.new or used >= self.used


@dataclass(frozen=True, slots=True)
class NewCountryRule:
    """The first use from a country, of a key that does not travel. Also evaluates keys that roam
    networks: a phone stays in its country."""

    learned: Learned
    roaming: Roaming

    def find(self, batch: Batch) -> Iterator[Finding]:
        known = batch.before.countries
        since = min((visit.first for visit in known.values()), default=None)
        for request, country in _new_places(batch, known, _country, self.roaming):
            # Countries may be known for a shorter time than the key.
            is_known = since is not None and request.at - since >= self.learned.seconds
            if is_known and self.learned.is_met(batch.before, request.at):
                yield Finding(request, NewCountry(country))


@dataclass(frozen=True, slots=True)
class NewNetworkRule:
    """The first use from a network, of a key that does not roam: phones and hosted runners have a
    new network every other day."""

    learned: Learned
    roaming: Roaming

    def find(self, batch: Batch) -> Iterator[Finding]:
        for request, network in _new_places(batch, batch.before.networks, _network, self.roaming):
            if self.learned.is_met(batch.before, request.at):
                yield Finding(request, NewNetwork(network))


@dataclass(frozen=True, slots=True)
class BurstRule:
    """Many more requests in an hour than the key makes in the hours in which it is used."""

    learned: Learned
    factor: float
    minimum: int

    def find(self, batch: Batch) -> Iterator[Finding]:
        mean = batch.after.mean
        if mean is None:
            return
        most = max(self.minimum, self.factor * mean)
        for hour, last in batch.hours(updates_baseline):
            if hour.requests > most and self.learned.is_met(batch.before, last.at):
                yield Finding(last, Burst(hour.requests, mean))


@dataclass(frozen=True, slots=True)
class RejectedRequestsRule:
    """A large share of an hour's requests was rejected: they try what the key may not do, or exceed
    its limits. It needs no baseline: no client does so on purpose."""

    share: float
    minimum: int

    def find(self, batch: Batch) -> Iterator[Finding]:
        for hour, last in batch.hours(updates_baseline):
            if hour.rejected >= max(self.minimum, self.share * hour.requests):
                yield Finding(last, RejectedRequests(hour.rejected, hour.requests))


@dataclass(frozen=True, slots=True)
class InactiveKeyRule:
    """A request with a key that was revoked or paused, or has expired: by a forgotten client, or by
    somebody who should not have the key. It was denied."""

    def find(self, batch: Batch) -> Iterator[Finding]:
        if request := next(filter(is_by_inactive_key, batch.requests), None):
            yield Finding(request, InactiveKey(request.reason))


@dataclass(frozen=True, slots=True)
class LongInactivityRule:
    """A use of a key that nobody used for months: forgotten keys are found by others."""

    days: float

    def find(self, batch: Batch) -> Iterator[Finding]:
        first = next((request for request in batch.requests if request.is_use), None)
        if first is None or batch.before.last_used_at is None:
            return
        days = (first.at - batch.before.last_used_at) / DAY
        if days >= self.days:
            yield Finding(first, LongInactivity(days))


@dataclass(frozen=True, slots=True)
class KeyInUrlRule:
    """The key came in a query string, where logs, histories and proxies retain it; also if it was
    denied because it is accepted in headers only."""

    def find(self, batch: Batch) -> Iterator[Finding]:
        if request := next((request for request in batch.requests if request.exposes), None):
            yield Finding(request, KeyInUrl())


@dataclass(frozen=True, slots=True)
class LinksChangedRule:
    """Many links were changed or deleted in an hour: a stolen key leads visitors elsewhere. It
    needs no baseline: the first hour may be the worst."""

    links: int

    def find(self, batch: Batch) -> Iterator[Finding]:
        for hour, last in batch.hours(changes_link):
            if hour.changed >= self.links:
                yield Finding(last, LinksChanged(hour.changed))


@dataclass(frozen=True, slots=True)
class DisallowedAddressRule:
    """A request from outside the key's allowed addresses: whoever sent it has the key. It was
    denied."""

    def find(self, batch: Batch) -> Iterator[Finding]:
        denied = (request for request in batch.requests if request.is_from_disallowed_address)
        if request := next(denied, None):
            yield Finding(request, DisallowedAddress(request.ip))


def detectors(thresholds: Thresholds) -> tuple[Detector, ...]:
    """All rules, with an account's thresholds."""
    t = thresholds
    learned, recently = Learned(t.learned_requests, t.learned_days * DAY), t.roaming_days * DAY
    return (
        NewCountryRule(learned, Roaming(t.roaming_countries, t.many_countries, recently)),
        NewNetworkRule(learned, Roaming(t.roaming_networks, t.many_networks, recently)),
        BurstRule(learned, t.burst_factor, t.burst_minimum),
        RejectedRequestsRule(t.rejected_share, t.rejected_minimum),
        InactiveKeyRule(),
        LongInactivityRule(t.inactive_days),
        KeyInUrlRule(),
        LinksChangedRule(t.changed_links),
        DisallowedAddressRule(),
    )


def detect(
    before: Baseline, after: Baseline, requests: Sequence[LoggedRequest], thresholds: Thresholds
) -> list[Alert]:
    """What the rules that are on find in a batch of a key's requests, in any order. `before` and
    `after`: the key's baseline without and with them."""
    ordered = sorted(requests, key=lambda request: (request.at, request.id))
    batch = Batch(before, after, ordered)
    found = [
        finding.alert
        for detector in detectors(thresholds)
        for finding in detector.find(batch)
        if finding.facts.rule not in thresholds.off
    ]
    # A new country is a new network, and alerts once.
    abroad = {(alert.at, alert.evidence.ip) for alert in found if alert.rule is Rule.NEW_COUNTRY}
    return [
        alert
        for alert in found
        if alert.rule is not Rule.NEW_NETWORK or (alert.at, alert.evidence.ip) not in abroad
    ]


def _new_places(
    batch: Batch,
    known: Mapping[str, Visit],
    place_of: Callable[[LoggedRequest], str | None],
    roaming: Roaming,
) -> Iterator[tuple[LoggedRequest, str]]:
    """The first use from each place, unless further places were normal by then."""
    visits = dict(known)
    for request in batch.requests:
        place = place_of(request)
        if not request.is_use or place is None or place in visits:
            continue
        is_normal = roaming.is_met(visits.values(), request.at)
        visits[place] = Visit(request.at, request.at)
        if not is_normal:
            yield request, place


def _country(request: LoggedRequest) -> str | None:
    return request.country


def _network(request: LoggedRequest) -> str | None:
    return network_of(request.ip)

"""The rules: each is a pure function of what was usual for a key before a batch of its requests,
what is known with them, and the requests, in order of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.alerts.baseline import Visit, changes_link, is_by_ended_key
from jmpy.alerts.model import Alert, Rule, alert
from jmpy.alerts.networks import network_of
from jmpy.clock import DAY, HOUR
from jmpy.countries import country_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from jmpy.activity.access_log_line import Request
    from jmpy.alerts.baseline import Baseline
    from jmpy.alerts.thresholds import Thresholds

    Evaluation = Callable[[Baseline, Baseline, Sequence[Request], Thresholds], Iterator[Alert]]


def new_country(
    before: Baseline, _after: Baseline, requests: Sequence[Request], thresholds: Thresholds
) -> Iterator[Alert]:
    """The first use from a country, of a key that is known well enough, and that does not travel.
    Keys that roam networks are judged by it too: a phone stays in its country."""
    seen = dict(before.countries)
    since = min((sighting.first for sighting in seen.values()), default=None)
    for request in requests:
        country = request.country
        if not request.is_use or country is None or country in seen:
            continue
        # Countries may be known for a shorter time than the key.
        is_learned = since is not None and request.at - since >= thresholds.learned_days * DAY
        is_usual = _roams(
            seen.values(),
            request.at,
            thresholds.roaming_days,
            new=thresholds.roaming_countries,
            used=thresholds.many_countries,
        )
        seen[country] = Visit(request.at, request.at)
        if is_learned and _is_learned(before, request.at, thresholds) and not is_usual:
            words = (
                "The key was used from a country where it had not been used before: "
                f"{country_name(country)}."
            )
            yield alert(Rule.NEW_COUNTRY, request, words, country)


def new_network(
    before: Baseline, _after: Baseline, requests: Sequence[Request], thresholds: Thresholds
) -> Iterator[Alert]:
    """The first use from a network, of a key that is known well enough, and that does not roam:
    phones and hosted runners come from a new network every other day."""
    seen = dict(before.networks)
    for request in requests:
        network = network_of(request.ip)
        if not request.is_use or network is None or network in seen:
            continue
        is_usual = _roams(
            seen.values(),
            request.at,
            thresholds.roaming_days,
            new=thresholds.roaming_networks,
            used=thresholds.many_networks,
        )
        seen[network] = Visit(request.at, request.at)
        if _is_learned(before, request.at, thresholds) and not is_usual:
            words = f"The key was used from a network where it had not been used before: {network}."
            yield alert(Rule.NEW_NETWORK, request, words, network)


def burst(
    before: Baseline, after: Baseline, requests: Sequence[Request], thresholds: Thresholds
) -> Iterator[Alert]:
    """Many more requests in an hour than the key makes in the hours in which it is used."""
    if after.mean is None:
        return
    least = max(thresholds.burst_minimum, thresholds.burst_factor * after.mean)
    for number, last in _last_by_hour(requests).items():
        count = after.hours[number].requests if number in after.hours else 0
        if count > least and _is_learned(before, last.at, thresholds):
            words = f"The key made {count} requests in an hour; its mean is {after.mean:.0f}."
            yield alert(Rule.BURST, last, words)


def refusals(
    _before: Baseline, after: Baseline, requests: Sequence[Request], thresholds: Thresholds
) -> Iterator[Alert]:
    """A large share of an hour's requests was refused: somebody tries what the key may not do, or
    goes beyond its limits. It needs no baseline: no client does so on purpose."""
    for number, last in _last_by_hour(requests).items():
        hour = after.hours.get(number)
        if hour is None or hour.refused < thresholds.refused_minimum:
            continue
        if hour.refused >= thresholds.refused_share * hour.requests:
            words = (
                f"{hour.refused} of the key's {hour.requests} requests in an hour were rejected."
            )
            yield alert(Rule.REFUSALS, last, words)


def ended_key(
    _before: Baseline, _after: Baseline, requests: Sequence[Request], _thresholds: Thresholds
) -> Iterator[Alert]:
    """A request with a key that was revoked or has expired: a client that was forgotten, or
    somebody who has the key and should not. It was not let in."""
    for request in requests:
        if is_by_ended_key(request):
            words = f"The key is {request.reason}, but was used again."
            yield alert(Rule.ENDED_KEY, request, words)
            return


def long_silence(
    before: Baseline, _after: Baseline, requests: Sequence[Request], thresholds: Thresholds
) -> Iterator[Alert]:
    """A use of a key that nobody used for months: forgotten keys are found by others."""
    first = next((request for request in requests if request.is_use), None)
    if first is None or before.last_used_at is None:
        return
    days = (first.at - before.last_used_at) / DAY
    if days >= thresholds.silent_days:
        words = f"The key was used again after {days:.0f} days without use."
        yield alert(Rule.LONG_SILENCE, first, words)


def key_in_url(
    _before: Baseline, _after: Baseline, requests: Sequence[Request], _thresholds: Thresholds
) -> Iterator[Alert]:
    """The key came in a query string, where logs, histories and proxies keep it; also if it was
    refused there, because it is for headers only."""
    for request in requests:
        if request.exposes:
            words = "The key was sent in a URL, where logs and browser histories retain it."
            yield alert(Rule.KEY_IN_URL, request, words)
            return


def links_changed(
    _before: Baseline, after: Baseline, requests: Sequence[Request], thresholds: Thresholds
) -> Iterator[Alert]:
    """Many links were changed or deleted in an hour: a stolen key leads visitors elsewhere. It
    needs no baseline: the first hour may be the worst."""
    for number, last in _last_by_hour(filter(changes_link, requests)).items():
        hour = after.hours.get(number)
        if hour is not None and hour.changed >= thresholds.changed_links:
            words = (
                f"The key changed or deleted links {hour.changed} times in an hour. The audit log "
                "has the previous destinations."
            )
            yield alert(Rule.LINKS_CHANGED, last, words)


RULES: dict[Rule, Evaluation] = {
    Rule.NEW_COUNTRY: new_country,
    Rule.NEW_NETWORK: new_network,
    Rule.BURST: burst,
    Rule.REFUSALS: refusals,
    Rule.ENDED_KEY: ended_key,
    Rule.LONG_SILENCE: long_silence,
    Rule.KEY_IN_URL: key_in_url,
    Rule.LINKS_CHANGED: links_changed,
}


def judged(
    before: Baseline, after: Baseline, requests: Sequence[Request], thresholds: Thresholds
) -> list[Alert]:
    """What the rules that are on say of a batch of a key's requests, in any order."""
    ordered = sorted(requests, key=lambda request: (request.at, request.id))
    found = [
        alert
        for rule, evaluate in RULES.items()
        if rule not in thresholds.off
        for alert in evaluate(before, after, ordered, thresholds)
    ]
    # A new country is a new network, and is told once.
    abroad = {(alert.at, alert.evidence.ip) for alert in found if alert.rule is Rule.NEW_COUNTRY}
    return [
        alert
        for alert in found
        if alert.rule is not Rule.NEW_NETWORK or (alert.at, alert.evidence.ip) not in abroad
    ]


def _is_learned(baseline: Baseline, at: int, thresholds: Thresholds) -> bool:
    """Whether enough was seen of the key by then to tell what is usual for it."""
    if baseline.first_used_at is None or baseline.uses < thresholds.learned_requests:
        return False
    return at - baseline.first_used_at >= thresholds.learned_days * DAY


def _roams(places: Collection[Visit], at: int, days: float, *, new: int, used: int) -> bool:
    """Whether a further place would be nothing unusual: within the days, that many were new, or
    that many in use."""
    since = at - days * DAY
    first = sum(seen.first > since for seen in places)
    last = sum(seen.last > since for seen in places)
    return first >= new or last >= used


def _last_by_hour(requests: Iterable[Request]) -> dict[int, Request]:
    """Of the requests that hours count, by hours since the Unix epoch."""
    return {r.at // HOUR: r for r in requests if not is_by_ended_key(r)}

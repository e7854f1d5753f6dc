"""Each rule fires on what it is for, and is silent on what is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.alerts.detection.baseline import Baseline, with_batch
from jmpy.alerts.detection.rules import detect
from jmpy.alerts.rule import Rule
from jmpy.alerts.settings.thresholds import Thresholds
from jmpy.alerts.wording import details
from jmpy.clock import DAY, HOUR
from project.key_requests import START, denied, hourly, request

if TYPE_CHECKING:
    from jmpy.activity.access_log_line import LoggedRequest

NOW = START + 3 * DAY
THRESHOLDS = Thresholds()


def usual(*batches: list[LoggedRequest]) -> Baseline:
    """What is known of a key that made ten requests an hour for three days, and these."""
    baseline = Baseline("key-1", "acme")
    for batch in (hourly(START, 3 * 24, 10), *batches):
        baseline = with_batch(baseline, batch)
    return baseline


def triggered(
    before: Baseline, requests: list[LoggedRequest], thresholds: Thresholds = THRESHOLDS
) -> list[Rule]:
    after = with_batch(before, requests)
    return [alert.rule for alert in detect(before, after, requests, thresholds)]


def test_usual_requests_trigger_nothing() -> None:
    assert triggered(usual(), hourly(NOW, 24, 12)) == []


def test_a_key_of_which_nothing_is_known_may_do_anything() -> None:
    requests = hourly(NOW, 24, 300) + [request(NOW, ip=f"198.51.{n}.1") for n in range(20)]
    assert triggered(Baseline("key-1", "acme"), requests) == []


def test_a_new_network_triggers_an_alert() -> None:
    (alert,) = detect(usual(), usual(), [request(NOW, ip="198.51.100.7")], THRESHOLDS)
    assert (alert.rule, alert.at, alert.facts.subject) == (Rule.NEW_NETWORK, NOW, "198.51.100.0/24")
    assert alert.evidence.ip == "198.51.100.7"
    assert alert.evidence.route == "GET /api/v1/short-urls"
    assert "198.51.100.0/24" in details(alert.facts)


@pytest.mark.parametrize("ip", ["192.0.2.200", "::ffff:192.0.2.7", "-", "no address"])
def test_another_address_of_a_known_network_is_not(ip: str) -> None:
    assert triggered(usual(), [request(NOW, ip=ip)]) == []


def test_a_network_of_ipv6_is_a_48() -> None:
    known = usual([request(NOW, ip="2001:db8:1:2::3")])
    assert triggered(known, [request(NOW + 9, ip="2001:db8:1:ffff::1")]) == []
    assert triggered(known, [request(NOW + 9, ip="2001:db8:2::1")]) == [Rule.NEW_NETWORK]


def test_a_denied_key_makes_no_network_known() -> None:
    tried = denied(NOW, "header_only", ip="198.51.100.7")
    assert Rule.NEW_NETWORK not in triggered(usual(), [tried])
    assert Rule.NEW_NETWORK in triggered(usual([tried]), [request(NOW + 9, ip="198.51.100.7")])


def test_a_key_younger_than_three_days_or_hardly_used_is_not_evaluated_by_its_networks() -> None:
    young = with_batch(Baseline("key-1", "acme"), hourly(NOW - 2 * DAY, 48, 10))
    idle = with_batch(Baseline("key-1", "acme"), hourly(NOW - 3 * DAY, 4, 10))
    for baseline in (young, idle):
        assert triggered(baseline, [request(NOW, ip="198.51.100.7")]) == []


def test_a_key_that_roams_is_not_evaluated_by_its_networks() -> None:
    roaming = usual([request(NOW - n * HOUR, ip=f"198.51.{n}.1") for n in range(3)])
    assert triggered(roaming, [request(NOW, ip="203.0.113.1")]) == []
    settled = NOW + 15 * DAY
    assert triggered(roaming, [request(settled, ip="203.0.113.1")]) == [Rule.NEW_NETWORK]


def test_a_key_that_goes_back_and_forth_between_many_networks_roams_too() -> None:
    old = [request(NOW + n, ip=f"198.51.{n}.1") for n in range(THRESHOLDS.many_networks)]
    month = NOW + 30 * DAY
    again = [request(month + n, ip=f"198.51.{n}.1") for n in range(THRESHOLDS.many_networks)]
    assert triggered(usual(old, again), [request(month + DAY, ip="203.0.113.1")]) == []
    assert triggered(usual(old), [request(month + DAY, ip="203.0.113.1")]) == [Rule.NEW_NETWORK]


def test_many_new_networks_at_once_trigger_a_few_alerts() -> None:
    swarm = [request(NOW + 15 * DAY + n, ip=f"198.51.{n}.1") for n in range(100)]
    assert triggered(usual(), swarm) == [Rule.NEW_NETWORK] * THRESHOLDS.roaming_networks


def at_home(*batches: list[LoggedRequest]) -> Baseline:
    """As `usual`, in Germany."""
    baseline = Baseline("key-1", "acme")
    for batch in (hourly(START, 3 * 24, 10, country="DE"), *batches):
        baseline = with_batch(baseline, batch)
    return baseline


def test_a_new_country_triggers_an_alert_and_its_network_no_other() -> None:
    stranger = request(NOW, ip="198.51.100.7", country="BR")
    (alert,) = detect(at_home(), at_home(), [stranger], THRESHOLDS)
    assert (alert.rule, alert.facts.subject, alert.evidence.country) == (
        Rule.NEW_COUNTRY,
        "BR",
        "BR",
    )
    assert "Brazil" in details(alert.facts)
    off = Thresholds(off=(Rule.NEW_COUNTRY.value,))
    assert triggered(at_home(), [stranger], off) == [Rule.NEW_NETWORK]


@pytest.mark.parametrize("country", ["DE", None])
def test_neither_a_known_country_nor_an_unknown_one_triggers_an_alert(country: str | None) -> None:
    assert triggered(at_home(), [request(NOW, country=country)]) == []


def test_countries_are_learned_before_they_are_evaluated_also_of_a_known_key() -> None:
    # The operator began to trust a CDN today: to the key all countries are new.
    first = [request(NOW, country="DE")]
    assert triggered(usual(), first) == []
    assert triggered(usual(first), [request(NOW + DAY, country="BR")]) == []
    assert triggered(usual(first), [request(NOW + 3 * DAY, country="BR")]) == [Rule.NEW_COUNTRY]
    young = with_batch(Baseline("key-1", "acme"), hourly(NOW - DAY, 24, 10, country="DE"))
    assert triggered(young, [request(NOW, country="BR")]) == []


def test_a_key_that_roams_networks_is_evaluated_by_its_countries() -> None:
    phone = [request(NOW - n * HOUR, ip=f"198.51.{n}.1", country="DE") for n in range(9)]
    roaming = at_home(phone)
    assert triggered(roaming, [request(NOW, ip="203.0.113.1", country="DE")]) == []
    abroad = request(NOW, ip="203.0.113.1", country="BR")
    assert triggered(roaming, [abroad]) == [Rule.NEW_COUNTRY]


def test_a_key_that_travels_is_not_evaluated_by_its_countries() -> None:
    trip = [request(NOW + n * HOUR, country=country) for n, country in enumerate(("FR", "ES"))]
    assert triggered(at_home(trip), [request(NOW + DAY, country="PT")]) == []
    settled = [request(NOW + 16 * DAY, country="PT")]
    assert triggered(at_home(trip), settled) == [Rule.NEW_COUNTRY]
    everywhere = [
        request(NOW + n, country=country) for n, country in enumerate(("FR", "ES", "IT", "PL"))
    ]
    again = [
        request(NOW + 30 * DAY + n, country=country)
        for n, country in enumerate(("DE", "FR", "ES", "IT", "PL"))
    ]
    later = [request(NOW + 31 * DAY, country="PT")]
    assert triggered(at_home(everywhere, again), later) == []


def test_a_denied_key_makes_no_country_known() -> None:
    tried = denied(NOW, "header_only", country="BR")
    assert Rule.NEW_COUNTRY not in triggered(at_home(), [tried])
    assert Rule.NEW_COUNTRY in triggered(at_home([tried]), [request(NOW + 9, country="BR")])


def test_a_rule_that_is_off_tells_nothing_and_no_other_is() -> None:
    requests = [
        denied(NOW, "revoked"),
        request(NOW, credential="query", ip="198.51.100.7"),
        *hourly(NOW, 1, 300, status=403),
    ]
    everything = set(triggered(usual(), requests))
    assert len(everything) == 5
    for rule in everything:
        assert set(triggered(usual(), requests, Thresholds(off=(rule.value,)))) == everything - {
            rule
        }


def test_a_burst_triggers_an_alert() -> None:
    alerts = detect(
        before := usual(),
        with_batch(before, burst := hourly(NOW, 1, 400)),
        burst,
        THRESHOLDS,
    )
    assert [alert.rule for alert in alerts] == [Rule.BURST]
    assert "400 requests in an hour; its mean is 10" in details(alerts[0].facts)


def test_a_burst_is_summed_up_over_batches() -> None:
    half = hourly(NOW, 1, 120)
    assert triggered(usual(), half) == []
    assert triggered(usual(half), hourly(NOW, 1, 120)) == [Rule.BURST]


@pytest.mark.parametrize("count", [90, 200])
def test_neither_few_requests_nor_a_small_multiple_are_a_burst(count: int) -> None:
    assert triggered(usual(), hourly(NOW, 1, count)) == []
    busy = with_batch(Baseline("key-1", "acme"), hourly(START, 3 * 24, 60))
    assert triggered(busy, hourly(NOW, 1, count * 2)) == []


def test_a_monthly_job_is_compared_with_its_last_run() -> None:
    baseline = Baseline("key-1", "acme")
    for month in range(3):
        run = hourly(START + month * 30 * DAY, 1, 600)
        assert triggered(baseline, run) == []
        baseline = with_batch(baseline, run)


def test_rejected_requests_trigger_an_alert_even_for_an_unknown_key() -> None:
    probing = hourly(NOW, 1, 30, status=403)
    assert triggered(Baseline("key-1", "acme"), probing) == [Rule.REJECTED_REQUESTS]
    assert triggered(usual(), hourly(NOW, 1, 30, status=429)) == [Rule.REJECTED_REQUESTS]


def test_few_rejected_requests_or_a_small_share_do_not() -> None:
    assert triggered(usual(), hourly(NOW, 1, 19, status=403)) == []
    assert triggered(usual(), hourly(NOW, 1, 40, status=403) + hourly(NOW, 1, 90)) == []
    assert triggered(usual(), hourly(NOW, 1, 40, status=404)) == []


@pytest.mark.parametrize("reason", ["revoked", "expired"])
def test_an_inactive_key_triggers_one_alert_of_this_rule_alone(reason: str) -> None:
    tried = [denied(NOW + n, reason, ip=f"198.51.{n % 200}.1") for n in range(300)]
    assert triggered(usual(), tried) == [Rule.INACTIVE_KEY]


def test_a_key_that_ended_teaches_nothing() -> None:
    before = usual()
    assert with_batch(before, [denied(NOW, "revoked")]) is before


def test_a_key_used_from_an_address_that_is_not_allowed_triggers_one_alert() -> None:
    tried = [denied(NOW + n, "address", ip=f"198.51.{n % 200}.1") for n in range(300)]
    (alert,) = detect(usual(), with_batch(usual(), tried), tried, THRESHOLDS)
    assert (alert.rule, alert.evidence.ip) == (Rule.DISALLOWED_ADDRESS, "198.51.0.1")
    assert "from 198.51.0.1, which is not among its allowed addresses" in details(alert.facts)
    later = [denied(NOW + 400, "address", ip="198.51.201.1")]
    assert [again.id for again in detect(usual(), usual(), later, THRESHOLDS)] == [alert.id]


def test_a_disallowed_address_teaches_nothing() -> None:
    before = usual()
    assert with_batch(before, [denied(NOW, "address")]) is before


def test_a_use_after_long_inactivity_triggers_an_alert() -> None:
    assert triggered(usual(), [request(NOW + 89 * DAY)]) == []
    assert triggered(usual(), [request(NOW + 91 * DAY)]) == [Rule.LONG_INACTIVITY]


def test_inactivity_is_not_ended_by_a_denied_request() -> None:
    tried = denied(NOW + 91 * DAY, "header_only")
    assert Rule.LONG_INACTIVITY not in triggered(usual(), [tried])
    assert Rule.LONG_INACTIVITY in triggered(usual([tried]), [request(NOW + 92 * DAY)])


def test_a_key_in_a_url_triggers_an_alert_also_when_it_is_denied_there() -> None:
    assert triggered(usual(), [request(NOW, credential="query")]) == [Rule.KEY_IN_URL]
    assert triggered(usual(), [denied(NOW, "header_only")]) == [Rule.KEY_IN_URL]


LINK = "/api/v1/short-urls/{id}"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_key_that_changes_many_links_triggers_an_alert_even_if_it_is_unknown(method: str) -> None:
    changes = hourly(NOW, 1, 50, method=method, route=LINK)
    assert triggered(Baseline("key-1", "acme"), changes) == [Rule.LINKS_CHANGED]
    assert triggered(usual(), changes) == [Rule.LINKS_CHANGED]


def test_changes_of_an_hour_add_up_over_batches() -> None:
    changes = hourly(NOW, 1, 50, method="PATCH", route=LINK)
    assert triggered(usual(changes[:30]), changes[30:]) == [Rule.LINKS_CHANGED]


def test_few_changes_and_what_is_no_change_of_a_link_trigger_nothing() -> None:
    few = hourly(NOW, 1, 49, method="PATCH", route=LINK)
    assert triggered(usual(), few) == []
    assert triggered(usual(), few + hourly(NOW + HOUR, 1, 49, method="PATCH", route=LINK)) == []
    others: list[dict[str, Any]] = [
        {"method": "GET"}, {"method": "PATCH", "status": 404}, {"method": "PATCH", "status": 412},
        {"method": "POST", "route": "/api/v1/short-urls"},
        {"method": "PATCH", "route": "/api/v1/api-keys/{id}"},
    ]  # fmt: skip
    for other in others:
        assert triggered(usual(), hourly(NOW, 1, 60, **{"route": LINK, **other})) == []


def test_alerts_that_are_sent_once_have_one_id() -> None:
    def ids(*times: int) -> set[str]:
        batches = [[request(at, credential="query")] for at in times]
        return {alert.id for batch in batches for alert in detect(usual(), usual(), batch, tuned)}

    tuned = Thresholds(inactive_days=1000)
    month = NOW - NOW % (30 * DAY)
    assert len(ids(month, month + 29 * DAY)) == 1
    assert len(ids(month, month + 30 * DAY)) == 2


@pytest.mark.parametrize(
    ("tuned", "requests", "rule"),
    [
        (Thresholds(roaming_networks=0), [request(NOW, ip="198.51.100.7")], Rule.NEW_NETWORK),
        (Thresholds(burst_minimum=500), hourly(NOW, 1, 400), Rule.BURST),
        (Thresholds(burst_factor=50), hourly(NOW, 1, 400), Rule.BURST),
        (Thresholds(rejected_minimum=50), hourly(NOW, 1, 30, status=403), Rule.REJECTED_REQUESTS),
        (Thresholds(inactive_days=120), [request(NOW + 91 * DAY)], Rule.LONG_INACTIVITY),
        (
            Thresholds(changed_links=61),
            hourly(NOW, 1, 60, method="DELETE", route=LINK),
            Rule.LINKS_CHANGED,
        ),
    ],
)
def test_thresholds_decide(tuned: Thresholds, requests: list[LoggedRequest], rule: Rule) -> None:
    assert triggered(usual(), requests) == [rule]
    assert triggered(usual(), requests, tuned) == []

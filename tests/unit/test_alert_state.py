"""What is usual adds up to the same however lines come."""

from __future__ import annotations

import itertools
from dataclasses import replace

from jmpy.alerts.detection.baseline import (
    MAX_BATCHES,
    MAX_PLACES,
    Baseline,
    Hour,
    digest,
    with_batch,
)
from jmpy.clock import DAY, HOUR
from project.key_requests import START, denied, hourly, request

NOTHING = Baseline("key-1", "acme")


def test_the_order_of_batches_does_not_matter() -> None:
    batches = [
        hourly(START, 1, 30),
        hourly(START + HOUR, 1, 10, ip="198.51.100.1"),
        [*hourly(START + 2 * HOUR, 1, 5, status=403), denied(START + HOUR, "header_only")],
        [request(START + 10, ip="2001:db8::1"), denied(START + 20, "revoked")],
    ]
    known = set()
    for order in itertools.permutations(batches):
        baseline = NOTHING
        for batch in order:
            baseline = with_batch(baseline, batch)
        # Two days later all of it is in the mean.
        baseline = with_batch(baseline, [request(START + 2 * DAY)])
        known.add(
            repr(replace(baseline, batches=(), networks=dict(sorted(baseline.networks.items()))))
        )
    assert len(known) == 1


def test_the_mean_is_of_hours_with_requests() -> None:
    baseline = with_batch(NOTHING, hourly(START, 1, 100))
    assert baseline.mean is None
    baseline = with_batch(baseline, [request(START + 30 * DAY)])
    assert baseline.mean == 100
    baseline = with_batch(baseline, [request(START + 60 * DAY)])
    assert baseline.mean == 100 + 0.1 * (1 - 100)


def test_what_comes_after_its_hour_is_in_the_mean_is_not_counted() -> None:
    baseline = with_batch(NOTHING, hourly(START, 1, 10))
    baseline = with_batch(baseline, [request(START + DAY)])
    late = with_batch(baseline, hourly(START, 1, 10))
    assert (late.mean, late.hours) == (10, {(START + DAY) // HOUR: Hour(1, 0)})
    assert late.uses == 21


def test_a_batch_is_recognized_in_any_order() -> None:
    batch = hourly(START, 1, 10)
    assert digest(batch) in with_batch(NOTHING, batch[::-1]).batches
    assert digest(batch[1:]) not in with_batch(NOTHING, batch).batches


def test_a_baseline_is_bounded() -> None:
    baseline = NOTHING
    for n in range(2 * MAX_PLACES):
        baseline = with_batch(baseline, [request(START + n * HOUR, ip=f"198.51.{n}.1")])
    assert len(baseline.networks) == MAX_PLACES
    assert "198.51.99.0/24" in baseline.networks
    assert len(baseline.batches) == MAX_BATCHES
    assert len(baseline.hours) == 4

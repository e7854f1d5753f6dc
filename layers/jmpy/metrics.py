"""What AWS does not count by itself, counted in the log: lines in CloudWatch's embedded metric
format, which cost no call. Requests, errors, latencies and queues have metrics of AWS's own, and
who is let in is counted from the access log (`AWS::Logs::MetricFilter` in template.yaml).

Every value of a dimension makes a metric that is paid for, so dimensions come from closed lists:
never an account, a key, a path or what somebody sent.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit, single_metric

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.limits.model import Budget, Customer

NAMESPACE = "Jmpy"


class Metric(StrEnum):
    """All are sums. The dimension `service` is the stack's name, from POWERTOOLS_SERVICE_NAME."""

    DAILY_LIMIT_REFUSALS = "DailyLimitRefusals"
    REDIRECTS = "Redirects"
    CLICKS_COUNTED = "ClicksCounted"
    CLICKS_LEFT = "ClicksLeft"
    """Messages that come again, or end in the dead-letter queue."""
    CLICKS_NOT_QUEUED = "ClicksNotQueued"
    NOTICES_SENT = "NoticesSent"
    LINKS_CHECKED = "LinksChecked"
    """Whose destination a provider was asked about."""
    UNSAFE_LINKS = "UnsafeLinks"
    """Of these, the ones that were taken down for it."""
    AUDIT_ENTRIES_MISSING = "AuditEntriesMissing"
    """They are in the log of the function that could not write them."""
    UNREADABLE_LINES = "UnreadableLines"
    """Of the access log, so that requests are missing in what accounts see."""


class Dimension(StrEnum):
    PLAN = "Plan"
    LIMIT = "Limit"
    OUTCOME = "Outcome"


DIMENSIONS: Mapping[Metric, frozenset[Dimension]] = {
    Metric.DAILY_LIMIT_REFUSALS: frozenset({Dimension.PLAN, Dimension.LIMIT}),
    Metric.REDIRECTS: frozenset({Dimension.OUTCOME}),
    Metric.CLICKS_COUNTED: frozenset(),
    Metric.CLICKS_LEFT: frozenset(),
    Metric.CLICKS_NOT_QUEUED: frozenset(),
    Metric.NOTICES_SENT: frozenset(),
    Metric.LINKS_CHECKED: frozenset(),
    Metric.UNSAFE_LINKS: frozenset(),
    Metric.AUDIT_ENTRIES_MISSING: frozenset(),
    Metric.UNREADABLE_LINES: frozenset(),
}
"""Beside `service`; a metric has all of its dimensions or is another metric to CloudWatch."""


def count(metric: Metric, value: int = 1, by: Mapping[Dimension, str] | None = None) -> None:
    """One line on standard output; raises KeyError unless `by` has the metric's dimensions."""
    dimensions = {name.value: (by or {})[name] for name in sorted(DIMENSIONS[metric])}
    with single_metric(
        metric, MetricUnit.Count, value, namespace=NAMESPACE, default_dimensions=dimensions
    ):
        pass  # it is written at the end of the block


def count_refusal(customer: Customer, budget: Budget) -> None:
    """Of a request beyond a daily limit. Plans are those of the template: a customer on any other
    is refused before."""
    by = {Dimension.PLAN: customer.plan, Dimension.LIMIT: budget.limit_class.value}
    count(Metric.DAILY_LIMIT_REFUSALS, by=by)

"""Custom metrics of functions, as log lines in CloudWatch's embedded metric format, which need no
call. Requests, errors, latencies and queues have metrics of AWS's own, and allowed and denied
credentials are counted from the access log (`AWS::Logs::MetricFilter` in template.yaml).

Every value of a dimension is billed as a metric, so dimensions come from closed lists: never an
account, a key, a path or input of a client.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from jmpy.limits.model import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.limits.model import Quota, Subscriber

NAMESPACE = "Jmpy"


class Metric(StrEnum):
    """All are sums. The dimension `service` is the stack's name, from POWERTOOLS_SERVICE_NAME."""

    DAILY_LIMIT_EXCEEDED = "DailyLimitExceeded"
    KEY_BUDGET_EXCEEDED = "KeyBudgetExceeded"
    """Not among the above: owners choose budgets, and no plan helps."""
    REDIRECTS = "Redirects"
    CLICKS_COUNTED = "ClicksCounted"
    CLICKS_RETURNED = "ClicksReturned"
    """Messages that are delivered again, or moved to the dead-letter queue."""
    CLICKS_NOT_QUEUED = "ClicksNotQueued"
    NOTICES_SENT = "NoticesSent"
    LINKS_CHECKED = "LinksChecked"
    """Links whose destination was checked with a provider."""
    UNSAFE_LINKS = "UnsafeLinks"
    """Those that were taken down as a result."""
    DOMAINS_CHECKED = "DomainsChecked"
    """Branded domains, by the schedule."""
    DOMAINS_FAILED = "DomainsFailed"
    """Those that are failing since that check."""
    DOMAINS_NOT_SERVED = "DomainsNotServed"
    """Attempts to serve a domain for which the AWS account's quota of tenants leaves no room."""
    AUDIT_ENTRIES_MISSING = "AuditEntriesMissing"
    """The function that could not write them has logged them."""
    UNREADABLE_LINES = "UnreadableLines"
    """Of the access log; their requests are missing from the accounts' access logs."""


class Dimension(StrEnum):
    PLAN = "Plan"
    LIMIT = "Limit"
    OUTCOME = "Outcome"


DIMENSIONS: Mapping[Metric, frozenset[Dimension]] = {
    Metric.DAILY_LIMIT_EXCEEDED: frozenset({Dimension.PLAN, Dimension.LIMIT}),
    Metric.KEY_BUDGET_EXCEEDED: frozenset({Dimension.LIMIT}),
    Metric.REDIRECTS: frozenset({Dimension.OUTCOME}),
    Metric.CLICKS_COUNTED: frozenset(),
    Metric.CLICKS_RETURNED: frozenset(),
    Metric.CLICKS_NOT_QUEUED: frozenset(),
    Metric.NOTICES_SENT: frozenset(),
    Metric.LINKS_CHECKED: frozenset(),
    Metric.UNSAFE_LINKS: frozenset(),
    Metric.DOMAINS_CHECKED: frozenset(),
    Metric.DOMAINS_FAILED: frozenset(),
    Metric.DOMAINS_NOT_SERVED: frozenset(),
    Metric.AUDIT_ENTRIES_MISSING: frozenset(),
    Metric.UNREADABLE_LINES: frozenset(),
}
"""Besides `service`. To CloudWatch, a line without one of them would be another metric."""


def count(metric: Metric, value: int = 1, by: Mapping[Dimension, str] | None = None) -> None:
    """One line on standard output; raises KeyError unless `by` has the metric's dimensions."""
    dimensions = {name.value: (by or {})[name] for name in sorted(DIMENSIONS[metric])}
    with single_metric(
        metric, MetricUnit.Count, value, namespace=NAMESPACE, default_dimensions=dimensions
    ):
        pass  # the line is written at the end of the block


def count_throttled(subscriber: Subscriber, quota: Quota) -> None:
    """Counts a request over a daily limit or budget. Plans are those of the template: a request of
    an account on any other has failed before."""
    by = {Dimension.PLAN: subscriber.plan, Dimension.LIMIT: quota.limit_class.value}
    is_budget = quota.scope is Scope.KEY
    count(Metric.KEY_BUDGET_EXCEEDED if is_budget else Metric.DAILY_LIMIT_EXCEEDED, by=by)

"""What CloudWatch bills for the monitoring of the template: alarms by kind, and custom metrics by
the values of their dimensions."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from typing import Any

from jmpy.authorizer.denial import DenialReason
from jmpy.gateway.credentials import CredentialKind
from jmpy.limits.plan import LimitClass
from jmpy.metrics import DIMENSIONS, Dimension, Metric
from jmpy.redirect.outcome import VisitOutcome
from project import template

STANDARD = "one metric"
MATH = "metric math: each metric counts"
ANOMALY = "anomaly detection: a metric and the two of its band"

_LOOKUPS = 2
"""In the cache, or in the table (layers/jmpy/authorizer/policy.py)."""

_THROTTLES = 2
"""The rate, or the quota: what the filter of the metric Throttles selects."""


def alarm_metrics() -> Counter[str]:
    """By the kind of alarm. A threshold that is a band counts as two metrics more, the upper and
    the lower one (Amazon CloudWatch pricing)."""
    found: Counter[str] = Counter()
    for alarm in template.resources("AWS::CloudWatch::Alarm").values():
        found[_kind(alarm)] += _metrics(alarm)
    return found


def alarms() -> Counter[str]:
    """How many there are of each kind."""
    return Counter(map(_kind, template.resources("AWS::CloudWatch::Alarm").values()))


def custom_metrics() -> int:
    """Those of a month in which each value of each dimension occurs."""
    functions = sum(math.prod(_VALUES[name]() for name in DIMENSIONS[metric]) for metric in Metric)
    return functions + sum(filter_metrics().values())


def filter_metrics() -> dict[str, int]:
    """Of the access log, by the name of the metric. Raises KeyError for a dimension whose values
    are not known."""
    found = {}
    for properties in template.resources("AWS::Logs::MetricFilter").values():
        (made,) = properties["MetricTransformations"]
        keys = [dimension["Key"] for dimension in made["Dimensions"]]
        name = made["MetricName"]
        found[name] = math.prod(
            _THROTTLES if (name, key) == ("Throttles", "Error") else _VALUES[key]() for key in keys
        )
    return found


def _kind(alarm: dict[str, Any]) -> str:
    if "ThresholdMetricId" in alarm:
        return ANOMALY
    return MATH if "Metrics" in alarm else STANDARD


def _metrics(alarm: dict[str, Any]) -> int:
    metrics = sum("MetricStat" in metric for metric in alarm.get("Metrics", []))
    return max(1, metrics) + (2 if "ThresholdMetricId" in alarm else 0)


def _client_errors() -> int:
    """The 4xx statuses of the API."""
    document = json.loads((template.PROJECT / "docs" / "openapi.json").read_text())
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    statuses = {status for operation in operations if isinstance(operation, dict)
                for status in operation.get("responses", {})}  # fmt: skip
    return sum(status.startswith("4") for status in statuses)


def _gateway_errors() -> int:
    (api,) = template.resources("AWS::Serverless::Api").values()
    return len(api["GatewayResponses"])


_VALUES: dict[str, Callable[[], int]] = {
    "ApiId": lambda: 1,
    "Status": _client_errors,
    "Error": _gateway_errors,
    "Reason": lambda: len(DenialReason),
    "Credential": lambda: len(CredentialKind),
    "Lookup": lambda: _LOOKUPS,
    Dimension.PLAN: lambda: len(template.load()["Mappings"]["Plans"]),
    Dimension.LIMIT: lambda: len(LimitClass),
    Dimension.OUTCOME: lambda: len(VisitOutcome),
}
"""How many values each dimension has: all are closed lists."""

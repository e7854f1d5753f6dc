"""Gaps in MiniStack's CloudWatch: shown on the bare emulator, closed on the adapted one."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.gap_stack import Stack, client, status_after

_QUERY = {
    "Resources": {
        "Query": {
            "Type": "AWS::Logs::QueryDefinition",
            "Properties": {"Name": "some", "QueryString": "limit 1"},
        }
    }
}


def _alarms() -> dict[str, Any]:
    """One on an expression, one on a metric."""
    common = {
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    metric = {"Namespace": "Test", "MetricName": "Faults"}
    stat = {"Metric": metric, "Stat": "Sum", "Period": 60}
    expressions = [
        {"Id": "faults", "ReturnData": False, "MetricStat": stat},
        {"Id": "twice", "Expression": "2 * faults"},
    ]
    kind = "AWS::CloudWatch::Alarm"
    plain = {**metric, "Statistic": "Sum", "Period": 60, "AlarmName": "plain"}
    return {
        "Resources": {
            "Math": {"Type": kind, "Properties": {**common, "Metrics": expressions}},
            "Plain": {"Type": kind, "Properties": {**common, **plain}},
        }
    }


def test_query_definition_bare_emulator_lacks_it(bare: Stack) -> None:
    with pytest.raises(ClientError, match="Unrecognized resource types"):
        status_after(bare, "queries", _QUERY)


def test_query_definition_adapted(adapted: Stack) -> None:
    assert status_after(adapted, "queries", _QUERY) == "CREATE_COMPLETE"


def test_metric_math_bare_emulator_lacks_it(bare: Stack) -> None:
    assert status_after(bare, "alarms", _alarms()) != "CREATE_COMPLETE"


def test_metric_math_adapted(adapted: Stack) -> None:
    assert status_after(adapted, "alarms", _alarms()) == "CREATE_COMPLETE"
    found = client("cloudwatch", adapted).describe_alarms(AlarmNames=["plain"])
    assert [alarm["MetricName"] for alarm in found["MetricAlarms"]] == ["Faults"]

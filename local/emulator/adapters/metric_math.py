"""Accept alarms on metric math.

MiniStack fails a stack with an alarm that has `Metrics` in place of `MetricName`. On AWS such an
alarm watches the result of an expression over several metrics (CloudWatch user guide, "Create a
CloudWatch alarm based on a metric math expression"). It must never evaluate one: nothing of them is
stored here, and alarms on one metric are as they were.

Tests: tests/emulator/test_gap_watching.py.
"""

from typing import Any

from ministack.services.cloudformation import provisioners


def apply() -> None:
    """Pass over alarms with expressions."""
    put, delete = provisioners._cw_metric_alarm_put, provisioners._cw_metric_alarm_delete

    def put_unless_math(name: str, props: dict[str, Any]) -> Any:
        return (name, {}) if props.get("Metrics") else put(name, props)

    def delete_unless_math(physical_id: str, props: dict[str, Any]) -> None:
        if not props.get("Metrics"):
            delete(physical_id, props)

    provisioners._cw_metric_alarm_put = put_unless_math
    provisioners._cw_metric_alarm_delete = delete_unless_math
    provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]["delete"] = delete_unless_math

"""What an operator sees and is told exists: dashboard, alarms, filters, queries and runbooks, held
together with the code that logs and the access log that is counted."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import pytest

from jmpy.metrics import DIMENSIONS, NAMESPACE, Metric
from project import template
from project.template import PROJECT
from tests.authorizer_events import granted_context

# Of the guides of the services: each metric, with the dimensions that we name it by.
AWS_METRICS: dict[tuple[str, frozenset[str]], set[str]] = {
    ("AWS/ApiGateway", frozenset({"ApiName", "Stage"})): {
        "4XXError", "5XXError", "Count", "IntegrationLatency", "Latency",
    },
    ("AWS/Lambda", frozenset({"FunctionName"})): {
        "ConcurrentExecutions", "Duration", "Errors", "Invocations",
    },
    ("AWS/SQS", frozenset({"QueueName"})): {
        "ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible",
        "NumberOfMessagesSent",
    },
    ("AWS/DynamoDB", frozenset({"TableName"})): {
        "ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits",
        "ReadThrottleEvents", "WriteThrottleEvents",
    },
    ("AWS/Logs", frozenset({"LogGroupName"})): {"IncomingBytes"},
}  # fmt: skip

FILTERS = template.resources("AWS::Logs::MetricFilter")
ALARMS = template.resources("AWS::CloudWatch::Alarm")
QUERIES = template.resources("AWS::Logs::QueryDefinition")
ACCESS_LOG: dict[str, str] = json.loads(
    template.resources("AWS::Serverless::Api")["Api"]["AccessLogSetting"]["Format"]
)
RUNBOOKS = (PROJECT / "docs/operations.md").read_text()

CLOSED = {"apiId", "credential", "error", "lookup", "plan", "reason", "status"}
"""Fields of the access log with few values, none of which a caller makes up."""

OF_INSIGHTS = {"@timestamp", "@logStream", "@message"}
BY_FUNCTIONS = {"request_id"}
"""Fields that functions log (tests/integration/test_request_logs.py), for queries."""


class Named(NamedTuple):
    """A metric as something watches it."""

    namespace: str
    name: str
    dimensions: frozenset[str]


def known() -> set[Named]:
    by_aws = {
        Named(namespace, name, dimensions)
        for (namespace, dimensions), names in AWS_METRICS.items()
        for name in names
    }
    by_functions = {
        Named(NAMESPACE, metric, frozenset({"service", *DIMENSIONS[metric]})) for metric in Metric
    }
    return by_aws | by_functions | set(map(filtered, FILTERS.values()))


def filtered(properties: dict[str, Any]) -> Named:
    (made,) = properties["MetricTransformations"]
    dimensions = frozenset(dimension["Key"] for dimension in made["Dimensions"])
    return Named(made["MetricNamespace"], made["MetricName"], dimensions)


def widgets() -> list[dict[str, Any]]:
    body = template.resources("AWS::CloudWatch::Dashboard")["OperatorDashboard"]["DashboardBody"]
    found: list[dict[str, Any]] = json.loads(substituted(body))["widgets"]
    return found


def substituted(value: Any) -> str:
    """As CloudFormation resolves it, with `<name>` for what a name refers to."""
    match value:
        case {"Ref": name}:
            return f"<{name}>"
        case {"Join": [delimiter, parts]}:
            return str(delimiter).join(map(substituted, parts))
        case {"Sub": [text, variables]}:
            known = {name: substituted(part) for name, part in variables.items()}
            return re.sub(r"\$\{([^}]+)\}", lambda m: known.get(m[1], f"<{m[1]}>"), text)
        case {"Sub": text}:
            return substituted({"Sub": [text, {}]})
    raise AssertionError(value)


WIDGETS = {widget["properties"]["title"]: widget for widget in widgets()}


def written_out(rows: list[list[Any]]) -> list[list[str]]:
    """Rows without options, and without the dots that stand for the row before."""
    done: list[list[str]] = []
    for row in rows:
        parts = [part for part in row if not isinstance(part, dict)]
        if parts and parts[0] == "...":
            parts = done[-1][: len(done[-1]) - len(parts) + 1] + parts[1:]
        parts = [done[-1][at] if part == "." else part for at, part in enumerate(parts)]
        done.append(parts)
    return [parts for parts in done if parts]


def shown(widget: dict[str, Any]) -> list[Named]:
    rows = widget["properties"].get("metrics", [])
    named = [
        Named(namespace, name, frozenset(rest[::2])) for namespace, name, *rest in written_out(rows)
    ]
    for row in rows:
        expression = row[0].get("expression") if isinstance(row[0], dict) else None
        if expression:
            found = re.fullmatch(
                r"""SEARCH\('\{([^}]+)\} MetricName="(\w+)" (\w+)="<[\w:]+>"', 'Sum'\)""",
                expression,
            )
            assert found, expression
            namespace, *dimensions = found[1].split(",")
            assert found[3] in dimensions
            named.append(Named(namespace, found[2], frozenset(dimensions)))
    return named


def alarmed(alarm: dict[str, Any]) -> list[Named]:
    metrics = [
        query["MetricStat"]["Metric"] for query in alarm.get("Metrics", []) if "MetricStat" in query
    ]
    return [
        Named(
            metric["Namespace"],
            metric["MetricName"],
            frozenset(dimension["Name"] for dimension in metric["Dimensions"]),
        )
        for metric in metrics or [alarm]
    ]


@pytest.mark.parametrize("title", WIDGETS)
def test_every_widget_shows_what_exists(title: str) -> None:
    widget = WIDGETS[title]
    assert set(shown(widget)) <= known()
    assert (widget["type"] == "log") == (shown(widget) == [])


def test_cloudwatch_lays_out_the_widgets_three_in_a_row() -> None:
    """One with a position of its own could overlap those without."""
    assert len(WIDGETS) == len(widgets())
    for widget in widgets():
        assert (widget["width"], "x" in widget, "y" in widget) == (8, False, False)


def test_every_reference_of_the_dashboard_is_to_a_resource() -> None:
    named = {name.partition(".")[0] for name in re.findall(r"<([\w:.]+)>", json.dumps(widgets()))}
    assert {name for name in named if "::" not in name} <= set(template.load()["Resources"])


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [("AWS::DynamoDB::Table", "Table"), ("AWS::Serverless::Function", "Function")],
)
def test_no_table_and_no_function_is_overlooked(kind: str, suffix: str) -> None:
    dashboard = json.dumps(widgets())
    for name in template.resources(kind):
        assert name.endswith(suffix)
        assert f'"<{name}>"' in dashboard
    alarms = json.dumps([ALARMS["ThrottledReadsAlarm"], ALARMS["ThrottledWritesAlarm"]])
    for name in template.resources("AWS::DynamoDB::Table"):
        assert alarms.count(f'{{"Ref": "{name}"}}') == 2


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_what_exists_and_somebody_is_told(name: str) -> None:
    alarm = ALARMS[name]
    assert set(alarmed(alarm)) <= known()
    # An anomaly band is drawn about what it watches; any other expression stands alone.
    returned = [query["Id"] for query in alarm.get("Metrics", []) if query["ReturnData"]]
    assert len(returned) == (2 if "ThresholdMetricId" in alarm else 1 if returned else 0)
    # CloudWatch takes no more in an expression.
    assert len(alarmed(alarm)) <= 10
    for actions in ("AlarmActions", "OKActions"):
        assert alarm[actions] == [{"Ref": "AlarmTopic"}]
    assert alarm["AlarmDescription"].endswith(f"(docs/operations.md, {name})")
    # Where nothing happens, nothing is wrong.
    assert alarm["TreatMissingData"] == "notBreaching"


def test_every_alarm_has_a_runbook_and_no_other_is_described() -> None:
    section = RUNBOOKS.split("## When an alarm goes off\n")[1].split("\n## ")[0]
    assert set(re.findall(r"^### (\w+)$", section, re.MULTILINE)) == set(ALARMS)
    for runbook in section.split("\n### ")[1:]:
        assert [part for part in ("Means:", "Look:", "Do:") if part not in runbook] == []


def test_the_operations_page_has_a_row_for_every_metric_of_ours() -> None:
    rows = set(re.findall(r"^\| `(\w+)` \|", RUNBOOKS, re.MULTILINE))
    assert rows == {*Metric, *(filtered(properties).name for properties in FILTERS.values())}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_counts_fields_of_the_access_log_by_closed_lists(name: str) -> None:
    properties = FILTERS[name]
    assert properties["LogGroupName"] == {"Ref": "AccessLogGroup"}
    (made,) = properties["MetricTransformations"]
    fields = [dimension["Value"] for dimension in made["Dimensions"]]
    named = re.findall(r"\$\.(\w+)", " ".join([properties["FilterPattern"], *fields]))
    assert set(named) <= set(ACCESS_LOG)
    assert {field.removeprefix("$.") for field in fields} <= CLOSED
    # CloudWatch takes three dimensions, and no default beside them.
    assert 1 <= len(fields) <= 3
    assert "DefaultValue" not in made
    assert made["MetricNamespace"] == NAMESPACE


def test_every_failure_of_the_authorizer_is_counted_by_its_alarm() -> None:
    """API Gateway logs AUTHORIZER_CONFIGURATION_ERROR as API_CONFIGURATION_ERROR."""
    alarm = ALARMS["AuthorizerFailuresAlarm"]
    counted = FILTERS["AuthorizerFailuresMetric"]
    assert alarmed(alarm) == [filtered(counted)]
    patterns = re.findall(r'\$\.error = "([^"]+)"', counted["FilterPattern"])
    responses = template.resources("AWS::Serverless::Api")["Api"]["GatewayResponses"]
    types = {name for name in responses if any(fnmatchcase(name, each) for each in patterns)}
    assert types == {
        "AUTHORIZER_FAILURE", "AUTHORIZER_CONFIGURATION_ERROR", "API_CONFIGURATION_ERROR",
    }  # fmt: skip


def test_no_metric_is_of_an_account_or_a_key() -> None:
    own = [named for named in known() if named.namespace == NAMESPACE]
    dimensions = {dimension for named in own for dimension in named.dimensions}
    assert dimensions == {
        "ApiId", "Credential", "Error", "Limit", "Lookup", "Outcome", "Plan", "Reason", "Status",
        "service",
    }  # fmt: skip


def test_the_authorizer_provides_what_is_counted() -> None:
    context = set(granted_context())
    for field in ("plan", "credential", "accountId", "keyId"):
        assert ACCESS_LOG[field].removeprefix("$context.authorizer.") in context


def fields_of(query: str) -> set[str]:
    """Names in a query that are neither a string, a word of the language, nor a name it gives."""
    text = re.sub(r"\"[^\"]*\"|'[^']*'", "", query)
    given = set(re.findall(r"\bas (\w+)", text))
    words = {
        "SOURCE", "as", "asc", "by", "count", "count_distinct", "desc", "fields", "filter",
        "like", "limit", "max", "or", "pct", "sort", "stats",
    }  # fmt: skip
    return set(re.findall(r"@?\b[A-Za-z]\w*", text)) - given - words


def saved() -> dict[str, str]:
    logs = {title: w["properties"]["query"] for title, w in WIDGETS.items() if w["type"] == "log"}
    return {name: query["QueryString"] for name, query in QUERIES.items()} | logs


@pytest.mark.parametrize("name", saved())
def test_a_query_asks_for_fields_that_are_logged(name: str) -> None:
    assert fields_of(saved()[name]) <= set(ACCESS_LOG) | OF_INSIGHTS | BY_FUNCTIONS


def test_traces_are_of_services_and_no_code_knows_of_them() -> None:
    assert template.load()["Globals"]["Function"]["Tracing"] == "Active"
    assert template.resources("AWS::Serverless::Api")["Api"]["TracingEnabled"] is True
    for folder in ("layers/jmpy", "functions"):
        for source in (PROJECT / folder).rglob("*.py"):
            assert not re.search(r"\bTracer\b|xray", source.read_text()), source


def test_alarms_can_reach_the_topic_that_tells() -> None:
    # AWS's own key for SNS lets no alarm in.
    assert template.resources("AWS::SNS::Topic")["AlarmTopic"]["KmsMasterKeyId"] == {
        "GetAtt": "AlarmKey.Arn"
    }
    policies = (
        template.resources("AWS::KMS::Key")["AlarmKey"]["KeyPolicy"]["Statement"][1],
        *template.resources("AWS::SNS::TopicPolicy")["AlarmTopicPolicy"]["PolicyDocument"][
            "Statement"
        ],
    )
    for statement in policies:
        assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        own = statement["Condition"]["StringEquals"]["aws:SourceAccount"]
        assert own == {"Ref": "AWS::AccountId"}
    subscription = template.load()["Resources"]["AlarmSubscription"]
    assert subscription["Condition"] == "HasAlarmEmail"
    assert template.load()["Parameters"]["AlarmEmail"]["Default"] == ""

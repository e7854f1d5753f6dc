"""What must hold in template.yaml beyond what cfn-lint knows."""

import json
import re
from typing import Any

import pytest

from jmpy.access.errors import INVALID
from jmpy.authorizer import denial
from jmpy.http import errors
from jmpy.notices.alert_mails import PAUSE
from jmpy.webhooks.delivery import RETRIED_FOR
from project import template
from tests.authorizer_events import granted_context

RESPONSES: dict[str, Any] = template.resources("AWS::Serverless::Api")["Api"]["GatewayResponses"]


def body(name: str) -> Any:
    """As the gateway makes it of its template and of the context of a denied key."""
    text: str = RESPONSES[name]["ResponseTemplates"]["application/json"]
    context = denial.context(INVALID, hint=None)
    return json.loads(re.sub(r"\$context\.authorizer\.(\w+)", lambda m: context[m[1]], text))


def header(name: str, header_name: str) -> str | None:
    headers: dict[str, str] = RESPONSES[name]["ResponseParameters"]["Headers"]
    return headers.get(header_name)


def test_the_two_refusals_of_the_gateway_are_the_specifications() -> None:
    assert body("UNAUTHORIZED") == {
        "success": False,
        "error": {"code": "UNAUTHORIZED", "message": "API key is required"},
    }
    assert body("ACCESS_DENIED") == {
        "success": False,
        "error": {
            "code": "INVALID_API_KEY",
            "message": "The provided API key is invalid or has been revoked",
        },
    }
    for name in ("UNAUTHORIZED", "ACCESS_DENIED"):
        assert RESPONSES[name]["StatusCode"] == 401


def test_a_challenge_names_what_rfc_6750_wants() -> None:
    """Section 3: Bearer with a parameter at least, and an error only for who sent a token."""
    assert header("UNAUTHORIZED", "WWW-Authenticate") == "'Bearer realm=\"Jmpy\"'"
    wanted = '\'Bearer realm="Jmpy", error="invalid_token"\''
    assert header("ACCESS_DENIED", "WWW-Authenticate") == wanted


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("UNAUTHORIZED", errors.UNAUTHORIZED),
        ("ACCESS_DENIED", errors.INVALID_API_KEY),
        ("AUTHORIZER_FAILURE", errors.UNAVAILABLE),
        ("AUTHORIZER_CONFIGURATION_ERROR", errors.UNAVAILABLE),
        ("API_CONFIGURATION_ERROR", errors.UNAVAILABLE),
        ("INTEGRATION_FAILURE", errors.UNAVAILABLE),
        ("INTEGRATION_TIMEOUT", errors.UNAVAILABLE),
        ("INVALID_API_KEY", errors.UNAVAILABLE),
        ("MISSING_AUTHENTICATION_TOKEN", errors.NO_ROUTE),
        ("DEFAULT_5XX", errors.INTERNAL),
    ],
)
def test_gateway_and_functions_say_the_same(name: str, error: errors.ApiError) -> None:
    assert body(name) == error.body()
    assert RESPONSES[name].get("StatusCode", 500) == error.status
    for header_name, value in error.headers.items():
        assert header(name, header_name) == f"'{value}'"


@pytest.mark.parametrize("name", RESPONSES)
def test_every_gateway_response_wears_the_envelope(name: str) -> None:
    response = body(name)
    assert response["success"] is False
    assert set(response["error"]) == {"code", "message"}
    assert header(name, "X-Request-Id") == "context.requestId"


def test_no_gateway_response_is_one_that_aws_does_not_apply() -> None:
    """ "Customizing the default gateway response for 413 REQUEST_TOO_LARGE isn't currently
    supported" (API Gateway developer guide, "Amazon API Gateway important notes")."""
    assert "REQUEST_TOO_LARGE" not in RESPONSES


def test_a_default_status_would_override_every_other_response() -> None:
    assert "StatusCode" not in RESPONSES["DEFAULT_4XX"]
    assert "StatusCode" not in RESPONSES["DEFAULT_5XX"]


def test_no_resource_has_two_variable_children() -> None:
    # API Gateway refuses them ("only one is allowed"); the emulator does not.
    children: dict[str, set[str]] = {}
    for event in template.api_events():
        parent = ""
        for part in event.path.strip("/").split("/"):
            if part.startswith("{"):
                children.setdefault(parent, set()).add(part)
            parent += f"/{part}"
    assert {parent: parts for parent, parts in children.items() if len(parts) > 1} == {}


@pytest.mark.parametrize("kind", ["UsagePlan", "UsagePlanKey"])
def test_usage_plans_and_their_keys_are_deployed_one_after_another(kind: str) -> None:
    """API Gateway accepts one UpdateUsagePlan in 20 seconds (developer guide, "Quotas") and one
    CreateUsagePlanKey at a time (serverless/serverless#12065, from AWS's support). The last may be
    conditional: what depended on it would not be deployed after the others without it."""
    found = {
        name: resource
        for name, resource in template.load()["Resources"].items()
        if resource["Type"] == f"AWS::ApiGateway::{kind}"
    }
    assert len(found) > 1
    waiting = {name: resource.get("DependsOn") for name, resource in found.items()}
    (first,) = (name for name, before in waiting.items() if before is None)
    chain = [first]
    while following := [name for name, before in waiting.items() if before == chain[-1]]:
        chain += following
    assert sorted(chain) == sorted(found)
    assert [name for name in chain[:-1] if "Condition" in found[name]] == []


def test_only_redirects_and_pages_are_public() -> None:
    assert {event.function for event in template.api_events() if event.public} == {
        "DashboardFunction",
        "DocsFunction",
        "LeakedKeysFunction",  # which looks at a signature
        "QrImagesFunction",
        "RedirectFunction",
    }


def test_the_access_log_names_what_the_authorizer_provides() -> None:
    log_format = template.resources("AWS::Serverless::Api")["Api"]["AccessLogSetting"]["Format"]
    parsed = json.loads(log_format)
    named = {
        value.removeprefix("$context.authorizer.")
        for value in parsed.values()
        if value.startswith("$context.authorizer.")
    }
    assert named - set(granted_context()) == {
        "reason",  # of a denial
        "country",  # behind a CDN
        "token_id",  # of a request with a short-lived token
    }
    for forbidden in ("querystring", "header", "$context.path"):
        assert forbidden not in log_format.lower()


def test_every_log_group_forgets_and_every_table_is_protected() -> None:
    assert all("RetentionInDays" in p for p in template.resources("AWS::Logs::LogGroup").values())
    for name, table in template.resources("AWS::DynamoDB::Table").items():
        assert table["SSESpecification"]["SSEEnabled"] is True
        if name in ("IdempotencyTable", "SaltsTable", "SessionsTable"):
            continue  # forget everything after days by themselves
        assert table["DeletionProtectionEnabled"] is True
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


PROVEN = json.loads((template.PROJECT / "bench/results/reliability/policies.json").read_text())


def test_no_permission_is_without_proof_that_its_function_needs_it() -> None:
    """`make mutate-policies` removes each permission, and the function's work has to fail."""
    functions = template.resources("AWS::Serverless::Function")
    granted = {name for name, function in functions.items() if function["Policies"]}
    proven = PROVEN["figures"]["by_function"]
    stale = {
        name
        for name in granted
        if proven.get(name, {}).get("policies") != template.digest_of_policies(name)
    }
    assert stale == set(), f"run: make mutate-policies FUNCTIONS='{' '.join(sorted(stale))}'"
    assert proven.keys() == granted
    assert [survivor for found in proven.values() for survivor in found["survivors"]] == []


@pytest.mark.parametrize(
    "name",
    [
        "template.yaml",
        "deploy/canary.yaml",
        "deploy/domains.yaml",
        "deploy/edge.yaml",
        "deploy/github.yaml",
    ],
)
def test_no_line_of_a_template_is_longer_than_120_characters(name: str) -> None:
    lines = (template.PROJECT / name).read_text().splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > 120] == []


def test_every_queue_is_encrypted() -> None:
    # checkov does not know SqsManagedSseEnabled, so its rule is off (.checkov.yaml).
    assert all(
        queue["SqsManagedSseEnabled"] is True
        for queue in template.resources("AWS::SQS::Queue").values()
    )


def test_no_function_is_granted_a_wildcard() -> None:
    reasoned = re.compile(r":identity/\*")  # the template says why
    functions = template.resources("AWS::Serverless::Function")
    for name in functions.keys() - {"DomainTenantsFunction"}:
        for policy in functions[name]["Policies"]:
            for statement in policy["Statement"]:
                actions = statement["Action"]
                for action in [actions] if isinstance(actions, str) else actions:
                    assert "*" not in action
                assert "*" not in reasoned.sub("", json.dumps(statement["Resource"]))


def test_what_one_function_may_do_with_any_resource_is_as_good_as_none_without_tenants() -> None:
    """CloudFront finds tenants by their domain, and ACM restricts certificates to no name: the
    function has its own boundary, and without a distribution is denied all of it."""
    function = template.resources("AWS::Serverless::Function")["DomainTenantsFunction"]
    statements = [one for policy in function["Policies"] for one in policy["Statement"]]
    anywhere = [one for one in statements if "*" in json.dumps(one["Resource"])]
    assert len(anywhere) == 4
    for statement in anywhere:
        assert statement["Effect"] == {"If": ["HasTenants", "Allow", "Deny"]}
        assert "*" not in json.dumps(statement["Action"])


def test_without_a_sender_no_notices_run() -> None:
    notices = template.resources("AWS::Serverless::Function")["NoticesFunction"]
    schedule = notices["Events"]["Hourly"]["Properties"]
    # SAM takes `Enabled: !If ...` for true, whatever the condition says.
    assert "Enabled" not in schedule
    assert schedule["State"] == {"If": ["HasNoticeSender", "ENABLED", "DISABLED"]}


def test_no_topic_keeps_the_policy_that_lets_the_whole_account_publish() -> None:
    policies = template.resources("AWS::SNS::TopicPolicy").values()
    told = {topic["Ref"] for policy in policies for topic in policy["Topics"]}
    assert told == set(template.resources("AWS::SNS::Topic"))


def test_alerts_are_encrypted_on_their_way_and_tried_again() -> None:
    assert template.resources("AWS::SNS::Topic")["AlertTopic"]["KmsMasterKeyId"]
    queue = template.resources("AWS::SQS::Queue")["AlertsQueue"]
    function = template.resources("AWS::Serverless::Function")["AlertDeliveryFunction"]
    assert queue["SqsManagedSseEnabled"] is True
    assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]  # as AWS advises
    # So that the accounts in a batch do not wait for each other.
    assert function["Events"]["Alerts"]["Properties"]["BatchSize"] == 1


def test_layers_say_for_which_processor_they_are_built() -> None:
    """SAM warns about x86_64 otherwise, whatever the layers/Makefile does."""
    layers = [
        body
        for body in template.load()["Resources"].values()
        if body["Type"] == "AWS::Serverless::LayerVersion"
    ]
    assert layers
    for layer in layers:
        built_for = [layer["Metadata"]["BuildArchitecture"]]
        assert built_for == layer["Properties"]["CompatibleArchitectures"] == ["arm64"]


def test_a_dead_webhook_calls_no_operator_and_holds_up_no_other_account() -> None:
    queues = template.resources("AWS::SQS::Queue")
    queue, dead_letters = queues["AlertsQueue"], queues["AlertsDeadLetterQueue"]
    # A message group is an account, of which one message is in flight.
    assert queue["FifoQueue"] is dead_letters["FifoQueue"] is True
    events = template.resources("AWS::Serverless::Function")["AlertDeliveryFunction"]["Events"]
    delivered = events["Alerts"]["Properties"]
    assert delivered["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert delivered["ScalingConfig"]["MaximumConcurrency"] > 1
    # It is given up before the queue does, so that what an alarm watches is never a receiver's.
    attempts = RETRIED_FOR / queue["VisibilityTimeout"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] > 1.2 * attempts


def test_a_mail_that_is_rejected_holds_up_no_other_account_and_reaches_an_alarm() -> None:
    resources = template.load()["Resources"]
    function = resources["NoticesFunction"]["Properties"]
    queue = resources["OwnerMailsQueue"]["Properties"]
    assert queue["FifoQueue"] is True
    # The mails of an account are sent one at a time, which is why none is claimed first.
    assert queue["VisibilityTimeout"] > function["Timeout"]
    dead_letters = queue["RedrivePolicy"]["deadLetterTargetArn"]
    assert dead_letters == {"GetAtt": "AlertsDeadLetterQueue.Arn"}
    watched = resources["AlertsDeadLetterAlarm"]["Properties"]["Dimensions"]
    assert watched[0]["Value"] == {"GetAtt": "AlertsDeadLetterQueue.QueueName"}
    stream, mails = (function["Events"][name]["Properties"] for name in ("Entries", "Mails"))
    assert mails["BatchSize"] == 1
    assert mails["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    for event in (stream, mails):
        assert event["Enabled"] == {"If": ["HasNoticeSender", True, False]}
    # A mail may wait for an earlier one, and still has hours of attempts.
    assert queue["VisibilityTimeout"] * queue["RedrivePolicy"]["maxReceiveCount"] > 10 * PAUSE


def test_the_log_level_drops_no_metrics() -> None:
    """Metrics have no level, so Lambda would drop them above INFO. No environment variable sets a
    second level, which Powertools would ignore."""
    settings = template.load()["Globals"]["Function"]
    assert settings["LoggingConfig"]["LogFormat"] == "JSON"
    assert settings["LoggingConfig"]["ApplicationLogLevel"] == {"Ref": "LogLevel"}
    assert template.load()["Parameters"]["LogLevel"]["AllowedValues"] == ["DEBUG", "INFO"]
    assert not [name for name in settings["Environment"]["Variables"] if "LOG_LEVEL" in name]
    for function in template.resources("AWS::Serverless::Function").values():
        assert "LoggingConfig" not in function

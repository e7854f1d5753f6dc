"""What the roles of template.yaml may do: each function's statements within its boundary, as IAM
takes them together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from project import template
from tests import iam
from tests.iam import Request

STACK = "jmpy"
REGION, ACCOUNT = "eu-west-1", "123456789012"
FUNCTIONS = template.resources("AWS::Serverless::Function")
ONE_OF_ITS_OWN = {
    "DomainTenantsFunction": "DomainTenantsBoundary",
    "EdgeKeyFunction": "EdgeKeyBoundary",
}

ANYWHERE = [
    # What SAM gives to functions: AWSLambdaBasicExecutionRole, AWSXrayWriteOnlyAccess,
    # AWSLambdaSQSQueueExecutionRole, AWSLambdaDynamoDBExecutionRole.
    {
        "Effect": "Allow",
        "Resource": "*",
        "Action": [
            "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents",
            "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules",
            "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes",
            "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
        ],
    }
]  # fmt: skip


def arn(service: str, resource: str, region: str = REGION, account: str = ACCOUNT) -> str:
    return f"arn:aws:{service}:{region}:{account}:{resource}"


def names(stack: str) -> dict[str, str]:
    """As CloudFormation names what a stack has, with `Ref` and with `GetAtt`."""
    found = {
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
        "AWS::StackName": stack,
        "NoticeSender": "jmpy@example.com",
        "HasRoleBoundary": "false",
        "HasTenants": "true",
    }
    for logical_id, resource in template.load()["Resources"].items():
        name = f"{stack}-{logical_id}-1A2B3C4D5E6F"
        found[logical_id] = name
        match resource["Type"]:
            case "AWS::DynamoDB::Table":
                found[f"{logical_id}.Arn"] = arn("dynamodb", f"table/{name}")
            case "AWS::SQS::Queue":
                found[f"{logical_id}.Arn"] = arn("sqs", name)
            case "AWS::SNS::Topic":
                found[logical_id] = arn("sns", name)
            case "AWS::Logs::LogGroup":
                found[f"{logical_id}.Arn"] = arn("logs", f"log-group:{name}:*")
            case "AWS::Serverless::Function":
                found[f"{logical_id}.Arn"] = arn("lambda", f"function:{name}")
            case "AWS::Cognito::UserPool":
                found[f"{logical_id}.Arn"] = arn("cognito-idp", f"userpool/{REGION}_{stack}")
    return found


def of_role(function: str, stack: str = STACK) -> list[dict[str, Any]]:
    return [*iam.statements(FUNCTIONS[function]["Policies"], names(stack))]


def boundary(function: str, stack: str = STACK) -> list[dict[str, Any]]:
    everybody = template.load()["Globals"]["Function"]["PermissionsBoundary"]
    wanted = FUNCTIONS[function].get("PermissionsBoundary", everybody)
    policy = template.resources("AWS::IAM::ManagedPolicy")[own_boundary(wanted)]
    return [*iam.statements([policy], names(stack))]


def own_boundary(wanted: Any) -> str:
    """The logical id of that which the stack has unless it is given another."""
    condition, given, own = wanted["If"]
    assert (condition, given) == ("HasRoleBoundary", {"Ref": "RoleBoundary"})
    assert template.load()["Resources"][own["Ref"]]["Condition"] == "HasOwnBoundaries"
    return str(own["Ref"])


def may(function: str, request: Request) -> bool:
    role = [*of_role(function), *ANYWHERE]
    return iam.allows(role, request) and iam.allows(boundary(function), request)


def grants(function: str, stack: str = STACK) -> Iterator[tuple[str, str]]:
    for statement in of_role(function, stack):
        for action in iam.listed(statement["Action"]):
            for resource in iam.listed(statement["Resource"]):
                yield action, resource


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_boundary_takes_nothing_away_that_a_function_was_given(function: str) -> None:
    tags = {f"aws:{which}/jmpy:stack": STACK for which in ("RequestTag", "ResourceTag")}
    for action, resource in grants(function):
        within = Request(action, resource.replace("*", "x"), tags)
        assert iam.allows(boundary(function), within), within


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("other", ["somebody-elses", "jmpy-staging", "jmpy2"])
def test_no_function_reaches_what_is_of_another_stack(function: str, other: str) -> None:
    """Also when that one's name begins with ours."""
    foreign = {
        (action, resource)
        for other_function in FUNCTIONS
        for action, resource in grants(other_function, other)
        if other in resource
    }
    assert len(foreign) > 30, len(foreign)
    for action, resource in foreign:
        assert not may(function, Request(action, resource)), (action, resource)
    for action in ANYWHERE[0]["Action"]:
        service = str(action).partition(":")[0]
        if service != "xray" and action != "dynamodb:ListStreams":
            for resource in (
                f"{other}-ClicksQueue-1A2B",
                f"table/{other}-LinksTable-1A2B/stream/1",
                f"log-group:{other}-FunctionLogGroup-1A2B:log-stream:s",
            ):
                assert not may(function, Request(str(action), arn(service, resource)))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_write_their_own_logs_and_no_line_of_the_access_log(function: str) -> None:
    """A forged line would count for whichever key it names."""
    for group, allowed in (("FunctionLogGroup", True), ("AccessLogGroup", False)):
        name = f"log-group:{names(STACK)[group]}:log-stream:2026/01/01/function[1]abc"
        assert may(function, Request("logs:PutLogEvents", arn("logs", name))) is allowed


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_lists_the_api_gateway_keys_of_the_aws_account(function: str) -> None:
    """Their values came with them."""
    for resource in ("/apikeys", "/apikeys/abc123", "/usageplans/other1/keys"):
        listing = Request("apigateway:GET", f"arn:aws:apigateway:{REGION}::{resource}")
        assert not may(function, listing)


def test_one_function_creates_api_gateway_keys_and_nothing_public_invokes_it() -> None:
    creation = Request("apigateway:POST", f"arn:aws:apigateway:{REGION}::/apikeys")
    assert [function for function in FUNCTIONS if may(function, creation)] == ["EdgeKeyFunction"]
    assert "Events" not in FUNCTIONS["EdgeKeyFunction"]
    name = FUNCTIONS["EdgeKeyFunction"]["FunctionName"]["Sub"].replace("${AWS::StackName}", STACK)
    invocation = Request("lambda:InvokeFunction", arn("lambda", f"function:{name}"))
    assert [function for function in FUNCTIONS if may(function, invocation)] == [
        "DashboardFunction"
    ]
    deletion = Request("apigateway:DELETE", f"arn:aws:apigateway:{REGION}::/apikeys/abc123")
    assert not any(may(function, deletion) for function in FUNCTIONS)


def test_one_function_changes_the_tenants_of_its_stack_and_nothing_public_invokes_it() -> None:
    tenant = arn("cloudfront", "distribution-tenant/dt_1", region="")
    for action, tag in (
        ("cloudfront:CreateDistributionTenant", "aws:RequestTag/jmpy:stack"),
        ("cloudfront:UpdateDistributionTenant", "aws:ResourceTag/jmpy:stack"),
        ("cloudfront:DeleteDistributionTenant", "aws:ResourceTag/jmpy:stack"),
    ):
        own = Request(action, tenant, {tag: STACK})
        assert [function for function in FUNCTIONS if may(function, own)] == [
            "DomainTenantsFunction"
        ]
        for context in ({}, {tag: "jmpy-staging"}):
            assert not may("DomainTenantsFunction", Request(action, tenant, context))
    invocation = Request(
        "lambda:InvokeFunction", arn("lambda", f"function:{STACK}-DomainTenantsFunction")
    )
    assert {function for function in FUNCTIONS if may(function, invocation)} <= {
        "BrandedDomainsFunction",
        "DashboardFunction",
        "DomainChecksFunction",
    }
    certificate = Request("acm:RequestCertificate", "*")
    assert [function for function in FUNCTIONS if may(function, certificate)] == [
        "DomainTenantsFunction"
    ]
    assert [event["Type"] for event in FUNCTIONS["DomainTenantsFunction"]["Events"].values()] == [
        "Schedule"
    ]


def test_without_a_distribution_no_function_reaches_cloudfront(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without = {**names(STACK), "HasTenants": "false"}
    monkeypatch.setattr("tests.unit.test_roles.names", lambda _: without)
    tags = {f"aws:{which}/jmpy:stack": STACK for which in ("RequestTag", "ResourceTag")}
    for action, resource in [*grants("DomainTenantsFunction")]:
        if not action.startswith("dynamodb:"):
            assert not may("DomainTenantsFunction", Request(action, resource, tags)), action


def test_every_role_is_within_a_boundary_that_names_what_it_allows() -> None:
    everybody = template.load()["Globals"]["Function"]["PermissionsBoundary"]
    assert own_boundary(everybody) == "FunctionBoundary"
    own = {
        name: own_boundary(function["PermissionsBoundary"])
        for name, function in FUNCTIONS.items()
        if "PermissionsBoundary" in function
    }
    assert own == ONE_OF_ITS_OWN
    assert not any("Role" in function for function in FUNCTIONS.values())
    for function in FUNCTIONS:
        for statement in boundary(function):
            actions = iam.listed(statement["Action"])
            assert not any("*" in action for action in actions)
            if statement["Resource"] == "*":  # actions that know no resource, or none yet
                assert {action.partition(":")[2] for action in actions} <= {
                    "PutTraceSegments", "PutTelemetryRecords", "ListStreams",
                    "CreateDistributionTenant", "GetDistributionTenantByDomain",
                    "GetManagedCertificateDetails", "ListDistributionTenants", "TagResource",
                    "VerifyDnsConfiguration", "RequestCertificate", "DescribeCertificate",
                }  # fmt: skip


@pytest.mark.parametrize("name", template.resources("AWS::IAM::ManagedPolicy"))
def test_a_boundary_fits_into_a_managed_policy(name: str) -> None:
    """6,144 characters without white space (IAM quotas), whatever the stack is called."""
    longest = "j" * 24
    policy = template.resources("AWS::IAM::ManagedPolicy")[name]["PolicyDocument"]
    text = re.sub(r"\s", "", str(iam.resolved(policy, names(longest))))
    assert len(text) < 6144 - 500  # of names that are longer than those here

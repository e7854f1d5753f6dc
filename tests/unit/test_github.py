"""deploy/github.yaml: what GitHub's jobs may do, and above all what they may not."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import pytest
import yaml

from ops import canary
from project import template
from project.template import PROJECT
from tests import iam
from tests.iam import Request
from tests.unit import test_roles as roles
from tests.unit.test_roles import ACCOUNT, REGION, arn

GITHUB = template.read(PROJECT / "deploy" / "github.yaml")
STACK, OWN = "jmpy-staging", "jmpy-github-staging"


def names(stack: str = STACK, own: str = OWN) -> dict[str, str]:
    return {
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
        "AWS::StackName": own,
        "Repository": "acme@12/jmpy@345",
        "Environment": "staging",
        "StackName": stack,
        "NoticeSender": "jmpy@example.com",
        "Provider": "",
        "CreatesProvider": "true",
        "HasNoticeSender": "true",
        "GitHub": iam_arn("oidc-provider/token.actions.githubusercontent.com"),
        "RoleBoundary": iam_arn(f"policy/{own}-RoleBoundary-1A2B"),
        "StackRole": f"{own}-StackRole-1A2B",
        "StackRole.Arn": iam_arn(f"role/{own}-StackRole-1A2B"),
        "DeployRole.Arn": iam_arn(f"role/{own}-DeployRole-1A2B"),
    }


def iam_arn(resource: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{resource}"


def stack_role(stack: str = STACK, own: str = OWN) -> list[dict[str, Any]]:
    policy = GITHUB["Resources"]["StackRolePolicy"]["Properties"]
    return [*iam.statements([policy], names(stack, own))]


def deploy_role() -> list[dict[str, Any]]:
    return [*iam.statements(GITHUB["Resources"]["DeployRole"]["Properties"]["Policies"], names())]


def boundary(stack: str = STACK) -> list[dict[str, Any]]:
    policy = GITHUB["Resources"]["RoleBoundary"]["Properties"]
    return [*iam.statements([policy], names(stack))]


def may(action: str, resource: str, **context: str) -> bool:
    """Of CloudFormation, with the stack's role; in names of the context `__` is a colon."""
    named = {name.replace("__", ":"): value for name, value in context.items()}
    return iam.allows(stack_role(), Request(action, resource, named))


ROLE = iam_arn(f"role/{STACK}-LinksFunctionRole-1A2B")
WALL = names()["RoleBoundary"]
LAMBDA_BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
SELVES = [names()["StackRole.Arn"], names()["DeployRole.Arn"]]


# ---------------------------------------------------------------- no way up


@pytest.mark.parametrize("action", ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"])
@pytest.mark.parametrize(
    "within", [None, iam_arn(f"policy/{STACK}-FunctionBoundary-1A2B"), ADMINISTRATOR, WALL + "x"]
)
def test_no_role_is_created_or_widened_but_within_the_boundary(
    action: str, within: str | None
) -> None:
    context = {"iam__PolicyARN": LAMBDA_BASIC}
    assert may(action, ROLE, iam__PermissionsBoundary=WALL, **context)
    if within is not None:
        context["iam__PermissionsBoundary"] = within
    assert not may(action, ROLE, **context)


@pytest.mark.parametrize(
    "policy",
    [ADMINISTRATOR, iam_arn(f"policy/{STACK}-made-up"), "arn:aws:iam::aws:policy/IAMFullAccess"],
)
def test_no_policy_is_attached_but_what_sam_attaches(policy: str) -> None:
    assert not may(
        "iam:AttachRolePolicy", ROLE, iam__PermissionsBoundary=WALL, iam__PolicyARN=policy
    )


def test_the_boundary_of_a_role_is_set_to_this_one_and_never_taken_away() -> None:
    assert may("iam:PutRolePermissionsBoundary", ROLE, iam__PermissionsBoundary=WALL)
    other = iam_arn(f"policy/{STACK}-FunctionBoundary-1A2B")
    assert not may("iam:PutRolePermissionsBoundary", ROLE, iam__PermissionsBoundary=other)
    assert not may("iam:DeleteRolePermissionsBoundary", ROLE, iam__PermissionsBoundary=WALL)


@pytest.mark.parametrize(
    "action",
    ["iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"],
)
def test_no_policy_is_written(action: str) -> None:
    for policy in (WALL, iam_arn(f"policy/{STACK}-FunctionBoundary-1A2B")):
        assert not may(action, policy)


@pytest.mark.parametrize(
    "service",
    [
        "ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "cloudformation.amazonaws.com",
        "glue.amazonaws.com", "states.amazonaws.com", "scheduler.amazonaws.com", None,
    ],
)  # fmt: skip
def test_roles_are_passed_to_lambda_and_codedeploy_only(service: str | None) -> None:
    assert may("iam:PassRole", ROLE, iam__PassedToService="lambda.amazonaws.com")
    assert may("iam:PassRole", ROLE, iam__PassedToService="codedeploy.amazonaws.com")
    context = {} if service is None else {"iam__PassedToService": service}
    assert not may("iam:PassRole", ROLE, **context)
    elsewhere = iam_arn("role/administrator")
    assert not may("iam:PassRole", elsewhere, iam__PassedToService="lambda.amazonaws.com")


EVERY_IAM_ACTION = sorted({
    action
    for statement in stack_role()
    for action in iam.listed(statement["Action"])
    if action.startswith("iam:") and "*" not in action
} | {"iam:UpdateAssumeRolePolicy", "iam:CreatePolicyVersion", "iam:DeleteRole"})  # fmt: skip


@pytest.mark.parametrize("action", EVERY_IAM_ACTION)
def test_the_roles_of_github_and_their_boundary_are_out_of_reach(action: str) -> None:
    """Also of a stack whose name the names of these begin with."""
    context = {
        "iam:PermissionsBoundary": WALL,
        "iam:PolicyARN": LAMBDA_BASIC,
        "iam:PassedToService": "lambda.amazonaws.com",
    }
    statements = stack_role("jmpy", "jmpy-github-staging")
    for resource in (WALL, *SELVES):
        assert not iam.allows(statements, Request(action, resource, context))


@pytest.mark.parametrize(
    "action",
    [
        "iam:UpdateAssumeRolePolicy", "iam:CreateUser", "iam:CreateAccessKey", "iam:PutUserPolicy",
        "iam:CreateLoginProfile", "iam:AddUserToGroup", "iam:CreateInstanceProfile",
        "iam:CreateOpenIDConnectProvider", "iam:UpdateOpenIDConnectProviderThumbprint",
        "iam:AddClientIDToOpenIDConnectProvider", "iam:CreateServiceLinkedRole",
        "sts:AssumeRole", "organizations:LeaveOrganization", "cloudformation:CreateStack",
        "ec2:RunInstances", "secretsmanager:GetSecretValue", "s3:PutBucketPolicy",
        "lambda:InvokeFunction", "kms:CreateKey", "kms:TagResource", "cognito-idp:AdminCreateUser",
        "cognito-idp:AdminSetUserPassword", "cognito-idp:TagResource", "logs:PutResourcePolicy",
    ],
)  # fmt: skip
def test_what_would_lead_beyond_the_stack_is_not_allowed_anywhere(action: str) -> None:
    context = {
        "iam:PermissionsBoundary": WALL,
        "aws:ResourceTag/jmpy:stack": "another",
        "iam:PassedToService": "lambda.amazonaws.com",
    }
    for resource in (
        ROLE, *SELVES, names()["GitHub"], iam_arn("user/somebody"), iam_arn("role/administrator"),
        arn("lambda", "function:another"), arn("kms", "key/1"), arn("cognito-idp", "userpool/x"),
        arn("secretsmanager", "secret:x"), "arn:aws:s3:::somebody-elses", "*",
    ):  # fmt: skip
        assert not iam.allows(stack_role(), Request(action, resource, context)), resource
        assert not iam.allows(deploy_role(), Request(action, resource, context)), resource


def test_whatever_a_role_of_the_stack_is_given_it_becomes_no_administrator() -> None:
    everything = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    assert iam.allows(everything, Request("iam:CreateUser", iam_arn("user/x")))
    for action, resource in (
        ("iam:CreateUser", iam_arn("user/x")),
        ("iam:PassRole", names()["StackRole.Arn"]),
        ("sts:AssumeRole", names()["StackRole.Arn"]),
        ("iam:CreatePolicyVersion", WALL),
        ("s3:GetObject", "arn:aws:s3:::aws-sam-cli-managed-default-x/y"),
        ("dynamodb:Scan", arn("dynamodb", f"table/{STACK}-LinksTable-1A2B")),
        ("dynamodb:GetItem", arn("dynamodb", "table/jmpy-production-LinksTable-1A2B")),
        ("lambda:UpdateFunctionCode", arn("lambda", f"function:{STACK}-LinksFunction-1A2B")),
        ("apigateway:GET", f"arn:aws:apigateway:{REGION}::/apikeys"),
        ("ses:SendEmail", arn("ses", "identity/example.com")),
        ("cognito-idp:AdminGetUser", arn("cognito-idp", "userpool/somebody-elses")),
    ):
        assert not iam.allows(boundary(), Request(action, resource)), action


def test_nothing_lists_the_api_gateway_keys_of_the_aws_account() -> None:
    """Neither in the account nor by a wildcard."""
    listing = Request("apigateway:GET", f"arn:aws:apigateway:{REGION}::/apikeys")
    for statements in (stack_role(), deploy_role(), boundary()):
        assert not iam.allows(statements, listing)


def test_another_stacks_uploads_cannot_be_written_or_read() -> None:
    """The bucket is that of all stacks of the AWS account."""
    bucket, here = "arn:aws:s3:::aws-sam-cli-managed-default-x", {"aws:ResourceAccount": ACCOUNT}
    for action, statements in (("s3:PutObject", deploy_role()), ("s3:GetObject", stack_role())):
        assert iam.allows(statements, Request(action, f"{bucket}/{STACK}/1.template", here))
        for key in ("jmpy-production/1.template", f"{STACK}x/1", "1.template"):
            assert not iam.allows(statements, Request(action, f"{bucket}/{key}", here))
        elsewhere = {"aws:ResourceAccount": "999999999999"}
        assert not iam.allows(statements, Request(action, f"{bucket}/{STACK}/1", elsewhere))


@pytest.mark.parametrize("stage", ["staging", "production"])
def test_uploads_go_where_the_role_may_write(stage: str) -> None:
    text = (PROJECT / "samconfig.toml").read_text().partition(f"[{stage}.deploy.parameters]")[2]
    assert f's3_prefix = "jmpy-{stage}"' in text.partition("\n[")[0]


# ---------------------------------------------------------------- who may take the role


def trusts(repository: str, subject: str, environment: str = "staging") -> bool:
    role = GITHUB["Resources"]["DeployRole"]["Properties"]["AssumeRolePolicyDocument"]
    known = names() | {"Repository": repository, "Environment": environment}
    (statement,) = iam.resolved(role["Statement"], known)
    assert statement.pop("Principal") == {"Federated": known["GitHub"]}
    issuer = "token.actions.githubusercontent.com"
    context = {f"{issuer}:aud": "sts.amazonaws.com", f"{issuer}:sub": subject}
    request = Request("sts:AssumeRoleWithWebIdentity", "*", context)
    return iam.allows([{**statement, "Resource": "*"}], request)


@pytest.mark.parametrize("repository", ["acme/jmpy", "acme@12/jmpy@345"])
def test_the_environment_of_the_repository_takes_the_role(repository: str) -> None:
    assert trusts(repository, f"repo:{repository}:environment:staging")


@pytest.mark.parametrize("repository", ["acme/jmpy", "acme@12/jmpy@345"])
@pytest.mark.parametrize(
    "subject",
    [
        "repo:acme/jmpy-fork:environment:staging", "repo:acme2/jmpy:environment:staging",
        "repo:acme@13/jmpy@345:environment:staging", "repo:acme@12/jmpy@346:environment:staging",
        "repo:acme@99/jmpy@345:environment:staging", "repo:acme/jmpy:environment:production",
        "repo:acme@12/jmpy@345:environment:production", "repo:acme/jmpy:ref:refs/heads/main",
        "repo:acme@12/jmpy@345:pull_request", "repo:acme/jmpy:environment:staging2",
        "repo:acme@12/other@12/jmpy@345:environment:staging", "",
    ],
)  # fmt: skip
def test_nobody_else_does(repository: str, subject: str) -> None:
    assert not trusts(repository, subject)


@pytest.mark.parametrize(
    ("repository", "is_taken"),
    [
        ("acme/jmpy", True),
        ("Acme-2/jmpy.go_1", True),
        ("somebody_acme/jmpy", True),  # an enterprise's managed user
        ("acme@12/jmpy@345", True),
        ("acme@12/jmpy", False),
        ("acme/jmpy@345", False),
        ("acme@*/jmpy@*", False),
        ("acme*/jmpy", False),
        ("acme/*", False),
        ("acme", False),
        ("acme/jmpy:environment:x", False),
    ],
)
def test_a_repository_is_named_in_one_of_githubs_two_ways(repository: str, is_taken: bool) -> None:
    pattern = GITHUB["Parameters"]["Repository"]["AllowedPattern"]
    assert bool(re.search(pattern, repository)) is is_taken


# ---------------------------------------------------------------- what deploying takes


def test_the_boundary_lets_every_function_do_its_work() -> None:
    tags = {f"aws:{which}/jmpy:stack": STACK for which in ("RequestTag", "ResourceTag")}
    tag = {**tags, "ses:FromAddress": "jmpy@example.com"}
    for function in roles.FUNCTIONS:
        for action, resource in roles.grants(function, STACK):
            within = Request(action, resource.replace("*", "x"), tag)
            assert iam.allows(boundary(), within), (function, within)


def test_the_boundary_lets_codedeploy_shift_traffic() -> None:
    function = arn("lambda", f"function:{STACK}-LinksFunction-1A2B")
    for action in (
        "lambda:GetAlias",
        "lambda:UpdateAlias",
        "lambda:GetProvisionedConcurrencyConfig",
    ):
        assert iam.allows(boundary(), Request(action, function))
    assert iam.allows(boundary(), Request("cloudwatch:DescribeAlarms", "*"))


@pytest.mark.parametrize("action", ["iam:GetRole", "iam:ListRolePolicies",
    "iam:ListAttachedRolePolicies", "iam:DeleteRolePolicy", "iam:DetachRolePolicy",
    "iam:DeleteRole", "iam:ListInstanceProfilesForRole"])  # fmt: skip
def test_a_role_is_deleted_and_rolled_back(action: str) -> None:
    assert may(action, ROLE)


@pytest.mark.parametrize("action", ["iam:ListEntitiesForPolicy", "iam:ListPolicyVersions",
    "iam:DeletePolicyVersion", "iam:DeletePolicy"])  # fmt: skip
def test_boundaries_that_the_stack_had_of_its_own_are_deleted(action: str) -> None:
    assert may(action, iam_arn(f"policy/{STACK}-FunctionBoundary-1A2B"))


def test_the_stacks_role_covers_every_service_of_the_stack() -> None:
    services = {
        str(action).split(":")[0]
        for statement in stack_role()
        for action in iam.listed(statement["Action"])
        if statement["Effect"] == "Allow"
    }
    prefixes = {"cognito": "cognito-idp", "serverless": "lambda"}
    used = {body["Type"].split("::")[1].lower() for body in template.load()["Resources"].values()}
    assert {prefixes.get(service, service) for service in used} <= services


def test_what_carries_a_tag_for_the_role_is_tagged() -> None:
    tag = {"Ref": "AWS::StackName"}
    key = template.resources("AWS::KMS::Key")["AlarmKey"]
    assert key["Tags"] == [{"Key": "jmpy:stack", "Value": tag}]
    assert template.resources("AWS::Cognito::UserPool")["UserPool"]["UserPoolTags"] == {
        "jmpy:stack": tag
    }


def test_layers_have_the_names_in_the_role() -> None:
    for layer in template.resources("AWS::Serverless::LayerVersion"):
        assert may("lambda:PublishLayerVersion", arn("lambda", f"layer:{layer}"))
    assert not may("lambda:PublishLayerVersion", arn("lambda", "layer:somebody-elses"))


@pytest.mark.parametrize(("policy", "limit"), [("RoleBoundary", 6144), ("StackRolePolicy", 10_240)])
def test_the_policies_fit(policy: str, limit: int) -> None:
    """IAM's quotas, in characters without white space."""
    document = GITHUB["Resources"][policy]["Properties"]["PolicyDocument"]
    longest = iam.resolved(document, names("j" * 24, "g" * 60))
    assert len(re.sub(r"\s", "", json.dumps(longest))) < limit


# ---------------------------------------------------------------- lengths of names

SUFFIX = "-1A2B3C4D5E6F"
"""What CloudFormation ends names with: a hyphen and twelve characters."""


def longest_stack() -> int:
    """Characters that a stack's name may have until CloudFormation shortens a name that policies
    know by its beginning: roles, functions and policies (IAM and Lambda: 64, 64, 128)."""
    text = (PROJECT / "template.yaml").read_text()
    gradual = yaml.load(canary.gradual(text, "Canary10Percent5Minutes"), template._Loader)[
        "Resources"
    ]
    room = []
    for logical_id, resource in gradual.items():
        match resource["Type"]:
            case "AWS::Serverless::Function" if "FunctionName" in resource["Properties"]:
                fixed = resource["Properties"]["FunctionName"]["Sub"].partition("}")[2]
                room += [64 - len(fixed), 64 - len(f"-{logical_id}Role{SUFFIX}")]
            case "AWS::Serverless::Function":
                room += [64 - len(f"-{logical_id}{SUFFIX}")]
                room += [64 - len(f"-{logical_id}Role{SUFFIX}")]
            case "AWS::IAM::Role":
                room += [64 - len(f"-{logical_id}{SUFFIX}")]
            case "AWS::IAM::ManagedPolicy":
                room += [128 - len(f"-{logical_id}{SUFFIX}")]
            case "AWS::SQS::Queue":
                room += [80 - len(f"-{logical_id}{SUFFIX}")]
    return min(room)


LONGEST = 24


def test_a_stacks_name_may_be_so_long_that_no_name_of_its_resources_is_shortened() -> None:
    assert longest_stack() >= LONGEST


def test_the_same_length_is_stated_everywhere() -> None:
    pattern = GITHUB["Parameters"]["StackName"]["AllowedPattern"]
    assert re.search(pattern, "j" * LONGEST)
    assert not re.search(pattern, "j" * (LONGEST + 1))
    stated = [
        int(found)
        for path in (*PROJECT.glob("docs/*.md"), *PROJECT.glob("docs/adr/*.md"))
        for found in re.findall(r"name has (\d+) characters at most", path.read_text())
    ]
    assert stated
    assert set(stated) == {LONGEST}
    configured = re.findall(r'stack_name = "([^"]+)"', (PROJECT / "samconfig.toml").read_text())
    assert all(len(name) <= LONGEST for name in configured)
    # No policy by prefix reaches from one of them into another.
    staged = [name for name in configured if name not in ("jmpy", "jmpy-local")]
    assert not any(a.startswith(f"{b}-") for a, b in itertools.permutations(staged, 2))

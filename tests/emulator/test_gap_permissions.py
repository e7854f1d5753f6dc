"""Gaps in how MiniStack evaluates permissions: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

import json
import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from project.work.domain_tenants import multi_tenant_distribution
from tests.emulator.gap_stack import Stack, client, status_after

REGION, ACCOUNT = "eu-central-1", "000000000000"


def policy(*actions: str, **conditions: Any) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    if conditions:
        statement["Condition"] = conditions
    return {"Version": "2012-10-17", "Statement": [statement]}


def someone(stack: Stack, document: dict[str, Any], service: str = "dynamodb") -> Any:
    """The service's client for somebody with this policy."""
    iam, name = client("iam", stack), f"user-{time.time_ns()}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="it", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    secret = key["SecretAccessKey"]
    session: Any = boto3.Session(key["AccessKeyId"], secret, region_name=REGION)
    return session.client(service, endpoint_url=stack.endpoint)


@pytest.fixture(scope="module")
def table(bare: Stack, adapted: Stack) -> str:
    for stack in (bare, adapted):
        client("dynamodb", stack).create_table(
            TableName="leading",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("part", "sk")
            ],
            KeySchema=[
                {"AttributeName": "part", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
        )
    return "leading"


ONLY_OWN = policy(
    "dynamodb:*",
    **{"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["own#*"]}},
)


def requests(dynamodb: Any, table: str, part: str) -> dict[str, bool]:
    """By operation, whether it is allowed on that partition."""
    item = {"part": {"S": part}, "sk": {"S": "a"}}
    query = {
        "KeyConditionExpression": "#p = :p AND sk = :a",
        "ExpressionAttributeNames": {"#p": "part"},
        "ExpressionAttributeValues": {":p": {"S": part}, ":a": {"S": "a"}},
    }
    attempts = {
        "PutItem": lambda: dynamodb.put_item(TableName=table, Item=item),
        "GetItem": lambda: dynamodb.get_item(TableName=table, Key=item),
        "UpdateItem": lambda: dynamodb.update_item(TableName=table, Key=item),
        "Query": lambda: dynamodb.query(TableName=table, **query),
        "DeleteItem": lambda: dynamodb.delete_item(TableName=table, Key=item),
    }
    return {name: _allowed(attempt) for name, attempt in attempts.items()}


def _allowed(attempt: Any) -> bool:
    try:
        attempt()
    except ClientError as error:
        if not error.response["Error"]["Code"].startswith("AccessDenied"):
            raise
        return False
    return True


def test_leading_keys_bare_emulator_lacks_it(bare: Stack, table: str) -> None:
    assert all(requests(someone(bare, ONLY_OWN), table, "other#1").values())


def test_leading_keys_adapted(adapted: Stack, table: str) -> None:
    dynamodb = someone(adapted, ONLY_OWN)
    assert all(requests(dynamodb, table, "own#1").values())
    assert not any(requests(dynamodb, table, "other#1").values())


OF_STACK = policy(
    "cloudfront:*",
    **{"StringEquals": {"aws:RequestTag/stack": "own"}},
)
OF_STACK["Statement"].append(
    {
        **policy("cloudfront:*")["Statement"][0],
        "Resource": f"arn:aws:cloudfront::{ACCOUNT}:distribution-tenant/*",
        "Condition": {"StringEquals": {"aws:ResourceTag/stack": "own"}},
    }
)


def changed(stack: Stack, tag: str) -> dict[str, bool]:
    """By operation, whether it is allowed with a tenant of that tag."""
    operator, somebody = client("cloudfront", stack), someone(stack, OF_STACK, "cloudfront")
    name = f"tenant-{time.time_ns()}"
    tenant = {
        "DistributionId": multi_tenant_distribution(operator, name),
        "Domains": [{"Domain": f"{name}.example"}],
        "Tags": {"Items": [{"Key": "stack", "Value": tag}]},
        "Name": name,
    }
    allowed = {"Create": _allowed(lambda: somebody.create_distribution_tenant(**tenant))}
    if not allowed["Create"]:
        operator.create_distribution_tenant(**tenant)
    found = operator.get_distribution_tenant(Identifier=name)
    at = {"Id": found["DistributionTenant"]["Id"], "IfMatch": found["ETag"]}
    return allowed | {
        "Update": _allowed(lambda: somebody.update_distribution_tenant(**at, Enabled=False))
    }


def test_tags_of_tenants_bare_emulator_lacks_it(bare: Stack) -> None:
    assert not any(changed(bare, "own").values())


def test_tags_of_tenants_adapted(adapted: Stack) -> None:
    assert all(changed(adapted, "own").values())
    assert not any(changed(adapted, "other").values())


BOUNDED = {
    "Resources": {
        "Boundary": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"PolicyDocument": policy("sqs:*")},
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "PermissionsBoundary": {"Ref": "Boundary"},
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "lambda.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                },
                "Policies": [{"PolicyName": "all", "PolicyDocument": policy("*")}],
            },
        },
    }
}


def may_list_tables(stack: Stack) -> bool:
    """Whether the role may do what only its policy allows."""
    assert status_after(stack, "bounded", BOUNDED) == "CREATE_COMPLETE"
    cloudformation = client("cloudformation", stack)
    made = cloudformation.describe_stack_resource(StackName="bounded", LogicalResourceId="Role")
    name = made["StackResourceDetail"]["PhysicalResourceId"]
    role = client("iam", stack).get_role(RoleName=name)["Role"]["Arn"]
    found = client("sts", stack).assume_role(RoleArn=role, RoleSessionName="test")
    session = boto3.Session(
        found["Credentials"]["AccessKeyId"],
        found["Credentials"]["SecretAccessKey"],
        found["Credentials"]["SessionToken"],
        region_name=REGION,
    )
    session.client("sqs", endpoint_url=stack.endpoint).list_queues()  # which its boundary allows
    return _allowed(session.client("dynamodb", endpoint_url=stack.endpoint).list_tables)


def test_permissions_boundary_bare_emulator_lacks_it(bare: Stack) -> None:
    assert may_list_tables(bare)


def test_permissions_boundary_adapted(adapted: Stack) -> None:
    assert not may_list_tables(adapted)

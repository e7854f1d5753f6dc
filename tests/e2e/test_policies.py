"""Every function may do its work, and no more than the stack's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError

from ops.local_credentials import REGION
from project import template
from project import work as works
from project.stack import Stack
from project.work.context import Work

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def work(stack: Stack, http: httpx.Client) -> Work:
    return Work(stack, http)


def test_every_function_that_may_do_anything_has_a_piece_of_work() -> None:
    functions = template.resources("AWS::Serverless::Function")
    assert works.ALL.keys() == {name for name, body in functions.items() if body["Policies"]}


@pytest.mark.parametrize("function", works.ALL)
def test_a_functions_role_allows_all_of_its_work(work: Work, function: str) -> None:
    works.ALL[function](work)


def as_function(work: Work, function: str) -> boto3.Session:
    """With the role of the function."""
    session, endpoint = work.stack.deployment.session, work.stack.env.endpoint
    name = work.functions[function]
    role = work.lambdas.get_function_configuration(FunctionName=name)["Role"]
    sts = session.client("sts", endpoint_url=endpoint)
    found = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return boto3.Session(
        found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"], region_name=REGION
    )


def refused(attempt: Callable[[], Any]) -> bool:
    with pytest.raises(ClientError) as error:
        attempt()
    return "AccessDenied" in error.value.response["Error"]["Code"]


def test_no_role_reaches_beyond_its_stack_whatever_awss_policies_say(work: Work) -> None:
    endpoint = work.stack.env.endpoint
    operator = work.stack.deployment.session.client("sqs", endpoint_url=endpoint)
    foreign = operator.create_queue(QueueName="somebody-elses")["QueueUrl"]
    queues = as_function(work, "ClicksFunction").client("sqs", endpoint_url=endpoint)
    assert refused(lambda: queues.receive_message(QueueUrl=foreign))
    own = work.stack.deployment.outputs["ClicksQueueUrl"]
    assert queues.get_queue_attributes(QueueUrl=own, AttributeNames=["QueueArn"])["Attributes"]
    logs = as_function(work, "LinksFunction").client("logs", endpoint_url=endpoint)
    assert refused(lambda: logs.create_log_group(logGroupName="/somebody/elses"))


def test_one_function_creates_keys_of_api_gateway_and_none_lists_them(work: Work) -> None:
    for function in works.ALL:
        session = as_function(work, function)
        gateway = session.client("apigateway", endpoint_url=work.stack.env.endpoint)
        assert refused(lambda: gateway.get_api_keys(includeValues=True))  # noqa: B023
        if function != "EdgeKeyFunction":
            assert refused(lambda: gateway.create_api_key(name="somebody-elses"))  # noqa: B023


def test_what_anybody_may_call_writes_no_link_account_or_key(work: Work) -> None:
    endpoint = work.stack.env.endpoint
    redirect = as_function(work, "RedirectFunction").client("dynamodb", endpoint_url=endpoint)
    leaked = as_function(work, "LeakedKeysFunction").client("dynamodb", endpoint_url=endpoint)
    item = {"sk": {"S": "x"}}
    for client, table, allowed, forbidden in (
        (redirect, "LinksTable", "attempts#x", ("account#a", "code#x")),
        (leaked, "AccountsTable", "key#x", ("account#a",)),
        (leaked, "ActivityTable", "account#a", ("key#x", "log#a")),
    ):
        name = work.tables[table]
        client.update_item(TableName=name, Key={"pk": {"S": allowed}, **item})
        work.dynamodb.delete_item(TableName=name, Key={"pk": {"S": allowed}, **item})
        for pk in forbidden:
            key = {"pk": {"S": pk}, **item}
            assert refused(lambda: client.update_item(TableName=name, Key=key))  # noqa: B023


def test_what_reads_the_access_log_reads_no_webhooks_secret(work: Work) -> None:
    endpoint = work.stack.env.endpoint
    for function in ("KeyUsageFunction", "AccessLogsFunction"):
        client = as_function(work, function).client("dynamodb", endpoint_url=endpoint)
        query: Any = {
            "TableName": work.tables["ActivityTable"],
            "KeyConditionExpression": "pk = :pk",
        }
        client.query(**query, ExpressionAttributeValues={":pk": {"S": "log#a"}})
        secret = {":pk": {"S": "account#a"}}
        assert refused(lambda: client.query(**query, ExpressionAttributeValues=secret))  # noqa: B023

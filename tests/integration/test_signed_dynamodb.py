"""DynamoDB and SQS without the SDK: what is asked and answered is what boto3 asks and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.aws import clients
from jmpy.aws.dynamodb import pages
from project.tables import ACCOUNTS, CLICKS_QUEUE_URL
from tests.integration.conftest import DYNAMODB_LOCAL, MOTO

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ENGINES = [MOTO, DYNAMODB_LOCAL]

ITEMS: list[dict[str, Any]] = [
    {"name": {"S": 'é \u2028 \U0001f600 " \\ \n'}, "empty": {"S": ""}},
    {"n": {"N": "-12.5"}, "yes": {"BOOL": True}, "none": {"NULL": True}},
    {"permissions": {"SS": ["read", "write"]}, "days": {"NS": ["1", "2"]}},
    {"subscription": {"M": {"limits": {"M": {}}, "list": {"L": [{"S": "a"}, {"N": "1"}]}}}},
    {"bytes": {"B": bytes(range(256))}, "no_bytes": {"B": b""}, "L": {"L": [{"B": b"\xff"}]}},
    {"B": {"S": "a name like a type"}, "M": {"M": {"B": {"S": "and within"}, "S": {"B": b"s"}}}},
    {"long": {"S": "x" * 100_000}},
]


def key(pk: str, number: int = 0) -> Any:
    return {"pk": {"S": pk}, "sk": {"S": f"{number:02}"}}


def seen(answer: Any) -> Any:
    """Without what is about the call."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def written_and_read(client: Any, item: Any) -> Any:
    client.put_item(TableName=ACCOUNTS, Item=item)
    found = client.get_item(
        TableName=ACCOUNTS, Key={"pk": item["pk"], "sk": item["sk"]}, ConsistentRead=True
    )["Item"]
    return {name: sorted(v["SS"]) if "SS" in v else v for name, v in found.items()}


@pytest.mark.parametrize("attributes", ITEMS, ids=lambda item: next(iter(item)))
def test_an_item_is_written_and_read_as_by_boto3(
    dynamodb: DynamoDBClient, attributes: dict[str, Any]
) -> None:
    item = {**key("one"), **attributes}
    ours = clients.dynamodb()
    expected = written_and_read(dynamodb, item)
    assert written_and_read(ours, item) == expected
    assert seen(ours.get_item(TableName=ACCOUNTS, Key=key("none"))) == {}


def responses(client: Any, pk: str) -> list[Any]:
    """To one request of each kind, on a partition of its own."""
    table = {"TableName": ACCOUNTS}
    for number in range(5):
        client.put_item(**table, Item={**key(pk, number), "n": {"N": "1"}})
    counted: dict[str, Any] = {
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    return [
        seen(answer)
        for answer in (
            client.update_item(**table, Key=key(pk), **counted),
            client.update_item(**table, Key=key(pk), ReturnValues="UPDATED_NEW", **counted),
            client.delete_item(**table, Key=key(pk, 1), ReturnValues="ALL_OLD"),
            client.delete_item(**table, Key=key(pk, 1), ReturnValues="ALL_OLD"),
            client.query(
                **table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": pk}},
                Limit=2,
            ),
            client.batch_get_item(RequestItems={ACCOUNTS: {"Keys": [key(pk, 3)]}}),
            client.batch_get_item(RequestItems={ACCOUNTS: {"Keys": [key(pk, 9)]}}),
            client.batch_write_item(
                RequestItems={ACCOUNTS: [{"DeleteRequest": {"Key": key(pk, 4)}}]}
            ),
            client.transact_write_items(
                TransactItems=[{"Update": {**table, "Key": key(pk), **counted}}]
            ),
            client.get_item(**table, Key=key(pk)),
        )
    ]


def test_every_operation_responds_as_boto3_does(dynamodb: DynamoDBClient) -> None:
    assert responses(clients.dynamodb(), "same") == responses(dynamodb, "same")


def test_a_failed_condition_returns_the_item(dynamodb: DynamoDBClient) -> None:
    item = {**key("held"), "secret": {"B": b"\x00"}}
    dynamodb.put_item(TableName=ACCOUNTS, Item=item)
    put: Any = {
        "TableName": ACCOUNTS,
        "Item": item,
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    for client in (dynamodb, clients.dynamodb()):
        with pytest.raises(client.exceptions.ConditionalCheckFailedException) as failed:
            client.put_item(**put)
        assert failed.value.response["Item"] == item


def test_a_cancelled_transaction_names_the_write_that_failed(dynamodb: DynamoDBClient) -> None:
    dynamodb.put_item(TableName=ACCOUNTS, Item=key("held"))
    puts: Any = [
        {
            "Put": {
                "TableName": ACCOUNTS,
                "Item": key(name),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }
        for name in ("free", "held")
    ]
    for client in (dynamodb, clients.dynamodb()):
        with pytest.raises(client.exceptions.TransactionCanceledException) as failed:
            client.transact_write_items(TransactItems=puts)
        reasons = failed.value.response["CancellationReasons"]
        assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]


def test_what_dynamodb_does_not_take_is_a_fault(dynamodb: DynamoDBClient) -> None:
    for client in (dynamodb, clients.dynamodb()):
        with pytest.raises(clients.faults(), match="ValidationException"):
            client.put_item(TableName=ACCOUNTS, Item={"pk": {"S": "no sort key"}})
        with pytest.raises(clients.faults(), match="ResourceNotFoundException"):
            client.put_item(TableName="none", Item=key("a"))


def test_a_long_response_comes_in_pages(dynamodb: DynamoDBClient) -> None:
    for number in range(25):
        item = {**key("long", number), "filling": {"S": "x" * 100_000}}
        dynamodb.put_item(TableName=ACCOUNTS, Item=item)
    request: Any = {
        "TableName": ACCOUNTS,
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "long"}},
    }
    ours, theirs = ([*pages(c.query, **request)] for c in (clients.dynamodb(), dynamodb))
    assert ours == theirs
    assert len(ours) > 1
    assert sum(map(len, ours)) == 25


def test_a_message_is_queued_as_it_was_sent(dynamodb: DynamoDBClient) -> None:
    body = '{"text": "é \u2028 \U0001f600 <&>"}'
    sent = clients.sqs().send_message(QueueUrl=CLICKS_QUEUE_URL, MessageBody=body)
    (received,) = boto3.client("sqs").receive_message(QueueUrl=CLICKS_QUEUE_URL)["Messages"]
    assert (received["Body"], received["MessageId"]) == (body, sent["MessageId"])

"""Reference (a): nothing but boto3 and one read."""

import os
from typing import Any

import boto3

client = boto3.client("dynamodb")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    response = client.get_item(
        TableName=os.environ["ACCOUNTS_TABLE"], Key=event["key"], ConsistentRead=True
    )
    return {"statusCode": 200 if "Item" in response else 404}

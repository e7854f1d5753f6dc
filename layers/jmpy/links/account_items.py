"""An account's items in the table of the links: found by the beginning of their sort key, and
changed on condition of their version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.aws.codec import NUMBER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.aws.codec import Item
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.transaction import TransactionItem


def query(
    client: DynamoDBOperations,
    table: str,
    account_id: str,
    prefix: str,
    *,
    until: str | None = None,
    **options: Any,
) -> Any:
    """The items whose sort keys begin with `prefix`, or up to those that begin with `until`.

    A range rather than begins_with: DynamoDB treats both alike, and DynamoDB Local reads the
    whole partition for the latter (`make bench`)."""
    return client.query(
        TableName=table,
        KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues={
            ":pk": {"S": f"account#{account_id}"},
            ":first": {"S": prefix},
            ":last": {"S": f"{until or prefix}~"},
        },
        ConsistentRead=True,
        **options,
    )


def update(
    table: str, key: Item, attributes: Mapping[str, Item | None], version: int
) -> TransactionItem:
    """The write that sets the attributes (None removes one), if `version`, which was read, is still
    the item's."""
    values = {name: value for name, value in attributes.items() if value is not None}
    expression = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
    if removed := [name for name, value in attributes.items() if value is None]:
        expression += " REMOVE " + ", ".join(f"#{name}" for name in removed)
    write = {
        "TableName": table,
        "Key": key,
        "ConditionExpression": "#version = :read",
        "UpdateExpression": expression,
        "ExpressionAttributeNames": {f"#{name}": name for name in attributes},
        "ExpressionAttributeValues": {
            ":read": NUMBER.encode(version),
            **{f":{name}": value for name, value in values.items()},
        },
    }
    return {"Update": write}

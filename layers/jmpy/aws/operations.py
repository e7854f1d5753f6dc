"""The operations of DynamoDB that stores may use: those of both boto3's client and ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from typing import Unpack

    from mypy_boto3_dynamodb import type_defs as types


class DynamoDBOperations(Protocol):
    """Names, parameters and responses are those of boto3
    (https://docs.aws.amazon.com/boto3/latest/reference/services/dynamodb.html)."""

    @property
    def exceptions(self) -> Any: ...

    def get_item(
        self, **parameters: Unpack[types.GetItemInputTypeDef]
    ) -> types.GetItemOutputTypeDef: ...

    def put_item(
        self, **parameters: Unpack[types.PutItemInputTypeDef]
    ) -> types.PutItemOutputTypeDef: ...

    def update_item(
        self, **parameters: Unpack[types.UpdateItemInputTypeDef]
    ) -> types.UpdateItemOutputTypeDef: ...

    def delete_item(
        self, **parameters: Unpack[types.DeleteItemInputTypeDef]
    ) -> types.DeleteItemOutputTypeDef: ...

    def query(self, **parameters: Unpack[types.QueryInputTypeDef]) -> types.QueryOutputTypeDef: ...

    def batch_get_item(
        self, **parameters: Unpack[types.BatchGetItemInputTypeDef]
    ) -> types.BatchGetItemOutputTypeDef: ...

    def batch_write_item(
        self, **parameters: Unpack[types.BatchWriteItemInputTypeDef]
    ) -> types.BatchWriteItemOutputTypeDef: ...

    def transact_write_items(
        self, **parameters: Unpack[types.TransactWriteItemsInputTypeDef]
    ) -> types.TransactWriteItemsOutputTypeDef: ...

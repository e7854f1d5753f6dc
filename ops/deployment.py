"""A deployed stack, found by its name, and the domain services that work on its tables.

Access is the operator's own AWS credentials; nothing here goes through the public API.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from jmpy.accounts.service import AccountService
from jmpy.accounts.store import AccountStore
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient


class StackNotFound(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no stack {name!r} with these credentials and in this region; "
            "check STACK, AWS_PROFILE and AWS_REGION"
        )


@dataclass(frozen=True)
class Deployment:
    name: str
    outputs: Mapping[str, str]
    session: boto3.Session
    endpoint: str | None

    @property
    def accounts(self) -> AccountService:
        return AccountService(AccountStore(self._dynamodb(), self.outputs["AccountsTable"]))

    @property
    def keys(self) -> KeyService:
        return KeyService(KeyStore(self._dynamodb(), self.outputs["AccountsTable"]))

    def _dynamodb(self) -> DynamoDBClient:
        return self.session.client("dynamodb", endpoint_url=self.endpoint)


def find(name: str, session: boto3.Session, endpoint: str | None = None) -> Deployment:
    """The stack of that name; `endpoint` is the emulator's address, None for AWS.

    Raises StackNotFound.
    """
    cloudformation = session.client("cloudformation", endpoint_url=endpoint)
    try:
        stacks = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            raise StackNotFound(name) from None
        raise
    outputs = {
        output["OutputKey"]: output["OutputValue"] for output in stacks[0].get("Outputs", [])
    }
    return Deployment(name, outputs, session, endpoint)

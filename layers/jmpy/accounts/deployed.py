"""Accounts as template.yaml gives them to the functions that may make some."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jmpy import aws
from jmpy.accounts.edge import EdgeKeys
from jmpy.accounts.service import AccountService
from jmpy.accounts.store import AccountStore
from jmpy.audit.store import AuditLog
from jmpy.keys.store import KeyStore
from jmpy.refreshed import Refreshed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LIFETIME = 300
"""Seconds after which the ids of the usage plans are read anew; a deployment may replace them."""


def service(client: DynamoDBClient) -> AccountService:
    table = os.environ["ACCOUNTS_TABLE"]
    edge = EdgeKeys(
        aws.api_gateway,
        os.environ["STACK_ID"],
        Refreshed(lambda: aws.parameter(os.environ["USAGE_PLANS_PARAMETER"]), LIFETIME).get,
        shared=int(os.environ["SHARED_FREE_KEYS"]),
    )
    audit = AuditLog(client, os.environ["AUDIT_TABLE"])
    return AccountService(AccountStore(client, table), KeyStore(client, table), edge, audit)

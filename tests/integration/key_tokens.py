"""Short-lived tokens on the tables of the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.audit.store import AuditLog
from jmpy.clock import Clock, system_clock
from jmpy.key_tokens.service import KeyTokenService
from jmpy.key_tokens.store import KeyTokenStore
from project.tables import ACCOUNTS, AUDIT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def token_service(client: DynamoDBClient, now: Clock = system_clock) -> KeyTokenService:
    return KeyTokenService(KeyTokenStore(client, ACCOUNTS), AuditLog(client, AUDIT), now)

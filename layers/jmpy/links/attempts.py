"""Limits the attempts at a link's password, per address and per link, in fixed windows.

An attempt is counted before the password is looked at, by one conditional write, so that attempts
at the same time cannot pass the limit together. Right passwords count too: it keeps the count to
one write, and a visitor who has got in does not come back five times in a quarter of an hour.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from jmpy.clock import system_clock
from jmpy.links.errors import TooManyAttempts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.clock import Clock

WINDOW = 15 * 60
"""Seconds."""

PER_ADDRESS = 5
PER_LINK = 100
"""From all addresses together: guessing from many machines is limited too."""

TTL_ATTRIBUTE = "expires_ttl"


class Attempts:
    def __init__(self, client: DynamoDBClient, table: str, now: Clock = system_clock) -> None:
        self._client = client
        self._table = table
        self._now = now

    def count(self, code: str, address: str) -> None:
        """Raises TooManyAttempts, which says when the next window begins."""
        # Only a digest, which forgets itself with the window: addresses are personal data.
        caller = sha256(f"{code} {address}".encode()).hexdigest()[:32]
        self._add(code, f"address#{caller}", PER_ADDRESS)
        self._add(code, "all", PER_LINK)

    def _add(self, code: str, who: str, limit: int) -> None:
        now = int(self._now())
        ends = (now // WINDOW + 1) * WINDOW
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"pk": {"S": f"attempts#{code}"}, "sk": {"S": f"{who}#{ends}"}},
                UpdateExpression="ADD attempts :one SET #ttl = :ends",
                ConditionExpression="attribute_not_exists(attempts) OR attempts < :limit",
                ExpressionAttributeNames={"#ttl": TTL_ATTRIBUTE},
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":ends": {"N": str(ends)},
                    ":limit": {"N": str(limit)},
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            raise TooManyAttempts(ends - now) from None

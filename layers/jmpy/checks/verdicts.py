"""Cached matches of a provider, by destination, in the table of links.

`verdict#<SHA-256 of the URL>` / the provider's id. The absence of a match is not cached: a
destination may be listed a minute later.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from jmpy.aws.dynamodb import read
from jmpy.checks.provider import Threat
from jmpy.links.safety import TakedownReason

if TYPE_CHECKING:
    from collections.abc import Collection

    from jmpy.aws.operations import DynamoDBOperations


class Verdicts:
    def __init__(self, client: DynamoDBOperations, table: str, provider: str) -> None:
        self._client = client
        self._table = table
        self._provider = provider

    def find(self, urls: Collection[str], now: float) -> dict[str, Threat]:
        """Matches by URL, for those of the URLs that have one."""
        urls_by_key = {self._key(url)["pk"]["S"]: url for url in urls}
        items = read(self._client, self._table, [self._key(url) for url in urls])
        return {
            urls_by_key[item["pk"]["S"]]: Threat(
                TakedownReason(item["reason"]["S"]), int(int(item["expires_ttl"]["N"]) - now)
            )
            for item in items
            # DynamoDB deletes expired items some time later.
            if int(item["expires_ttl"]["N"]) > now
        }

    def put(self, url: str, threat: Threat, now: float) -> None:
        self._client.put_item(
            TableName=self._table,
            Item={
                **self._key(url),
                "reason": {"S": threat.reason.value},
                "expires_ttl": {"N": str(int(now) + threat.cached_for)},
            },
        )

    def _key(self, url: str) -> dict[str, Any]:
        digest = sha256(url.encode()).hexdigest()
        return {"pk": {"S": f"verdict#{digest}"}, "sk": {"S": self._provider}}

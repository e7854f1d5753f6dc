"""Baselines in DynamoDB: `key#<key id>` / `baseline`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jmpy.alerts.detection.baseline import Baseline, Hour, Visit, last_countries
from jmpy.aws.dynamodb import read
from jmpy.clock import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmpy.alerts.detection.baseline import CountryUse
    from jmpy.aws.operations import DynamoDBOperations

COUNTRIES = 5
"""That the owner of a key sees."""

RETENTION = 400 * DAY
"""Seconds after the last write: more than a year, for jobs that run once a year."""


class BaselineStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, key_ids: Iterable[str]) -> dict[str, Baseline]:
        """Of those keys that have one, by key id."""
        keys = [_key(key_id) for key_id in key_ids]
        items = read(self._client, self._table, keys, ConsistentRead=True)
        return {found.key_id: found for found in map(_from_item, items)}

    def countries(self, key_id: str) -> list[CountryUse]:
        """The five of the key's latest uses, the latest first; seconds behind the requests."""
        # A query, since what reads the use of keys may not read single items of the table.
        response = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk = :sk",
            ExpressionAttributeValues={f":{name}": value for name, value in _key(key_id).items()},
        )
        found = [last_countries(_from_item(item), COUNTRIES) for item in response["Items"]]
        return found[0] if found else []

    def save(self, baseline: Baseline, now: float) -> bool:
        """False unless the table holds the version before; then nothing is written. `now` in
        seconds since the Unix epoch, UTC."""
        before = baseline.version - 1
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if before:
            condition = {
                "ConditionExpression": "version = :before",
                "ExpressionAttributeValues": {":before": {"N": str(before)}},
            }
        try:
            self._client.put_item(TableName=self._table, Item=_to_item(baseline, now), **condition)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _key(key_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"key#{key_id}"}, "sk": {"S": "baseline"}}


def _to_item(baseline: Baseline, now: float) -> dict[str, Any]:
    state = {
        "uses": baseline.uses,
        "first_used_at": baseline.first_used_at,
        "last_used_at": baseline.last_used_at,
        "networks": _pairs(baseline.networks),
        "countries": _pairs(baseline.countries),
        "mean": baseline.mean,
        "hours": {
            number: [hour.requests, hour.rejected, hour.changed]
            for number, hour in baseline.hours.items()
        },
        "batches": baseline.batches,
    }
    return {
        **_key(baseline.key_id),
        "key_id": {"S": baseline.key_id},
        "account_id": {"S": baseline.account_id},
        "version": {"N": str(baseline.version)},
        "state": {"S": json.dumps(state, separators=(",", ":"))},
        "expires_ttl": {"N": str(int(now) + RETENTION)},
    }


def _from_item(item: dict[str, Any]) -> Baseline:
    state = json.loads(item["state"]["S"])
    return Baseline(
        key_id=item["key_id"]["S"],
        account_id=item["account_id"]["S"],
        version=int(item["version"]["N"]),
        uses=state["uses"],
        first_used_at=state["first_used_at"],
        last_used_at=state["last_used_at"],
        networks=_visits(state["networks"]),
        countries=_visits(state["countries"]),
        mean=state["mean"],
        hours={int(number): Hour(*counts) for number, counts in state["hours"].items()},
        batches=tuple(state["batches"]),
    )


def _pairs(seen: Mapping[str, Visit]) -> dict[str, list[int]]:
    return {name: [visit.first, visit.last] for name, visit in seen.items()}


def _visits(pairs: Mapping[str, list[int]]) -> dict[str, Visit]:
    return {name: Visit(*times) for name, times in pairs.items()}

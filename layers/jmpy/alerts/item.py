"""Baselines and alerts as DynamoDB items.

- `key#<key id>` / `baseline`: what is usual for a key.
- `account#<account id>` / `told#<id>`: the mark that an alert is told, once.
- `account#<account id>` / `alert#<milliseconds>#<id>`: the alert.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jmpy.alerts.baseline import Baseline, Hour, Visit
from jmpy.alerts.model import Alert, Evidence, Rule, Status
from jmpy.clock import DAY
from jmpy.formats.cursor import position

if TYPE_CHECKING:
    from collections.abc import Mapping

ALERT_PREFIX = "alert#"
"""Of the sort keys of alerts, before their positions."""

ALERT_KEPT = 180 * DAY
"""Seconds after what it tells of."""

BASELINE_KEPT = 400 * DAY
"""Seconds after the last write: more than a year, for jobs that run once a year."""


def baseline_key(key_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"key#{key_id}"}, "sk": {"S": "baseline"}}


def to_baseline_item(baseline: Baseline, now: float) -> dict[str, Any]:
    state = {
        "uses": baseline.uses,
        "first_used_at": baseline.first_used_at,
        "last_used_at": baseline.last_used_at,
        "networks": _pairs(baseline.networks),
        "countries": _pairs(baseline.countries),
        "mean": baseline.mean,
        "hours": {
            number: [hour.requests, hour.refused, hour.changed]
            for number, hour in baseline.hours.items()
        },
        "batches": baseline.batches,
    }
    return {
        **baseline_key(baseline.key_id),
        "key_id": {"S": baseline.key_id},
        "account_id": {"S": baseline.account_id},
        "version": {"N": str(baseline.version)},
        "state": {"S": json.dumps(state, separators=(",", ":"))},
        "expires_ttl": {"N": str(int(now) + BASELINE_KEPT)},
    }


def to_baseline(item: dict[str, Any]) -> Baseline:
    state = json.loads(item["state"]["S"])
    return Baseline(
        key_id=item["key_id"]["S"],
        account_id=item["account_id"]["S"],
        version=int(item["version"]["N"]),
        uses=state["uses"],
        first_used_at=state["first_used_at"],
        last_used_at=state["last_used_at"],
        networks=_sightings(state["networks"]),
        # Those written before countries were known have none.
        countries=_sightings(state.get("countries", {})),
        mean=state["mean"],
        # Those written before changes were counted have two.
        hours={int(number): Hour(*counts) for number, counts in state["hours"].items()},
        batches=tuple(state["batches"]),
    )


def _pairs(seen: Mapping[str, Visit]) -> dict[str, list[int]]:
    return {name: [sighting.first, sighting.last] for name, sighting in seen.items()}


def _sightings(pairs: Mapping[str, list[int]]) -> dict[str, Visit]:
    return {name: Visit(*times) for name, times in pairs.items()}


def mark_key(account_id: str, alert_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": f"told#{alert_id}"}}


def to_mark_item(alert: Alert) -> dict[str, Any]:
    return {
        **mark_key(alert.account_id, alert.id),
        "happened_at": {"N": str(alert.at)},
        "expires_ttl": {"N": str(alert.at + ALERT_KEPT)},
    }


def alert_key(account_id: str, at: int, alert_id: str) -> dict[str, Any]:
    return {
        "pk": {"S": f"account#{account_id}"},
        "sk": {"S": ALERT_PREFIX + position(at * 1000, alert_id)},
    }


def to_alert_item(alert: Alert) -> dict[str, Any]:
    item = {
        **alert_key(alert.account_id, alert.at, alert.id),
        "account_id": {"S": alert.account_id},
        "key_id": {"S": alert.key_id},
        "rule": {"S": alert.rule},
        "happened_at": {"N": str(alert.at)},
        "details": {"S": alert.details},
        "subject": {"S": alert.subject},
        "ip": {"S": alert.evidence.ip},
        "route": {"S": alert.evidence.route},
        "status_code": {"N": str(alert.evidence.status)},
        "status": {"S": alert.status},
        "expires_ttl": {"N": str(alert.at + ALERT_KEPT)},
    }
    if alert.evidence.country:
        item["country"] = {"S": alert.evidence.country}
    return item


def to_alert(item: dict[str, Any]) -> Alert:
    return Alert(
        account_id=item["account_id"]["S"],
        key_id=item["key_id"]["S"],
        rule=Rule(item["rule"]["S"]),
        at=int(item["happened_at"]["N"]),
        details=item["details"]["S"],
        evidence=Evidence(
            item["ip"]["S"],
            item["route"]["S"],
            int(item["status_code"]["N"]),
            item["country"]["S"] if "country" in item else "",
        ),
        subject=item["subject"]["S"],
        status=Status(item["status"]["S"]),
    )

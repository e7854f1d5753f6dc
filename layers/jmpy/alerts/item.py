"""Alerts as DynamoDB items.

- `account#<account id>` / `sent#<id>`: the mark of an alert, so that it is sent once.
- `account#<account id>` / `alert#<milliseconds>#<id>`: the alert.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from jmpy.alerts.facts import BY_RULE
from jmpy.alerts.model import Alert, AlertStatus, Evidence
from jmpy.alerts.rule import Rule
from jmpy.clock import DAY
from jmpy.formats.cursor import position

ALERT_PREFIX = "alert#"
"""Of the sort keys of alerts, before their positions."""

RETENTION = 180 * DAY
"""Seconds after what the alert is about."""


def mark_key(account_id: str, alert_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": f"sent#{alert_id}"}}


def to_mark_item(alert: Alert) -> dict[str, Any]:
    return {
        **mark_key(alert.account_id, alert.id),
        "happened_at": {"N": str(alert.at)},
        "expires_ttl": {"N": str(alert.at + RETENTION)},
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
        "facts": {"S": json.dumps(asdict(alert.facts), separators=(",", ":"))},
        "ip": {"S": alert.evidence.ip},
        "route": {"S": alert.evidence.route},
        "status_code": {"N": str(alert.evidence.status)},
        "status": {"S": alert.status},
        "expires_ttl": {"N": str(alert.at + RETENTION)},
    }
    if alert.evidence.country:
        item["country"] = {"S": alert.evidence.country}
    return item


def to_alert(item: dict[str, Any]) -> Alert:
    facts = BY_RULE[Rule(item["rule"]["S"])]
    return Alert(
        account_id=item["account_id"]["S"],
        key_id=item["key_id"]["S"],
        at=int(item["happened_at"]["N"]),
        facts=facts(**json.loads(item["facts"]["S"])),
        evidence=Evidence(
            item["ip"]["S"],
            item["route"]["S"],
            int(item["status_code"]["N"]),
            item["country"]["S"] if "country" in item else "",
        ),
        status=AlertStatus(item["status"]["S"]),
    )

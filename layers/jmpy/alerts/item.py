"""Alerts as DynamoDB items.

- `account#<account id>` / `sent#<id>`: the mark of an alert, so that it is sent once.
- `account#<account id>` / `alert#<milliseconds>#<id>`: the alert; in an index of its account's
  open alerts while it is open.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from jmpy.alerts.facts import BY_RULE
from jmpy.alerts.model import Alert, AlertStatus, Evidence
from jmpy.alerts.rule import Rule
from jmpy.aws.codec import NUMBER, TEXT, Codec, choice
from jmpy.clock import DAY
from jmpy.formats.cursor import position

if TYPE_CHECKING:
    from jmpy.aws.codec import Item

ALERT_PREFIX = "alert#"
"""Of the sort keys of alerts, before their positions."""

OPEN_INDEX = "open-alerts"
OPEN_ATTRIBUTE = "open_alerts"
"""The index's partition key, the account's id: only open alerts have it."""

RETENTION = 180 * DAY
"""Seconds after what the alert is about."""

_ALERT = Codec(
    Alert,
    apart=("facts", "evidence"),
    rename={"at": "happened_at"},
    kinds={"status": choice(AlertStatus)},
)
_EVIDENCE = Codec(Evidence, rename={"status": "status_code"})


def mark_key(account_id: str, alert_id: str) -> Item:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": f"sent#{alert_id}"}}


def to_mark_item(alert: Alert) -> Item:
    return {
        **mark_key(alert.account_id, alert.id),
        "happened_at": NUMBER.encode(alert.at),
        "expires_ttl": NUMBER.encode(alert.at + RETENTION),
    }


def alert_key(account_id: str, at: int, alert_id: str) -> Item:
    return {
        "pk": {"S": f"account#{account_id}"},
        "sk": {"S": ALERT_PREFIX + position(at * 1000, alert_id)},
    }


def to_alert_item(alert: Alert) -> Item:
    listed = {OPEN_ATTRIBUTE: TEXT.encode(alert.account_id)} if alert.is_open else {}
    return {
        **alert_key(alert.account_id, alert.at, alert.id),
        **listed,
        **_ALERT.encode(alert),
        **_EVIDENCE.encode(alert.evidence),
        "rule": TEXT.encode(alert.rule.value),
        "facts": TEXT.encode(json.dumps(asdict(alert.facts), separators=(",", ":"))),
        "expires_ttl": NUMBER.encode(alert.at + RETENTION),
    }


def to_alert(item: Item) -> Alert:
    facts = BY_RULE[Rule(item["rule"]["S"])]
    return _ALERT.decode(
        item, facts=facts(**json.loads(item["facts"]["S"])), evidence=_EVIDENCE.decode(item)
    )

"""The messages about an alert, for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jmpy.alerts.wording import TITLES, details, source
from jmpy.formats.times import iso

if TYPE_CHECKING:
    from jmpy.alerts.model import Alert


def key_url(base_url: str, alert: Alert) -> str:
    """The page on which the key can be revoked."""
    return f"{base_url}/dashboard/api-keys/{alert.key_id}"


def subject(alert: Alert) -> str:
    """Of the mail."""
    return f"Jmpy: {TITLES[alert.rule]}"


def mail(base_url: str, alert: Alert) -> str:
    lines = [
        details(alert.facts),
        "",
        f"Key:      {alert.key_id}",
        f"Account:  {alert.account_id}",
        f"Time:     {iso(alert.at)}",
        f"Source:   {source(alert.evidence)}",
        f"Request:  {alert.evidence.route}, status {alert.evidence.status}",
        f"Alert:    {alert.id}",
        "",
        f"If this was not you, revoke the key: {key_url(base_url, alert)}",
    ]
    return "\n".join(lines) + "\n"


def payload(base_url: str, alert: Alert) -> str:
    """JSON, as webhooks receive it."""
    return json.dumps(
        {
            "id": alert.id,
            "type": "api_key.unusual_activity",
            "rule": alert.rule,
            "title": TITLES[alert.rule],
            "details": details(alert.facts),
            "at": iso(alert.at),
            "account_id": alert.account_id,
            "key_id": alert.key_id,
            "evidence": {
                "ip": alert.evidence.ip,
                "route": alert.evidence.route,
                "status": alert.evidence.status,
                "country": alert.evidence.country or None,
            },
            "key_url": key_url(base_url, alert),
        }
    )

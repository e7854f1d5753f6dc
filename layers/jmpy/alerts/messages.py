"""An alert in words, for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jmpy.alerts.model import Rule
from jmpy.countries import country_name
from jmpy.formats.times import iso
from jmpy.webhooks.sender import AddressRejected, NotTaken

if TYPE_CHECKING:
    from jmpy.alerts.model import Alert

TITLES = {
    Rule.NEW_COUNTRY: "API key used from a new country",
    Rule.NEW_NETWORK: "API key used from a new network",
    Rule.BURST: "API key makes many more requests than usual",
    Rule.REFUSALS: "Many requests with an API key are rejected",
    Rule.ENDED_KEY: "Revoked or expired key used",
    Rule.LONG_SILENCE: "API key used after long inactivity",
    Rule.KEY_IN_URL: "API key sent in a URL",
    Rule.LINKS_CHANGED: "API key changed many links",
    Rule.LEAKED_KEY: "API key found in public and revoked",
}


def place(alert: Alert) -> str:
    """Where the request came from, as in `198.51.100.7 (Germany)`."""
    country = alert.evidence.country
    return f"{alert.evidence.ip} ({country_name(country)})" if country else alert.evidence.ip


def key_url(base_url: str, alert: Alert) -> str:
    """The page on which the key can be revoked."""
    return f"{base_url}/dashboard/api-keys/{alert.key_id}"


def mail(base_url: str, alert: Alert) -> str:
    lines = [
        alert.details,
        "",
        f"Key:      {alert.key_id}",
        f"Account:  {alert.account_id}",
        f"Time:     {iso(alert.at)}",
        f"Source:   {place(alert)}",
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
            "details": alert.details,
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


def failure(error: NotTaken | AddressRejected) -> str:
    """Why a webhook did not get an alert, for its owner."""
    if isinstance(error, NotTaken) and error.status is not None:
        return f"It responded with status {error.status}, which is not 2xx."
    return _FAILURES.get(str(error), "The connection failed.")


_FAILURES = {
    "": "Its host resolves to a non-public address, so nothing was sent.",
    "gaierror": "Its host was not found.",
    "ConnectionRefusedError": "Its host refused the connection.",
    "TimeoutError": "It did not respond in time.",
    "SSLCertVerificationError": "Its certificate is not valid for its host.",
    "SSLError": "No TLS connection could be made.",
    "RemoteDisconnected": "It closed the connection without a response.",
}
"""By what NotTaken names; AddressRejected names nothing."""

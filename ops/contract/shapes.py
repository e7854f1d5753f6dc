"""What responses of the contract look like."""

from __future__ import annotations

from typing import Any

from ops.contract.matching import PRESENT, Matching, containing, each, including, one_of, pattern

URL = "https://example.com/"
LINK = {"url": URL}
CAMPAIGN = "3f0e0b52-5d0d-4d0e-9d5c-0f6f7b1b6a11"
SECOND = pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
"""A time in UTC."""
UUID = pattern(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

NO_UTM = dict.fromkeys(("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"))

PLAIN: dict[str, Any] = {
    "id": UUID,
    "short_code": PRESENT,
    "short_url": PRESENT,
    "full_url": PRESENT,
    "original_url": URL,
    **NO_UTM,
    "forward_query": False,
    "name": None,
    "custom_alias": None,
    "url_type": "standard",
    "subdomain": None,
    "branded_domain": None,
    "campaign_id": None,
    "channel": "api",
    "source": "URL_SHORTENER",
    "tags": [],
    "status": "active",
    "safety_status": "safe",
    "safety_reason": None,
    "is_dynamic": False,
    "is_password_protected": False,
    "clicks": 0,
    "click_count": 0,
    "human_clicks": 0,
    "bot_clicks": 0,
    "tracking_enabled": True,
    "qr_code_id": None,
    "qr_code_url": None,
    "qr_code": None,
    "qr_content": None,
    "expires_at": None,
    "created_at": SECOND,
    "updated_at": SECOND,
}
"""Of a link that was created with nothing but a destination."""
FIELDS = frozenset(PLAIN)


def errors(*fields: str, reason: str) -> Matching:
    """Details of an error, which name some of these fields and nothing else."""
    error = including({"field": one_of(*fields), "reason": containing(reason)})
    return including({"errors": each(error)})


def short_urls(*names: str) -> Matching:
    """Of a list: the links of these names, in this order."""
    return including({"shortUrls": [including({"name": name}) for name in names]})

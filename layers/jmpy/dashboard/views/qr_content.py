"""The content of QR codes in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TYPES = {
    "url": "Web address",
    "text": "Text",
    "wifi": "Wi-Fi",
    "vcard": "Contact",
    "email": "Email",
    "phone": "Phone call",
    "sms": "Text message",
    "whatsapp": "WhatsApp",
    "location": "Location",
}
"""By `content_type`, in the order in which people choose one."""


def summary(content_data: Mapping[str, Any]) -> str:
    """The first field, in one line; never a password."""
    if "latitude" in content_data:
        return f"{content_data['latitude']}, {content_data['longitude']}"
    return " ".join(str(next(iter(content_data.values()), "")).split())

"""The content of QR codes in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

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

PURPOSES = {
    "url": "Opens a page. It can be changed after printing, and its scans counted.",
    "text": "Shows a text.",
    "wifi": "Joins a network.",
    "vcard": "Saves a contact.",
    "email": "Starts an email.",
    "phone": "Dials a number.",
    "sms": "Starts a text message.",
    "whatsapp": "Starts a chat. It can be changed after printing, and its scans counted.",
    "location": "Shows a place on a map.",
}

SECURITY = {"WPA": "WPA, WPA2 or WPA3", "WEP": "WEP", "nopass": "None"}

_LABELS = {"url": "Web address", "ssid": "Network name", "email": "Address", "body": "Message"}
_LONGEST = 60
"""Characters of a title."""
_SECRET = "Hidden here; whoever scans the code gets it"  # noqa: S105


class ContentFact(NamedTuple):
    label: str
    text: str
    is_url: bool = False


def facts(content_data: Mapping[str, Any]) -> tuple[ContentFact, ...]:
    """What is in it, without a password."""
    return tuple(
        ContentFact(_LABELS.get(name, name.capitalize()), _text(name, value), name == "url")
        for name, value in content_data.items()
        if value != "" and value is not False  # 0 degrees are some
    )


def title(name: str | None, content_type: str, content_data: Mapping[str, Any]) -> str:
    """What a QR code without a name is called."""
    if name:
        return name
    text = summary(content_data)
    shortened = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f"{TYPES[content_type]}: {shortened}"


def summary(content_data: Mapping[str, Any]) -> str:
    """The first field, in one line; never a password."""
    if "latitude" in content_data:
        return ", ".join(_text(*one) for one in content_data.items())
    return " ".join(str(next(iter(content_data.values()), "")).split())


def _text(name: str, value: Any) -> str:
    if name == "password":
        return _SECRET
    if name == "security":
        return SECURITY.get(value, str(value))
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return "Yes" if value is True else str(value)

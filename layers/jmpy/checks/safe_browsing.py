"""Google Safe Browsing, Lookup API v4 (`threatMatches:find`).

https://developers.google.com/safe-browsing/v4/lookup-api

The key is sent in a header, so that no URL and no log contains it. An unreadable response is no
verdict: a destination is safe only if a valid response does not list it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from jmpy import fetch
from jmpy.checks.provider import ProviderUnavailable, Threat
from jmpy.clock import DAY
from jmpy.links.safety import TakedownReason

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

URL = "https://safebrowsing.googleapis.com/v4/threatMatches:find"

_REASONS = {
    "SOCIAL_ENGINEERING": TakedownReason.PHISHING,
    "MALWARE": TakedownReason.MALWARE,
    "UNWANTED_SOFTWARE": TakedownReason.MALWARE,
    "POTENTIALLY_HARMFUL_APPLICATION": TakedownReason.MALWARE,
}
"""Threat types that are requested."""

SHORTEST, LONGEST = 60, DAY
"""Seconds that a verdict is cached, whatever the response says."""

_DURATION = re.compile(r"([0-9]{1,9})(?:\.[0-9]{1,9})?s")


class _Entry(BaseModel):
    url: str


class _Match(BaseModel):
    threat_type: Annotated[str, Field(alias="threatType")]
    threat: _Entry
    cache_duration: Annotated[str, Field(alias="cacheDuration")] = ""


class _Found(BaseModel):
    matches: list[_Match] = []


class SafeBrowsing:
    id = "safe-browsing"
    name = "Google Safe Browsing"

    def __init__(self, key: Callable[[], str], url: str = URL) -> None:
        """`key` returns the API key; it is called before each lookup, so that a replaced key takes
        effect."""
        self._key = key
        self._url = url

    def threats(self, urls: Collection[str]) -> Mapping[str, Threat]:
        threats: dict[str, Threat] = {}
        for match in self._find(urls).matches:
            if match.threat.url not in urls:
                raise ProviderUnavailable("it responded about a URL that was not in the request")
            reason = _REASONS.get(match.threat_type, TakedownReason.OTHER)
            threat = Threat(reason, _seconds(match.cache_duration))
            threats.setdefault(match.threat.url, threat)
        return threats

    def _find(self, urls: Collection[str]) -> _Found:
        headers = {"Content-Type": "application/json", "X-Goog-Api-Key": self._key()}
        body = json.dumps(_question(urls)).encode()
        try:
            response = fetch.request("POST", self._url, headers, body)
            if not response.is_success:
                raise ProviderUnavailable(f"status {response.status}")
            return _Found.model_validate(response.json())
        except fetch.Unreachable as error:
            raise ProviderUnavailable(str(error)) from None
        except ValidationError:
            raise ProviderUnavailable("its response cannot be read") from None


def _question(urls: Collection[str]) -> dict[str, Any]:
    return {
        "client": {"clientId": "jmpy", "clientVersion": "1"},
        "threatInfo": {
            "threatTypes": list(_REASONS),
            "platformTypes": ["ANY_PLATFORM"],
            "threatEntryTypes": ["URL"],
            "threatEntries": [{"url": url} for url in urls],
        },
    }


def _seconds(duration: str) -> int:
    """Parses protobuf's Duration in JSON: `300s`, `299.5s`."""
    found = _DURATION.fullmatch(duration)
    return min(max(int(found[1]) if found else SHORTEST, SHORTEST), LONGEST)

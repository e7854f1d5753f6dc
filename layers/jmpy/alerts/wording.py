"""Alerts in words, from their facts: for the API, pages, mails and webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.alerts.facts import (
    Burst,
    DisallowedAddress,
    Facts,
    InactiveKey,
    KeyInUrl,
    LeakedKey,
    LeakedToken,
    LinksChanged,
    LongInactivity,
    NewCountry,
    NewNetwork,
    RejectedRequests,
)
from jmpy.alerts.rule import Rule
from jmpy.countries import country_name

if TYPE_CHECKING:
    from jmpy.alerts.model import Evidence

TITLES = {
    Rule.NEW_COUNTRY: "API key used from a new country",
    Rule.NEW_NETWORK: "API key used from a new network",
    Rule.BURST: "API key makes many more requests than usual",
    Rule.REJECTED_REQUESTS: "Many requests with an API key are rejected",
    Rule.INACTIVE_KEY: "Inactive key used",
    Rule.LONG_INACTIVITY: "API key used after long inactivity",
    Rule.KEY_IN_URL: "API key sent in a URL",
    Rule.LINKS_CHANGED: "API key changed many links",
    Rule.DISALLOWED_ADDRESS: "API key used from an address that is not allowed",
    Rule.LEAKED_KEY: "API key found in public and revoked",
    Rule.LEAKED_TOKEN: "Short-lived token found in public and revoked",
}


def details(facts: Facts) -> str:
    """In a sentence or two."""
    match facts:
        case NewCountry(country):
            name = country_name(country)
            text = f"The key was used from a country where it had not been used before: {name}."
        case NewNetwork(network):
            text = f"The key was used from a network where it had not been used before: {network}."
        case Burst(requests, mean):
            text = f"The key made {requests} requests in an hour; its mean is {mean:.0f}."
        case RejectedRequests(rejected, requests):
            text = f"{rejected} of the key's {requests} requests in an hour were rejected."
        case InactiveKey(reason):
            text = f"The key is {reason}, but was used again."
        case LongInactivity(days):
            text = f"The key was used again after {days:.0f} days without use."
        case KeyInUrl():
            text = "The key was sent in a URL, where logs and browser histories retain it."
        case LinksChanged(changes):
            text = (
                f"The key changed or deleted links {changes} times in an hour. The audit log has "
                "the previous destinations."
            )
        case DisallowedAddress(address):
            text = (
                f"The key was used from {address}, which is not among its allowed addresses. The "
                "request was denied. If it was not yours, somebody else has the key."
            )
        case LeakedKey(url):
            text = (
                f"A secret scanner found the key {_place(url)}. It was revoked; create a new one."
            )
        case LeakedToken(url):
            text = (
                f"A secret scanner found a short-lived token of the key {_place(url)}. The token "
                "was revoked; the key itself works on."
            )
        case _:
            raise AssertionError(facts)
    return text


def _place(url: str | None) -> str:
    return f"at {url}" if url else "in a place that is not public"


def source(evidence: Evidence) -> str:
    """Where the request came from, as in `198.51.100.7 (Germany)`."""
    country = evidence.country
    return f"{evidence.ip} ({country_name(country)})" if country else evidence.ip

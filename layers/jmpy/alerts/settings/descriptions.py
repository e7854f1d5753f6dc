"""The rules, described for the account's owner, and the thresholds of each."""

from __future__ import annotations

from dataclasses import dataclass

from jmpy.alerts.rule import Rule


@dataclass(frozen=True, slots=True)
class Explanation:
    name: str
    sentence: str
    thresholds: tuple[str, ...] = ()


LEARNING = ("learned_requests", "learned_days", "roaming_days")
"""Thresholds that several rules share."""

RULES = {
    Rule.NEW_COUNTRY: Explanation(
        "New country",
        "Triggers when a key is used from a country that it has not been used from before. "
        "Requires a CDN that reports countries, which the operator has to set up.",
        ("roaming_countries", "many_countries"),
    ),
    Rule.NEW_NETWORK: Explanation(
        "New network",
        "Triggers when a key is used from a network that it has not been used from before. "
        "Keys that often change networks, as phones do, are excluded.",
        ("roaming_networks", "many_networks"),
    ),
    Rule.BURST: Explanation(
        "Burst of requests",
        "Triggers when a key makes many more requests in an hour than it usually does.",
        ("burst_factor", "burst_minimum"),
    ),
    Rule.REJECTED_REQUESTS: Explanation(
        "Rejected requests",
        "Triggers when a large share of the requests in an hour is rejected with 401, 403 or 429.",
        ("rejected_share", "rejected_minimum"),
    ),
    Rule.INACTIVE_KEY: Explanation(
        "Inactive key used",
        "Triggers when a revoked, expired or paused key is used. The request is denied.",
    ),
    Rule.LONG_INACTIVITY: Explanation(
        "Long inactivity",
        "Triggers when a key is used after a long time without use.",
        ("inactive_days",),
    ),
    Rule.KEY_IN_URL: Explanation(
        "Key in a URL",
        "Triggers when a key is sent in a URL, where logs and browser histories retain it.",
    ),
    Rule.LINKS_CHANGED: Explanation(
        "Links changed",
        "Triggers when a key changes or deletes many links in an hour, as an attacker would to "
        "redirect your visitors. The audit log has the previous destinations.",
        ("changed_links",),
    ),
    Rule.DISALLOWED_ADDRESS: Explanation(
        "Address not allowed",
        "Triggers when a key with a list of allowed addresses is used from another one. The "
        "request is denied.",
    ),
}
"""Those that can be turned off. `leaked-key` and `leaked-token` are none of them: what was found in
public is revoked, and its owner has to hear of it."""

"""Each rule for its owner: what it tells, in a sentence, and the thresholds that are its own."""

from __future__ import annotations

from dataclasses import dataclass

from jmpy.alerts.model import Rule


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
        "Tells when a key is used from a country that it was not used from. It needs a network "
        "in front that knows countries, which is for the operator to set up.",
        ("roaming_countries", "many_countries"),
    ),
    Rule.NEW_NETWORK: Explanation(
        "New network",
        "Tells when a key is used from a network that it was not used from. Keys that change "
        "networks all the time, as phones do, are not judged by it.",
        ("roaming_networks", "many_networks"),
    ),
    Rule.BURST: Explanation(
        "Burst",
        "Tells when a key makes many more requests in an hour than it usually does.",
        ("burst_factor", "burst_minimum"),
    ),
    Rule.REFUSALS: Explanation(
        "Refusals",
        "Tells when a large share of the requests of an hour is refused: answered 401, 403 or 429.",
        ("refused_share", "refused_minimum"),
    ),
    Rule.ENDED_KEY: Explanation(
        "Ended key",
        "Tells when somebody tries a key that was revoked or has expired. It is not let in.",
    ),
    Rule.LONG_SILENCE: Explanation(
        "Long silence",
        "Tells when a key is used that nobody used for a long time.",
        ("silent_days",),
    ),
    Rule.KEY_IN_URL: Explanation(
        "Key in a URL",
        "Tells when a key comes in a URL, where logs and browser histories keep it.",
    ),
    Rule.LINKS_CHANGED: Explanation(
        "Links changed",
        "Tells when a key changes or deletes many links in an hour, as somebody does who leads "
        "your visitors elsewhere. The audit log says where they led before.",
        ("changed_links",),
    ),
}
"""Those that can be turned off. `leaked-key` is none of them: a key found in public is revoked, and
its owner has to hear of it."""

"""The names of the rules, and how often each of them alerts."""

from enum import StrEnum

from jmpy.clock import DAY


class Rule(StrEnum):
    NEW_COUNTRY = "new-country"
    NEW_NETWORK = "new-network"
    BURST = "burst"
    REJECTED_REQUESTS = "rejected-requests"
    INACTIVE_KEY = "inactive-key"
    LONG_INACTIVITY = "long-inactivity"
    KEY_IN_URL = "key-in-url"
    LINKS_CHANGED = "links-changed"
    DISALLOWED_ADDRESS = "disallowed-address"
    LEAKED_KEY = "leaked-key"
    """Not a rule about requests: a secret scanner reported the key."""
    LEAKED_TOKEN = "leaked-token"  # noqa: S105 - no password
    """Likewise, of a short-lived token of the key."""


PERIODS = {
    Rule.NEW_COUNTRY: DAY,
    Rule.NEW_NETWORK: DAY,
    Rule.BURST: DAY,
    Rule.REJECTED_REQUESTS: DAY,
    # A forgotten client goes on for weeks; a daily alert would add nothing.
    Rule.INACTIVE_KEY: 7 * DAY,
    Rule.LONG_INACTIVITY: DAY,
    # A client that sends its key in URLs does so until somebody changes it.
    Rule.KEY_IN_URL: 30 * DAY,
    Rule.LINKS_CHANGED: DAY,
    Rule.DISALLOWED_ADDRESS: DAY,
    Rule.LEAKED_KEY: DAY,
    Rule.LEAKED_TOKEN: DAY,
}
"""Seconds in which a rule alerts once about a key, or about a key and a network or country."""

"""What can be tuned, per account."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The defaults are those of which bench/alerts.py shows what they notice and miss."""

    learned_requests: int = 50
    """Requests that a key has to have made before anything is unusual for it."""
    learned_days: float = 3
    """Days since its first request, likewise."""
    roaming_networks: int = 3
    """New networks within `roaming_days` with which a further one is nothing unusual."""
    many_networks: int = 8
    """Networks in use within `roaming_days`, new or not, likewise."""
    roaming_days: float = 14
    burst_factor: float = 10
    """Times the key's own mean of requests per hour."""
    burst_minimum: int = 200
    """Requests in an hour below which nothing is a burst."""
    refused_share: float = 0.5
    """Of the requests in an hour, those answered 401, 403 or 429; from 0 to 1."""
    refused_minimum: int = 20
    """Refused requests in an hour below which their share does not matter."""
    silent_days: float = 90
    """Days without a use, after which the next use is unusual."""


DEFAULT = Thresholds()

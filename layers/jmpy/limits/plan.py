"""What an account may do in a day, and have, by plan.

The operator defines the figures: `Mappings: Plans` in template.yaml, which functions get as JSON.
Loaded by the authorizer on every cold start, hence no validation library.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping


MAX_LIMIT = 1_000_000_000
"""Of a daily limit that is chosen for one account or key: more than any plan offers."""


class LimitClass(StrEnum):
    """The limit that a request counts against: the five classes of the public API."""

    URL_CREATION = "url_creation"
    URL_READS = "url_reads"
    QR_GENERATION = "qr_generation"
    QR_READS = "qr_reads"
    ANALYTICS = "analytics"


class UnknownPlan(Unavailable):
    """An account has a plan that the deployed template does not define. Since that is the
    operator's mistake, its requests fail instead of passing without a limit."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"There is no plan {name!r}; plans are: {', '.join(known)}")


@dataclass(frozen=True, slots=True)
class Plan:
    name: str
    requests_per_second: float
    burst: int
    requests_per_day: int
    """API Gateway's own quota, across all classes."""
    domains: int
    """How many an account may have, subdomains and branded ones together."""
    daily_limits: Mapping[LimitClass, int]


@dataclass(frozen=True, slots=True)
class Plans:
    by_name: Mapping[str, Plan]

    @classmethod
    def from_json(cls, text: str) -> Plans:
        """From `{"free": {"requests_per_second": 5, "burst": 10, "requests_per_day": 5000,
        "domains": 3, "daily_limits": {"url_creation": 50, ...}}, ...}`.

        Raises ValueError, KeyError or TypeError unless every plan has every figure.
        """
        return cls({name: _plan(name, **fields) for name, fields in json.loads(text).items()})

    def get(self, name: str) -> Plan:
        """Raises UnknownPlan."""
        try:
            return self.by_name[name]
        except KeyError:
            raise UnknownPlan(name, list(self.by_name)) from None


def _plan(name: str, daily_limits: dict[str, int], **rates: float) -> Plan:
    if unknown := set(daily_limits) - set(LimitClass):
        raise ValueError(f"plan {name!r} limits {min(unknown)!r}, which is no limit class")
    return Plan(
        name=name,
        requests_per_second=float(rates["requests_per_second"]),
        burst=int(rates["burst"]),
        requests_per_day=int(rates["requests_per_day"]),
        domains=int(rates["domains"]),
        daily_limits={limit_class: int(daily_limits[limit_class]) for limit_class in LimitClass},
    )

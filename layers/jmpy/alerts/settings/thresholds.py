"""What can be set, per account: the thresholds of the rules, which rules are off, and whether
alerts are mailed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Annotated, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


@dataclass(frozen=True, slots=True)
class Tunable:
    """What a threshold is, in words, and the range that an account may choose from. What an
    operator wrote into the table may be outside of it."""

    words: str
    least: float
    most: float
    is_whole: bool = False
    """Whether it is a number without decimals."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """bench/alerts.py measures what the defaults detect and miss."""

    learned_requests: Annotated[
        int,
        Tunable("Requests that a key has to make before anything counts as unusual", 1, 100_000),
    ] = 50
    learned_days: Annotated[
        float, Tunable("Days since a key's first request before anything counts as unusual", 0, 90)
    ] = 3
    roaming_networks: Annotated[
        int, Tunable("New networks in the recent period that make another one normal", 1, 50)
    ] = 3
    many_networks: Annotated[
        int, Tunable("Networks used in the recent period that make a new one normal", 1, 50)
    ] = 8
    roaming_countries: Annotated[
        int, Tunable("New countries in the recent period that make another one normal", 1, 50)
    ] = 2
    many_countries: Annotated[
        int, Tunable("Countries used in the recent period that make a new one normal", 1, 50)
    ] = 5
    roaming_days: Annotated[
        float, Tunable("Length of the recent period for networks and countries, in days", 1, 90)
    ] = 14
    burst_factor: Annotated[
        float, Tunable("Multiple of the key's mean requests in an hour that is a burst", 1.5, 1000)
    ] = 10
    burst_minimum: Annotated[
        int, Tunable("Requests in an hour that a burst has to exceed", 1, 10_000_000)
    ] = 200
    rejected_share: Annotated[
        float,
        Tunable("Share of requests in an hour that are rejected, such as 0.5 for half", 0.01, 1),
    ] = 0.5
    rejected_minimum: Annotated[
        int,
        Tunable("Minimum number of rejected requests in an hour for this rule", 1, 10**6),
    ] = 20
    inactive_days: Annotated[
        float, Tunable("Days without use after which the next use is unusual", 1, 365)
    ] = 90
    changed_links: Annotated[
        int, Tunable("Changes and deletions of links in an hour that trigger an alert", 1, 10**6)
    ] = 50
    off: tuple[str, ...] = ()
    """Rules that are turned off, by name; unknown ones are those of another version."""
    email_enabled: bool = True
    """Whether the owner gets alerts by email, if the operator has set up a sender."""

    def changed(self, changes: Mapping[str, Any]) -> Thresholds:
        """`changes` by the name of the field; None stands for its default."""
        given = {
            name: getattr(DEFAULT, name) if value is None else value
            for name, value in changes.items()
        }
        return replace(self, **given)

    def own(self) -> dict[str, Any]:
        """What differs from the defaults, so that those of later versions apply to the rest."""
        default = asdict(DEFAULT)
        return {name: value for name, value in asdict(self).items() if value != default[name]}

    @property
    def is_tuned(self) -> bool:
        """Whether any rule is not as by default."""
        return any(name in RULE_SETTINGS for name in self.own())

    @property
    def version(self) -> str:
        """The same for the same thresholds: whether a form was about these."""
        values = {
            name: value if name == "off" else float(value) for name, value in asdict(self).items()
        }
        return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


DEFAULT = Thresholds()


def _tunables() -> Mapping[str, Tunable]:
    hints = get_type_hints(Thresholds, include_extras=True)
    return {
        field.name: replace(
            hints[field.name].__metadata__[0], is_whole=hints[field.name].__origin__ is int
        )
        for field in fields(Thresholds)
        if hasattr(hints[field.name], "__metadata__")
    }


TUNABLES = _tunables()
"""By name of the threshold, in their order."""

RULE_SETTINGS = (*TUNABLES, "off")

"""The interface of a provider of lists of unsafe destinations. There is one: `safe_browsing`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from jmpy.links.safety import TakedownReason


class ProviderUnavailable(Exception):
    """There is no verdict: the check has to be repeated. The message quotes neither request nor
    response."""


@dataclass(frozen=True, slots=True)
class Threat:
    reason: TakedownReason
    cached_for: int
    """Seconds for which the verdict is valid."""


class Provider(Protocol):
    id: str
    """Identifies its verdicts; a link is taken down once for each provider."""
    name: str
    """The name that owners and the audit log see."""

    def threats(self, urls: Collection[str]) -> Mapping[str, Threat]:
        """Those of the URLs that it lists as unsafe. At most `MAX_URLS`.

        Raises ProviderUnavailable.
        """


MAX_URLS = 100
"""URLs in one lookup."""

"""What a provider of lists of unsafe destinations has to do. There is one: `safe_browsing`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from jmpy.links.safety import Reason


class ProviderUnavailable(Exception):
    """There is no verdict: the check has to be made again. The message quotes nothing that was
    sent or received."""


@dataclass(frozen=True, slots=True)
class Threat:
    reason: Reason
    cached_for: int
    """Seconds for which the provider stands by it."""


class Provider(Protocol):
    id: str
    """Names its verdicts; a link is held once for each provider."""
    name: str
    """As owners and audit log read it."""

    def threats(self, urls: Collection[str]) -> Mapping[str, Threat]:
        """Those of the URLs that it knows to be unsafe. At most `MAX_URLS`.

        Raises ProviderUnavailable.
        """


MAX_URLS = 100
"""In one look-up."""

"""The settings of the authorizer."""

from __future__ import annotations

from dataclasses import dataclass, field

from jmpy.gateway.viewer import Edge


@dataclass(frozen=True, slots=True)
class AuthorizerSettings:
    preflight_identifier: str
    """Value of the usage plan key by which preflights are throttled."""
    closed_identifier: str
    """Likewise, for requests that no function serves: past a required CDN, or for a host that has
    short links only."""
    allowed_origins: frozenset[str] = frozenset()
    """Whose pages may read responses."""
    edge: Edge = field(default_factory=Edge)

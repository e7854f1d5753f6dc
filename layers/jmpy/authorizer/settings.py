"""The settings of the authorizer, from the environment that template.yaml defines."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from jmpy.gateway import cors
from jmpy.gateway.viewer import Edge


@dataclass(frozen=True, slots=True)
class AuthorizerSettings:
    preflight_identifier: str
    """Value of the usage plan key by which preflights are throttled."""
    closed_identifier: str
    """Likewise, for requests that should have come through the CDN."""
    allowed_origins: frozenset[str] = frozenset()
    """Whose pages may read responses."""
    edge: Edge = field(default_factory=Edge)

    @classmethod
    def from_environment(cls) -> AuthorizerSettings:
        return cls(
            os.environ["PREFLIGHT_IDENTIFIER"],
            os.environ["CLOSED_IDENTIFIER"],
            cors.parse(os.environ.get("ALLOWED_ORIGINS", "")),
            Edge.from_environment(),
        )

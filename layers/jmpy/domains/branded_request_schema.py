"""What the API accepts to claim a branded domain."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, StrictBool

from jmpy.campaigns.request_schema import Name
from jmpy.domains.claims import NewClaim
from jmpy.domains.request_schema import Description
from jmpy.formats.request_body import RequestBody


class ClaimDomain(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"domain": "go.acme.com"},
                {"domain": "go.acme.com", "name": "Acme", "description": "For print"},
            ]
        }
    )

    also_called = dict.fromkeys(("host", "hostname", "branded_domain", "full_domain"), "domain")

    domain: Annotated[str, Field(min_length=3, max_length=255)] = Field(
        description="A host name of your own, in any script: of at most 247 characters in ASCII"
    )
    name: Name = Field(default="", description="For people; the domain if there is none")
    description: Description | None = Field(default=None, description="What it is for")
    is_dedicated: StrictBool = Field(
        default=False,
        description="Accepted and without effect: every branded domain serves short URLs alone",
    )

    def new_claim(self) -> NewClaim:
        return NewClaim(host=self.domain, name=self.name or None, description=self.description)

"""The domain of a short URL in requests and responses: the fields `url_type`, `subdomain` and
`branded_domain`, declared once for all of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from jmpy.domains.choice import UrlType

TypeOfUrl = Annotated[UrlType, Field(description="What kind of domain it is on")]
SubdomainOfUrl = Annotated[
    str | None,
    Field(
        description="The name within the operator's zone, as in `promo` of `promo.go.example.com`; "
        "null on other domains",
        examples=[None],
    ),
]
BrandedDomainOfUrl = Annotated[
    str | None,
    Field(description="The host of a branded domain; null on other domains", examples=[None]),
]

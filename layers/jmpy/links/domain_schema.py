"""The domain of a short URL in requests and responses: the fields `url_type`, `subdomain` and
`branded_domain`, declared once for all of them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field, field_validator

from jmpy.domains.choice import (
    LABEL,
    MAX_HOST,
    DomainChoice,
    UrlType,
    host_name,
    label,
    problem_of_branded_domain,
    problem_of_subdomain,
)
from jmpy.errors import Invalid
from jmpy.formats.request_body import RequestBody
from jmpy.links.errors import UnknownDomain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import ValidationInfo

    from jmpy.gateway.own_names import OwnNames

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

Subdomain = Annotated[
    str,
    AfterValidator(label),
    Field(json_schema_extra={"pattern": f"^{LABEL}$"}),
]
Host = Annotated[
    str,
    AfterValidator(host_name),
    Field(json_schema_extra={"pattern": rf"^{LABEL}(\.{LABEL})*$", "maxLength": MAX_HOST}),
]
"""The rules themselves are in `jmpy.domains.choice`, and explain a rejection in words."""


class WithDomain(RequestBody):
    """Mixed into the body of whatever creates or moves a short URL. `null` is the same as leaving a
    field out: a short URL moves to the default domain with `url_type` `standard`."""

    url_type: UrlType | None = Field(
        default=None,
        description="`standard` for the default domain; not needed with `subdomain` or "
        "`branded_domain`. Without any of the three, a new short URL is on your primary domain, "
        "and an existing one stays on its domain",
    )
    subdomain: Subdomain | None = Field(
        default=None,
        description="One of your subdomains, such as `promo`; with `branded_domain` one of that",
        validate_default=True,
    )
    branded_domain: Host | None = Field(
        default=None, description="The host of one of your branded domains", validate_default=True
    )

    @field_validator("subdomain")
    @classmethod
    def _fits_subdomain(cls, subdomain: str | None, info: ValidationInfo) -> str | None:
        return _fitting(subdomain, problem_of_subdomain(info.data.get("url_type"), subdomain))

    @field_validator("branded_domain")
    @classmethod
    def _fits_branded_domain(cls, host: str | None, info: ValidationInfo) -> str | None:
        return _fitting(host, problem_of_branded_domain(info.data.get("url_type"), host))

    @property
    def choice(self) -> DomainChoice | None:
        """None: the request names no domain."""
        if (self.url_type, self.subdomain, self.branded_domain) == (None, None, None):
            return None
        return DomainChoice(self.subdomain, self.branded_domain)

    def host(self, own: OwnNames) -> str | None:
        """As `DomainChoice.host`; None if the request names no domain."""
        return None if self.choice is None else self.choice.host(own)

    @contextmanager
    def at_its_field(self) -> Iterator[None]:
        """What is wrong with the domain is reported at the field that names it."""
        try:
            yield
        except Invalid as error:
            if self.choice is not None and error.field == UnknownDomain.field:
                error.field = self.choice.field
            raise


def _fitting(value: str | None, problem: str | None) -> str | None:
    if problem is not None:
        raise ValueError(problem)
    return value

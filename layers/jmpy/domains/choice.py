"""The three fields by which the public contract names the domain of a short URL: `url_type`,
`subdomain` and `branded_domain`; their rules, and what they say of a domain."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict

from jmpy.domains.model import DomainKind

if TYPE_CHECKING:
    from jmpy.domains.model import DomainName


class UrlType(StrEnum):
    STANDARD = "standard"
    """On the default domain."""
    SUBDOMAIN = "subdomain"
    BRANDED = "branded"


class DomainFields(TypedDict):
    url_type: UrlType
    subdomain: str | None
    branded_domain: str | None


def domain_fields(domain: DomainName | None) -> DomainFields:
    """As a response has them; None is the default domain. What is returned, sent again, names the
    same domain."""
    is_branded = domain is not None and domain.kind is DomainKind.BRANDED
    return {
        "url_type": url_type(domain),
        "subdomain": None if domain is None else domain.subdomain,
        "branded_domain": domain.host if domain is not None and is_branded else None,
    }


def url_type(domain: DomainName | None) -> UrlType:
    if domain is None:
        return UrlType.STANDARD
    return UrlType.BRANDED if domain.kind is DomainKind.BRANDED else UrlType.SUBDOMAIN


@dataclass(frozen=True, slots=True)
class DomainChoice:
    """What a request says of the domain. Without either, the default domain."""

    subdomain: str | None = None
    """A label: of the operator's zone, or of `branded_domain`."""
    branded_domain: str | None = None

    def host(self, zone: str) -> str:
        """Empty for the default domain. `zone`: the operator's, for subdomains."""
        within = self.branded_domain or zone
        if self.subdomain is None:
            return self.branded_domain or ""
        return f"{self.subdomain}.{within}"

"""The three fields by which the public contract names the domain of a short URL: `url_type`,
`subdomain` and `branded_domain`; their rules, and what they say of a domain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict

from jmpy.domains.model import DomainKind
from jmpy.links.errors import UnknownDomain

if TYPE_CHECKING:
    from jmpy.domains.model import DomainName
    from jmpy.gateway.own_names import OwnNames

MAX_HOST = 255
"""Characters that are read as a host, in whatever spelling."""
LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
"""A part of a host name (RFC 1123 section 2.1, RFC 1035 section 2.3.1)."""
_LABEL = re.compile(LABEL)


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
    """As a response has them; None is the default domain. Sent again, they name the same domain."""
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
    """Which domain a request names. None of the two: the default domain."""

    subdomain: str | None = None
    """A label: of the operator's zone, or of `branded_domain`."""
    branded_domain: str | None = None

    @property
    def field(self) -> str:
        """Which has to change if there is no such domain."""
        return "branded_domain" if self.subdomain is None else "subdomain"

    def host(self, own: OwnNames) -> str:
        """Empty: the default domain, which may also be named by one of the `own` names. Raises
        UnknownDomain for a subdomain of a service without a zone for them."""
        if self.subdomain is None:
            return default_or(self.branded_domain or "", own)
        if not (within := self.branded_domain or own.zone):
            raise UnknownDomain(self.subdomain, "is none: this service has no subdomains")
        return f"{self.subdomain}.{within}"


def default_or(host: str, own: OwnNames) -> str:
    """Empty for one of the names of the default domain, and else the host."""
    return "" if own.are_default(host) else host


def host_name(text: str) -> str:
    """A host in the spelling that domains are stored in: lower case and ASCII, without a dot at the
    end. Raises ValueError."""
    host = text.strip().lower().removesuffix(".")
    if not host.isascii():
        import idna  # noqa: PLC0415 - few requests need it

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            host = ""
    if len(host) > MAX_HOST or not all(map(_LABEL.fullmatch, host.split("."))):
        raise ValueError("Must be a host name alone, such as go.example.com")
    return host


def label(text: str) -> str:
    """A subdomain in the spelling that it is stored in. Raises ValueError."""
    name = text.strip().lower()
    if not _LABEL.fullmatch(name):
        raise ValueError("Must be the name of a subdomain alone, such as promo")
    return name


def problem_of_subdomain(url_type: UrlType | None, subdomain: str | None) -> str | None:
    """What contradicts `url_type` in the field `subdomain`; None if nothing does."""
    if url_type is UrlType.SUBDOMAIN and subdomain is None:
        return "A short URL of url_type subdomain needs one"
    if url_type is UrlType.STANDARD and subdomain is not None:
        return "A short URL of url_type standard is on no subdomain; leave it out"
    return None


def problem_of_branded_domain(url_type: UrlType | None, branded_domain: str | None) -> str | None:
    """What contradicts `url_type` in the field `branded_domain`; None if nothing does."""
    if url_type is UrlType.BRANDED and branded_domain is None:
        return "A short URL of url_type branded needs one"
    if url_type in (UrlType.STANDARD, UrlType.SUBDOMAIN) and branded_domain is not None:
        return f"A short URL of url_type {url_type} is on no branded domain; leave it out"
    return None

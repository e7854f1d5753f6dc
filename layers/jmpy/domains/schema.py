"""Domains as the API describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from jmpy.domains.model import DomainState, WellKnownFile
from jmpy.domains.service import SubdomainState
from jmpy.formats.envelope import Success
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso

if TYPE_CHECKING:
    from jmpy.domains.listing import Page, Request
    from jmpy.domains.model import Described


def _url(description: str) -> Any:
    return Field(description=f"{description}; null for none", examples=[None])


class DomainFields(BaseModel):
    """What domains of both kinds have."""

    name: str = Field(description="For people", examples=["Promotions"])
    description: str | None = Field(examples=["Posters and flyers"])
    state: DomainState = Field(
        description="Short URLs on it work while it is `active` or `failing`",
        examples=["active"],
    )
    is_verified: bool = Field(
        description="Whether the ownership is proven; always, of a subdomain", examples=[True]
    )
    is_primary: bool = Field(
        description="Whether new short URLs are created on it unless their request says otherwise"
    )
    root_url: str | None = _url("Where a request without a code is redirected to")
    not_found_url: str | None = _url("Where a request to an unknown code is redirected to")
    expired_url: str | None = _url("Where a request to an expired short URL is redirected to")
    url_count: int = Field(
        description="Short URLs on it. While it is being deleted: those that remain to be removed",
        examples=[12],
    )
    qr_code_count: int = Field(
        description="QR codes that contain an address on it, also of short URLs that have moved",
        examples=[3],
    )
    created_at: Timestamp
    updated_at: Timestamp

    @staticmethod
    def values(described: Described) -> dict[str, Any]:
        domain = described.domain
        return {
            "name": domain.name,
            "description": domain.description,
            "state": domain.state,
            "is_verified": domain.verified_at is not None,
            "is_primary": domain.is_primary,
            "root_url": domain.root_url,
            "not_found_url": domain.not_found_url,
            "expired_url": domain.expired_url,
            "url_count": described.numbers.links,
            "qr_code_count": described.numbers.qr_codes,
            "created_at": iso(domain.created_at),
            "updated_at": iso(domain.updated_at),
        }


class SubdomainBody(DomainFields):
    id: str = Field(examples=["019b7a2c-1d2e-7f30-8a9b-0c1d2e3f4a5b"])
    subdomain: str = Field(examples=["promo"])
    full_domain: str = Field(examples=["promo.go.example.com"])

    @classmethod
    def from_described(cls, described: Described) -> SubdomainBody:
        domain = described.domain
        return cls(
            id=domain.id,
            subdomain=domain.named.subdomain or "",
            full_domain=domain.host,
            **DomainFields.values(described),
        )


class FileBody(BaseModel):
    name: WellKnownFile = Field(examples=["apple-app-site-association"])
    url: str = Field(
        description="Where it is served",
        examples=["https://promo.go.example.com/.well-known/apple-app-site-association"],
    )
    content: dict[str, Any] | list[Any] = Field(
        description="A JSON object or array", examples=[{"applinks": {"details": []}}]
    )


class DomainMeta(BaseModel):
    page: int
    limit: int = Field(examples=[20])
    total: int = Field(description="Number of such domains of the account")
    total_pages: int

    @classmethod
    def from_page(cls, found: Page, request: Request) -> DomainMeta:
        return cls(
            page=request.page,
            limit=request.limit,
            total=found.total,
            total_pages=-(-found.total // request.limit),
        )


class SubdomainList(Success[list[SubdomainBody]]):
    meta: DomainMeta

    @classmethod
    def from_page(cls, found: Page, described: list[Described], request: Request) -> SubdomainList:
        """`described`: the domains of the page."""
        return cls(
            data=[SubdomainBody.from_described(one) for one in described],
            meta=DomainMeta.from_page(found, request),
        )


class SubdomainAvailability(BaseModel):
    subdomain: str = Field(examples=["promo"])
    available: bool
    message: str = Field(
        description="For people; the wording may change", examples=["The subdomain is available"]
    )

    @classmethod
    def from_state(cls, state: SubdomainState, subdomain: str) -> SubdomainAvailability:
        return cls(
            subdomain=subdomain.lower(),
            available=state is SubdomainState.AVAILABLE,
            message=_MESSAGES[state],
        )

    @classmethod
    def invalid(cls, subdomain: str, reason: str) -> SubdomainAvailability:
        return cls(subdomain=subdomain, available=False, message=reason)


_MESSAGES = {
    SubdomainState.AVAILABLE: "The subdomain is available",
    SubdomainState.TAKEN: "The subdomain is already in use",
    SubdomainState.YOURS: "The subdomain is yours already",
    SubdomainState.HELD: "The subdomain was in use until recently and is held for the account that "
    "used it",
}

"""Branded domains as the API describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from jmpy.domains.claims import CLAIMED
from jmpy.domains.model import DomainState
from jmpy.domains.schema import DomainFields, DomainMeta
from jmpy.formats.envelope import Success
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso
from jmpy.links import homographs

if TYPE_CHECKING:
    from jmpy.domains.listing import Page, Request
    from jmpy.domains.model import Described, Domain
    from jmpy.domains.verification import Verification


class DomainVerification(BaseModel):
    """The DNS records that prove the ownership, which have to stay, and what the last check saw."""

    cname_name: str = Field(
        description="Name of the CNAME record. An apex, which can have none, has the same "
        "addresses instead, such as by an ALIAS record",
        examples=["go.acme.com"],
    )
    cname_target: str = Field(
        description="Its value: this claim's own",
        examples=["019b7a2c-1d2e-7f30-8a9b-0c1d2e3f4a5b.cname.example.net"],
    )
    txt_name: str = Field(
        description="Name of the TXT record, beside which there may be others",
        examples=["_jmpy.go.acme.com"],
    )
    txt_value: str = Field(
        description="Its value: this claim's own",
        examples=["jmpy-verify=6f1c2a9b0d3e4f5061728394a5b6c7d8"],
    )
    problem: str | None = Field(
        description="What the last check missed, for people; null if nothing, or before the first",
        examples=["go.acme.com does not lead to 019b7a2c-….cname.example.net."],
    )
    checked_at: Timestamp | None = Field(description="The last check; null before the first")
    expires_at: Timestamp | None = Field(
        description="When the claim is deleted unless it is verified; null once it was"
    )

    @classmethod
    def from_domain(cls, domain: Domain, verification: Verification) -> DomainVerification:
        records = verification.records(domain)
        is_claim = domain.state is DomainState.PENDING
        return cls(
            cname_name=records.host,
            cname_target=records.target,
            txt_name=records.txt_name,
            txt_value=records.txt_value,
            problem=domain.reason,
            checked_at=None if domain.checked_at is None else iso(domain.checked_at),
            expires_at=iso(domain.created_at + CLAIMED) if is_claim else None,
        )


class BrandedDomainBody(DomainFields):
    id: str = Field(examples=["019b7a2c-1d2e-7f30-8a9b-0c1d2e3f4a5b"])
    domain: str = Field(
        description="In lower case and ASCII, as in `branded_domain` of short URLs",
        examples=["go.acme.com"],
    )
    domain_unicode: str = Field(
        description="In its own script; the same if it is ASCII", examples=["go.acme.com"]
    )
    verification: DomainVerification

    @classmethod
    def from_described(cls, described: Described, verification: Verification) -> BrandedDomainBody:
        domain = described.domain
        return cls(
            id=domain.id,
            domain=domain.host,
            domain_unicode=homographs.shown(domain.host),
            verification=DomainVerification.from_domain(domain, verification),
            **DomainFields.values(described),
        )


class BrandedDomainList(Success[list[BrandedDomainBody]]):
    meta: DomainMeta

    @classmethod
    def from_page(
        cls,
        found: Page,
        described: list[Described],
        request: Request,
        verification: Verification,
    ) -> BrandedDomainList:
        """`described`: the domains of the page."""
        return cls(
            data=[BrandedDomainBody.from_described(one, verification) for one in described],
            meta=DomainMeta.from_page(found, request),
        )

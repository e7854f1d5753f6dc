"""Aliases as the API describes them: which are available, and which are held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from jmpy.domains.choice import domain_fields
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso
from jmpy.links.domain_schema import BrandedDomainOfUrl, SubdomainOfUrl, TypeOfUrl
from jmpy.links.model import AliasState

if TYPE_CHECKING:
    from jmpy.domains.model import DomainName
    from jmpy.links.held_store import HeldCode
    from jmpy.links.model import Availability


class AliasAvailability(BaseModel):
    available: bool
    alias: str = Field(examples=["autumn-sale"])
    url_type: TypeOfUrl
    subdomain: SubdomainOfUrl
    branded_domain: BrandedDomainOfUrl
    full_url: str = Field(
        description="The short URL with this alias", examples=["https://go.example.com/autumn-sale"]
    )
    state: Literal["available", "taken", "held", "invalid"] = Field(
        description="`held`: its link was deleted or moved, and it is held for another account",
        examples=["taken"],
    )
    held_until: Timestamp | None = Field(
        description="Set if it is held for your account, which may use it again", examples=[None]
    )
    message: str = Field(
        description="For people; the wording may change", examples=["The alias is already in use"]
    )

    @classmethod
    def from_availability(
        cls, found: Availability, alias: str, full_url: str, domain: DomainName | None = None
    ) -> AliasAvailability:
        message = _ALIAS_MESSAGES[found.state]
        if found.held_until is not None:
            message += "; it is held for your account, whose link had it"
        return cls(
            available=found.state is AliasState.AVAILABLE,
            alias=alias,
            **domain_fields(domain),
            full_url=full_url,
            state=found.state.value,
            held_until=None if found.held_until is None else iso(found.held_until),
            message=message,
        )

    @classmethod
    def invalid(
        cls, alias: str, full_url: str, domain: DomainName | None, reason: str
    ) -> AliasAvailability:
        return cls(
            available=False,
            alias=alias,
            **domain_fields(domain),
            full_url=full_url,
            state="invalid",
            held_until=None,
            message=reason,
        )


_ALIAS_MESSAGES = {
    AliasState.AVAILABLE: "The alias is available",
    AliasState.TAKEN: "The alias is already in use",
    AliasState.HELD: "The alias was in use until recently and is held for the account that used it",
}


class HeldAlias(BaseModel):
    alias: str = Field(examples=["autumn-sale"])
    domain: str | None = Field(
        description="The host that it is held on; null for the default domain", examples=[None]
    )
    link_id: str = Field(
        description="Id of the short URL that had it",
        examples=["019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b"],
    )
    held_until: Timestamp = Field(
        description="When other accounts can use it", examples=["2030-03-01T09:30:00Z"]
    )

    @classmethod
    def from_code(cls, held: HeldCode) -> HeldAlias:
        return cls(
            alias=held.code,
            domain=held.host or None,
            link_id=held.link_id,
            held_until=iso(held.held_until),
        )


class HeldAliasPage(BaseModel):
    aliases: list[HeldAlias]
    next_cursor: str | None = Field(
        description="For the next page; null on the last one", examples=[None]
    )

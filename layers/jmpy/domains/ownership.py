"""What proves that a host is an account's: a TXT record with the token of its claim, and a target.

The TXT record is always needed. A CNAME record alone is what a forgotten name has, whose target
somebody else could register. Since each claim has a target of its own, a forgotten CNAME does not
lead to the claim of anybody else either.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from jmpy.domains.dns import Finding, LookupFailed, RecordType

if TYPE_CHECKING:
    from jmpy.domains.dns import Resolver, Resolvers


@dataclass(frozen=True, slots=True)
class ProofRecords:
    """The DNS records that prove a claim."""

    host: str
    target: str
    """Of the host's CNAME record. An apex, which can have none, has the same addresses instead."""
    txt_name: str
    txt_value: str

    @classmethod
    def of_claim(cls, host: str, domain_id: str, token: str, zone: str) -> ProofRecords:
        """`zone` is that of the targets: all names in it lead to this deployment."""
        return cls(host, f"{domain_id}.{zone}", f"_jmpy.{host}", txt_value(token))


def txt_value(token: str) -> str:
    return f"jmpy-verify={token}"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the resolvers say of a claim's records."""

    txt: Finding
    target: Finding
    holder_txt: Finding = Finding.MISSING
    """The TXT record of the account that has the host now; MISSING if none has it."""

    @property
    def is_complete(self) -> bool:
        return self.txt is Finding.FOUND and self.target is Finding.FOUND

    @property
    def is_missing(self) -> bool:
        """Whether a record is certainly not there; not while the resolvers differ, or fail."""
        return Finding.MISSING in (self.txt, self.target)

    def problem(self, records: ProofRecords) -> str | None:
        """What is not there, as sentences for the domain's owner."""
        sentences = [*_about_txt(self.txt, records), *_about_target(self.target, records)]
        return " ".join(sentences) or None


def examine(resolvers: Resolvers, records: ProofRecords, holder_token: str | None = None) -> Proof:
    """`holder_token`: of the account that has the host now, if that is another."""
    values = [records.txt_value]
    if holder_token is not None:
        values.append(txt_value(holder_token))
    txt, *holder, target = resolvers.agree(partial(_has, records, values))
    return Proof(txt, target, *holder)


def _has(records: ProofRecords, values: list[str], resolver: Resolver) -> list[bool | None]:
    return [*_texts(records, values, resolver), _leads_there(records, resolver)]


def _texts(records: ProofRecords, values: list[str], resolver: Resolver) -> list[bool | None]:
    try:
        texts = resolver.look_up(records.txt_name, RecordType.TXT).texts
    except LookupFailed:
        return [None] * len(values)
    return [value in texts for value in values]


def _leads_there(records: ProofRecords, resolver: Resolver) -> bool | None:
    """By a CNAME record, or to an address that the target has as well: at an apex, name servers
    replace the name by its addresses (ALIAS, "CNAME flattening")."""
    try:
        for kind in (RecordType.A, RecordType.AAAA):
            here = resolver.look_up(records.host, kind)
            if records.target in here.names:
                return True
            if here.addresses:
                there = resolver.look_up(records.target, kind)
                return not here.addresses.isdisjoint(there.addresses)
    except LookupFailed:
        return None
    return False


def _about_txt(found: Finding, records: ProofRecords) -> list[str]:
    match found:
        case Finding.FOUND:
            return []
        case Finding.MISSING:
            return [f"There is no TXT record {records.txt_name} with {records.txt_value}."]
        case Finding.UNKNOWN:
            return [f"The TXT record {records.txt_name} is not visible everywhere yet."]


def _about_target(found: Finding, records: ProofRecords) -> list[str]:
    match found:
        case Finding.FOUND:
            return []
        case Finding.MISSING:
            return [f"{records.host} does not lead to {records.target}."]
        case Finding.UNKNOWN:
            return [f"Where {records.host} leads is not visible everywhere yet."]

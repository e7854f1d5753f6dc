"""A `Domain` as DynamoDB items and back, in the table of the links.

- `account#<account>` / `domain#<uuid>`: the record. Its sort key is ordered by time, so a page of
  an account's domains, newest first, is one consistent query. Branded domains are also found by
  the index of destinations, over all accounts, under when they are checked (`check_partition`).
- `account#<account>` / `domain-host#<host>`: which of the account's domains has the host, and the
  proof that only one has it.
- `domain#<host>` / `domain`: the `HostRecord`, over all accounts.
- `domain#<host>` / `file#<name>`: a well-known file that the host serves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.aws.codec import NUMBER, TEXT, Codec, choice
from jmpy.domains.model import Domain, DomainKind, DomainName, DomainState, HostRecord

if TYPE_CHECKING:
    from jmpy.aws.codec import Item
    from jmpy.domains.model import WellKnownFile

_KINDS = {"kind": choice(DomainKind), "state": choice(DomainState)}
DOMAIN = Codec(Domain, apart=("account_id", "id"), kinds=_KINDS)
HOST = Codec(HostRecord, kinds=_KINDS)
HOST_FIELDS = frozenset({"state", "root_url", "not_found_url", "expired_url"})
"""Fields of a domain that may change and its `HostRecord` has too."""
NAME = Codec(DomainName, kinds={"kind": choice(DomainKind)})


def domain_key(account_id: str, domain_id: str) -> Item:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": f"domain#{domain_id}"}}


def account_host_key(account_id: str, host: str) -> Item:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": f"domain-host#{host}"}}


def host_key(host: str) -> Item:
    return {"pk": {"S": f"domain#{host}"}, "sk": {"S": "domain"}}


def file_key(host: str, name: WellKnownFile) -> Item:
    return {"pk": {"S": f"domain#{host}"}, "sk": {"S": f"file#{name}"}}


VERIFYING_PARTITION = "domains#verifying"
"""Of the branded domains whose certificate is being issued, which are checked every few minutes."""


def hour_partition(hour: int) -> str:
    """Of all other branded domains that are checked in that hour of the day, 0 to 23, UTC."""
    return f"domains#{hour}"


def check_hour(domain_id: str) -> int:
    """By the random end of a UUID, so that each hour has about as many."""
    return int(domain_id[-8:], 16) % 24


def check_partition(domain_id: str, state: DomainState) -> Item:
    """Of a branded domain in that state, in the index of destinations."""
    if state is DomainState.VERIFYING:
        return TEXT.encode(VERIFYING_PARTITION)
    return TEXT.encode(hour_partition(check_hour(domain_id)))


def to_item(domain: Domain) -> Item:
    item = domain_key(domain.account_id, domain.id) | DOMAIN.encode(domain)
    if domain.kind is DomainKind.BRANDED:
        item["destination"] = check_partition(domain.id, domain.state)
    return item


def to_account_host_item(domain: Domain) -> Item:
    key = account_host_key(domain.account_id, domain.host)
    return key | {"domain_id": TEXT.encode(domain.id)}


def to_host_item(domain: Domain) -> Item:
    record = HostRecord(
        domain_id=domain.id,
        account_id=domain.account_id,
        kind=domain.kind,
        state=domain.state,
        root_url=domain.root_url,
        not_found_url=domain.not_found_url,
        expired_url=domain.expired_url,
    )
    return host_key(domain.host) | HOST.encode(record)


def to_held_host_item(domain: Domain, held_until: int) -> Item:
    """Of a subdomain that is deleted: it leads nowhere, and only its account may have it again."""
    left = HostRecord(
        domain_id=domain.id,
        account_id=domain.account_id,
        kind=domain.kind,
        state=DomainState.DELETING,
        held_until=held_until,
    )
    expiry = {"expires_ttl": NUMBER.encode(held_until)}
    return host_key(domain.host) | HOST.encode(left) | expiry


def to_file_item(domain: DomainName, name: WellKnownFile, content: str) -> Item:
    """`content`: JSON text."""
    attributes = {"content": TEXT.encode(content), "domain_id": TEXT.encode(domain.id)}
    return file_key(domain.host, name) | attributes


def to_file_content(item: Item | None, domain_id: str) -> str | None:
    """None without a file of the domain: a former owner of the host may have left one."""
    if item is None or item["domain_id"]["S"] != domain_id:
        return None
    return str(TEXT.decode(item["content"]))


def from_item(item: Item) -> Domain:
    return DOMAIN.decode(
        item,
        account_id=item["pk"]["S"].removeprefix("account#"),
        id=item["sk"]["S"].removeprefix("domain#"),
    )


def to_host_record(item: Item) -> HostRecord:
    return HOST.decode(item)

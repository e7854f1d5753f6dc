"""A `Link` as two DynamoDB items and back.

- `account#<account>` / `link#<uuid>`: the record. Its sort key is ordered by time, so a page of
  an account's links, newest first, is one consistent query.
- `account#<account>` / `qr#<uuid>`: a QR code (`jmpy.qr`).
- `code#<code>` / `code`, or `code#<host>/<code>` on other domains than the default one (decision
  0062): what a redirect reads, and the proof that a code has one owner. A link
  with a QR code has a second one, which scans lead through. When its
  link is deleted or moved, a tombstone takes its place: a code that was printed somewhere must not
  lead to a stranger the next day. It holds the code for its account for a while, and, of a link
  that was taken down, from everybody, indefinitely.
- `blocklist` / `hosts`: where no link may lead (`blocklist_store`).
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from jmpy.aws.codec import NUMBER, TEXT, Codec, choice, many, texts
from jmpy.domains.item import NAME
from jmpy.links.model import Link, Target
from jmpy.links.safety import Cause, Takedown, TakedownReason

if TYPE_CHECKING:
    from jmpy.aws.codec import Item
    from jmpy.domains.model import DomainName

_TAKEDOWN = Codec(Takedown, kinds={"cause": choice(Cause), "reason": choice(TakedownReason)})
LINK = Codec(
    Link,
    apart=("account_id", "id"),
    kinds={
        "tags": many(TEXT),
        "takedowns": many(_TAKEDOWN.nested),
        "utm": texts(),
        "domain": NAME.nested,
        "qr_domain": NAME.nested,
    },
)
TARGET = Codec(Target)


def link_key(account_id: str, link_id: str) -> Item:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": f"link#{link_id}"}}


def qr_key(account_id: str, qr_id: str) -> Item:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": f"qr#{qr_id}"}}


def code_key(address: str) -> Item:
    """`address`: of the code, as `codes.address` returns it."""
    return {"pk": {"S": f"code#{address}"}, "sk": {"S": "code"}}


def blocklist_key() -> Item:
    return {"pk": {"S": "blocklist"}, "sk": {"S": "hosts"}}


def to_hosts(item: Item | None) -> frozenset[str]:
    """The entries of the blocklist; none while there is none."""
    return frozenset(item["hosts"]["S"].split("\n") if item and item["hosts"]["S"] else ())


def destination_key(account_id: str, url: str) -> Item:
    """Partition key of the index that finds an account's links by their destination."""
    return {"S": f"{account_id}#{sha256(url.encode()).hexdigest()}"}


def to_link_item(link: Link) -> Item:
    return {
        **link_key(link.account_id, link.id),
        "destination": destination_key(link.account_id, link.url),
        **LINK.encode(link),
    }


def to_code_items(link: Link) -> dict[str, Item]:
    """One for each of its codes, by address."""
    target = Target(
        link_id=link.id,
        account_id=link.account_id,
        url=link.url,
        expires_at=link.expires_at,
        is_dynamic=link.is_dynamic,
        forward_query=link.forward_query,
        disabled=link.disabled,
        password_hash=link.password_hash,
        tracking_enabled=link.tracking_enabled,
        taken_down=link.taken_down,
        campaign_id=link.campaign_id,
        domain_id=_id(link.domain),
    )
    targets = {link.address: target}
    if link.qr_address is not None:
        targets[link.qr_address] = replace(target, qr_id=link.qr_id, domain_id=_id(link.qr_domain))
    return {
        address: code_key(address) | TARGET.encode(target) for address, target in targets.items()
    }


def to_tombstone_item(link: Link, address: str, held_until: int) -> Item:
    """It leads nowhere, so that no link can be taken for the same one."""
    left = Target(
        link.id,
        link.account_id,
        url="",
        taken_down=link.taken_down,
        domain_id=_id(link.domain_of(address)),
    )
    if link.taken_down:
        return code_key(address) | TARGET.encode(left)
    return {
        **code_key(address),
        **held_key(link.account_id),
        **TARGET.encode(replace(left, held_until=held_until)),
        "expires_ttl": NUMBER.encode(held_until),
    }


def held_key(account_id: str) -> Item:
    """Of the index of destinations, which also finds the codes that are held for an account."""
    return {"destination": {"S": f"{account_id}#held"}}


def to_link(item: Item) -> Link:
    return LINK.decode(
        item,
        account_id=item["pk"]["S"].removeprefix("account#"),
        id=item["sk"]["S"].removeprefix("link#"),
    )


def to_target(item: Item) -> Target:
    return TARGET.decode(item)


def _id(domain: DomainName | None) -> str | None:
    return None if domain is None else domain.id

"""A `Link` as two DynamoDB items and back.

- `account#<account>` / `link#<uuid>`: the record. Its sort key is ordered by time, so a page of
  an account's links, newest first, is one consistent query.
- `code#<code>` / `code`: what a redirect reads, and the proof that a code has one owner. When its
  link is deleted or moved, a tombstone takes its place: a code that was printed somewhere must not
  lead to a stranger the next day. It holds the code for its account for a while, and, of a link
  that was taken down, from everybody and for good.
- `blocklist` / `hosts`: where no link may lead (`blocklist_store`).
"""

from __future__ import annotations

from dataclasses import asdict, fields
from hashlib import sha256
from typing import Any

from jmpy.links.model import Link, Target
from jmpy.links.safety import Cause, Reason, Takedown

Item = dict[str, Any]

_LINK_KEYS = ("account_id", "id")
_LINK_ATTRIBUTES = tuple(field.name for field in fields(Link) if field.name not in _LINK_KEYS)
_TARGET_ATTRIBUTES = tuple(field.name for field in fields(Target))


def link_key(account_id: str, link_id: str) -> Item:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": f"link#{link_id}"}}


def code_key(code: str) -> Item:
    return {"pk": {"S": f"code#{code}"}, "sk": {"S": "code"}}


def counter_key(account_id: str, shard: int) -> Item:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": f"count#{shard}"}}


def blocklist_key() -> Item:
    return {"pk": {"S": "blocklist"}, "sk": {"S": "hosts"}}


def to_hosts(item: Item | None) -> frozenset[str]:
    """The entries of the blocklist; none while there is none."""
    return frozenset(item["hosts"]["S"].split("\n") if item and item["hosts"]["S"] else ())


def destination_key(account_id: str, url: str) -> Item:
    """Partition key of the index that finds an account's links by their destination."""
    return {"S": f"{account_id}#{sha256(url.encode()).hexdigest()}"}


def attribute(value: Any) -> Item:
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, tuple):
        return {"L": [attribute(part) for part in value]}
    if isinstance(value, Takedown):
        return {"M": {name: attribute(part) for name, part in asdict(value).items()}}
    return {"S": value}


def to_link_item(link: Link) -> Item:
    values = {name: getattr(link, name) for name in _LINK_ATTRIBUTES}
    values["takedowns"] = link.takedowns or None
    destination = {"destination": destination_key(link.account_id, link.url)}
    return link_key(link.account_id, link.id) | destination | _present(values)


def to_code_item(link: Link) -> Item:
    target = {name: getattr(link, name, None) for name in _TARGET_ATTRIBUTES}
    target |= {"link_id": link.id, "taken_down": link.taken_down or None}
    return code_key(link.short_code) | _present(target)


def to_tombstone_item(link: Link, held_until: int) -> Item:
    """It leads nowhere, so that no link can be taken for the same one."""
    left: dict[str, Any] = {"link_id": link.id, "account_id": link.account_id, "url": ""}
    if link.taken_down:
        return code_key(link.short_code) | _present({**left, "taken_down": True})
    left |= {"held_until": held_until, "expires_ttl": held_until}
    return code_key(link.short_code) | held_key(link.account_id) | _present(left)


def held_key(account_id: str) -> Item:
    """Of the index of destinations, which also finds the codes that are held for an account."""
    return {"destination": {"S": f"{account_id}#held"}}


def to_link(item: Item) -> Link:
    return Link(
        account_id=item["pk"]["S"].removeprefix("account#"),
        id=item["sk"]["S"].removeprefix("link#"),
        **_values(item, _LINK_ATTRIBUTES),
    )


def to_target(item: Item) -> Target:
    return Target(**_values(item, _TARGET_ATTRIBUTES))


def _present(values: dict[str, Any]) -> Item:
    return {name: attribute(value) for name, value in values.items() if value is not None}


def _values(item: Item, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _value(item[name]) for name in names if name in item}


def _value(attribute_value: Item) -> Any:
    ((kind, value),) = attribute_value.items()
    if kind == "N":
        return int(value)
    if kind == "M":
        return _takedown({name: _value(part) for name, part in value.items()})
    return tuple(_value(part) for part in value) if kind == "L" else value


def _takedown(values: dict[str, Any]) -> Takedown:
    return Takedown(
        **{**values, "cause": Cause(values["cause"]), "reason": Reason(values["reason"])}
    )

"""A `Link` as two DynamoDB items and back.

- `account#<account>` / `link#<uuid>`: the record. Its sort key is ordered by time, so a page of
  an account's links, newest first, is one consistent query.
- `code#<code>` / `code`: what a redirect reads, and the proof that a code has one owner.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from jmpy.links.model import Link, Target

Item = dict[str, Any]

_KEYS = ("account_id", "id")
_ATTRIBUTES = tuple(field.name for field in fields(Link) if field.name not in _KEYS)


def link_key(account_id: str, link_id: str) -> Item:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": f"link#{link_id}"}}


def code_key(code: str) -> Item:
    return {"pk": {"S": f"code#{code}"}, "sk": {"S": "code"}}


def attribute(value: str | int | bool) -> Item:
    if isinstance(value, bool):
        return {"BOOL": value}
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def to_link_item(link: Link) -> Item:
    values = {name: getattr(link, name) for name in _ATTRIBUTES}
    return link_key(link.account_id, link.id) | _present(values)


def to_code_item(link: Link) -> Item:
    target = {
        "account_id": link.account_id,
        "link_id": link.id,
        "url": link.url,
        "expires_at": link.expires_at,
    }
    return code_key(link.short_code) | _present(target)


def to_link(item: Item) -> Link:
    values = {name: _value(item[name]) for name in _ATTRIBUTES if name in item}
    return Link(
        account_id=item["pk"]["S"].removeprefix("account#"),
        id=item["sk"]["S"].removeprefix("link#"),
        **values,
    )


def to_target(item: Item) -> Target:
    expires_at = item.get("expires_at")
    return Target(
        link_id=item["link_id"]["S"],
        account_id=item["account_id"]["S"],
        url=item["url"]["S"],
        expires_at=int(expires_at["N"]) if expires_at else None,
    )


def _present(values: dict[str, Any]) -> Item:
    return {name: attribute(value) for name, value in values.items() if value is not None}


def _value(attribute_value: Item) -> Any:
    ((kind, value),) = attribute_value.items()
    return int(value) if kind == "N" else value

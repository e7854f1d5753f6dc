"""How many domains an account has, and which is primary: an item that every transaction which adds
or deletes one, or makes one primary, writes. Domains are few, so one item is enough.

- `account#<account>` / `domains`: the numbers by kind, `total`, and the id of the primary domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jmpy.aws.codec import Codec
from jmpy.domains.model import DomainKind

if TYPE_CHECKING:
    from jmpy.aws.codec import Item


@dataclass(frozen=True, slots=True)
class Holdings:
    total: int = 0
    subdomain: int = 0
    branded: int = 0
    primary_id: str | None = None

    def number(self, kind: DomainKind | None = None) -> int:
        """Of the account's domains, of the kind if there is one."""
        if kind is None:
            return self.total
        return self.subdomain if kind is DomainKind.SUBDOMAIN else self.branded

    @staticmethod
    def key(account_id: str) -> Item:
        return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": "domains"}}

    @classmethod
    def from_item(cls, item: Item | None) -> Holdings:
        """None: of an account that never had a domain."""
        return _CODEC.decode(item or {})


_CODEC = Codec(Holdings)

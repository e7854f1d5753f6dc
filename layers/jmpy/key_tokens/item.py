"""A `KeyToken` as a DynamoDB item and back, in the partition of its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.access.permission import Permission
from jmpy.aws.codec import Codec, choices
from jmpy.key_tokens.model import KeyToken
from jmpy.keys.item import primary_key

if TYPE_CHECKING:
    from jmpy.aws.codec import Item

SORT_KEY = "token#"
"""What the sort keys of tokens start with."""

_TOKEN = Codec(
    KeyToken,
    apart=("key_digest", "slot"),
    rename={"id": "token_id", "expires_at": "expires_ttl"},
    kinds={"permissions": choices(Permission)},
)


def slot_key(key_digest: str, slot: int) -> Item:
    return {"pk": primary_key(key_digest)["pk"], "sk": {"S": f"{SORT_KEY}{slot:02d}"}}


def to_item(token: KeyToken) -> Item:
    return slot_key(token.key_digest, token.slot) | _TOKEN.encode(token)


def is_token(item: Item) -> bool:
    return bool(item["sk"]["S"].startswith(SORT_KEY))


def from_item(item: Item) -> KeyToken:
    """Raises KeyError or ValueError on an item that `to_item` did not write: fail closed."""
    return _TOKEN.decode(
        item,
        key_digest=item["pk"]["S"].removeprefix("key#"),
        slot=int(item["sk"]["S"].removeprefix(SORT_KEY)),
    )

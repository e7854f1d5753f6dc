"""An `ApiKey` as DynamoDB items and back.

The key itself has the partition key `key#` + digest: the digest of a presented key is all that a
look-up needs. A second item beside the account's says which digests are the account's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jmpy.access.permission import Permission
from jmpy.accounts.item import SUBSCRIPTION, account_key
from jmpy.aws.codec import NUMBER, TEXT, Codec, choice, choices, many, mapping, texts
from jmpy.keys.model import ApiKey, Environment, KeyStatus
from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from jmpy.aws.codec import Item

EXPIRY_DAY = "expiry_day"
"""The attribute that an index finds keys by, which follows from those of the record."""

_KEY = Codec(
    ApiKey,
    apart=("digest",),
    rename={"id": "key_id"},
    kinds={
        "permissions": choices(Permission),
        "subscription": SUBSCRIPTION,
        "environment": choice(Environment),
        "labels": many(TEXT),
        "allowed_ips": many(TEXT),
        "limits": mapping(LimitClass, NUMBER),
        "created_by": texts(),
        "status": choice(KeyStatus),
    },
)


def primary_key(digest: str) -> Item:
    return {"pk": {"S": f"key#{digest}"}, "sk": {"S": "key"}}


def reference_key(account_id: str, key_id: str) -> Item:
    return {"pk": account_key(account_id)["pk"], "sk": {"S": f"key#{key_id}"}}


def to_reference_item(key: ApiKey) -> Item:
    return reference_key(key.account_id, key.id) | {"digest": {"S": key.digest}}


def to_item(key: ApiKey) -> Item:
    item = primary_key(key.digest) | _KEY.encode(key)
    if key.expires_at is not None and key.status is KeyStatus.ACTIVE:
        item[EXPIRY_DAY] = {"S": expiry_day(key.expires_at)}
    return item


def expiry_day(expires_at: int) -> str:
    """The partition of the index by expiry, which only working keys with an expiry are in."""
    return datetime.fromtimestamp(expires_at, UTC).date().isoformat()


def from_item(item: Item) -> ApiKey:
    """Raises KeyError or ValueError on an item that `to_item` did not write: fail closed."""
    return _KEY.decode(item, digest=item["pk"]["S"].removeprefix("key#"))

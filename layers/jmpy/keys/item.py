"""An `ApiKey` as DynamoDB items and back.

The key itself has the partition key `key#` + digest: the digest of a presented key is all that a
look-up needs. A second item beside the account's says which digests are the account's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jmpy.access.permission import Permission
from jmpy.accounts.item import account_key, from_map, to_map
from jmpy.keys.model import ApiKey, Environment, KeyStatus

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_TEXT = (
    "account_id",
    "name",
    "display_prefix",
    "last_four",
    "replaced_by",
)
_TIMES = ("created_at", "expires_at", "revoked_at")


def primary_key(digest: str) -> dict[str, AttributeValueTypeDef]:
    return {"pk": {"S": f"key#{digest}"}, "sk": {"S": "key"}}


def reference_key(account_id: str, key_id: str) -> dict[str, AttributeValueTypeDef]:
    return {"pk": account_key(account_id)["pk"], "sk": {"S": f"key#{key_id}"}}


def to_reference_item(key: ApiKey) -> dict[str, AttributeValueTypeDef]:
    return reference_key(key.account_id, key.id) | {"digest": {"S": key.digest}}


def to_item(key: ApiKey) -> dict[str, AttributeValueTypeDef]:
    item: dict[str, Any] = {
        **primary_key(key.digest),
        "subscription": to_map(key.subscription),
        "key_id": {"S": key.id},
        "status": {"S": key.status.value},
        "permissions": {"SS": sorted(key.permissions)},
    }
    if key.environment is not None:
        item["environment"] = {"S": key.environment.value}
    if key.header_only:
        item["header_only"] = {"BOOL": True}
    if key.version > 1:
        item["version"] = {"N": str(key.version)}
    item |= {name: {"S": value} for name in _TEXT if (value := getattr(key, name)) is not None}
    item |= {
        name: {"N": str(value)} for name in _TIMES if (value := getattr(key, name)) is not None
    }
    if key.expires_at is not None and key.status is KeyStatus.ACTIVE:
        item["expiry_day"] = {"S": expiry_day(key.expires_at)}
    return item


def expiry_day(expires_at: int) -> str:
    """The partition of the index by expiry, which only working keys with an expiry are in."""
    return datetime.fromtimestamp(expires_at, UTC).date().isoformat()


def from_item(item: dict[str, Any]) -> ApiKey:
    """Raises KeyError or ValueError on an item that `to_item` did not write: fail closed."""
    fields: dict[str, Any] = {name: item[name]["S"] for name in _TEXT if name in item}
    fields |= {name: int(item[name]["N"]) for name in _TIMES if name in item}
    if "environment" in item:
        fields["environment"] = Environment(item["environment"]["S"])
    return ApiKey(
        digest=item["pk"]["S"].removeprefix("key#"),
        id=item["key_id"]["S"],
        status=KeyStatus(item["status"]["S"]),
        permissions=frozenset(Permission(value) for value in item["permissions"]["SS"]),
        subscription=from_map(item["subscription"]),
        header_only="header_only" in item,
        version=int(item["version"]["N"]) if "version" in item else 1,
        **fields,
    )

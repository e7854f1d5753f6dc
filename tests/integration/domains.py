"""Domains of the tests about their links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.aws.dynamodb import transact
from jmpy.domains.item import to_account_host_item, to_host_item, to_item
from jmpy.domains.model import Domain, DomainKind, DomainName, DomainState
from jmpy.links import account_items, membership
from jmpy.uuid7 import uuid7
from project.tables import LINKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def create_domain(
    client: DynamoDBClient,
    account_id: str,
    host: str = "promo.go.example.com",
    state: DomainState = DomainState.ACTIVE,
    kind: DomainKind = DomainKind.SUBDOMAIN,
) -> DomainName:
    """Takes the host from whoever has it."""
    now = 1_800_000_000
    domain = Domain(uuid7(now), account_id, host, kind, state, host, now, now)
    items = [to_item(domain), to_account_host_item(domain)]
    if state is not DomainState.PENDING:
        items += membership.DOMAIN.empty_counts(account_id, domain.id)
        items.append(to_host_item(domain))
    for item in items:
        client.put_item(TableName=LINKS, Item=item)
    return domain.named


def close_domain(client: DynamoDBClient, account_id: str, domain: DomainName) -> None:
    """As when it was lost, is suspended, or is being deleted."""
    assert not transact(client, membership.DOMAIN.closed(LINKS, account_id, domain.id))


def members(client: DynamoDBClient, account_id: str, domain: DomainName) -> list[str]:
    """The ids of its links, the oldest first."""
    found = _items(client, account_id, membership.DOMAIN.link_prefix(domain.id))
    return [str(item["sk"]["S"]).rpartition("#")[2] for item in found]


def numbers(client: DynamoDBClient, account_id: str, domain: DomainName) -> tuple[int, int]:
    """Of its links, and of the QR codes that contain an address on it."""
    counts = _items(client, account_id, membership.DOMAIN.count_prefix(domain.id))
    return membership.total(counts), membership.total(counts, "qr_codes")


def _items(client: DynamoDBClient, account_id: str, prefix: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = account_items.query(client, LINKS, account_id, prefix)["Items"]
    return found

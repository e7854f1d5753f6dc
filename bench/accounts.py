"""Accounts with many links, QR codes and keys, created quickly."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from jmpy.accounts.item import account_key
from jmpy.accounts.store import AccountStore
from jmpy.audit.store import AuditLog
from jmpy.aws.codec import NUMBER, Item
from jmpy.campaigns.item import to_item as to_campaign_item
from jmpy.campaigns.item import to_name_item
from jmpy.campaigns.model import Campaign
from jmpy.keys.item import primary_key, reference_key
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.links import codes, counts, item, membership
from jmpy.links.model import Link
from jmpy.qr.item import to_image_item, to_item
from jmpy.qr.look import Look
from jmpy.qr.model import QrCode, QrImage
from jmpy.uuid7 import uuid7
from project.origins import SOMEBODY
from project.sample_account import SampleAccount
from project.tables import ACCOUNTS, AUDIT, LINKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WORKING = 50
"""Keys of an account that are not revoked, of those that it has more."""

_BATCH = 25
"""Items that DynamoDB writes in one batch."""

_before: dict[str, Any] = {}
"""The item of each account as it was created, and its keys' ids."""


def create(
    client: DynamoDBClient, name: str, *, links: int, qr_codes: int, campaigns: int, keys: int
) -> SampleAccount:
    """Has an account with that many links, QR codes and campaigns, the newest an instant old, and
    keys. A fifth of the links is in its newest campaign."""
    account = SampleAccount(client, name)
    items = chain(
        _links(name, links - 1, account.campaign.id),
        _qr_codes(name, qr_codes - 1),
        _campaigns(name, campaigns - 1),
        _counts(name, links, qr_codes, campaigns),
    )
    while batch := [{"PutRequest": {"Item": found}} for found in islice(items, _BATCH)]:
        left = client.batch_write_item(RequestItems={LINKS: batch})["UnprocessedItems"]  # type: ignore[dict-item]
        assert not left
    print(f"- {name}: {links:,} links, {qr_codes:,} QR codes", file=sys.stderr)
    service = KeyService(
        KeyStore(client, ACCOUNTS), AccountStore(client, ACCOUNTS), AuditLog(client, AUDIT)
    )
    for number in range(keys - 1):
        created = service.create(name, f"Key {number}", ["read"], by=SOMEBODY).record
        if number >= WORKING:
            service.revoke(name, created.id, by=SOMEBODY)
    print(f"- {name}: {keys:,} keys", file=sys.stderr)
    _before[name] = (
        client.get_item(TableName=ACCOUNTS, Key=account_key(name))["Item"],
        {key.id for key in KeyStore(client, ACCOUNTS).of_account(name)},
    )
    return account


def delete_new_keys(client: DynamoDBClient, account: SampleAccount) -> None:
    """As if no key had been created since: the account stays as large as it was."""
    item_before, ids = _before[account.id]
    newest, _ = KeyStore(client, ACCOUNTS).page(account.id, limit=3, skip=0)
    for key in newest:
        if key.id not in ids:
            client.delete_item(TableName=ACCOUNTS, Key=reference_key(account.id, key.id))
            client.delete_item(TableName=ACCOUNTS, Key=primary_key(key.digest))
    client.put_item(TableName=ACCOUNTS, Item=item_before)


def forget_ended_keys(client: DynamoDBClient, account: SampleAccount) -> None:
    """So that creating the next key has to read all of them."""
    _before[account.id][0]["keys_ended"] = {"N": "0"}
    delete_new_keys(client, account)


def _links(account: str, number: int, campaign_id: str) -> Iterator[Item]:
    """One second apart; each fifth in the campaign."""
    now, joined = time.time(), 0
    for count in range(number):
        created = now - number + count
        link = Link(
            id=codes.link_id(created),
            account_id=account,
            short_code=f"{account}-{count}",
            url=f"https://example.com/{count}",
            created_at=int(created),
            updated_at=int(created),
            name=f"Link {count:06d}",
            campaign_id=None if count % 5 else campaign_id,
        )
        if link.campaign_id is not None:
            yield membership.CAMPAIGN.key(account, link.campaign_id, link.id)
            joined += 1
        yield item.to_link_item(link)
        yield from item.to_code_items(link).values()
    count_key = membership.CAMPAIGN.count_key(account, campaign_id, 0)
    yield count_key | {"links": NUMBER.encode(joined)}


def _qr_codes(account: str, number: int) -> Iterator[Item]:
    """Static ones, one second apart."""
    now = time.time()
    for count in range(number):
        created = now - number + count
        text = f"https://example.com/{count}"
        qr_code = QrCode(
            id=uuid7(created),
            account_id=account,
            content_type="url",
            content_data=f'{{"url":"{text}"}}',
            created_at=int(created),
            updated_at=int(created),
        )
        yield to_item(qr_code)
        yield to_image_item(qr_code.id, QrImage(text, Look()))


def _campaigns(account: str, number: int) -> Iterator[Item]:
    """Without links, one second apart."""
    now = time.time()
    for count in range(number):
        created = now - number + count
        campaign = Campaign(
            uuid7(created), account, f"Campaign {count}", int(created), int(created)
        )
        yield to_campaign_item(campaign)
        yield to_name_item(campaign)
        yield from membership.CAMPAIGN.empty_counts(account, campaign.id)


def _counts(account: str, *numbers: int) -> Iterator[Item]:
    """Of links, QR codes and campaigns, in all their parts."""
    names = (counts.LINKS, counts.QR_CODES, counts.CAMPAIGNS)
    for shard in range(counts.SHARDS):
        shares = (len(range(shard, number, counts.SHARDS)) for number in numbers)
        numbers_of_shard = zip(names, map(NUMBER.encode, shares), strict=True)
        yield counts.counter_key(account, shard) | dict(numbers_of_shard)

"""Takes away what a throw-away account left behind.

What the access log says of it later, its counters of the day, and a click that was counted when
its link was gone go by themselves: they have a time to live. Its entries in the audit log stay:
nobody can delete them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key

from jmpy.accounts.item import account_key
from jmpy.domains.item import host_key
from jmpy.keys.item import primary_key
from jmpy.links import codes
from jmpy.links.item import code_key
from jmpy.qr.item import image_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from jmpy.keys.model import IssuedKey
    from ops.deployment import Deployment


def remove(target: Deployment, accounts: Iterable[str], keys: Iterable[IssuedKey]) -> None:
    """Accounts, keys, links and QR codes, and what was counted of them. Can be repeated."""
    keys = list(keys)
    for account in accounts:
        # The account first: without it no key of it is anybody's.
        own = [issued for issued in keys if issued.record.account_id == account]
        _empty(_table(target, "AccountsTable"), _credentials(account, own))
        _empty(
            _table(target, "LinksTable"),
            [
                *_codes(target, account),
                *_images(target, account),
                *_hosts(target, account),
                _of(account),
            ],
        )
        _empty(_table(target, "ClicksTable"), [_of(account)])
        _empty(_table(target, "ActivityTable"), _activity(account, own))
        target.usage_plan_keys.dismiss(account)


def _credentials(account: str, keys: Iterable[IssuedKey]) -> Iterator[str]:
    yield from (primary_key(issued.record.digest)["pk"]["S"] for issued in keys)
    yield _of(account)


def _activity(account: str, keys: Iterable[IssuedKey]) -> Iterator[str]:
    yield from (f"key#{issued.record.id}" for issued in keys)
    yield from (f"log#{account}", _of(account))


def _codes(target: Deployment, account: str) -> Iterator[str]:
    """The partitions of the account's short codes, of those in its QR codes, and of those that are
    held for it."""
    links = _items(target, account, "link#")
    addresses = [
        codes.address(item[code], item.get(domain, {}).get("host", ""))
        for item in links
        for code, domain in (("short_code", "domain"), ("qr_code", "qr_domain"))
        if code in item
    ]
    # A run leaves a few, which one page has.
    addresses += [held.address for held in target.held_aliases.page(account, 100)[0]]
    return (code_key(address)["pk"]["S"] for address in addresses)


def _images(target: Deployment, account: str) -> Iterator[str]:
    """The partitions of the images of the account's QR codes."""
    ids = (str(item["sk"]).removeprefix("qr#") for item in _items(target, account, "qr#"))
    return (image_key(qr_id)["pk"]["S"] for qr_id in ids)


def _hosts(target: Deployment, account: str) -> Iterator[str]:
    """The partitions of the hosts that the account has."""
    named = _items(target, account, "domain-host#")
    hosts = (str(item["sk"]).removeprefix("domain-host#") for item in named)
    return (host_key(host)["pk"]["S"] for host in hosts)


def _items(target: Deployment, account: str, prefix: str) -> list[dict[str, Any]]:
    """Those of the account that are of one kind; a run leaves a few, which one page has."""
    found = _table(target, "LinksTable").query(
        KeyConditionExpression=Key("pk").eq(_of(account)) & Key("sk").begins_with(prefix),
        ConsistentRead=True,
    )
    return found["Items"]


def _of(account: str) -> str:
    return str(account_key(account)["pk"]["S"])


def _table(target: Deployment, output: str) -> Table:
    dynamodb = target.session.resource("dynamodb", endpoint_url=target.endpoint)
    return dynamodb.Table(target.outputs[output])


def _empty(table: Table, partitions: Iterable[str]) -> None:
    with table.batch_writer() as batch:
        for pk in partitions:
            found = table.query(
                KeyConditionExpression=Key("pk").eq(pk),
                ProjectionExpression="pk, sk",
                ConsistentRead=True,
            )
            for item in found["Items"]:
                batch.delete_item(Key=item)

"""Ledgers in DynamoDB: read with consistent reads, written in one transaction, on condition that
nobody wrote to any of their items meanwhile."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from jmpy.aws.dynamodb import read, transact
from jmpy.clicks.counting import Clicked, Key, Ledger
from jmpy.clicks.item import (
    expiry,
    from_clicks,
    from_counts,
    from_hashes,
    to_clicks,
    to_counts,
    to_hashes,
)
from jmpy.clicks.model import KEPT_HOURS
from jmpy.links.item import link_key, qr_key
from jmpy.links.membership import CAMPAIGN, SHARDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.clicks.counting import Record
    from jmpy.clicks.item import Item
    from jmpy.clicks.model import Click

VISITOR_RETENTION = 15
"""Days; longer than a message can wait to be sent again (14 days, in the dead-letter queue)."""


class ClickStore:
    def __init__(
        self, client: DynamoDBOperations, clicks_table: str, links_table: str, retention_days: int
    ) -> None:
        """`retention_days`: of the clicks themselves."""
        self._client = client
        self._clicks_table = clicks_table
        self._links_table = links_table
        self._kept_clicks = retention_days

    def load(self, clicks: Sequence[Click], shard: int) -> Ledger:
        """What the table has of everything that these clicks of one account touch. One batch,
        and another one where a page is full, so that there may be one behind it."""
        ledger = Ledger.for_clicks(clicks[0].account_id, shard, clicks)
        requested: set[Key] = set()
        while wanted := {*ledger.counters, *ledger.next_pages()} - requested:
            found = self._read(wanted)
            requested |= wanted
            for key, counter in ledger.counters.items():
                if item := found.get(key):
                    counter.value, counter.version = to_counts(item), _version(item)
            for clicked in ledger.clicks.values():
                if item := found.get(clicked.next_key):
                    clicked.extend(to_clicks(item), _version(item))
            for visitors in ledger.visitors.values():
                if item := found.get(visitors.next_key):
                    visitors.extend(to_hashes(item), _version(item))
        # Last: the versions of the counters show whether a link was written since they were read.
        self._find_existing(ledger)
        return ledger

    def save(self, ledger: Ledger) -> bool:
        """False when somebody else wrote to one of its items since; then nothing is written."""
        writes = [*self._puts(ledger), *self._updates(ledger)]
        return not writes or not transact(self._client, writes)

    def _find_existing(self, ledger: Ledger) -> None:
        """The links, QR codes and campaigns that have not been deleted."""
        keys = {subject: _record_key(ledger, subject) for subject in ledger.records}
        found = read(
            self._client,
            self._links_table,
            list(keys.values()),
            ConsistentRead=True,
            ProjectionExpression="sk, last_clicked_at, last_scanned_at",
        )
        items = {item["sk"]["S"]: item for item in found}
        ledger.records = {
            subject: Clicked(last_at=_number(items[name], _names(subject).last_at))
            for subject, key in keys.items()
            if (name := key["sk"]["S"]) in items
        }

    def _read(self, keys: Iterable[Key]) -> dict[Key | None, Item]:
        wanted = [{"pk": {"S": key.pk}, "sk": {"S": key.sk}} for key in keys]
        found = read(self._client, self._clicks_table, wanted, ConsistentRead=True)
        return {Key(item["pk"]["S"], item["sk"]["S"]): item for item in found}

    def _puts(self, ledger: Ledger) -> Iterator[Item]:
        for counter in ledger.counters.values():
            is_hourly = counter.key.sk.startswith("hour#")
            yield from self._put(
                counter, from_counts(counter.value), KEPT_HOURS if is_hourly else None
            )
        account = {"account_id": {"S": ledger.account_id}}
        for page in chain.from_iterable(clicks.pages for clicks in ledger.clicks.values()):
            yield from self._put(page, from_clicks(page.value) | account, self._kept_clicks)
        for hashes in chain.from_iterable(known.pages for known in ledger.visitors.values()):
            yield from self._put(hashes, from_hashes(hashes.value), VISITOR_RETENTION)

    def _put(self, record: Record[Any], content: Item, days: int | None) -> Iterator[Item]:
        """Nothing for a record that did not change. It expires after `days`; None: never."""
        if not record.is_changed:
            return
        item = {
            "pk": {"S": record.key.pk},
            "sk": {"S": record.key.sk},
            "v": {"N": str(record.version + 1)},
            **content,
        }
        if days is not None:
            item["expires_ttl"] = {"N": str(expiry(record.day, days))}
        condition: Item = {"ConditionExpression": "attribute_not_exists(pk)"}
        if record.version:
            condition = {
                "ConditionExpression": "v = :read",
                "ExpressionAttributeValues": {":read": {"N": str(record.version)}},
            }
        yield {"Put": {"TableName": self._clicks_table, "Item": item, **condition}}

    def _updates(self, ledger: Ledger) -> Iterator[Item]:
        """Of the records of what was clicked."""
        for subject, clicked in ledger.records.items():
            if clicked.clicks:
                update = self._update(_record_key(ledger, subject), clicked, _names(subject))
                yield {"Update": update}

    def _update(self, key: Item, clicked: Clicked, names: _Counted) -> Item:
        return {
            "TableName": self._links_table,
            "Key": key,
            # What was deleted does not come back, and nothing of it is counted.
            "ConditionExpression": "attribute_exists(pk)",
            "UpdateExpression": f"SET {names.last_at} = :at ADD "
            + ", ".join(f"{name} :{field}" for field, name in names.counts.items()),
            "ExpressionAttributeValues": {
                ":at": {"N": str(clicked.last_at)},
                **{f":{field}": {"N": str(getattr(clicked, field))} for field in names.counts},
            },
        }


class _Counted(NamedTuple):
    """Names of attributes."""

    last_at: str
    counts: dict[str, str]
    """By field of `Clicked`."""


_LINK = _Counted("last_clicked_at", {"clicks": "click_count", "bots": "bot_count"})
_QR_CODE = _Counted(
    "last_scanned_at", {"clicks": "scan_count", "unique": "unique_scan_count", "bots": "bot_count"}
)
_CAMPAIGN = _Counted("last_clicked_at", {"clicks": "clicks", "bots": "bots"})


def _names(subject: str) -> _Counted:
    return {"link": _LINK, "qr": _QR_CODE, "campaign": _CAMPAIGN}[subject.partition("#")[0]]


def _record_key(ledger: Ledger, subject: str) -> Item:
    """Of a campaign, one of the counts that are deleted with it, as many links add to it."""
    kind, _, record_id = subject.partition("#")
    if kind == "campaign":
        return CAMPAIGN.count_key(ledger.account_id, record_id, ledger.shard % SHARDS)
    return (qr_key if kind == "qr" else link_key)(ledger.account_id, record_id)


def _number(item: Item, name: str) -> int:
    return int(item[name]["N"]) if name in item else 0


def _version(item: Item) -> int:
    return int(item["v"]["N"])

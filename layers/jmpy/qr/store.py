"""QR codes in DynamoDB, in the table of the links: a QR code, its link and the account's counts
change together or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jmpy.aws.codec import NUMBER
from jmpy.aws.dynamodb import read, transact_recorded
from jmpy.links import account_items, counts
from jmpy.links.item import link_key, qr_key, to_link
from jmpy.links.model import Link
from jmpy.qr.item import QR_CODE, from_image_item, from_item, image_key, to_image_item, to_item

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.qr.model import QrCode, QrImage
    from jmpy.transaction import TransactionItem


class StaleQrCode(Exception):
    """The QR code was changed or deleted since it was read."""


class QrImageStore:
    """Read alone by the public route of images, which knows no account."""

    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def image(self, qr_id: str) -> QrImage | None:
        response = self._client.get_item(TableName=self._table, Key=image_key(qr_id))
        return from_image_item(response["Item"]) if "Item" in response else None


class QrCodeStore(QrImageStore):
    def find(self, account_id: str, qr_id: str) -> QrCode | None:
        response = self._client.get_item(
            TableName=self._table, Key=qr_key(account_id, qr_id), ConsistentRead=True
        )
        return from_item(response["Item"]) if "Item" in response else None

    def find_all(self, account_id: str, qr_ids: Collection[str]) -> dict[str, QrCode]:
        """Those of the QR codes that exist, by id. May lag by moments behind a change."""
        keys = [qr_key(account_id, qr_id) for qr_id in qr_ids]
        found = map(from_item, read(self._client, self._table, keys))
        return {qr_code.id: qr_code for qr_code in found}

    def belongings(
        self, account_id: str, qr_codes: Collection[QrCode]
    ) -> tuple[dict[str, QrImage], dict[str, Link]]:
        """Their images, by the ids of the QR codes, and their links, by their own. Consistent: what
        belongs to a new one is there at once."""
        linked = {qr_code.link_id for qr_code in qr_codes if qr_code.link_id is not None}
        keys = [
            *(image_key(qr_code.id) for qr_code in qr_codes),
            *(link_key(account_id, link_id) for link_id in sorted(linked)),
        ]
        images: dict[str, QrImage] = {}
        links: dict[str, Link] = {}
        for item in read(self._client, self._table, keys, ConsistentRead=True):
            if item["sk"]["S"] == "image":
                images[item["pk"]["S"].removeprefix("qr#")] = from_image_item(item)
            else:
                link = to_link(item)
                links[link.id] = link
        return images, links

    def images(self, qr_ids: Collection[str]) -> dict[str, QrImage]:
        """Of the QR codes with these ids that exist. No call without an id."""
        keys = [image_key(qr_id) for qr_id in qr_ids]
        found = read(self._client, self._table, keys, ConsistentRead=True)
        return {item["pk"]["S"].removeprefix("qr#"): from_image_item(item) for item in found}

    def pages(
        self, account_id: str, most: int, after: str | None = None, *, newest_first: bool = True
    ) -> Iterator[QrCode]:
        """Up to `most` QR codes in order of creation, from behind the one with the id `after`; page
        after page of up to one megabyte."""
        start: dict[str, Any] = {}
        if after is not None:
            start = {"ExclusiveStartKey": qr_key(account_id, after)}
        while most > 0:
            response = self._query(
                account_id, "qr#", ScanIndexForward=not newest_first, Limit=most, **start
            )
            yield from map(from_item, response["Items"])
            most -= len(response["Items"])
            if "LastEvaluatedKey" not in response:
                return
            start = {"ExclusiveStartKey": response["LastEvaluatedKey"]}

    def count(self, account_id: str) -> int:
        """How many QR codes the account has; one query of at most `counts.SHARDS` small items."""
        return counts.total(self._query(account_id, "count#")["Items"], counts.QR_CODES)

    def added(self, qr_code: QrCode, image: QrImage) -> list[TransactionItem]:
        """The writes that add it together with a link, which counts both."""
        fresh = {"TableName": self._table, "ConditionExpression": "attribute_not_exists(pk)"}
        return [
            {"Put": {**fresh, "Item": to_item(qr_code)}},
            {"Put": {**fresh, "Item": to_image_item(qr_code.id, image)}},
        ]

    def added_alone(self, qr_code: QrCode, image: QrImage) -> list[TransactionItem]:
        """The writes that add it without a link, or to an existing one."""
        return [*self.added(qr_code, image), self._counted(qr_code.account_id, 1)]

    def add(self, qr_code: QrCode, image: QrImage, *records: TransactionItem) -> None:
        """Adds one without a link. Raises RecordRejected."""
        failed = transact_recorded(self._client, self.added_alone(qr_code, image), records)
        assert not failed, "ids are unique"

    def changed(self, qr_code: QrCode, changes: dict[str, Any]) -> tuple[QrCode, TransactionItem]:
        """The QR code with these fields, and the write that sets them (None removes one), on
        condition of the version that was read."""
        changes = {**changes, "version": qr_code.version + 1}
        key = qr_key(qr_code.account_id, qr_code.id)
        attributes = QR_CODE.encode_changes(changes)
        write = account_items.update(self._table, key, attributes, qr_code.version)
        return replace(qr_code, **changes), write

    def change(self, qr_code: QrCode, changes: dict[str, Any], *records: TransactionItem) -> QrCode:
        """Raises StaleQrCode, RecordRejected."""
        changed, write = self.changed(qr_code, changes)
        if transact_recorded(self._client, [write], records):
            raise StaleQrCode
        return changed

    def redrawn(self, qr_id: str, image: QrImage) -> TransactionItem:
        """The write that replaces what the code is drawn from."""
        return {"Put": {"TableName": self._table, "Item": to_image_item(qr_id, image)}}

    def removed(self, qr_code: QrCode) -> list[TransactionItem]:
        """The writes that delete it, on condition of the version that was read."""
        record = {
            "TableName": self._table,
            "Key": qr_key(qr_code.account_id, qr_code.id),
            "ConditionExpression": "version = :read",
            "ExpressionAttributeValues": {":read": NUMBER.encode(qr_code.version)},
        }
        image = {"TableName": self._table, "Key": image_key(qr_code.id)}
        return [{"Delete": record}, {"Delete": image}, self._counted(qr_code.account_id, -1)]

    def remove(self, qr_code: QrCode, *records: TransactionItem) -> None:
        """Deletes one without a link. Raises StaleQrCode, RecordRejected."""
        if transact_recorded(self._client, self.removed(qr_code), records):
            raise StaleQrCode

    def _counted(self, account_id: str, number: int) -> TransactionItem:
        return counts.counted(self._table, account_id, qr_codes=number)

    def _query(self, account_id: str, prefix: str, **options: Any) -> Any:
        return account_items.query(self._client, self._table, account_id, prefix, **options)

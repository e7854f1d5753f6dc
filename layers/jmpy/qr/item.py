"""A `QrCode` as a DynamoDB item and back, in the table of the links: a code, its link and both
their counts change together or not at all.

- `account#<account>` / `qr#<uuid>`: the record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.aws.codec import Codec
from jmpy.links.item import qr_key
from jmpy.qr.model import QrCode

if TYPE_CHECKING:
    from jmpy.aws.codec import Item

QR_CODE = Codec(QrCode, apart=("account_id", "id"))


def to_item(qr_code: QrCode) -> Item:
    return qr_key(qr_code.account_id, qr_code.id) | QR_CODE.encode(qr_code)


def from_item(item: Item) -> QrCode:
    return QR_CODE.decode(
        item,
        account_id=item["pk"]["S"].removeprefix("account#"),
        id=item["sk"]["S"].removeprefix("qr#"),
    )

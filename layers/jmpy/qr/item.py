"""A `QrCode` as a DynamoDB item and back, in the table of the links: a code, its link and both
their counts change together or not at all.

- `account#<account>` / `qr#<uuid>`: the record.
- `qr#<uuid>` / `image`: what it is drawn from, found without knowing the account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.aws.codec import Codec, Kind, choice
from jmpy.links.item import qr_key
from jmpy.qr.look import Level, Look
from jmpy.qr.model import QrCode, QrImage

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


_IMAGE = Codec(
    QrImage,
    kinds={
        "look": Codec(Look, kinds={"level": choice(Level)}).nested,
        "logo": Kind(lambda value: {"B": value}, lambda attribute: bytes(attribute["B"])),
    },
)


def image_key(qr_id: str) -> Item:
    return {"pk": {"S": f"qr#{qr_id}"}, "sk": {"S": "image"}}


def to_image_item(qr_id: str, image: QrImage) -> Item:
    return image_key(qr_id) | _IMAGE.encode(image)


def from_image_item(item: Item) -> QrImage:
    return _IMAGE.decode(item)

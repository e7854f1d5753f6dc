"""QR codes where links are created and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jmpy.links.short_url import link_url, printed_url
from jmpy.qr.content import ContentType, Url
from jmpy.qr.look import Look
from jmpy.qr.model import QrCode, QrImage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.links.model import Link
    from jmpy.qr.store import QrCodeStore
    from jmpy.transaction import TransactionItem


class ShownQrCode(NamedTuple):
    content: str
    """What a scanner reads."""
    data_url: str | None = None
    """A PNG; None unless requested."""


class QrCodesOfLinks:
    def __init__(self, store: QrCodeStore) -> None:
        self._store = store

    def created(self, link: Link, base_url: str) -> list[TransactionItem]:
        """The writes that belong to the creation of a link that has a QR code; otherwise none."""
        if link.qr_id is None:
            return []
        qr_code = QrCode(
            id=link.qr_id,
            account_id=link.account_id,
            content_type=ContentType.URL.value,
            content_data=Url(link.url).to_json(),
            created_at=link.created_at,
            updated_at=link.created_at,
            name=link.name,
            link_id=link.id,
            code=link.qr_code,
            is_dynamic=True,
            tracking_enabled=link.tracking_enabled,
            source=link.source,
            channel=link.channel,
        )
        return self._store.added(qr_code, image_of(link, base_url))

    def find(
        self, links: Iterable[Link], base_url: str, *, with_image: bool
    ) -> dict[str, ShownQrCode]:
        """By id of the link. Of a link without a QR code it is one of its short URL, whose scans
        count as clicks."""
        links = list(links)
        images = self._store.images([link.qr_id for link in links if link.qr_id is not None])
        return {
            link.id: shown(
                images.get(link.qr_id or "") or QrImage(link_url(base_url, link), Look()),
                with_image=with_image,
            )
            for link in links
        }


def image_of(link: Link, base_url: str) -> QrImage:
    """Of a link that is created with a QR code."""
    payload = printed_url(base_url, link)
    assert payload is not None, "it has the code"
    return QrImage(payload, Look())


def shown(image: QrImage, *, with_image: bool) -> ShownQrCode:
    if not with_image:
        return ShownQrCode(image.payload)
    from jmpy.qr import drawing  # noqa: PLC0415 - most requests about links draw nothing

    return ShownQrCode(image.payload, drawing.drawn(image, drawing.ImageFormat.PNG).data_url)

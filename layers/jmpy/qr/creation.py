"""Creates QR codes.

A static code contains its content. A dynamic or tracked one contains a short URL with a code of its
own, which leads to a link: its destination can change, its scans are counted, and what is printed
stays right.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jmpy.clock import system_clock
from jmpy.links import codes
from jmpy.links.errors import LinkNotFound
from jmpy.links.model import Source
from jmpy.links.new_link import NewLink
from jmpy.links.short_url import printed_url
from jmpy.links.writes import CodeTaken, StaleLink
from jmpy.qr import drawing
from jmpy.qr.content import LEADING
from jmpy.qr.errors import (
    InvalidContent,
    NotOfALink,
    QrCodeConflict,
    QrCodeExists,
    SetOnTheLink,
    StaticContent,
)
from jmpy.qr.model import Described, QrCode, QrImage
from jmpy.retry import CONTENTION
from jmpy.uuid7 import uuid7

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmpy.clock import Clock
    from jmpy.gateway.own_names import OwnNames
    from jmpy.links.model import Link
    from jmpy.links.service import LinkService
    from jmpy.links.store import LinkStore
    from jmpy.qr.content import Content, ContentType
    from jmpy.qr.look import Look
    from jmpy.qr.store import QrCodeStore
    from jmpy.transaction import TransactionItem


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQrCode:
    """As requested; `expires_at` in seconds since the Unix epoch."""

    content_type: ContentType
    content: Content
    look: Look
    logo: bytes | None = None
    """A PNG."""
    name: str | None = None
    is_dynamic: bool = False
    tracking_enabled: bool = False
    password: str | None = field(default=None, repr=False)
    expires_at: int | None = None
    host: str | None = None
    """Of the domain that its link is created on; empty: the default domain; None: the account's
    primary one."""
    source: str = Source.QR_CODE_GENERATOR.value
    channel: str = "api"

    @property
    def leads(self) -> bool:
        """Whether it contains a short URL rather than its content."""
        return self.is_dynamic or self.tracking_enabled


@dataclass(frozen=True, slots=True)
class Place:
    """Where short URLs are."""

    base_url: str
    own: OwnNames


class QrCodeCreation:
    def __init__(
        self,
        store: QrCodeStore,
        links: LinkService,
        link_store: LinkStore,
        now: Clock = system_clock,
        random_code: Callable[[], str] = codes.random_code,
    ) -> None:
        self._store = store
        self._links = links
        self._link_store = link_store
        self._now = now
        self._random_code = random_code

    def create(
        self,
        account_id: str,
        new: NewQrCode,
        place: Place,
        *,
        also: Callable[[Described], Sequence[TransactionItem]] = lambda _created: (),
    ) -> Described:
        """A dynamic or tracked code whose URL is a short URL of the account becomes that link's;
        otherwise a link is created with it. What `also` returns is written in the same transaction.

        Raises InvalidContent, InvalidLook, ContentTooLong, NotOfALink, QrCodeExists,
        QrCodeConflict, RecordRejected, and what creating a link raises.
        """
        payload = new.content.payload()
        if not new.leads:
            return self._create_static(account_id, new, payload, also)
        if new.content_type not in LEADING:
            raise NotOfALink("is_dynamic" if new.is_dynamic else "tracking_enabled")
        host = self._links.host_of(payload, place.own)
        if host is not None:
            own_link = partial(self._own_link, account_id, payload, host, place)
            return self._attach(new, place, own_link, also)
        qr_id, created = self._id(), list[Described]()

        def records(link: Link) -> list[TransactionItem]:
            described = self._leading(new, link, qr_id, place)
            created.append(described)
            return [*self._store.added(described.qr_code, described.image), *also(described)]

        link = NewLink(
            payload,
            host=self._links.host_of_new(account_id, new.host),
            password=new.password,
            name=new.name,
            expires_at=new.expires_at,
            is_dynamic=new.is_dynamic,
            tracking_enabled=new.tracking_enabled,
            channel=new.channel,
            source=Source.QR_CODE_GENERATOR,
            qr_id=qr_id,
        )
        self._links.create(account_id, link, place.own, also=records)
        return created[-1]

    def _create_static(
        self,
        account_id: str,
        new: NewQrCode,
        payload: str,
        also: Callable[[Described], Sequence[TransactionItem]],
    ) -> Described:
        for name in ("password", "expires_at"):
            if getattr(new, name) is not None:
                raise StaticContent(name)
        qr_code = self._record(account_id, new, self._id())
        described = Described(qr_code, _image(payload, new), None)
        self._store.add(qr_code, described.image, *also(described))
        return described

    def _attach(
        self,
        new: NewQrCode,
        place: Place,
        own_link: Callable[[], Link],
        also: Callable[[Described], Sequence[TransactionItem]],
    ) -> Described:
        """The QR code of an existing link, which keeps its settings."""
        for name in ("password", "expires_at"):
            if getattr(new, name) is not None:
                raise SetOnTheLink(name)
        for _ in CONTENTION.numbers():
            link = own_link()
            if link.qr_id is not None:
                raise QrCodeExists(link.qr_id)
            qr_id, code = self._id(), self._random_code()
            changes: dict[str, Any] = {"qr_id": qr_id, "qr_code": code, "qr_domain": link.domain}
            linked = replace(link, **changes)
            described = self._leading(new, linked, qr_id, place)
            writes = self._store.added_alone(described.qr_code, described.image)
            try:
                self._link_store.change(link, changes, *writes, *also(described))
            except (StaleLink, CodeTaken):
                continue
            return described
        raise QrCodeConflict

    def _own_link(self, account_id: str, url: str, host: str, place: Place) -> Link:
        prefix = "/" if host else f"{urlsplit(place.base_url).path}/"
        path = urlsplit(url).path
        try:
            return self._links.stored(account_id, path.removeprefix(prefix), host)
        except LinkNotFound:
            raise InvalidContent(
                "url", "A URL of this service has to be a short URL of your account"
            ) from None

    def _leading(self, new: NewQrCode, link: Link, qr_id: str, place: Place) -> Described:
        qr_code = replace(
            self._record(link.account_id, new, qr_id),
            link_id=link.id,
            code=link.qr_code,
            is_dynamic=new.is_dynamic,
            tracking_enabled=link.tracking_enabled,
        )
        payload = printed_url(place.base_url, link)
        assert payload is not None, "the link has the code"
        return Described(qr_code, _image(payload, new), link)

    def _record(self, account_id: str, new: NewQrCode, qr_id: str) -> QrCode:
        now = int(self._now())
        return QrCode(
            id=qr_id,
            account_id=account_id,
            content_type=new.content_type.value,
            content_data=new.content.to_json(),
            created_at=now,
            updated_at=now,
            name=new.name,
            source=new.source,
            channel=new.channel,
        )

    def _id(self) -> str:
        return uuid7(self._now())


def _image(payload: str, new: NewQrCode) -> QrImage:
    """Raises ContentTooLong, InvalidLook."""
    drawing.encode(payload, new.look, has_logo=new.logo is not None)
    return QrImage(payload, new.look, new.logo)

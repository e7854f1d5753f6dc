"""A client of the resource `/api/v1/analytics`, and clicks for it to query."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jmpy.analytics.click_list import ClickList
from jmpy.clicks import item
from jmpy.clicks.counts import Counts, Tally
from jmpy.clicks.model import Dimension, StoredClick, Via
from jmpy.clicks.reader import ClickReader
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from project import functions
from project.tables import CLICKS, LINKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.clock import Clock
    from jmpy.links.model import Link
    from project.functions import Response

PATH = "/api/v1/analytics"
KEPT_DAYS = 30

HUMAN = {
    Dimension.COUNTRY: "DE",
    Dimension.REFERRER: "google.de",
    Dimension.SOURCE: "search",
    Dimension.DEVICE: "desktop",
    Dimension.BROWSER: "Firefox",
    Dimension.OS: "Linux",
    Dimension.AGENT: "human",
}
BOT = HUMAN | {
    Dimension.COUNTRY: "unknown",
    Dimension.REFERRER: "direct",
    Dimension.SOURCE: "direct",
    Dimension.DEVICE: "bot",
    Dimension.AGENT: "bot",
}


class Analytics:
    """For account `a`, at a fixed time."""

    def __init__(self, clock: Clock) -> None:
        self.app = functions.load("analytics")
        self.dynamodb: DynamoDBClient = self.app.dynamodb
        reader, store = ClickReader(self.dynamodb, CLICKS), LinkStore(self.dynamodb, LINKS)
        resource = self.app.resource
        resource.clock = clock
        resource.clicks = ClickList(reader, resource.analytics, store, KEPT_DAYS)

    def __call__(
        self,
        question: str,
        reference: str | None = None,
        *,
        permissions: str = "analytics",
        **query: str,
    ) -> Response:
        path = resource = f"{PATH}/{question}"
        if reference is not None:
            path, resource = f"{path}/{reference}", f"{resource}/{{id}}"
        event = functions.event(
            "GET",
            path,
            resource=resource,
            parameters=None if reference is None else {"id": reference},
            query=query,
            authorizer=functions.authorizer_context(permissions),
        )
        return functions.call(self.app.handler, event)

    def data(self, question: str, reference: str | None = None, **query: str) -> Any:
        response = self(question, reference, **query)
        assert response.status == 200, response
        assert set(response.body) == {"success", "data"}
        assert response.body["success"] is True
        return response.body["data"]

    def link(self, account: str = "a", **fields: Any) -> Link:
        made: Link = self.app.resource.links.create(
            account, NewLink("https://example.com/", **fields)
        )
        return made


def in_campaign(link: Link, values: dict[Dimension, str]) -> dict[Dimension, str]:
    return values | ({} if link.campaign_id is None else {Dimension.CAMPAIGN: link.campaign_id})


class Clicked:
    """The table of clicks, as it is after clicks on links."""

    def __init__(self, dynamodb: DynamoDBClient) -> None:
        self._client = dynamodb
        self._counters: dict[tuple[str, str], Counts] = {}
        self._pages: dict[tuple[str, str], list[StoredClick]] = {}

    def __call__(
        self,
        link: Link,
        at: str,
        clicks: int = 1,
        unique: int = 1,
        values: dict[Dimension, str] = HUMAN,
        *,
        shard: int = 0,
        qr_id: str | None = None,
    ) -> None:
        """`shard` is that of the counters of the account and of the campaign that the link is in,
        `qr_id` that of the QR code that was scanned."""
        moment = datetime.fromisoformat(at).astimezone(UTC)
        day, hour = item.day_name(moment.date()), item.hour_name(moment)
        tally, of_link = Tally(clicks, unique), item.link_subject(link.id)
        if qr_id is not None:
            values = {**values, Dimension.VIA: Via.QR_CODE}
            self._count((item.qr_subject(qr_id), f"{day}#00"), values, tally)
            self._count((item.qr_subject(qr_id), f"{hour}#00"), values, tally)
        of_account = item.account_subject(link.account_id)
        of_many = [of_account]
        values = in_campaign(link, values)
        if link.campaign_id is not None:
            of_many.append(item.campaign_subject(link.campaign_id))
        ranked = {**values, Dimension.LINK: link.id}
        self._count((of_link, f"{day}#00"), values, tally)
        self._count((of_link, f"{hour}#00"), values, tally)
        for subject in of_many:
            self._count((subject, f"{day}#{shard:02d}"), ranked, tally)
            self._count((subject, f"{hour}#{shard:02d}"), values, tally)

    def keep(
        self,
        link: Link,
        at: str,
        name: str,
        values: dict[Dimension, str] = HUMAN,
        *,
        qr_id: str | None = None,
    ) -> None:
        """One click, counted and in the list."""
        self(link, at, values=values, qr_id=qr_id)
        moment = datetime.fromisoformat(at).astimezone(UTC)
        click = StoredClick(
            id=name,
            at=int(moment.timestamp() * 1000),
            link_id=link.id,
            short_code=link.short_code,
            is_unique=True,
            user_agent="Agent/1",
            values=in_campaign(link, values),
            qr_id=qr_id,
            is_unique_scan=qr_id is not None,
        )
        key = (f"clicks#{link.id}", f"{moment:%Y-%m-%dT%H:%M}#000")
        page = self._pages.setdefault(key, [])
        page.append(click)
        self._put(key, item.from_clicks(page) | {"account_id": {"S": link.account_id}})

    def _count(self, key: tuple[str, str], values: dict[Dimension, str], tally: Tally) -> None:
        counts = self._counters.setdefault(key, Counts())
        counts.add(values, tally)
        self._put(key, item.from_counts(counts))

    def _put(self, key: tuple[str, str], content: item.Item) -> None:
        keys = dict(zip(("pk", "sk"), ({"S": part} for part in key), strict=True))
        self._client.put_item(TableName=CLICKS, Item={**keys, **content})

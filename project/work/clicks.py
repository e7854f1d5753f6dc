"""Work of the functions that redirect visitors, count their clicks and report them."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import asdict

from jmpy.clicks.item import link_subject
from jmpy.clicks.model import Click
from jmpy.clicks.reader import ClickReader
from jmpy.limits.plan import LimitClass
from jmpy.links.membership import CAMPAIGN
from jmpy.uuid7 import uuid7
from project import template
from project.redirects import counted
from project.work.context import Work

COUNTED_WITHIN = 20.0
"""Seconds; a batch is gathered for five."""


def redirect(work: Work) -> None:
    auth = work.key(account="visited")
    link, closed = work.link(auth), work.link(auth, password="open sesame")
    work.dynamodb.delete_item(
        TableName=work.tables["SaltsTable"],
        Key={"pk": {"S": time.strftime("salt#%Y-%m-%d", time.gmtime())}},
    )
    with work.configured("RedirectFunction", WORK=secrets.token_hex(4)):
        work.request("GET", f"/{link['short_code']}", {}, 301)
        response = work.http.post(f"/{closed['short_code']}", data={"password": "wrong"})
        assert response.status_code in (401, 403), response.status_code
        _await_clicks(work, link["id"])


def _await_clicks(work: Work, link_id: str) -> None:
    deadline = time.monotonic() + COUNTED_WITHIN
    while counted(_reader(work), link_subject(link_id)).total.clicks == 0:
        assert time.monotonic() < deadline, "not counted"
        time.sleep(0.1)


def _reader(work: Work) -> ClickReader:
    return ClickReader(work.dynamodb, work.tables["ClicksTable"])


def clicked(
    work: Work,
    link_id: str,
    account: str,
    *,
    qr_id: str | None = None,
    campaign_id: str | None = None,
) -> None:
    """Sends a click, or the scan of a QR code, to the function that counts them, as the queue
    does."""
    click = Click(
        id=secrets.token_hex(8), at=int(time.time() * 1000), link_id=link_id, account_id=account,
        short_code="code", visitor=secrets.token_hex(8), qr_id=qr_id, campaign_id=campaign_id,
    )  # fmt: skip
    record = {
        "messageId": "1", "receiptHandle": "1", "body": json.dumps(asdict(click)),
        "attributes": {}, "messageAttributes": {}, "eventSource": "aws:sqs",
    }  # fmt: skip
    for _ in range(2):  # The second time it is recognized.
        response = work.invoke("ClicksFunction", {"Records": [record]})
        assert response == {"batchItemFailures": []}
    assert counted(_reader(work), link_subject(link_id)).total.clicks == 1


def clicks(work: Work) -> None:
    link = work.link(work.key(account="counted"))
    clicked(work, link["id"], "counted")


def click_removal(work: Work) -> None:
    link = work.link(work.key(account="removed"))
    clicked(work, link["id"], "removed")
    _deleted(work, f"link#{link['id']}")
    assert counted(_reader(work), link_subject(link["id"])).total.clicks == 0

    table = work.tables["LinksTable"]
    campaign_id = uuid7(time.time())
    membership = CAMPAIGN.key("removed", campaign_id, link["id"])
    work.dynamodb.put_item(TableName=table, Item=membership)
    _deleted(work, f"campaign#{campaign_id}")
    assert "Item" not in work.dynamodb.get_item(TableName=table, Key=membership)


def _deleted(work: Work, sort_key: str) -> None:
    """What the stream delivers about an item of the account `removed`."""
    keys = {"pk": {"S": "account#removed"}, "sk": {"S": sort_key}}
    record = {
        "eventID": "1", "eventName": "REMOVE", "eventSource": "aws:dynamodb",
        "dynamodb": {"Keys": keys, "SequenceNumber": "1"},
    }  # fmt: skip
    response = work.invoke("ClickRemovalFunction", {"Records": [record]})
    assert response == {"batchItemFailures": []}


def analytics(work: Work) -> None:
    auth = work.key(account="analysed")
    link = work.link(auth)
    clicked(work, link["id"], "analysed")
    for path in _paths_of("AnalyticsFunction"):
        for reference in (link["id"], link["short_code"]) if "{id}" in path else ("",):
            work.request("GET", path.replace("{id}", reference), auth)
    work.request("GET", "/api/v1/analytics/export", auth, params={"report": "clicks"})
    work.request("GET", "/api/v1/analytics/user-traffic-sources", auth, params={"tags": "any"})
    throttled = work.exhausted(LimitClass.ANALYTICS)
    work.request("GET", "/api/v1/analytics/overview", throttled, 429)


def _paths_of(function: str) -> list[str]:
    return [event.path for event in template.api_events() if event.function == function]


WORK = {
    "RedirectFunction": redirect,
    "ClicksFunction": clicks,
    "ClickRemovalFunction": click_removal,
    "AnalyticsFunction": analytics,
}

"""What `qr.created` needs is found by the keys that the stream of the links' table delivers,
whichever way a QR code is created."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jmpy.qr.service import QrCodes
from jmpy.qr.store import QrCodeStore
from project.tables import LINKS
from tests.integration.qr_codes import Client
from tests.integration.resource_client import ResourceClient
from tests.integration.short_urls import Client as ShortUrls

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

URL = "https://example.com/menu"
ROWS = {"csv_content": f"url,name\n{URL},Menu\n", "qrCode": True}


class Bulk(ResourceClient):
    folder, path = "bulk", "/api/v1/bulk-urls"


def _of_a_link() -> None:
    url = {"url": ShortUrls().create(url=URL)["short_url"]}
    Client().create(name="Menu", is_dynamic=True, content_data=url)


WAYS: dict[str, Callable[[], Any]] = {
    "static": lambda: Client().create(name="Menu"),
    "dynamic": lambda: Client().create(name="Menu", is_dynamic=True),
    "tracked": lambda: Client().create(name="Menu", tracking_enabled=True),
    "of a link": _of_a_link,
    "with a link": lambda: ShortUrls().create(url=URL, name="Menu", qrCode=True),
    "with many links": lambda: Bulk().send("POST", "/api/v1/bulk-urls/create", body=ROWS),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_keys_of_a_new_qr_code_lead_to_what_its_event_has(
    dynamodb: DynamoDBClient, way: str
) -> None:
    WAYS[way]()
    items = dynamodb.scan(TableName=LINKS)["Items"]
    (key,) = [
        (item["pk"]["S"], item["sk"]["S"]) for item in items if item["sk"]["S"].startswith("qr#")
    ]
    account_id, qr_id = key[0].removeprefix("account#"), key[1].removeprefix("qr#")
    found = QrCodes(QrCodeStore(dynamodb, LINKS)).get(account_id, qr_id)
    assert (account_id, found.qr_code.name, found.qr_code.content_type) == ("a", "Menu", "url")
    leads = found.image.payload.rpartition("/")[2] == found.qr_code.code
    assert leads is (found.link is not None) is (way != "static")
    assert leads or found.image.payload == URL

"""`GET /api/v1/qr-codes/export`, through its function."""

from __future__ import annotations

import base64
import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from jmpy.formats import csv_file
from tests.integration.qr_codes import PATH, Client
from tests.integration.short_urls import Client as ShortUrls

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response

EXPORT = f"{PATH}/export"
NOT_EXPORTED = {"user_id", "dataURL"}


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


def exported(client: Client, **sent: Any) -> Response:
    response = client.send("GET", EXPORT, **sent)
    assert response.status == 200, response
    return response


def rows(response: Response) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(response.text, newline="")))


def as_cell(value: Any) -> Any:
    """A field of the API, as it is in a row."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case dict():
            return value
    return str(value)


def test_it_has_every_field_of_the_api(client: Client) -> None:
    created = client.create(
        is_dynamic=True, tracking_enabled=True, name="Menu", expires_at="2030-01-31T12:00:00Z"
    )
    ShortUrls()("PATCH", created["short_url_id"], body={"url": "https://example.com/winter"})
    wifi = {"ssid": "Caf\u00e9", "password": "correct horse"}
    client.create(content_type="wifi", content_data=wifi, visual_settings={"size": 600})
    bodies = client("GET").body["data"]["qrCodes"]
    found = rows(exported(client))
    assert len(found) == len(bodies) == 2
    for row, body in zip(found, bodies, strict=True):
        assert row.pop("logo") == ""
        for name in ("content_data", "visual_settings"):
            row[name] = json.loads(row[name])
        # The one that was requested; it is higher in the API, where it is drawn.
        assert row["visual_settings"].pop("errorCorrectionLevel") == "M"
        body["visual_settings"].pop("errorCorrectionLevel")
        expected = {name: as_cell(value) for name, value in body.items()}
        assert row == {k: v for k, v in expected.items() if k not in NOT_EXPORTED}


def test_a_logo_is_in_the_file(client: Client) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    client.create(logo=f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}")
    (row,) = rows(exported(client))
    assert row["logo"].startswith("data:image/png;base64,")
    assert json.loads(row["visual_settings"])["hasLogo"] is True


def test_the_next_part_continues_behind_the_last_row(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [client.create(name=str(number))["name"] for number in range(3)]
    monkeypatch.setattr(csv_file, "MAX_ROWS", 2)
    first = exported(client)
    assert first.headers["content-disposition"] == 'attachment; filename="qr-codes.csv"'
    assert first.headers["x-truncated"] == "true"
    cursor = first.headers["link"].removeprefix("<?cursor=").removesuffix('>; rel="next"')
    second = exported(client, query={"cursor": cursor})
    assert "link" not in second.headers
    assert [row["name"] for part in (first, second) for row in rows(part)] == names[::-1]


def test_an_unknown_cursor_is_rejected(client: Client) -> None:
    response = client.send("GET", EXPORT, query={"cursor": "next"})
    assert (response.status, response.body["error"]["code"]) == (400, "INVALID_REQUEST")


def test_other_accounts_are_not_in_it(client: Client) -> None:
    client.create(account="b")
    assert rows(exported(client)) == []

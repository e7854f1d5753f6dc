"""Exports with the filters of their lists: links and QR codes, in the API and on the dashboard."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest

from jmpy.formats import csv_file
from project.template import PROJECT
from tests.integration import campaign_client, qr_codes, short_urls

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response
    from tests.integration.browser import Browser

SHORT_URLS, QR_CODES = "/api/v1/short-urls", "/api/v1/qr-codes"
NOT_A_FILTER = {
    "page", "limit", "cursor", "sort", "order", "sort_by", "sort_order", "bots", "qr_code",
    "qr_format",
}  # fmt: skip


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> short_urls.Client:
    return short_urls.Client()


@pytest.fixture
def codes(dynamodb: DynamoDBClient) -> qr_codes.Client:
    return qr_codes.Client()


def rows(response: Response) -> list[dict[str, str]]:
    assert response.status == 200, response
    return list(csv.DictReader(io.StringIO(response.text, newline="")))


def following(response: Response) -> dict[str, str]:
    """The query of the next part."""
    reference, _, relation = response.headers["link"].partition("; ")
    assert relation == 'rel="next"'
    return dict(parse_qsl(reference.removeprefix("<?").removesuffix(">")))


@pytest.mark.parametrize("path", [SHORT_URLS, QR_CODES])
def test_an_export_has_every_filter_of_its_list(path: str) -> None:
    document = json.loads((PROJECT / "functions/docs/openapi.json").read_text())

    def parameters(of: str) -> set[str]:
        return {one["name"] for one in document["paths"][of]["get"]["parameters"]}

    assert parameters(f"{path}/export") - {"cursor"} == parameters(path) - NOT_A_FILTER


class TestLinks:
    @pytest.mark.parametrize(
        "query",
        [
            {"tags": "sale"},
            {"tags": "SALE,news"},
            {"campaign_id": "autumn"},
            {"campaignId": "Autumn", "tags": "sale"},
            {"campaign_id": "none such"},
            {"search": "winter"},
            {"status": "disabled"},
            {"safety_status": "taken_down"},
            {"source": "api"},
            {"start_date": "2020-01-01", "endDate": "2020-12-31"},
            {"urlType": "standard"},
        ],
        ids=str,
    )
    def test_it_has_the_links_of_the_filtered_list(
        self, links: short_urls.Client, query: dict[str, str]
    ) -> None:
        campaign = campaign_client.Client().create("Autumn")["id"]
        links.create(tags=["Sale"], custom_alias="winter")
        links.create(tags=["sale", "new"], campaign_id=campaign)
        disabled = links.create(tags=["news"], campaign_id=campaign)["id"]
        links("PATCH", disabled, body={"status": "disabled"})
        links.create()
        listed = links("GET", query=query).body["data"]["shortUrls"]
        exported = rows(links.send("GET", f"{SHORT_URLS}/export", query=query))
        assert [row["short_code"] for row in exported] == [one["short_code"] for one in listed]

    def test_the_next_part_has_the_filter_and_no_credential(
        self, links: short_urls.Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A part examines its number of links, however few match."""
        monkeypatch.setattr(csv_file, "MAX_ROWS", 2)
        tagged = links.create(tags=["Été & more"])["short_code"]
        for _ in range(3):
            links.create()
        query = {"tags": "été & more", "api_key": "jmpy_secret"}
        first = links.send("GET", f"{SHORT_URLS}/export", query=query)
        assert rows(first) == []
        assert following(first).keys() == {"tags", "cursor"}
        second = links.send("GET", f"{SHORT_URLS}/export", query=following(first))
        assert [row["short_code"] for row in rows(second)] == [tagged]
        assert "link" not in second.headers

    def test_links_of_a_deleted_campaign_are_not_in_it(self, links: short_urls.Client) -> None:
        campaigns = campaign_client.Client()
        campaign = campaigns.create("Autumn")["id"]
        links.create(campaign_id=campaign)
        campaigns("DELETE", campaign, query={"force": "true"})
        query = {"campaign_id": campaign}
        assert rows(links.send("GET", f"{SHORT_URLS}/export", query=query)) == []

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ({"cursor": "abc", "campaign_id": "none such"}, 400),
            ({"start_date": "2021-01-01", "end_date": "2020-01-01"}, 400),
            ({"sort": "name"}, 400),
        ],
    )
    def test_what_the_list_rejects_is_rejected(
        self, links: short_urls.Client, query: dict[str, str], status: int
    ) -> None:
        assert links.send("GET", f"{SHORT_URLS}/export", query=query).status == status

    def test_the_dashboard_exports_the_list_that_it_shows(self, person: Browser) -> None:
        for alias, tag in (("first", "Sale"), ("second", "News")):
            form = {"url": "https://a.example/", "custom_alias": alias, "tags": tag}
            person.submit("/dashboard/links", form)
        page = person.get("/dashboard/links?tag=sale&search=first").text
        export = "/dashboard/links/export?search=first&amp;tag=sale"
        assert f'href="/live{export}" download' in page
        (row,) = csv.DictReader(io.StringIO(person.get(export.replace("&amp;", "&")).text))
        assert row["short_code"] == "first"

    def test_a_tag_of_the_dashboards_list_leads_to_its_links(self, person: Browser) -> None:
        form = {"url": "https://a.example/", "tags": "Été & more"}
        person.submit("/dashboard/links", form)
        filtered = "/dashboard/links?tag=%C3%89t%C3%A9+%26+more"
        assert f'<a class="tag" href="/live{filtered}">' in person.get("/dashboard/links").text
        assert "1 link found" in person.get(filtered).text

    def test_a_page_that_is_gone_leads_back_to_the_first_one_of_the_filter(
        self, person: Browser
    ) -> None:
        person.submit("/dashboard/links", {"url": "https://a.example/", "tags": "sale"})
        person.submit("/dashboard/links", {"url": "https://a.example/"})
        page = person.get("/dashboard/links?tag=sale&cursor=abc").text
        assert "this is the first one" in page
        assert "1 link found" in page


class TestQrCodes:
    @pytest.mark.parametrize(
        "query",
        [
            {"search": "menu"},
            {"qrType": "static"},
            {"qr_type": "dynamic", "search": "menu"},
            {"source": "URL_SHORTENER"},
            {"date_range": "last_hour"},
        ],
        ids=str,
    )
    def test_it_has_the_codes_of_the_filtered_list(
        self, codes: qr_codes.Client, query: dict[str, str]
    ) -> None:
        codes.create(name="Menu")
        codes.create(name="Menu of the week", is_dynamic=True)
        codes.create(name="Poster", is_dynamic=True)
        listed = codes("GET", query=query).body["data"]["qrCodes"]
        exported = rows(codes.send("GET", f"{QR_CODES}/export", query=query))
        assert [row["id"] for row in exported] == [one["id"] for one in listed]

    def test_the_next_part_has_the_filter(
        self, codes: qr_codes.Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(csv_file, "MAX_ROWS", 1)
        card = codes.create(name="Card")["id"]
        codes.create(name="Poster")
        first = codes.send("GET", f"{QR_CODES}/export", query={"search": "card"})
        assert rows(first) == []
        second = codes.send("GET", f"{QR_CODES}/export", query=following(first))
        assert [row["id"] for row in rows(second)] == [card]

    def test_the_dashboard_exports_the_list_that_it_shows(self, person: Browser) -> None:
        for name in ("Menu", "Poster"):
            sent: dict[str, Any] = {"name": name, "content_data.text": "Hello"}
            person.submit("/dashboard/qr-codes/new/text", sent)
        export = "/dashboard/qr-codes/export?search=menu"
        assert (
            f'href="/live{export}" download' in person.get("/dashboard/qr-codes?search=menu").text
        )
        (row,) = csv.DictReader(io.StringIO(person.get(export).text))
        assert row["name"] == "Menu"

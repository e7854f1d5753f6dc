"""Lists of clicks, in the shape of the public contract."""

from __future__ import annotations

from typing import Any

from project.analytics import BOT, Analytics, Clicked
from tests.integration.short_urls import BASE_URL
from tests.integration.somebodys_links import SomebodysLinks

# The clock of the tests stands at 2027-01-15T08:00:00Z.
TODAY = "2027-01-15T07:30Z"


def ids(response: Any) -> list[str]:
    return [entry["id"] for entry in response.body["data"]]


def test_click_details(ask: Analytics, click: Clicked) -> None:
    link = ask.link(custom_alias="abc")
    click.keep(link, TODAY, "request-7")
    for response in (ask("click-details"), ask("click-details", "abc")):
        assert response.status == 200
        assert response.body == {
            "success": True,
            "data": [
                {
                    "id": "request-7",
                    "short_code": "abc",
                    "short_url": f"{BASE_URL}/abc",
                    "original_url": "https://example.com/",
                    "clicked_at": "2027-01-15T07:30:00Z",
                    "ip_address": None,
                    "user_agent": "Agent/1",
                    "referrer": "google.de",
                    "country": "Germany",
                    "city": None,
                    "device_type": "desktop",
                    "browser": "Firefox",
                    "os": "Linux",
                    "is_bot": False,
                    "agent_kind": "human",
                    "qr_code_id": None,
                    "campaign_id": None,
                    "campaign_name": None,
                }
            ],
            "pagination": {
                "limit": 100,
                "offset": 0,
                "total": 1,
                "human_clicks": 1,
                "bot_clicks": 0,
                "truncated": False,
            },
        }


def test_what_nobody_said_of_a_click_is_null(ask: Analytics, click: Clicked) -> None:
    click.keep(ask.link(), TODAY, "1", BOT)
    (listed,) = ask("click-details").body["data"]
    assert (listed["referrer"], listed["country"]) == (None, None)


def test_click_details_are_the_latest_first_in_pages(ask: Analytics, click: Clicked) -> None:
    one, two = ask.link(), ask.link()
    for minute in range(50):
        click.keep((one, two)[minute % 2], f"2027-01-14T10:{minute:02d}Z", f"{minute:02d}")
    newest_first = [f"{minute:02d}" for minute in reversed(range(50))]
    assert ids(ask("click-details")) == newest_first
    page = ask("click-details", limit="10", offset="35")
    assert ids(page) == newest_first[35:45]
    found = page.body["pagination"]
    assert (found["limit"], found["offset"], found["total"]) == (10, 35, 50)
    assert ids(ask("click-details", offset="10000")) == []
    of_one = ask("click-details", one.id, offset="20")
    assert ids(of_one) == ["08", "06", "04", "02", "00"]
    assert of_one.body["pagination"]["total"] == 25


def test_clicks_that_are_kept_no_longer_are_neither_listed_nor_counted(
    ask: Analytics, click: Clicked
) -> None:
    link = ask.link()
    click.keep(link, "2026-12-17T00:00Z", "kept")  # today and the 29 days before it
    click.keep(link, "2026-12-16T23:59Z", "gone")
    for response in (ask("click-details"), ask("click-details", link.id)):
        assert (ids(response), response.body["pagination"]["total"]) == (["kept"], 1)


def test_clicks_on_a_link_that_was_deleted_stay_in_the_list(ask: Analytics, click: Clicked) -> None:
    link = ask.link(custom_alias="abc")
    click.keep(link, TODAY, "1")
    SomebodysLinks(ask.app.resource.links._store).remove("a", "abc")
    (listed,) = ask("click-details").body["data"]
    assert (listed["short_code"], listed["original_url"]) == ("abc", None)

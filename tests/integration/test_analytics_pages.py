"""The pages of clicks: what they show, and to whom."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest

from jmpy.clicks.service import ClickRecorder
from jmpy.clicks.store import ClickStore
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from project.clicks import AGENTS, click
from project.tables import CLICKS, LINKS
from tests.cognito import SUBJECT
from tests.integration.campaigns import create_campaign

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.links.model import Link
    from tests.integration.browser import Browser

HOUR = 3_600_000


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> LinkService:
    return LinkService(LinkStore(dynamodb, LINKS))


@pytest.fixture
def link(person: Browser, links: LinkService) -> Link:
    """Of the person."""
    return links.create(SUBJECT, NewLink("https://example.com/", name="Autumn"))


@pytest.fixture
def clicked(dynamodb: DynamoDBClient, link: Link) -> Link:
    """With five clicks: three now, of which one is a bot's, and two long before."""
    now = int(time.time() * 1000)
    ages = (0, 0, 0, 40 * 24 * HOUR, 41 * 24 * HOUR)
    agents = (AGENTS[0], AGENTS[0], AGENTS[2], AGENTS[1], AGENTS[1])
    recorder = ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, 30))
    sent = [
        replace(
            click(number, link=link.id, account=link.account_id, at=now - age),
            country="DE",
            user_agent=agent,
            referrer="<b>x</b>",
        )
        for number, (age, agent) in enumerate(zip(ages, agents, strict=True))
    ]
    assert recorder.record(sent) == set()
    return link


def totals(page: str) -> list[str]:
    return re.findall(r'<span class="(?:big|figure)">([^<]*)</span>', page)


@pytest.mark.parametrize("path", ["", "/{id}"], ids=["account", "link"])
def test_a_page_names_the_campaigns_that_clicks_counted_for(
    dynamodb: DynamoDBClient, person: Browser, clicked: Link, path: str
) -> None:
    where = "/dashboard/analytics" + path.format(id=clicked.id)
    # Of those who have no campaigns, it would always be empty.
    assert 'id="campaign-title"' not in person.get(where).text
    autumn = create_campaign(dynamodb, SUBJECT, "Autumn <2026>")
    sent = [
        replace(
            click(10 + number, link=clicked.id, account=SUBJECT, at=int(time.time() * 1000)),
            user_agent=AGENTS[0],
            campaign_id=campaign_id,
        )
        for number, campaign_id in enumerate((autumn, "gone"))
    ]
    assert ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, 30)).record(sent) == set()
    page = person.get(where).text
    assert 'id="campaign-title"' in page
    assert "Autumn &lt;2026&gt;" in page
    assert "Deleted campaign" in page


@pytest.mark.parametrize("path", ["", "/{id}"], ids=["account", "link"])
def test_a_page_shows_what_was_clicked(person: Browser, clicked: Link, path: str) -> None:
    page = person.get("/dashboard/analytics" + path.format(id=clicked.id))
    assert page.status == 200
    assert totals(page.text) == ["2", "2", "2", "1"]
    assert "as many as the 30 days before" in page.text
    for shown in ("Germany", "Desktop", "Chrome", "Windows", "&lt;b&gt;x&lt;/b&gt;"):
        assert shown in page.text
    assert "<b>x</b>" not in page.text
    assert ("top-links-title" in page.text) is (path == "")


@pytest.mark.parametrize(
    ("period", "clicks"), [("24h", "2"), ("7d", "2"), ("90d", "4"), ("1y", "4"), ("nonsense", "2")]
)
def test_a_period_is_chosen(person: Browser, clicked: Link, period: str, clicks: str) -> None:
    page = person.get(f"/dashboard/analytics?period={period}")
    assert totals(page.text)[0] == clicks


def test_the_part_that_is_fetched_anew_is_the_same(person: Browser, clicked: Link) -> None:
    for path in ("/dashboard/analytics", f"/dashboard/analytics/{clicked.id}"):
        part = person.get(f"{path}/figures?period=7d")
        assert "<html" not in part.text
        assert totals(part.text) == ["2", "2", "2", "1"]
        assert f"{path}/figures?period=7d" in part.text


@pytest.mark.parametrize(
    ("query", "shown", "legend"),
    [
        ("", ["2", "2", "2", "1"], "Clicks by people"),
        ("?bots=exclude", ["2", "2", "2", "1"], "Clicks by people"),
        ("?bots=include", ["3", "3", "2", "1"], "All clicks"),
        ("?bots=only", ["1", "1", "2", "1"], "Clicks by bots"),
        ("?bots=nonsense", ["2", "2", "2", "1"], "Clicks by people"),
    ],
)
def test_a_page_counts_people_unless_its_address_says_otherwise(
    person: Browser, clicked: Link, query: str, shown: list[str], legend: str
) -> None:
    for path in ("/dashboard/analytics", f"/dashboard/analytics/{clicked.id}"):
        page = person.get(f"{path}{query}").text
        assert totals(page) == shown
        assert f'<span class="clicks">{legend}</span>' in page
        assert (">Bots</th>" in page) is (legend == "All clicks")


def test_what_is_counted_stays_chosen_in_every_link_of_a_page(
    person: Browser, clicked: Link
) -> None:
    for path in ("/dashboard/analytics", f"/dashboard/analytics/{clicked.id}"):
        page = unescape(person.get(f"{path}?period=7d&bots=include").text)
        ways = re.findall(r'(?:href|hx-get)="[^"]*(/dashboard/analytics[^"]*)"', page)
        navigation, *ways = ways
        assert navigation == "/dashboard/analytics"
        choices = {f"{path}?period=7d", f"{path}?period=7d&bots=only"}
        assert choices <= set(ways)
        assert all("bots=include" in way for way in set(ways) - choices)


def test_a_page_without_people_says_that_bots_came(
    person: Browser, link: Link, dynamodb: DynamoDBClient
) -> None:
    now = int(time.time() * 1000)
    bot = replace(click(link=link.id, account=link.account_id, at=now), user_agent=AGENTS[2])
    assert ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, 30)).record([bot]) == set()
    page = unescape(person.get("/dashboard/analytics").text)
    assert "Only bots in the last 30 days" in page
    (way,) = re.findall(r'href="[^"]*(/dashboard/analytics\?[^"]*)">Show bots<', page)
    assert totals(person.get(way).text)[0] == "1"


def test_a_page_of_bots_without_any_leads_to_people(
    person: Browser, link: Link, dynamodb: DynamoDBClient
) -> None:
    now = int(time.time() * 1000)
    human = replace(click(link=link.id, account=link.account_id, at=now), user_agent=AGENTS[0])
    assert ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, 30)).record([human]) == set()
    page = unescape(person.get("/dashboard/analytics?bots=only").text)
    assert "No bots in the last 30 days" in page
    assert "The only click was by a person." in page
    (way,) = re.findall(r'href="[^"]*(/dashboard/analytics\?[^"]*)">Show people<', page)
    assert totals(person.get(way).text)[0] == "1"


def test_other_pages_show_clicks_of_people_and_name_those_of_bots(
    person: Browser, clicked: Link
) -> None:
    for path in ("/dashboard", "/dashboard/links", f"/dashboard/links/{clicked.id}"):
        page = " ".join(unescape(re.sub("<[^>]*>", " ", person.get(path).text)).split())
        assert re.search(r"\b4( clicks?)?(,? and| \+) 1 by bots", page), path


def test_top_links_say_since_when_where_that_is_before_the_period(
    person: Browser, clicked: Link
) -> None:
    """Links are counted by whole days: of 24 hours they would be more than all clicks."""
    assert "Top links since <time" in person.get("/dashboard/analytics?period=24h").text
    assert ">Top links</h2>" in person.get("/dashboard/analytics?period=7d").text


def test_before_the_first_click_a_page_says_what_to_do(person: Browser, link: Link) -> None:
    assert "No clicks yet" in person.get("/dashboard/analytics").text
    page = person.get(f"/dashboard/analytics/{link.id}")
    assert "Share the short URL" in page.text
    assert link.short_code in page.text


def test_nobody_sees_the_clicks_of_others(person: Browser, links: LinkService) -> None:
    foreign = links.create("somebody-else", NewLink("https://example.com/"))
    for page in ("", "/figures"):
        assert person.get(f"/dashboard/analytics/{foreign.id}{page}").status == 404


def test_a_stranger_is_asked_to_sign_in(browser: Browser) -> None:
    response = browser.get("/dashboard/analytics")
    assert response.status == 302
    assert "/login" in response.headers["location"]


def test_scans_are_told_from_clicks_once_there_are_any(
    person: Browser, dynamodb: DynamoDBClient, clicked: Link
) -> None:
    pages = ("/dashboard/analytics", f"/dashboard/analytics/{clicked.id}")
    for page in pages:
        assert "scan" not in person.get(page).text.lower()
    now = int(time.time() * 1000)
    scan = replace(
        click(9, link=clicked.id, account=clicked.account_id, at=now),
        user_agent=AGENTS[0],
        qr_id="019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b",
    )
    ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, 30)).record([scan])
    for page in pages:
        for period in ("24h", "30d"):
            text = person.get(f"{page}?period={period}").text
            assert "of these, 1 scan of QR codes" in text
            rows = re.findall(r'<th scope="row">((?:Scan|Click) [^<]*)</th><td[^>]*>(\d+)', text)
            assert rows == [("Click on a short URL", "2"), ("Scan of a QR code", "1")]


def test_a_campaign_has_the_clicks_that_were_counted_for_it(
    dynamodb: DynamoDBClient, person: Browser, clicked: Link
) -> None:
    autumn = create_campaign(dynamodb, SUBJECT, "Autumn <2026>")
    where = f"/dashboard/campaigns/{autumn}/analytics"
    assert f'href="/live{where}"' in person.get(f"/dashboard/campaigns/{autumn}").text
    assert "Share a link of the campaign" in person.get(where).text
    sent = replace(
        click(10, link=clicked.id, account=SUBJECT, at=int(time.time() * 1000)),
        user_agent=AGENTS[0],
        campaign_id=autumn,
    )
    assert ClickRecorder(ClickStore(dynamodb, CLICKS, LINKS, 30)).record([sent]) == set()
    for period in ("24h", "30d", "1y"):
        page = person.get(f"{where}?period={period}").text
        assert totals(page)[0] == "1"
        assert "Autumn &lt;2026&gt;" in page
        assert "top-links-title" in page
        assert f"/{clicked.short_code}" in page
        assert 'id="campaign-title"' not in page  # all of them were of this one
        part = person.get(f"{where}/figures?period={period}").text
        assert totals(part)[0] == "1"
        assert "<html" not in part
        assert f"{where}/figures?period={period}" in part
    assert person.get("/dashboard/campaigns/unknown/analytics").status == 404
    assert person.get("/dashboard/campaigns/unknown/analytics/figures").status == 404

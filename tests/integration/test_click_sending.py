"""From a redirect to the message in the queue."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from project import functions
from project.tables import CLICKS_QUEUE_URL, LINKS
from tests.integration.campaign_client import Client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.links.model import Link

ADDRESS = "192.0.2.1"
"""Whom `functions.event` comes from."""

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> LinkService:
    return LinkService(LinkStore(dynamodb, LINKS))


class Redirect:
    """An execution environment of the function."""

    def __init__(self) -> None:
        self.app = functions.load("redirect")

    def follow(
        self, link: Link, method: str = "GET", suffix: str = "", **sent: Any
    ) -> functions.Response:
        path = link.short_code + suffix
        event = functions.event(
            method, f"/{path}", resource="/{proxy+}", parameters={"proxy": path}, **sent
        )
        return functions.call(self.app.handler, event)


def queued() -> list[dict[str, Any]]:
    response = boto3.client("sqs").receive_message(
        QueueUrl=CLICKS_QUEUE_URL, MaxNumberOfMessages=10
    )
    return [json.loads(message["Body"]) for message in response.get("Messages", [])]


def test_a_click_says_what_is_counted_and_never_who_it_was(links: LinkService) -> None:
    link = links.create("a", NewLink("https://example.com/?utm_source=site&utm_medium=web"))
    headers = {
        "user-agent": CHROME,
        "referer": "https://www.example.org/private/page?token=secret",
    }
    Redirect().follow(link, headers=headers, query={"utm_source": "card", "q": "1"})
    (click,) = queued()
    visitor = click.pop("visitor")
    assert len(click.pop("id")) == 32
    assert click == {
        "at": 1_800_000_000_123,
        "link_id": link.id,
        "account_id": "a",
        "short_code": link.short_code,
        "user_agent": CHROME,
        "referrer": "example.org",
        "country": "unknown",
        "utm": {"utm_source": "card", "utm_medium": "web"},
        "own": ["utm_medium"],
        "qr_id": None,
        "campaign_id": None,
    }
    assert len(bytes.fromhex(visitor)) == 8


def test_a_scan_says_which_qr_code_it_is_of_whatever_the_query_says(links: LinkService) -> None:
    link = links.create("a", NewLink("https://example.com/", qr_id="q"))
    assert link.qr_code is not None
    scanned = replace(link, short_code=link.qr_code)
    for followed in (scanned, link):
        Redirect().follow(followed, query={"qr": "1"})
    sent = {(click["short_code"], click["qr_id"]) for click in queued()}
    assert sent == {(link.qr_code, "q"), (link.short_code, None)}


def test_a_click_says_which_campaign_its_link_is_in(links: LinkService) -> None:
    spring = Client().create("Spring")["id"]
    some, other = (
        links.create("a", NewLink("https://example.com/", campaign_id=campaign, qr_id="q"))
        for campaign in (spring, None)
    )
    assert some.qr_code is not None
    for followed in (some, replace(some, short_code=some.qr_code), other):
        Redirect().follow(followed)
    assert [click["campaign_id"] for click in queued()] == [spring, spring, None]


def test_a_visitor_is_known_again_on_a_link_and_on_no_other(links: LinkService) -> None:
    first, second = (links.create("a", NewLink("https://example.com/")) for _ in range(2))
    Redirect().follow(first)
    Redirect().follow(first)
    Redirect().follow(first, headers={"user-agent": "another"})
    Redirect().follow(second)
    once, again, another, elsewhere = (click["visitor"] for click in queued())
    assert once == again
    assert len({once, another, elsewhere}) == 3


def test_a_visitors_address_and_country_are_those_that_a_cdn_proves(
    links: LinkService, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "the-secret-of-the-edge-in-front-of-this"
    monkeypatch.setenv("EDGE_SECRET_HASHES", sha256(secret.encode()).hexdigest())
    link, redirect = links.create("a", NewLink("https://example.com/")), Redirect()
    told = {"cloudfront-viewer-country": "DE", "cloudfront-viewer-address": "198.51.100.7:4321"}
    redirect.follow(link)
    for claimed in (told, {**told, "cf-ipcountry": "FR"}, {**told, "x-jmpy-edge": "a guess"}):
        redirect.follow(link, headers=claimed)
    redirect.follow(link, headers={**told, "x-jmpy-edge": secret})
    redirect.follow(link, headers={"x-jmpy-edge": secret})
    *unproven, proven, silent = queued()
    assert {click["country"] for click in unproven} == {"unknown"}
    assert len({click["visitor"] for click in unproven}) == 1
    assert proven["country"] == "DE"
    assert proven["visitor"] != unproven[0]["visitor"]
    assert (silent["country"], silent["visitor"]) == ("unknown", unproven[0]["visitor"])


@pytest.mark.parametrize(
    ("sent", "host"),
    [
        ("android-app://com.google.android.gm/", "com.google.android.gm"),
        ("android-app://com.slack", "com.slack"),
        ("android-app://com.google.android.googlequicksearchbox/https/www.google.com",
         "com.google.android.googlequicksearchbox"),
        ("https://l.facebook.com/", "l.facebook.com"),
        ("about:blank", ""),
        ("android-app://", ""),
    ],
)  # fmt: skip
def test_a_referrer_is_the_host_or_the_package_of_an_app(
    links: LinkService, sent: str, host: str
) -> None:
    Redirect().follow(links.create("a", NewLink("https://example.com/")), headers={"referer": sent})
    (click,) = queued()
    assert click["referrer"] == host


OWN = {"utm_source": "site", "utm_medium": "web"}


@pytest.mark.parametrize(
    ("query", "found", "own"),
    [
        (None, OWN, [*OWN]),
        ({"utm_source": "site"}, OWN, [*OWN]),
        ({"utm_source": "x"}, OWN | {"utm_source": "x"}, ["utm_medium"]),
        ({"utm_source": " ", "utm_term": "t"}, OWN | {"utm_term": "t"}, [*OWN]),
    ],
)
def test_a_click_says_which_utm_values_are_the_destinations_own(
    links: LinkService, query: dict[str, str] | None, found: dict[str, str], own: list[str]
) -> None:
    link = links.create("a", NewLink("https://example.com/?utm_source=site&utm_medium=web"))
    Redirect().follow(link, query=query)
    (click,) = queued()
    assert (click["utm"], click["own"]) == (found, own)


def test_what_is_no_click_is_not_counted(links: LinkService, dynamodb: DynamoDBClient) -> None:
    private = links.create("a", NewLink("https://example.com/", tracking_enabled=False))
    locked = links.create("a", NewLink("https://example.com/", password="long enough"))
    plain = links.create("a", NewLink("https://example.com/"))
    redirect = Redirect()
    assert redirect.follow(private).status == 301
    assert redirect.follow(locked).status == 401
    assert redirect.follow(locked, "POST", body="password=wrong+one").status == 401
    assert redirect.follow(plain, "HEAD").status == 301
    assert queued() == []
    assert redirect.follow(locked, "POST", body="password=long+enough").status == 303
    assert len(queued()) == 1


SPECULATIVE = [
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"sec-purpose": "prefetch; anonymous-client-ip"},
    {"Sec-Purpose": "prerender"},
    {"X-Sec-Purpose": "prefetch"},
    {"Purpose": "prefetch"},
    {"purpose": "Preview"},
    {"X-Purpose": "preview"},
    {"X-Moz": "prefetch"},
    {"X-moz": "prefetch", "Sec-Purpose": ""},
]


@pytest.mark.parametrize("headers", SPECULATIVE)
def test_a_prefetch_or_a_preview_is_redirected_and_is_no_click(
    links: LinkService, headers: dict[str, str]
) -> None:
    """Also by who may pass a password, and where the preview page of the link is asked for."""
    plain = links.create("a", NewLink("https://example.com/"))
    locked = links.create("a", NewLink("https://example.com/", password="long enough"))
    redirect = Redirect()
    unlocked = redirect.follow(locked, "POST", body="password=long+enough")
    assert len(queued()) == 1
    cookie = unlocked.headers["set-cookie"].partition(";")[0]
    for found in (
        redirect.follow(plain, headers=headers),
        redirect.follow(locked, headers=headers | {"cookie": cookie}),
    ):
        assert found.status in (301, 302)
        assert found.headers["location"] == "https://example.com/"
        # Not in any HTTP cache: who then opens the link sends another request, which counts.
        assert "no-store" in found.headers["cache-control"]
    assert redirect.follow(locked, headers=headers).status == 401
    assert redirect.follow(plain, headers=headers, suffix="+").status == 200
    assert queued() == []
    redirect.follow(plain, headers={"user-agent": CHROME})
    assert len(queued()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": ""},
        {"Purpose": "navigation"},
        {"X-Purpose": "noprefetching"},
        {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1", "Upgrade-Insecure-Requests": "1"},
        {"Referer": "https://example.org/prefetch?preview"},
    ],
)
def test_what_is_not_said_to_be_a_prefetch_is_a_click(
    links: LinkService, headers: dict[str, str]
) -> None:
    Redirect().follow(links.create("a", NewLink("https://example.com/")), headers=headers)
    assert len(queued()) == 1


def test_a_visitor_gets_on_when_the_queue_is_gone(
    links: LinkService, caplog: pytest.LogCaptureFixture
) -> None:
    link = links.create("a", NewLink("https://example.com/"))
    boto3.client("sqs").delete_queue(QueueUrl=CLICKS_QUEUE_URL)
    assert Redirect().follow(link).headers["location"] == "https://example.com/"
    (lost,) = [vars(line) for line in caplog.records if line.message == "click not queued"]
    assert json.loads(lost["click"])["link_id"] == link.id
    assert ADDRESS not in str(lost)

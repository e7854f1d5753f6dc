"""The dashboard has the limits of the API, and each session one of its own."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from jmpy.audit.store import AuditLog
from jmpy.campaigns.changes import CampaignChanges, NewCampaign
from jmpy.campaigns.store import CampaignStore
from jmpy.dashboard.pages import daily_limits
from jmpy.gateway.own_names import NOWHERE
from jmpy.limits.plan import LimitClass
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.qr.content import ContentType, Url
from jmpy.qr.creation import NewQrCode, Place, QrCodeCreation
from jmpy.qr.look import Look
from jmpy.qr.store import QrCodeStore
from jmpy.sessions.service import ACTION_BURST, BURST, INTERVAL
from project.origins import SOMEBODY
from project.tables import AUDIT, LINKS
from tests import cognito
from tests.clocks import later
from tests.integration.browser import STAGE, Browser
from tests.integration.domains import create_domain

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.service import AccountService
    from jmpy.links.model import Link
    from project.functions import Response
    from tests.cognito import FakeCognito

CREATION, READS, CLICKS = LimitClass.URL_CREATION, LimitClass.URL_READS, LimitClass.ANALYTICS
QR_CREATION, QR_READS = LimitClass.QR_GENERATION, LimitClass.QR_READS
CLASSES = (CREATION, READS, CLICKS, QR_CREATION, QR_READS)


@pytest.fixture
def link(dynamodb: DynamoDBClient) -> Link:
    """Beside one with a QR code, a campaign, and a domain."""
    create_domain(dynamodb, cognito.SUBJECT)
    campaigns = CampaignChanges(CampaignStore(dynamodb, LINKS), AuditLog(dynamodb, AUDIT))
    campaigns.create(cognito.SUBJECT, NewCampaign(name="Autumn"), by=SOMEBODY)
    store = LinkStore(dynamodb, LINKS)
    service = LinkService(store)
    QrCodeCreation(QrCodeStore(dynamodb, LINKS), service, store).create(
        cognito.SUBJECT,
        NewQrCode(
            content_type=ContentType.URL,
            content=Url("https://example.com/"),
            look=Look(),
            is_dynamic=True,
        ),
        Place(STAGE, NOWHERE),
    )
    return service.create(
        cognito.SUBJECT,
        NewLink("https://example.com/", custom_alias="sale", password="long enough"),
    )


def used(person: Browser) -> dict[LimitClass, int]:
    """Of each class that pages count against."""
    app = person.app
    today = app.services.limiter.today(app.services.subscriber(cognito.SUBJECT))
    counts = {quota.limit_class: quota.used for quota in today}
    return {name: counts[name] for name in CLASSES}


def sell(accounts: AccountService, **limits: int) -> None:
    agreed = {LimitClass(name): limit for name, limit in limits.items()}
    accounts.subscribe(cognito.SUBJECT, "free", agreed, by=SOMEBODY)


CHANGE = {"url": "https://example.com/new", "custom_alias": "sale", "version": "1"}


class Counted(NamedTuple):
    method: str
    path: str
    form: dict[str, str]
    limit_class: LimitClass


COUNTED = [
    Counted("GET", "/dashboard/links", {}, READS),
    Counted("GET", "/dashboard/links?search=x", {}, READS),
    Counted("GET", "/dashboard/links/export", {}, READS),
    Counted("GET", "/dashboard/links/{id}", {}, READS),
    Counted("GET", "/dashboard/links/00000000-0000-7000-8000-000000000000", {}, READS),
    Counted("POST", "/dashboard/links", {"url": "https://example.com/"}, CREATION),
    Counted("POST", "/dashboard/links/{id}", CHANGE, READS),
    Counted("POST", "/dashboard/links/{id}", {"url": "nonsense"}, READS),
    Counted("POST", "/dashboard/links/{id}/delete", {}, READS),
    Counted("POST", "/dashboard/links/{id}/destination", {"url": "https://a.example/"}, READS),
    Counted("POST", "/dashboard/links/{id}/qr-code", {}, QR_CREATION),
    Counted("GET", "/dashboard/qr-codes", {}, QR_READS),
    Counted(
        "POST",
        "/dashboard/qr-codes/new/<kind>",
        {"content_data.url": "https://a.example/"},
        QR_CREATION,
    ),
    Counted(
        "POST",
        "/dashboard/qr-codes/new/<kind>/preview",
        {"content_data.url": "https://a.example/"},
        QR_READS,
    ),
    Counted("GET", "/dashboard/qr-codes/{qr}", {}, QR_READS),
    Counted("GET", "/dashboard/qr-codes/{qr}/file", {}, QR_READS),
    Counted("POST", "/dashboard/qr-codes/{qr}", {"name": "New"}, QR_READS),
    Counted("POST", "/dashboard/qr-codes/{qr}/delete", {}, QR_READS),
    Counted("GET", "/dashboard/qr-codes/export", {}, QR_READS),
    Counted("GET", "/dashboard/campaigns", {}, READS),
    Counted("GET", "/dashboard/campaigns/{campaign}", {}, READS),
    Counted("POST", "/dashboard/campaigns", {"name": "Winter"}, CREATION),
    Counted("POST", "/dashboard/campaigns/{campaign}", {"name": "Winter"}, READS),
    Counted("POST", "/dashboard/campaigns/{campaign}/delete", {}, READS),
    Counted("GET", "/dashboard/campaigns/{campaign}/links", {}, READS),
    Counted("GET", "/dashboard/campaigns/{campaign}/analytics", {}, CLICKS),
    Counted("GET", "/dashboard/campaigns/{campaign}/analytics/figures", {}, CLICKS),
    Counted("POST", "/dashboard/campaigns/{campaign}/links/remove", {"link": "sale"}, READS),
    Counted("GET", "/dashboard/domains", {}, READS),
    Counted("GET", "/dashboard/domains/{domain}", {}, READS),
    Counted("GET", "/dashboard/domains/new/subdomain/availability?subdomain=winter", {}, READS),
    Counted("POST", "/dashboard/domains/new/subdomain", {"subdomain": "winter"}, CREATION),
    Counted("POST", "/dashboard/domains/new/branded", {"domain": "go.acme.com"}, CREATION),
    Counted("POST", "/dashboard/domains/{domain}", {"name": "Winter"}, READS),
    Counted("POST", "/dashboard/domains/{domain}/check", {}, READS),
    Counted("POST", "/dashboard/domains/{domain}/delete", {}, READS),
    Counted(
        "POST", "/dashboard/domains/{domain}/apple-app-site-association", {"content": "[]"}, READS
    ),
    Counted("POST", "/dashboard/domains/{domain}/assetlinks.json", {"content": "[]"}, READS),
    Counted("GET", "/dashboard/tags", {}, READS),
    Counted("GET", "/dashboard/tags/rename?tag=sale", {}, READS),
    Counted("POST", "/dashboard/tags/rename", {"tag": "sale", "name": "new"}, READS),
    Counted("GET", "/dashboard/tags/remove?tag=sale", {}, READS),
    Counted("POST", "/dashboard/tags/remove", {"tag": "sale"}, READS),
    Counted("GET", "/dashboard/links/held-aliases", {}, READS),
    Counted("POST", "/dashboard/links/held-aliases/release", {"alias": "none"}, READS),
    Counted("GET", "/dashboard/analytics", {}, CLICKS),
    Counted("GET", "/dashboard/analytics?period=7d", {}, CLICKS),
    Counted("GET", "/dashboard/analytics/{id}", {}, CLICKS),
    Counted("GET", "/dashboard/analytics/figures", {}, CLICKS),
    Counted("GET", "/dashboard/analytics/{id}/figures", {}, CLICKS),
]


def send(person: Browser, link: Link, page: Counted) -> Response:
    (qr_code,) = person.app.services.qr_code_store.pages(cognito.SUBJECT, 1)
    campaign = person.app.services.campaigns.get(cognito.SUBJECT, "Autumn").campaign
    path = page.path.replace("{id}", link.id).replace("{qr}", qr_code.id)
    path = path.replace("<kind>", "url").replace("{campaign}", campaign.id)
    (domain,) = person.app.services.domain_store.newest(cognito.SUBJECT, 9)
    path = path.replace("{domain}", domain.id)
    return person.get(path) if page.method == "GET" else person.submit(path, page.form)


@pytest.mark.parametrize("page", COUNTED)
def test_a_page_counts_as_the_operation_of_the_api_does(
    person: Browser, link: Link, page: Counted
) -> None:
    send(person, link, page)
    nothing = dict.fromkeys(CLASSES, 0)
    assert used(person) == nothing | {page.limit_class: 1}


def test_every_page_of_links_qr_codes_and_clicks_is_counted(person: Browser) -> None:
    """But the empty form, its preview, and what asks before a change that is counted: a new page is
    to be added above."""
    declared = {
        (method, path)
        for path, methods in person.app.site.methods.items()
        for method in methods
        if path.startswith(
            (
                "/dashboard/links",
                "/dashboard/qr-codes",
                "/dashboard/analytics",
                "/dashboard/campaigns",
                "/dashboard/domains",
                "/dashboard/tags",
            )
        )
    }
    counted = {(method, re.sub(r"/(\{\w+\}|0{8}-[0-9-]+)", "/<id>", path.partition("?")[0]))
               for method, path, _, _ in COUNTED}  # fmt: skip
    assert declared - counted == {
        ("GET", "/dashboard/campaigns/new"),
        ("GET", "/dashboard/campaigns/<id>/delete"),
        ("GET", "/dashboard/domains/new/subdomain"),
        ("GET", "/dashboard/domains/new/branded"),
        ("GET", "/dashboard/domains/<id>/delete"),
        ("GET", "/dashboard/domains/<id>/status"),
        ("GET", "/dashboard/links/new"),
        ("GET", "/dashboard/links/new/destination"),
        ("GET", "/dashboard/links/<id>/delete"),
        ("GET", "/dashboard/links/<id>/qr-code"),
        ("GET", "/dashboard/qr-codes/new"),
        ("GET", "/dashboard/qr-codes/new/<kind>"),
        ("GET", "/dashboard/qr-codes/<id>/delete"),
        ("GET", "/dashboard/links/held-aliases/release"),
    }


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/links/new",
        "/qr-codes/new",
        "/qr-codes/new/wifi",
        "/api-keys",
        "/activity",
        "/alerts",
        "/audit-log",
        "/plan",
        "/usage",
    ],
)
def test_what_the_api_does_not_count_works_when_everything_is_used_up(
    person: Browser, accounts: AccountService, path: str
) -> None:
    sell(accounts, **{name.value: 0 for name in CLASSES})
    assert person.get(f"/dashboard{path}").status == 200
    assert set(used(person).values()) == {0}


@pytest.mark.parametrize("page", [page for page in COUNTED if page.method == "GET"])
def test_beyond_a_limit_a_page_says_until_when_and_where_the_plan_is(
    person: Browser, accounts: AccountService, link: Link, page: Counted
) -> None:
    sell(accounts, **{page.limit_class.value: 2})
    for _ in range(2):
        assert send(person, link, page).status in (200, 404)
    response = send(person, link, page)
    assert response.status == 429
    assert 1 <= int(response.headers["retry-after"]) <= 24 * 3600
    words = {
        READS: "link reads", CLICKS: "analytics requests", QR_READS: "QR code reads"
    }[page.limit_class]  # fmt: skip
    text = unescape(response.text)
    assert f"You have used 2 of 2 {words} today. They are available again at <time" in text
    assert re.search(r'<time datetime="20\d\d-\d\d-\d\dT00:00:00Z" data-local>', text)
    assert '<a class="button" href="/live/dashboard/plan">See your plan</a>' in text
    assert 'href="/live/dashboard/links"' in text  # the way on is not barred
    assert used(person)[page.limit_class] == 2


@pytest.mark.parametrize(
    ("path", "limit_class"),
    [("/dashboard/links", CREATION), ("/dashboard/links/{id}", READS)],
)
def test_beyond_a_limit_a_form_keeps_what_was_typed(
    person: Browser, accounts: AccountService, link: Link, path: str, limit_class: LimitClass
) -> None:
    sell(accounts, **{limit_class.value: 0})
    typed = {
        "url": "https://example.com/typed",
        "custom_alias": "typed-alias",
        "name": "Typed name",
        "tags": "typed, tags",
        "expires_at": "2099-01-31T12:00",
        "is_dynamic": "on",
        "version": str(link.version),
    }
    response = send(person, link, Counted("POST", path, typed, limit_class))
    assert (response.status, "retry-after" in response.headers) == (429, True)
    page = unescape(response.text)
    assert "Your plan does not include any" in page
    assert '<a href="/live/dashboard/plan">See your plan</a>' in page
    for value in typed.values():
        if value != "on" and (value, limit_class) != (typed["version"], CREATION):
            assert f'value="{value}"' in page
    assert re.search(r'name="is_dynamic"[^>]* checked', page)
    assert LinkService(LinkStore(person.app.dynamodb, LINKS)).get(cognito.SUBJECT, link.id) == link


# What a page fetches anew


def polled(page: str) -> str:
    """The address that the page fetches."""
    found = re.search(r'hx-get="/live(/dashboard/analytics[^"]*figures[^"]*)"', page)
    assert found is not None
    return unescape(found[1])


@pytest.mark.parametrize("path", ["/dashboard/analytics", "/dashboard/analytics/{id}"])
def test_a_page_that_was_counted_fetches_itself_anew_for_nothing(
    person: Browser, link: Link, path: str
) -> None:
    address = polled(person.get(path.replace("{id}", link.id)).text)
    for _ in range(5):
        response = person.get(address)
        assert response.status == 200
        assert polled(response.text) == address  # so that the page sees that nothing has changed
    assert used(person)[CLICKS] == 1


def test_after_an_hour_it_counts_as_a_look(
    person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert daily_limits.POLLED_FOR == 3600
    # As does the proof of who the session is of, which has nothing to do with it.
    monkeypatch.setattr(daily_limits, "POLLED_FOR", 10)
    address = polled(person.get("/dashboard/analytics").text)
    with later(11):
        renewed = polled(person.get(address).text)
        assert renewed != address
        assert person.get(renewed).status == 200
        assert used(person)[CLICKS] == 2


def test_a_permit_is_for_one_page_period_and_session(
    person: Browser, link: Link, pool: FakeCognito
) -> None:
    address = polled(person.get("/dashboard/analytics?period=7d").text)
    permit = address.partition("permit=")[2]
    other = Browser(pool)
    other.sign_in()
    tried = [
        (person, address.replace("period=7d", "period=30d")),
        (person, address.replace("/analytics/figures", f"/analytics/{link.id}/figures")),
        (person, address.replace(permit, permit[:-1] + ("0" if permit[-1] != "0" else "1"))),
        (person, address.replace(permit, "9" * 5000 + permit)),
        (person, address.replace(permit, "")),
        (other, address),
    ]
    for number, (browser, forged) in enumerate(tried, start=2):
        assert browser.get(forged).status == 200
        assert used(person)[CLICKS] == number


# Each session


def test_a_session_that_asks_too_fast_is_told_to_wait(person: Browser) -> None:
    statuses = [person.get("/dashboard/links/new").status for _ in range(2 * BURST)]
    assert {200, 429} == set(statuses)
    assert statuses.index(429) >= BURST - 1  # signing in took none, time gave some back
    response = person.get("/dashboard/links/new")
    assert (response.status, response.headers["retry-after"]) == (429, "1")
    assert "Too many requests" in response.text
    with later(INTERVAL):
        assert person.get("/dashboard/links/new").status == 200


def test_pages_that_fetch_themselves_keep_no_form_from_being_sent(person: Browser) -> None:
    form = {**person.tokens(), "url": "https://example.com/"}
    while person.get("/dashboard/usage").status == 200:
        pass
    assert person.post("/dashboard/links", form).status == 303
    statuses = {person.post("/dashboard/links", {}).status for _ in range(ACTION_BURST)}
    assert 429 in statuses


def test_one_session_does_not_slow_another(person: Browser, pool: FakeCognito) -> None:
    while person.get("/dashboard/usage").status == 200:
        pass
    other = Browser(pool)
    other.sign_in()
    assert other.get("/dashboard").status == 200


def test_requests_at_the_same_time_cannot_pass_together(
    person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rival takes the last place while ours is on its way to the table."""
    store = person.app.sessions._store
    count, left = store._count, [True]

    def overtake(*sent: Any) -> Any:
        if "busy_until + " in sent[1] and left and left.pop():
            count(sent[0], "SET busy_until = :far", "attribute_exists(pk)", {":far": 2**42})
        return count(*sent)

    monkeypatch.setattr(store, "_count", overtake)
    for _ in range(5):
        response = person.get("/dashboard/links/new")
        if response.status == 429:
            break
    assert (response.status, response.headers["retry-after"]) == (429, "1")


def test_a_session_that_ends_meanwhile_is_over(
    person: Browser, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = person.app.sessions._store
    count = store._count

    def overtake(*sent: Any) -> Any:
        if "busy_until + " in sent[1]:
            store.remove(sent[0])
        return count(*sent)

    monkeypatch.setattr(store, "_count", overtake)
    statuses = [person.get("/dashboard/links/new").status for _ in range(5)]
    assert statuses[-1] == 302

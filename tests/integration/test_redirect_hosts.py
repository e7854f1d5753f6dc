"""Short URLs on other hosts than the default domain, through the function that follows them."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from jmpy.clicks.queue import ClickQueue
from jmpy.domains.model import DomainState, WellKnownFile
from jmpy.links import password
from jmpy.links.attempts import NETWORK
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from project.tables import LINKS
from tests.integration.domains import create_domain
from tests.integration.hosts import BRANDED, BROWSER, SUBDOMAIN, URL, Hosts
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from unittest.mock import Mock

    from mypy_boto3_dynamodb import DynamoDBClient

SECRET = "what-the-edge-proves-itself-with-0123456789"
SHOP = "https://shop.acme.com/"


@pytest.fixture
def hosts(dynamodb: DynamoDBClient) -> Hosts:
    return Hosts(dynamodb)


@pytest.fixture
def clicks() -> Iterator[Mock]:
    with patch.object(ClickQueue, "send") as send:
        yield send


def location(response: Any) -> str:
    assert response.status in (301, 302, 303), response
    return str(response.headers["location"])


def test_the_same_code_is_another_link_on_every_host(hosts: Hosts, clicks: Mock) -> None:
    urls = {host: f"https://example.com/{host}" for host in ("", SUBDOMAIN, BRANDED)}
    for number, (host, url) in enumerate(urls.items()):
        hosts.put(host, f"d{number}")
        hosts.link("sale", host, url, f"d{number}")
    for _ in range(2):  # from the table, then from the caches of one environment
        assert {host: location(hosts.get(host, "sale")) for host in urls} == urls
    counted = [call.args[0].link_id for call in clicks.call_args_list]
    assert counted == [f"link-sale-{host}" for host in urls] * 2


def test_a_code_of_one_domain_is_not_there_on_another(hosts: Hosts) -> None:
    hosts.put(BRANDED)
    hosts.put(SUBDOMAIN, "d2")
    hosts.link("only-a", BRANDED)
    hosts.link("only-b", SUBDOMAIN, domain_id="d2")
    hosts.link("nobodys")
    for _ in range(2):
        for host, code in ((BRANDED, "only-a"), (SUBDOMAIN, "only-b"), ("", "nobodys")):
            assert location(hosts.get(host, code)) == URL
        for host, code in (
            (BRANDED, "only-b"), (SUBDOMAIN, "only-a"), (BRANDED, "nobodys"), ("", "only-a"),
        ):  # fmt: skip
            assert hosts.get(host, code).status == 404


@pytest.mark.parametrize("path", ["", "sale", "sale+", "robots.txt", "favicon.ico"])
@pytest.mark.parametrize("host", ["unknown.test", "a" * 300, "b\u00fccher.test", "x, y"])
def test_an_unknown_host_is_404_and_never_the_default_domain(
    hosts: Hosts, host: str, path: str
) -> None:
    hosts.link("sale")
    response = hosts.get(host, path)
    assert (response.status, response.code) == (404, "NOT_FOUND")


@pytest.mark.parametrize("spelling", ["GO.ACME.COM", "go.acme.com.", "Go.Acme.com:443"])
def test_every_spelling_of_the_host_leads_to_its_link(hosts: Hosts, spelling: str) -> None:
    hosts.put(BRANDED)
    hosts.link("sale", BRANDED)
    assert location(hosts.get(spelling, "sale")) == URL


def test_the_cdns_header_counts_with_its_proof_only(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGE_SECRET_HASHES", sha256(SECRET.encode()).hexdigest())
    hosts.put(BRANDED)
    hosts.link("sale", BRANDED)
    stated = {"X-Jmpy-Host": BRANDED}
    assert hosts.get("", "sale", headers=stated).status == 404
    assert hosts.get("", "sale", headers={**stated, "X-Jmpy-Edge": SECRET[1:]}).status == 404
    proven = {**stated, "X-Jmpy-Edge": SECRET}
    assert location(hosts.get("", "sale", headers=proven)) == URL


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (DomainState.ACTIVE, 301),
        (DomainState.FAILING, 301),
        (DomainState.SUSPENDED, 410),
        (DomainState.DELETING, 404),
        (DomainState.LOST, 404),
        (DomainState.VERIFYING, 404),
        (DomainState.PENDING, 404),
    ],
)
def test_the_state_of_the_domain_decides(hosts: Hosts, state: DomainState, status: int) -> None:
    more = {"root_url": SHOP, "not_found_url": SHOP}
    hosts.put(BRANDED, state=state, **more)
    hosts.link("sale", BRANDED)
    hosts.file(BRANDED, WellKnownFile.APPLE, "{}")
    assert hosts.get(BRANDED, "sale").status == status
    if status != 301:
        paths = ("", "nope", "sale+", "robots.txt", ".well-known/apple-app-site-association")
        for path in paths:
            assert hosts.get(BRANDED, path).status == status, path


def test_a_link_of_a_suspended_domain_warns_its_visitors(hosts: Hosts) -> None:
    hosts.put(BRANDED, state=DomainState.SUSPENDED)
    hosts.link("sale", BRANDED)
    assert "This link was taken down" in hosts.get(BRANDED, "sale", accept=BROWSER).text


def test_one_write_gives_all_codes_of_a_host_to_its_new_owner(hosts: Hosts) -> None:
    hosts.put(BRANDED, "theirs")
    for code in ("one", "two"):
        hosts.link(code, BRANDED, domain_id="theirs")
        assert location(hosts.get(BRANDED, code)) == URL
    hosts.put(BRANDED, "mine")
    anew = Hosts(hosts._dynamodb)
    assert [anew.get(BRANDED, code).status for code in ("one", "two")] == [404, 404]
    anew.link("one", BRANDED, "https://example.com/mine", "mine")
    assert location(anew.get(BRANDED, "one")) == "https://example.com/mine"


def test_a_code_that_was_cached_for_the_former_owner_is_not_followed(hosts: Hosts) -> None:
    hosts.put(BRANDED, "theirs")
    hosts.link("sale", BRANDED, domain_id="theirs")
    assert hosts.get(BRANDED, "sale").status == 301
    hosts.put(BRANDED, "mine")
    hosts.redirect.lookup._records._entries.clear()  # four seconds later, and the code was not
    assert hosts.get(BRANDED, "sale").status == 404


def test_a_link_is_followed_on_the_domain_that_it_was_created_on(
    hosts: Hosts, dynamodb: DynamoDBClient
) -> None:
    create_domain(dynamodb, "a", SUBDOMAIN)
    links = SomebodysLinks(LinkStore(dynamodb, LINKS))
    link = links.create("a", NewLink(URL, "sale", host=SUBDOMAIN))
    assert location(hosts.get(SUBDOMAIN, "sale")) == URL
    assert [hosts.get(host, "sale").status for host in ("", BRANDED)] == [404, 404]
    links.remove("a", link.id)
    assert Hosts(dynamodb).get(SUBDOMAIN, "sale").status == 404


# ---------------------------------------------------------------- beside links


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_root_leads_where_its_owner_says(hosts: Hosts, clicks: Mock, method: str) -> None:
    hosts.put(BRANDED, root_url=SHOP)
    response = hosts.get(BRANDED, "", method)
    assert (response.status, location(response)) == (302, SHOP)
    assert "no-store" in response.headers["cache-control"]
    clicks.assert_not_called()


def test_a_root_that_leads_nowhere_is_404(hosts: Hosts) -> None:
    hosts.put(BRANDED)
    assert hosts.get(BRANDED, "").status == 404
    assert "Link not found" in hosts.get(BRANDED, "", accept=BROWSER).text


def test_a_code_that_no_link_has_leads_to_the_address_for_that(hosts: Hosts, clicks: Mock) -> None:
    hosts.put(BRANDED, not_found_url=SHOP)
    for code in ("nope", "no.code", "c\u00e4f\u00e9", "a" * 3000):
        response = hosts.get(BRANDED, code)
        assert (response.status, location(response)) == (302, SHOP)
        assert "no-store" in response.headers["cache-control"]
    assert hosts.get(BRANDED, "nope", accept=BROWSER).status == 302
    clicks.assert_not_called()


def test_an_expired_link_leads_to_the_address_for_that(hosts: Hosts, clicks: Mock) -> None:
    hosts.put(BRANDED, expired_url=SHOP)
    hosts.link("old", BRANDED, expires_at=1)
    hosts.link("off", BRANDED, disabled=True)
    response = hosts.get(BRANDED, "old")
    assert (response.status, location(response)) == (302, SHOP)
    assert hosts.get(BRANDED, "off").code == "LINK_DISABLED"
    assert hosts.get(BRANDED, "nope").status == 404
    clicks.assert_not_called()


@pytest.mark.parametrize(("path", "method"), [("nope+", "GET"), ("nope", "POST"), ("a/b", "GET")])
def test_what_is_no_visit_of_a_link_is_sent_nowhere(hosts: Hosts, path: str, method: str) -> None:
    hosts.put(BRANDED, not_found_url=SHOP, root_url=SHOP)
    assert hosts.get(BRANDED, path, method).status == 404


def test_the_operators_blocklist_is_about_a_domains_addresses_too(
    hosts: Hosts, dynamodb: DynamoDBClient
) -> None:
    blocklist = {"pk": {"S": "blocklist"}, "sk": {"S": "hosts"}, "hosts": {"S": "acme.com"}}
    hosts._put(blocklist)
    hosts.put(BRANDED, root_url=SHOP, not_found_url=SHOP, expired_url=SHOP)
    hosts.link("old", BRANDED, expires_at=1)
    statuses = [hosts.get(BRANDED, path).status for path in ("", "nope", "old")]
    assert statuses == [404, 404, 410]


@pytest.mark.parametrize("name", WellKnownFile)
def test_a_well_known_file_is_served_as_json(hosts: Hosts, name: WellKnownFile) -> None:
    content = json.dumps({"applinks": {"details": ["\u00e4" * 100]}}, ensure_ascii=False)
    hosts.put(BRANDED, not_found_url=SHOP)
    path = f".well-known/{name.value}"
    assert hosts.get(BRANDED, path).status == 404
    hosts.file(BRANDED, name, content)
    response = hosts.get(BRANDED, path)
    assert (response.status, response.text) == (200, content)
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "public, max-age=300"
    assert hosts.get(SUBDOMAIN, path).status == 404
    assert hosts.get("", path).status == 404


def test_programs_may_follow_the_links_of_a_host(hosts: Hosts) -> None:
    hosts.put(BRANDED, not_found_url=SHOP)
    response = hosts.get(BRANDED, "robots.txt")
    assert (response.status, response.text) == (200, "User-agent: *\nAllow: /\n")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_host_has_no_icon(hosts: Hosts) -> None:
    hosts.put(BRANDED, not_found_url=SHOP)
    assert hosts.get(BRANDED, "favicon.ico").status == 204


@pytest.mark.parametrize("path", ["api/v1/nope", "_/qr/x", "dashboard/x", "a/b"])
def test_no_other_path_is_there(hosts: Hosts, path: str) -> None:
    hosts.put(BRANDED, not_found_url=SHOP)
    assert hosts.get(BRANDED, path).code == "NOT_FOUND"


@pytest.mark.parametrize("path", ["", "robots.txt", "favicon.ico", "no.code"])
def test_the_default_domain_is_as_before(hosts: Hosts, path: str) -> None:
    assert hosts.get("", path).code == "NOT_FOUND"


# ---------------------------------------------------------------- what a link has on its host


def locked(hosts: Hosts, host: str) -> None:
    hosts.put(host)
    hosts.link("locked", host, password_hash=password.hashed("long enough"))


def enter(hosts: Hosts, host: str, text: str) -> Any:
    return hosts.get(host, "locked", "POST", body=f"password={text}")


def test_guesses_at_one_host_do_not_slow_down_another(hosts: Hosts) -> None:
    locked(hosts, BRANDED)
    locked(hosts, "")
    for _ in range(NETWORK.free):
        assert enter(hosts, BRANDED, "wrong").status == 401
    assert enter(hosts, BRANDED, "long+enough").status == 429
    assert location(enter(hosts, "", "long+enough")) == URL


def test_a_pass_is_sent_to_its_link_on_its_host(hosts: Hosts) -> None:
    locked(hosts, BRANDED)
    cookie = enter(hosts, BRANDED, "long+enough").headers["set-cookie"]
    assert "Path=/locked;" in cookie
    assert "Domain" not in cookie
    sent = {"Cookie": cookie.partition(";")[0]}
    assert hosts.get(BRANDED, "locked", headers=sent).status == 302


def test_a_preview_shows_the_short_url_on_its_host(hosts: Hosts) -> None:
    hosts.put(BRANDED)
    hosts.link("sale", BRANDED)
    data = hosts.get(BRANDED, "sale+").body["data"]
    assert (data["short_url"], data["original_url"]) == (f"https://{BRANDED}/sale", URL)


def test_a_report_names_the_host(hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_URL", "https://abuse.example/?code={code}&url={url}")
    reporting = Hosts(hosts._dynamodb)
    reporting.put(BRANDED)
    reporting.link("sale", BRANDED)
    page = reporting.get(BRANDED, "sale+", accept=BROWSER).text
    assert "code=go.acme.com%2Fsale&amp;url=https%3A%2F%2Fgo.acme.com%2Fsale" in page


@pytest.mark.parametrize(
    ("host", "referrer", "counted"),
    [
        (BRANDED, f"https://{BRANDED}/other", ""),
        (BRANDED, f"https://{SUBDOMAIN}/other", SUBDOMAIN),
        ("", f"https://{BRANDED}/other", BRANDED),
        ("", "https://api123.execute-api.eu-west-1.amazonaws.com/live/x", ""),
    ],
)
def test_only_the_host_itself_is_no_referrer(
    hosts: Hosts, clicks: Mock, host: str, referrer: str, counted: str
) -> None:
    hosts.put(BRANDED)
    hosts.link("sale", host)
    # CloudFront and API Gateway pass another Host on than the visitor's.
    hosts.get(host, "sale", headers={"Referer": referrer, "Host": "something.else"})
    assert clicks.call_args.args[0].referrer == counted

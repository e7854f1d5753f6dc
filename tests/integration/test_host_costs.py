"""What a request to another host than the default domain costs is what docs/architecture.md says:
one read that is waited for and one message, as on the default domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jmpy.domains.model import WellKnownFile
from project import documented_costs
from project.metered import Metered
from project.tables import LINKS
from tests.integration import batch_write
from tests.integration.hosts import BRANDED, SUBDOMAIN, Hosts, event, host_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from project.meter import Cost

DOCUMENTED = documented_costs.read()
ELSEWHERE = "GET /{short_code} on another domain"


@pytest.fixture
def hosts(dynamodb: DynamoDBClient) -> Hosts:
    return Hosts(dynamodb)


@pytest.fixture
def metered(hosts: Hosts) -> Metered:
    """With today's salt in the cache."""
    made = Metered()
    made.app("redirect").lookup.salt()
    return made


def follow(metered: Metered, host: str, path: str, status: int = 301) -> Cost:
    return metered.send("redirect", event(host, path), status)


@pytest.mark.parametrize("host", [SUBDOMAIN, BRANDED])
def test_a_redirect_reads_once_and_sends_once(hosts: Hosts, metered: Metered, host: str) -> None:
    hosts.put(host)
    hosts.link("sale", host)
    hosts.link("other", host)
    assert follow(metered, host, "sale") == DOCUMENTED[ELSEWHERE]
    assert follow(metered, host, "sale") == DOCUMENTED["GET /{short_code} again"]
    # The record of the host is cached for all of its links.
    assert follow(metered, host, "other") == DOCUMENTED["GET /{short_code}"]


def test_the_default_domain_costs_what_it_did(hosts: Hosts, metered: Metered) -> None:
    hosts.link("sale")
    assert follow(metered, "", "sale") == DOCUMENTED["GET /{short_code}"]
    assert follow(metered, "", "sale") == DOCUMENTED["GET /{short_code} again"]


def test_with_a_thousand_domains_it_costs_the_same(
    hosts: Hosts, metered: Metered, dynamodb: DynamoDBClient
) -> None:
    others = [host_item(f"d{number}.go.example.com", f"d{number}") for number in range(1000)]
    batch_write.put(dynamodb, LINKS, others)
    hosts.put(BRANDED)
    hosts.link("sale", BRANDED)
    assert follow(metered, BRANDED, "sale") == DOCUMENTED[ELSEWHERE]


def test_what_is_no_link_costs_one_read_at_most(hosts: Hosts, metered: Metered) -> None:
    shop = "https://shop.acme.com/"
    hosts.put(BRANDED, root_url=shop)
    hosts.put(SUBDOMAIN, not_found_url=shop)
    hosts.file(BRANDED, WellKnownFile.APPLE, "{}")
    unknown = "404, a short code on another domain"
    assert follow(metered, BRANDED, "", 302) == DOCUMENTED["GET / on another domain"]
    assert follow(metered, "unknown.test", "sale", 404) == DOCUMENTED[unknown]
    assert follow(metered, SUBDOMAIN, "nope", 302) == DOCUMENTED[unknown]
    file = "GET /.well-known/apple-app-site-association on another domain"
    path = ".well-known/apple-app-site-association"
    assert follow(metered, BRANDED, path, 200) == DOCUMENTED[file]

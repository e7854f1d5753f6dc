"""Work of the functions of branded domains."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jmpy.domains.item import check_hour
from jmpy.limits.plan import LimitClass
from ops.smoke.assertions import SHORT_URLS
from project import resolver
from project.work import domain_tenants

if TYPE_CHECKING:
    from project.resolver import FakeResolver
    from project.work.context import Work

BRANDED = "/api/v1/domains/branded"


def branded_domains(work: Work) -> None:
    first, second = (work.key(account=f"brand-{secrets.token_hex(4)}") for _ in range(2))
    host = _host()
    with dns_of(work, "BrandedDomainsFunction") as dns:
        once = {"headers": {"Idempotency-Key": secrets.token_hex(8)}}
        claimed = work.request("POST", BRANDED, first, 201, json={"domain": host}, **once)
        assert work.request("POST", BRANDED, first, 201, json={"domain": host}, **once) == claimed
        one = f"{BRANDED}/{claimed['data']['id']}"
        assert not work.request("POST", f"{one}/verify", first)["data"]["is_verified"]
        _prove(dns, claimed["data"])
        assert work.request("POST", f"{one}/verify", first)["data"]["state"] == "active"
        work.request("PATCH", one, first, json={"is_primary": True})
        theirs = work.request("POST", BRANDED, second, 201, json={"domain": host})["data"]
        dns.records.clear()
        _prove(dns, theirs)
        other = f"{BRANDED}/{theirs['id']}"
        assert work.request("POST", f"{other}/verify", second)["data"]["state"] == "active"
        assert work.request("GET", one, first)["data"]["state"] == "lost"
        assert work.request("GET", BRANDED, second)["data"]
        work.request("DELETE", one, first)
        throttled = work.exhausted(LimitClass.URL_CREATION)
        work.request("POST", BRANDED, throttled, 429, json={"domain": host})
    _deleted_with_links(work, other, second, host)
    _served_by_cloudfront(work)


def _deleted_with_links(work: Work, one: str, auth: dict[str, str], host: str) -> None:
    link = {"url": "https://example.com/", "url_type": "branded", "branded_domain": host}
    work.request("POST", SHORT_URLS, auth, 201, json=link)
    work.request("PATCH", one, auth, json={"root_url": "https://example.com/"})
    work.request("DELETE", one, auth, params={"force": "true"})


def _served_by_cloudfront(work: Work) -> None:
    auth, host = work.key(account=f"brand-{secrets.token_hex(4)}"), _host()
    with (
        domain_tenants.with_distribution(work),
        dns_of(work, "BrandedDomainsFunction", DOMAIN_HOSTING="cloudfront") as dns,
    ):
        claimed = work.request("POST", BRANDED, auth, 201, json={"domain": host})["data"]
        _prove(dns, claimed)
        verify = f"{BRANDED}/{claimed['id']}/verify"
        states = [work.request("POST", verify, auth)["data"]["state"] for _ in range(2)]
        assert states == ["verifying", "active"]


def domain_checks(work: Work) -> None:
    """Of a domain whose records are gone, of a claim whose time is over, and of a domain that waits
    for its certificate."""
    auth = work.key(account=f"brand-{secrets.token_hex(4)}")
    with (
        domain_tenants.with_distribution(work),
        dns_of(work, "BrandedDomainsFunction", DOMAIN_HOSTING="cloudfront") as dns,
    ):
        gone, late, waiting = (
            work.request("POST", BRANDED, auth, 201, json={"domain": _host()})["data"]
            for _ in range(3)
        )
        for domain, times in ((gone, 2), (waiting, 1)):
            _prove(dns, domain)
            for _ in range(times):
                work.request("POST", f"{BRANDED}/{domain['id']}/verify", auth)
        _set_back(work, late)
        with dns_of(work, "DomainChecksFunction", DOMAIN_HOSTING="cloudfront"):
            for domain in (gone, late):
                hour = f"2026-11-23T{check_hour(domain['id']):02}:00:00Z"
                work.invoke("DomainChecksFunction", {"time": hour})
            work.invoke("DomainChecksFunction", {"only": "verifying"})
    found = work.request("GET", f"{BRANDED}/{gone['id']}", auth)["data"]
    assert "TXT record" in found["verification"]["problem"]
    work.request("GET", f"{BRANDED}/{late['id']}", auth, 404)
    assert work.request("GET", f"{BRANDED}/{waiting['id']}", auth)["data"]["state"] == "active"


def _set_back(work: Work, claim: dict[str, Any]) -> None:
    """To a time so long ago that it has expired."""
    table = work.tables["LinksTable"]
    for item in work.dynamodb.scan(TableName=table)["Items"]:
        if item["sk"]["S"] == f"domain#{claim['id']}":
            work.dynamodb.put_item(TableName=table, Item={**item, "created_at": {"N": "1"}})


def _host() -> str:
    return f"work-{secrets.token_hex(4)}.acme.test"


@contextmanager
def dns_of(work: Work, function: str, **variables: str) -> Iterator[FakeResolver]:
    with (
        resolver.serving() as dns,
        work.configured(function, DNS_RESOLVERS=dns.url, TEST_DOMAINS="true", **variables),
    ):
        yield dns


def _prove(dns: FakeResolver, domain: dict[str, Any]) -> None:
    proof = domain["verification"]
    dns.add(proof["cname_name"], "CNAME", proof["cname_target"])
    dns.add(proof["txt_name"], "TXT", proof["txt_value"])


WORK = {
    "BrandedDomainsFunction": branded_domains,
    "DomainChecksFunction": domain_checks,
}

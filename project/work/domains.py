"""Work of the function of domains."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from jmpy.domains.model import DomainState
from jmpy.domains.store import DomainStore
from jmpy.limits.plan import LimitClass
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore

if TYPE_CHECKING:
    from jmpy.links.model import Link
    from project.work.context import Work

URL = "https://example.com/"
DOMAINS = "/api/v1/domains"
SUBDOMAINS = f"{DOMAINS}/subdomains"


def domains(work: Work) -> None:
    auth = work.key()
    once = {"headers": {"Idempotency-Key": secrets.token_hex(8)}}
    name = f"work-{secrets.token_hex(4)}"
    first = work.request("POST", SUBDOMAINS, auth, 201, json={"subdomain": name}, **once)
    again = work.request("POST", SUBDOMAINS, auth, 201, json={"subdomain": name}, **once)
    assert again == first
    one = f"{SUBDOMAINS}/{first['data']['id']}"
    assert not work.request("GET", f"{DOMAINS}/check-subdomain/{name}", auth)["data"]["available"]
    with work.configured("DomainsFunction", BRANDED_DOMAINS="manual"):
        work.request("PATCH", one, auth, json={"root_url": URL})
    assert work.request("GET", SUBDOMAINS, auth)["data"]
    file = f"{DOMAINS}/{first['data']['id']}/files/assetlinks.json"
    work.request("PUT", file, auth, json={"content": []})
    work.request("DELETE", file, auth)
    _link_on(work, first["data"]["full_domain"])
    work.request("DELETE", one, auth, params={"force": "true"})
    throttled = work.exhausted(LimitClass.URL_CREATION)
    work.request("POST", SUBDOMAINS, throttled, 429, json={"subdomain": name})


def domain_removals(work: Work) -> None:
    """Of a domain that no message is in the queue for."""
    auth = work.key()
    name = f"work-{secrets.token_hex(4)}"
    created = work.request("POST", SUBDOMAINS, auth, 201, json={"subdomain": name})["data"]
    link = _link_on(work, created["full_domain"])
    store = DomainStore(work.dynamodb, work.tables["LinksTable"])
    domain = store.find("work", created["id"])
    store.close(domain, {"state": DomainState.DELETING})
    body = json.dumps({"account_id": "work", "domain_id": domain.id})
    queued = {"eventSource": "aws:sqs", "messageId": "1", "body": body}
    response = work.invoke("DomainRemovalsFunction", {"Records": [queued]})
    assert response == {"batchItemFailures": []}
    work.request("GET", f"/api/v1/short-urls/{link.id}", auth, 404)
    work.request("GET", f"{SUBDOMAINS}/{domain.id}", auth, 404)


def _link_on(work: Work, host: str) -> Link:
    store = LinkStore(work.dynamodb, work.tables["LinksTable"])
    return LinkService(store).create("work", NewLink(URL, host=host))


WORK = {"DomainsFunction": domains, "DomainRemovalsFunction": domain_removals}

"""Work of the function of domains."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from project.work.context import Work

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
    work.request("PATCH", one, auth, json={"root_url": "https://example.com/"})
    assert work.request("GET", SUBDOMAINS, auth)["data"]
    work.link(auth, url_type="subdomain", subdomain=name)
    work.request("DELETE", one, auth, params={"force": "true"})
    removed = {"account_id": "work", "domain_id": first["data"]["id"]}
    queued = {"eventSource": "aws:sqs", "messageId": "1", "body": json.dumps(removed)}
    response = work.invoke("DomainRemovalsFunction", {"Records": [queued]})
    assert response == {"batchItemFailures": []}
    work.request("GET", one, auth, 404)
    throttled = work.exhausted(LimitClass.URL_CREATION)
    work.request("POST", SUBDOMAINS, throttled, 429, json={"subdomain": name})


WORK = {"DomainsFunction": domains}

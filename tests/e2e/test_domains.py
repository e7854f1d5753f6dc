"""Domains on a whole stack: a subdomain that works at once, and a branded domain from its claim to
the day on which its proof is gone, and back."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from jmpy.clock import DAY
from jmpy.domains import item
from local import dns_zone
from ops import private
from ops.smoke.assertions import SHORT_URLS, bearer
from project.origins import SOMEBODY
from tests.e2e.conftest import await_redirect
from tests.e2e.test_owner_mails import arrived

if TYPE_CHECKING:
    from collections.abc import Iterator

    from project.stack import Stack

SUBDOMAINS = "/api/v1/domains/subdomains"
BRANDED = "/api/v1/domains/branded"
ACCOUNT, OWNER = "of-domains", "domains@example.com"
HOST = "go.whole.test"
URL = "https://example.com/"


@pytest.fixture(scope="module")
def session(stack: Stack) -> dict[str, str]:
    stack.account(ACCOUNT)
    stack.deployment.accounts.ensure(ACCOUNT, OWNER, by=SOMEBODY)
    return bearer(stack.key("read", "write", "delete", account=ACCOUNT)[0])


@contextmanager
def on(stack: Stack, host: str) -> Iterator[httpx.Client]:
    """Sends requests to a host, wherever it leads on this machine."""
    with httpx.Client(
        base_url=stack.env.base_url, headers={"Host": host}, timeout=60, trust_env=False
    ) as client:
        yield client


def data(response: httpx.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json()["data"]


def set_record(stack: Stack, name: str, kind: str, value: str = "") -> None:
    """As `make dns`; without a value, its records are removed."""
    file = stack.local.state_dir / "dns"
    zone = dns_zone.changed(dns_zone.read(file), name, kind, value)
    private.write(file, dns_zone.written(zone))


def check(stack: Stack, domain_id: str, *, account: str = ACCOUNT) -> None:
    """As the schedule does in the hour of the domain, on a day whose yesterday and day before had
    no records either."""
    stack.deployment.dynamodb.update_item(
        TableName=stack.deployment.outputs["LinksTable"],
        Key=item.domain_key(account, domain_id),
        UpdateExpression="SET misses = :two, missed_at = :yesterday",
        ExpressionAttributeValues={
            ":two": {"N": "2"},
            ":yesterday": {"N": str(int(time.time()) - DAY)},
        },
    )
    at = datetime.now(UTC).replace(hour=item.check_hour(domain_id)).isoformat()
    lambdas = stack.deployment.session.client("lambda", endpoint_url=stack.env.endpoint)
    (name,) = (
        one["FunctionName"]
        for page in lambdas.get_paginator("list_functions").paginate()
        for one in page["Functions"]
        if "DomainChecksFunction" in one["FunctionName"]
    )
    done = lambdas.invoke(FunctionName=name, Payload=json.dumps({"time": at}).encode())
    assert "FunctionError" not in done, done["Payload"].read()


def test_a_link_on_a_new_subdomain_is_followed_there_only(
    stack: Stack, http: httpx.Client, session: dict[str, str]
) -> None:
    body = {"subdomain": "story", "name": "Story"}
    created = data(http.post(SUBDOMAINS, headers=session, json=body), 201)
    host = created["full_domain"]
    new = {"url": URL, "custom_alias": "everywhere"}
    links = [new, {**new, "url": f"{URL}sub", "url_type": "subdomain", "subdomain": "story"}]
    default, sub = (data(http.post(SHORT_URLS, headers=session, json=one), 201) for one in links)
    assert sub["short_url"] == f"http://{host}:{stack.port}/everywhere"
    assert http.get("/everywhere").headers["location"] == URL
    with on(stack, host) as there:
        assert there.get("/everywhere").headers["location"] == f"{URL}sub"
        assert there.get(SUBDOMAINS, headers=session).status_code == 404

    one = f"{SUBDOMAINS}/{created['id']}"
    assert http.delete(one, headers=session).status_code == 409
    data(http.delete(one, headers=session, params={"force": "true"}))
    with on(stack, host) as there:
        await_redirect(there, "/everywhere", 404)
    assert http.get(f"{SHORT_URLS}/{default['id']}", headers=session).status_code == 200
    deadline = time.monotonic() + 60
    while http.get(f"{SHORT_URLS}/{sub['id']}", headers=session).status_code != 404:
        assert time.monotonic() < deadline, "its links were not removed"
        time.sleep(0.5)


def test_a_branded_domain_from_its_claim_to_its_failure_and_back(
    stack: Stack, http: httpx.Client, session: dict[str, str]
) -> None:
    claim = data(http.post(BRANDED, headers=session, json={"domain": HOST, "name": "Shop"}), 201)
    one, records = f"{BRANDED}/{claim['id']}", claim["verification"]
    link = {"url": URL, "custom_alias": "sale", "url_type": "branded", "branded_domain": HOST}
    assert http.post(SHORT_URLS, headers=session, json=link).status_code == 422
    missing = data(http.post(f"{one}/verify", headers=session))
    assert not missing["is_verified"]
    assert records["txt_value"] in missing["verification"]["problem"]

    set_record(stack, records["txt_name"], "TXT", records["txt_value"])
    set_record(stack, records["cname_name"], "CNAME", records["cname_target"])
    verified = data(http.post(f"{one}/verify", headers=session))
    assert (verified["is_verified"], verified["state"]) == (True, "active")
    created = data(http.post(SHORT_URLS, headers=session, json=link), 201)
    assert created["short_url"] == f"http://{HOST}:{stack.port}/sale"
    with on(stack, HOST) as there:
        assert there.get("/sale").headers["location"] == URL

        set_record(stack, records["txt_name"], "TXT")
        check(stack, claim["id"])
        failing = data(http.get(one, headers=session))
        assert failing["state"] == "failing"
        assert records["txt_name"] in failing["verification"]["problem"]
        arrived(stack, OWNER, f"Your domain {HOST} is failing", about=HOST)
        assert there.get("/sale").headers["location"] == URL

        set_record(stack, records["txt_name"], "TXT", records["txt_value"])
        recovered = data(http.post(f"{one}/verify", headers=session))
        assert (recovered["state"], recovered["verification"]["problem"]) == ("active", None)
        data(http.delete(one, headers=session, params={"force": "true"}))
        await_redirect(there, "/sale", 404)

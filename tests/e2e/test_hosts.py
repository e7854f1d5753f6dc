"""Other hosts than the default domain, on a whole stack: as `curl -H 'Host: ...'` requests them."""

from __future__ import annotations

import httpx
import pytest

from jmpy.domains.model import WellKnownFile
from ops.smoke.assertions import SHORT_URLS, bearer
from project.stack import Stack
from tests.integration.hosts import BRANDED, URL, host_item, link_item

SUBDOMAIN = "promo.short.localhost"


@pytest.fixture(scope="module")
def _hosts(stack: Stack) -> None:
    target = stack.deployment
    for number, host in enumerate((BRANDED, SUBDOMAIN)):
        domain_id = f"of-test-{number}"
        items = (host_item(host, domain_id), link_item("sale", host, f"{URL}{number}", domain_id))
        for item in items:
            target.dynamodb.put_item(TableName=target.outputs["LinksTable"], Item=item)


def get(stack: Stack, host: str, path: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.get(
        f"{stack.env.base_url}{path}", headers={"Host": host, **named}, timeout=60, trust_env=False
    )


@pytest.mark.usefixtures("_hosts")
def test_a_code_leads_where_the_requested_host_says(stack: Stack) -> None:
    port = stack.port
    followed = {host: get(stack, host, "/sale") for host in (f"GO.acme.com:{port}", SUBDOMAIN)}
    assert [response.headers["location"] for response in followed.values()] == [
        f"{URL}0",
        f"{URL}1",
    ]
    for host in ("127.0.0.1", f"localhost:{port}", "other.short.localhost", "evil.example"):
        assert get(stack, host, "/sale", X_Jmpy_Host=BRANDED).status_code == 404


@pytest.mark.usefixtures("_hosts")
def test_api_and_pages_are_not_there(stack: Stack) -> None:
    secret = stack.key("read")[0]
    for host in (BRANDED, "unknown.example"):
        responses = [
            get(stack, host, SHORT_URLS, **bearer(secret)),
            get(stack, host, SHORT_URLS),
            get(stack, host, "/login"),
            get(stack, host, "/docs"),
            get(stack, host, f"/.well-known/{WellKnownFile.ANDROID.value}"),
        ]
        found = [(one.status_code, one.json()["error"]["code"]) for one in responses]
        assert found == [(404, "NOT_FOUND")] * 5

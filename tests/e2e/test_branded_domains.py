"""A branded domain on a whole stack: claimed, proven by the records of `make dns`, followed, and
lost to another account."""

from __future__ import annotations

from typing import Any

import httpx

from local import dns_zone
from local.dns_zone import Record
from ops.smoke.assertions import SHORT_URLS, bearer
from project.stack import Stack

BRANDED = "/api/v1/domains/branded"
HOST = "go.story.test"


def send(stack: Stack, key: str, method: str, path: str, **sent: Any) -> Any:
    response = httpx.request(
        method, f"{stack.env.base_url}{path}", headers=bearer(key), timeout=60, trust_env=False,
        **sent,
    )  # fmt: skip
    assert response.is_success, response.text
    return response.json()["data"]


def visit(stack: Stack, path: str) -> httpx.Response:
    headers = {"Host": HOST}
    return httpx.get(f"{stack.env.base_url}{path}", headers=headers, timeout=60, trust_env=False)


def prove(stack: Stack, domain: Any) -> None:
    """In the place of the records that were there."""
    proof = domain["verification"]
    records = [
        Record(proof["cname_name"], "CNAME", proof["cname_target"]),
        Record(proof["txt_name"], "TXT", proof["txt_value"]),
    ]
    (stack.local.state_dir / "dns").write_text(dns_zone.written(records))


def test_a_host_is_proven_followed_and_given_to_who_proves_it_next(stack: Stack) -> None:
    mine, theirs = (stack.key("read", "write", account=name)[0] for name in ("first", "second"))
    claims = {
        key: send(stack, key, "POST", BRANDED, json={"domain": HOST}) for key in (mine, theirs)
    }
    verify = {key: f"{BRANDED}/{claim['id']}/verify" for key, claim in claims.items()}
    unproven = send(stack, mine, "POST", verify[mine])
    assert unproven["state"] == "pending"
    assert unproven["verification"]["problem"]

    prove(stack, claims[mine])
    assert send(stack, mine, "POST", verify[mine])["state"] == "active"
    link = {"url": "https://example.com/one", "url_type": "branded", "branded_domain": HOST}
    created = send(stack, mine, "POST", SHORT_URLS, json={**link, "custom_alias": "sale"})
    assert HOST in created["short_url"]
    assert visit(stack, "/sale").headers["location"] == "https://example.com/one"

    prove(stack, claims[theirs])
    assert send(stack, theirs, "POST", verify[theirs])["state"] == "active"
    taken = {**link, "url": "https://example.com/two", "custom_alias": "sale"}
    send(stack, theirs, "POST", SHORT_URLS, json=taken)
    assert send(stack, mine, "GET", f"{BRANDED}/{claims[mine]['id']}")["state"] == "lost"

"""A subdomain: its short URLs are its own, and are deleted with it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from ops.contract.case import Place
from ops.smoke.assertions import SHORT_URLS, assert_error, data, expect

if TYPE_CHECKING:
    import httpx

    from ops.smoke.fixtures import Fixture

DOMAINS = "/api/v1/domains"
SUBDOMAINS = f"{DOMAINS}/subdomains"


def subdomain_created_and_deleted(fixture: Fixture) -> str | None:
    name = f"smoke-{secrets.token_hex(4)}"
    reading, writing = fixture.secret("read"), fixture.secret("write")
    checked = fixture.send("GET", f"{DOMAINS}/check-subdomain/{name}", reading)
    if checked.status_code == 422:  # noqa: PLR2004
        return "not checked: SubdomainZone is not set"
    expect("available", data(checked)["available"], True)
    created = data(fixture.send("POST", SUBDOMAINS, writing, json={"subdomain": name}), 201)
    path, host = f"{SUBDOMAINS}/{created['id']}", created["full_domain"]
    link = fixture.link(url_type="subdomain", subdomain=name)
    expect("url_count", data(fixture.send("GET", path, reading))["url_count"], 1)
    expect("the status on the subdomain", _followed(fixture, host, link).status_code, 301)
    deleting = fixture.secret("delete")
    assert_error(fixture.send("DELETE", path, deleting), 409, "CONFLICT")
    data(fixture.send("DELETE", f"{path}?force=true", deleting))
    waited = fixture.await_that(
        "removing the short URLs of a subdomain",
        lambda: fixture.send("GET", path, reading).status_code == 404,  # noqa: PLR2004
    )
    assert_error(fixture.send("GET", f"{SHORT_URLS}/{link['id']}", reading), 404, "NOT_FOUND")
    fixture.await_that(
        "forgetting a deleted subdomain",  # which redirects cache for seconds
        lambda: _followed(fixture, host, link).status_code == 404,  # noqa: PLR2004
    )
    return waited


def _followed(fixture: Fixture, host: str, link: dict[str, str]) -> httpx.Response:
    """The local stack takes any host."""
    local = fixture.place is Place.LOCAL
    start, headers = ("", {"Host": host}) if local else (f"https://{host}", {})
    return fixture.send("GET", f"{start}/{link['short_code']}", headers=headers)


CHECKS = {
    "a subdomain's short URLs work on it, and are deleted with it": subdomain_created_and_deleted
}

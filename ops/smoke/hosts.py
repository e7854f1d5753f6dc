"""Another host than the deployment's own names: it has short links at most, and neither API nor
pages, whoever requests them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ops.contract.case import Place
from ops.smoke.assertions import SHORT_URLS, Wrong, assert_error

if TYPE_CHECKING:
    import httpx

    from ops.smoke.fixtures import Fixture

_NOBODYS = "nobody.test"
"""On the local stack, which takes any host."""


def short_links_only(fixture: Fixture) -> str | None:
    local = fixture.place is Place.LOCAL
    host = fixture.domain or (_NOBODYS if local else "")
    if not host:
        return "not checked: DOMAIN= names no host"
    if local and urlsplit(str(fixture.http.base_url)).path.strip("/"):
        return "not checked: below a stage there is one host"
    start = "" if local else f"https://{host}"
    headers = {"Host": host} if local else {}

    def get(path: str, secret: str | None = None) -> httpx.Response:
        return fixture.send("GET", f"{start}{path}", secret, headers=headers)

    for path, secret in (
        (SHORT_URLS, fixture.secret()),
        (SHORT_URLS, "wrong"),
        (SHORT_URLS, None),
        ("/docs", None),
        ("/login", None),
        ("/dashboard", None),
    ):
        assert_error(get(path, secret), 404, "NOT_FOUND")
    code = fixture.link()["short_code"]
    if get(f"/{code}").headers.get("location") == "https://example.com/":
        raise Wrong("a link of the default domain is followed there")
    return None


CHECKS = {"another host serves short links only": short_links_only}

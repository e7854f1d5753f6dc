"""A CDN in front: who pretends to be one gains nothing, and where the operator demands it every
request has to come through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.smoke.assertions import SHORT_URLS, assert_error, data

if TYPE_CHECKING:
    from ops.smoke.fixtures import Fixture

FORGED = {
    "X-Jmpy-Edge": "a guess that is as long as a secret has to be",
    "CloudFront-Viewer-Address": "192.0.2.1:443",
    "CloudFront-Viewer-Country": "ZZ",
    "X-Jmpy-Host": "victim.example",
}


def own_address_closed(fixture: Fixture) -> str | None:
    # Through an edge they are replaced, without one ignored.
    data(fixture.send("GET", SHORT_URLS, fixture.secret(), headers=FORGED))
    if fixture.target.outputs["RequireEdge"] != "true":
        return "it is open: RequireEdge is false"
    own = fixture.target.outputs["ApiUrl"]
    for headers in ({}, FORGED):
        for path, secret in (
            (SHORT_URLS, fixture.secret()),
            (SHORT_URLS, "wrong"),
            (SHORT_URLS, None),
            ("/no-such-code", None),
            ("/docs", None),
            ("/login", None),
        ):
            response = fixture.send("GET", f"{own}{path}", secret, headers=headers)
            assert_error(response, 403, "FORBIDDEN")
    return None


CHECKS = {"the address of the API itself is closed": own_address_closed}

"""Keys whose state decides, and what an edge in front does to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ops.smoke.assertions import (
    INVALID_API_KEY,
    UNAUTHORIZED,
    assert_response,
    bearer,
    data,
    expect_header,
)

if TYPE_CHECKING:
    from ops.smoke.fixtures import Fixture


def stripped(fixture: Fixture) -> str | None:
    if not fixture.strips_query_key:
        data(fixture.send("GET", params={"api_key": fixture.secret("read")}))
        return "it is accepted: no edge in front removes it"
    response = fixture.send("GET", params={"api_key": fixture.secret("read")})
    assert_response(response, 401, UNAUTHORIZED)
    expect_header(response, "WWW-Authenticate")
    return None


def revoked(fixture: Fixture) -> None:
    issued = fixture.key("read")
    fixture.target.keys.revoke(fixture.account, issued.record.id, by=fixture.target.operator)
    ways: list[dict[str, Any]] = [
        {"headers": bearer(issued.secret)},
        {"headers": {"X-API-Key": issued.secret}},
    ]
    if not fixture.strips_query_key:
        ways.append({"params": {"api_key": issued.secret}})
    for way in ways:
        response = fixture.send("GET", **way)
        assert_response(response, 401, INVALID_API_KEY)
        expect_header(response, "WWW-Authenticate", 'Bearer realm="Jmpy", error="invalid_token"')


CHECKS = {
    "a key in a query string that the edge removes is of no use": stripped,
    "a revoked key: 401 INVALID_API_KEY": revoked,
}

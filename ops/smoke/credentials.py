"""Every way to present a key, and every way to be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.keys import token
from ops.smoke.assertions import (
    INVALID_API_KEY,
    SHORT_URLS,
    UNAUTHORIZED,
    Wrong,
    assert_response,
    bearer,
    data,
    expect,
    expect_header,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from ops.smoke.fixtures import Fixture


def bearer_token(fixture: Fixture) -> None:
    for scheme in ("Bearer", "bearer"):
        response = fixture.ask(
            "GET", headers={"Authorization": f"{scheme} {fixture.secret('read')}"}
        )
        data(response)
        expect("Deprecation", response.headers.get("Deprecation"), None)


def x_api_key(fixture: Fixture) -> None:
    response = fixture.ask("GET", headers={"X-API-Key": fixture.secret("read")})
    data(response)
    expect("Deprecation", response.headers.get("Deprecation"), None)


def query_parameter(fixture: Fixture) -> None:
    response = fixture.ask("GET", params={"api_key": fixture.secret("read")})
    if fixture.strips_query_key:
        _expect_no_key(response)
        return
    data(response)
    if not expect_header(response, "Deprecation").startswith("@"):
        raise Wrong("Deprecation is not a date as in RFC 9745")


def missing(fixture: Fixture) -> None:
    response = fixture.ask("GET")
    _expect_no_key(response)
    expect_header(response, "WWW-Authenticate", 'Bearer realm="Jmpy"')
    for header in ("", "Bearer", "Basic dXNlcjpwYXNz"):
        _expect_no_key(fixture.ask("GET", headers={"Authorization": header}))


def malformed(fixture: Fixture) -> None:
    secret = fixture.secret("read")
    changed = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    for wrong in ("wrong", changed, secret[:-1], f"{secret}a", secret.removeprefix("jmpy_")):
        response = fixture.ask("GET", headers=bearer(wrong))
        _expect_invalid(response)
        # The gateway puts it in from what the authorizer said (docs/aws-behaviours.md).
        if not response.json()["error"].get("details", {}).get("hint"):
            raise Wrong(f"a malformed key is answered without a hint: {response.text[:400]}")


def unknown(fixture: Fixture) -> None:
    for response in _in_every_place(fixture, token.generate()):
        _expect_invalid(response)


def revoked(fixture: Fixture) -> None:
    issued = fixture.key("read")
    fixture.target.keys.revoke(fixture.account, issued.record.id, by=fixture.target.operator)
    for response in _in_every_place(fixture, issued.secret):
        _expect_invalid(response)


def bearer_wins(fixture: Fixture) -> None:
    headers = {**bearer("wrong"), "X-API-Key": fixture.secret("read")}
    _expect_invalid(fixture.ask("GET", headers=headers))


def repeated(fixture: Fixture) -> None:
    field = ("Authorization", f"Bearer {fixture.secret('read')}")
    _expect_invalid(fixture.http.get(SHORT_URLS, headers=[field, field]))


def _in_every_place(fixture: Fixture, secret: str) -> Iterator[httpx.Response]:
    yield fixture.ask("GET", headers=bearer(secret))
    yield fixture.ask("GET", headers={"X-API-Key": secret})
    if not fixture.strips_query_key:
        yield fixture.ask("GET", params={"api_key": secret})


def _expect_no_key(response: httpx.Response) -> None:
    assert_response(response, 401, UNAUTHORIZED)
    expect_header(response, "WWW-Authenticate")


def _expect_invalid(response: httpx.Response) -> None:
    assert_response(response, 401, INVALID_API_KEY)
    expect_header(response, "WWW-Authenticate", 'Bearer realm="Jmpy", error="invalid_token"')


CHECKS = {
    "a key as a Bearer token": bearer_token,
    "a key as X-API-Key": x_api_key,
    "a key as ?api_key=": query_parameter,
    "no key: 401 UNAUTHORIZED": missing,
    "a malformed key: 401 INVALID_API_KEY": malformed,
    "an unknown key: 401 INVALID_API_KEY": unknown,
    "a revoked key: 401 INVALID_API_KEY": revoked,
    "of two keys the Bearer token decides": bearer_wins,
    "a repeated Authorization header is refused": repeated,
}

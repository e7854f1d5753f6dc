"""Every way to present a key, and every way to be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.keys import token
from ops.smoke.answers import (
    INVALID_API_KEY,
    SHORT_URLS,
    UNAUTHORIZED,
    Wrong,
    assert_answer,
    bearer,
    data,
    expect,
    expect_header,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from ops.smoke.ground import Ground


def bearer_token(ground: Ground) -> None:
    for scheme in ("Bearer", "bearer"):
        answer = ground.ask("GET", headers={"Authorization": f"{scheme} {ground.secret('read')}"})
        data(answer)
        expect("Deprecation", answer.headers.get("Deprecation"), None)


def x_api_key(ground: Ground) -> None:
    answer = ground.ask("GET", headers={"X-API-Key": ground.secret("read")})
    data(answer)
    expect("Deprecation", answer.headers.get("Deprecation"), None)


def query_parameter(ground: Ground) -> None:
    answer = ground.ask("GET", params={"api_key": ground.secret("read")})
    if ground.strips_query_key:
        _expect_no_key(answer)
        return
    data(answer)
    if not expect_header(answer, "Deprecation").startswith("@"):
        raise Wrong("Deprecation is not a date as in RFC 9745")


def missing(ground: Ground) -> None:
    answer = ground.ask("GET")
    _expect_no_key(answer)
    expect_header(answer, "WWW-Authenticate", 'Bearer realm="Jmpy"')
    for header in ("", "Bearer", "Basic dXNlcjpwYXNz"):
        _expect_no_key(ground.ask("GET", headers={"Authorization": header}))


def malformed(ground: Ground) -> None:
    secret = ground.secret("read")
    changed = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    for wrong in ("wrong", changed, secret[:-1], f"{secret}a", secret.removeprefix("jmpy_")):
        answer = ground.ask("GET", headers=bearer(wrong))
        _expect_invalid(answer)
        # The gateway puts it in from what the authorizer said (docs/aws-behaviours.md).
        if not answer.json()["error"].get("details", {}).get("hint"):
            raise Wrong(f"a malformed key is answered without a hint: {answer.text[:400]}")


def unknown(ground: Ground) -> None:
    for answer in _in_every_place(ground, token.generate()):
        _expect_invalid(answer)


def revoked(ground: Ground) -> None:
    issued = ground.key("read")
    ground.target.keys.revoke(ground.account, issued.record.id, by=ground.target.operator)
    for answer in _in_every_place(ground, issued.secret):
        _expect_invalid(answer)


def bearer_wins(ground: Ground) -> None:
    headers = {**bearer("wrong"), "X-API-Key": ground.secret("read")}
    _expect_invalid(ground.ask("GET", headers=headers))


def repeated(ground: Ground) -> None:
    field = ("Authorization", f"Bearer {ground.secret('read')}")
    _expect_invalid(ground.http.get(SHORT_URLS, headers=[field, field]))


def _in_every_place(ground: Ground, secret: str) -> Iterator[httpx.Response]:
    yield ground.ask("GET", headers=bearer(secret))
    yield ground.ask("GET", headers={"X-API-Key": secret})
    if not ground.strips_query_key:
        yield ground.ask("GET", params={"api_key": secret})


def _expect_no_key(answer: httpx.Response) -> None:
    assert_answer(answer, 401, UNAUTHORIZED)
    expect_header(answer, "WWW-Authenticate")


def _expect_invalid(answer: httpx.Response) -> None:
    assert_answer(answer, 401, INVALID_API_KEY)
    expect_header(answer, "WWW-Authenticate", 'Bearer realm="Jmpy", error="invalid_token"')


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

"""Errors in their exact envelope, those of the functions and those of the gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.smoke.answers import (
    INVALID_API_KEY,
    SHORT_URLS,
    assert_answer,
    assert_refused,
    expect,
    expect_header,
)

if TYPE_CHECKING:
    from ops.smoke.ground import Ground

NO_ROUTE = {
    "success": False,
    "error": {"code": "NOT_FOUND", "message": "No such route; check the method and the path"},
}
JSON = {"Content-Type": "application/json"}


def no_route(ground: Ground) -> None:
    for path in ("/api/v1/nope", "/api/v1", "/api/v1/short-urls/a/b"):
        # API Gateway may take an Authorization header on an unknown path for an AWS signature.
        for secret in (None, ground.secret()):
            assert_answer(ground.ask("GET", path, secret), 404, NO_ROUTE)


def no_such_link(ground: Ground) -> None:
    answer = ground.ask("GET", f"{SHORT_URLS}/no-such-link", ground.secret())
    assert_refused(answer, 404, "NOT_FOUND")


def long_path(ground: Ground) -> None:
    # Longer than what API Gateway takes of a policy, shorter than what it takes of an address.
    for path in (f"{SHORT_URLS}/{'x' * 1_000}", f"{SHORT_URLS}/*", f"{SHORT_URLS}/$%7Bx%7D"):
        assert_refused(ground.ask("GET", path, ground.secret()), 404, "NOT_FOUND")
        assert_answer(ground.ask("GET", path, "wrong"), 401, INVALID_API_KEY)


def method_not_allowed(ground: Ground) -> None:
    answer = ground.ask("DELETE", SHORT_URLS, ground.secret())
    assert_refused(answer, 405, "METHOD_NOT_ALLOWED")
    expect("Allow", set(expect_header(answer, "Allow").split(", ")), {"GET", "POST"})


def malformed_json(ground: Ground) -> None:
    answer = ground.ask("POST", SHORT_URLS, ground.secret(), content=b'{"url":', headers=JSON)
    assert_refused(answer, 400, "INVALID_REQUEST")


def unknown_parameter(ground: Ground) -> None:
    answer = ground.ask("GET", SHORT_URLS, ground.secret(), params={"limt": 5})
    assert_refused(answer, 400, "INVALID_REQUEST")


def not_json(ground: Ground) -> None:
    answer = ground.ask("POST", SHORT_URLS, ground.secret(), data={"url": "https://example.com/"})
    assert_refused(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


def invalid_fields(ground: Ground) -> None:
    for sent, code, field in (
        ({"url": "ftp://example.com/"}, "INVALID_URL", "url"),
        ({"url": "https://example.com/", "name": "x" * 1_000}, "VALIDATION_ERROR", "name"),
        ({"url": "https://example.com/", "colour": "red"}, "VALIDATION_ERROR", "colour"),
    ):
        answer = ground.ask("POST", SHORT_URLS, ground.secret(), json=sent)
        assert_refused(answer, 422, code, field)


def alias_taken(ground: Ground) -> None:
    alias = ground.link()["short_code"]
    sent = {"url": "https://example.com/", "custom_alias": alias}
    answer = ground.ask("POST", SHORT_URLS, ground.secret(), json=sent)
    assert_refused(answer, 409, "ALIAS_TAKEN", "custom_alias")


def changed_meanwhile(ground: Ground) -> None:
    path = f"{SHORT_URLS}/{ground.link()['id']}"
    headers = {"If-Match": '"999"'}
    answer = ground.ask("PATCH", path, ground.secret(), json={"name": "x"}, headers=headers)
    assert_refused(answer, 412, "PRECONDITION_FAILED")


CHECKS = {
    "an unknown route: 404, with a key and without": no_route,
    "an unknown link: 404": no_such_link,
    "a long path: 404, and 401 with a wrong key": long_path,
    "another method: 405 with Allow": method_not_allowed,
    "malformed JSON: 400": malformed_json,
    "an unknown query parameter: 400": unknown_parameter,
    "a body that is not JSON: 415": not_json,
    "a field that breaks its rule: 422, named": invalid_fields,
    "an alias that is taken: 409": alias_taken,
    "a link that changed meanwhile: 412": changed_meanwhile,
}

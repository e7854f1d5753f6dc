"""Errors in their exact envelope, those of the functions and those of the gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.smoke.assertions import (
    INVALID_API_KEY,
    SHORT_URLS,
    assert_refused,
    assert_response,
    expect,
    expect_header,
)

if TYPE_CHECKING:
    from ops.smoke.fixtures import Fixture

NO_ROUTE = {
    "success": False,
    "error": {"code": "NOT_FOUND", "message": "No such route; check the method and the path"},
}
JSON = {"Content-Type": "application/json"}


def no_route(fixture: Fixture) -> None:
    for path in ("/api/v1/nope", "/api/v1", "/api/v1/short-urls/a/b"):
        # API Gateway may take an Authorization header on an unknown path for an AWS signature.
        for secret in (None, fixture.secret()):
            assert_response(fixture.ask("GET", path, secret), 404, NO_ROUTE)


def no_such_link(fixture: Fixture) -> None:
    response = fixture.ask("GET", f"{SHORT_URLS}/no-such-link", fixture.secret())
    assert_refused(response, 404, "NOT_FOUND")


def long_path(fixture: Fixture) -> None:
    # Longer than what API Gateway takes of a policy, shorter than what it takes of an address.
    for path in (f"{SHORT_URLS}/{'x' * 1_000}", f"{SHORT_URLS}/*", f"{SHORT_URLS}/$%7Bx%7D"):
        assert_refused(fixture.ask("GET", path, fixture.secret()), 404, "NOT_FOUND")
        assert_response(fixture.ask("GET", path, "wrong"), 401, INVALID_API_KEY)


def method_not_allowed(fixture: Fixture) -> None:
    response = fixture.ask("DELETE", SHORT_URLS, fixture.secret())
    assert_refused(response, 405, "METHOD_NOT_ALLOWED")
    expect("Allow", set(expect_header(response, "Allow").split(", ")), {"GET", "POST"})


def malformed_json(fixture: Fixture) -> None:
    response = fixture.ask("POST", SHORT_URLS, fixture.secret(), content=b'{"url":', headers=JSON)
    assert_refused(response, 400, "INVALID_REQUEST")


def unknown_parameter(fixture: Fixture) -> None:
    response = fixture.ask("GET", SHORT_URLS, fixture.secret(), params={"limt": 5})
    assert_refused(response, 400, "INVALID_REQUEST")


def not_json(fixture: Fixture) -> None:
    response = fixture.ask(
        "POST", SHORT_URLS, fixture.secret(), data={"url": "https://example.com/"}
    )
    assert_refused(response, 415, "UNSUPPORTED_MEDIA_TYPE")


def invalid_fields(fixture: Fixture) -> None:
    for sent, code, field in (
        ({"url": "ftp://example.com/"}, "INVALID_URL", "url"),
        ({"url": "https://example.com/", "name": "x" * 1_000}, "VALIDATION_ERROR", "name"),
        ({"url": "https://example.com/", "colour": "red"}, "VALIDATION_ERROR", "colour"),
    ):
        response = fixture.ask("POST", SHORT_URLS, fixture.secret(), json=sent)
        assert_refused(response, 422, code, field)


def alias_taken(fixture: Fixture) -> None:
    alias = fixture.link()["short_code"]
    sent = {"url": "https://example.com/", "custom_alias": alias}
    response = fixture.ask("POST", SHORT_URLS, fixture.secret(), json=sent)
    assert_refused(response, 409, "ALIAS_TAKEN", "custom_alias")


def changed_meanwhile(fixture: Fixture) -> None:
    path = f"{SHORT_URLS}/{fixture.link()['id']}"
    headers = {"If-Match": '"999"'}
    response = fixture.ask("PATCH", path, fixture.secret(), json={"name": "x"}, headers=headers)
    assert_refused(response, 412, "PRECONDITION_FAILED")


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

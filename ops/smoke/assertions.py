"""What responses look like: the specification's denials word for word, the envelope of all others.
The contract and the end-to-end tests use the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

SHORT_URLS = "/api/v1/short-urls"

UNAUTHORIZED = {
    "success": False,
    "error": {"code": "UNAUTHORIZED", "message": "API key is required"},
}
INVALID_API_KEY = {
    "success": False,
    "error": {
        "code": "INVALID_API_KEY",
        "message": "The provided API key is invalid or has been revoked",
    },
}
FORBIDDEN = {
    "success": False,
    "error": {
        "code": "FORBIDDEN",
        "message": "Your API key does not have permission to perform this action",
    },
}

_SHOWN = 1000
"""Characters of a response in a message."""


class Wrong(AssertionError):
    """A response is not what was promised."""


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def expect(what: str, found: object, wanted: object) -> None:
    """Raises Wrong unless both are equal."""
    if found != wanted:
        raise Wrong(f"{what}: {wanted!r} was expected, not {str(found)[:_SHOWN]!r}")


def expect_header(response: httpx.Response, name: str, wanted: str | None = None) -> str:
    """The header's value, which has to be `wanted`, or anything if that is None. Raises Wrong."""
    found = response.headers.get(name, "")
    if not found:
        raise Wrong(f"the response {_described(response)} has no {name}")
    if wanted is not None:
        expect(name, found, wanted)
    return str(found)


def assert_response(response: httpx.Response, status: int, body: dict[str, Any]) -> None:
    """The whole body, and what every response carries; where the specification has no `details`,
    it leaves room for them. Raises Wrong."""
    _expect_status(response, status)
    found = _json(response) if "details" in body.get("error", {}) else specified(response)
    expect("the body", found, body)
    _expect_headers_of_every_response(response)


def specified(response: httpx.Response) -> dict[str, Any]:
    """The body without an error's `details`, which the specification leaves room for. Raises
    Wrong."""
    body = _json(response)
    if not isinstance(error := body.get("error"), dict):
        return body
    return body | {"error": {name: error[name] for name in error if name != "details"}}


def data(response: httpx.Response, status: int = 200) -> Any:
    """The data of a success. Raises Wrong."""
    _expect_status(response, status)
    _expect_headers_of_every_response(response)
    body = _json(response)
    expect("success", body.get("success"), True)
    return body["data"]


def assert_error(
    response: httpx.Response, status: int, code: str, field: str | None = None
) -> None:
    """The envelope of every error, and which field was at fault. Raises Wrong."""
    _expect_status(response, status)
    body = _json(response)
    expect("the envelope", (set(body), body.get("success")), ({"success", "error"}, False))
    error = body["error"]
    expect("the code", error.get("code"), code)
    if not error.get("message") or not set(error) <= {"code", "message", "details"}:
        raise Wrong(f"the error is not code, message and details: {_described(response)}")
    _expect_headers_of_every_response(response)
    if field is not None:
        fields = [problem["field"] for problem in error["details"]["errors"]]
        expect(f"an error of {field}", field in fields, True)


def _expect_status(response: httpx.Response, status: int) -> None:
    if response.status_code != status:
        raise Wrong(f"{status} was expected, not {_described(response)}")


def _expect_headers_of_every_response(response: httpx.Response) -> None:
    expect_header(response, "Content-Type", "application/json")
    expect_header(response, "X-Request-Id")


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Wrong(f"a JSON object was expected, not {_described(response)}")
    return body


def _described(response: httpx.Response) -> str:
    request = f"{response.request.method} {response.request.url.path}"
    return f"{response.status_code} to {request}: {response.text[:_SHOWN]}"

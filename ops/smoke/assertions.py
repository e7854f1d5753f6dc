"""What right answers look like: the specification's refusals word for word, the envelope of all
others. The end-to-end tests hold answers to the same."""

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
"""Characters of an answer in a message."""


class Wrong(AssertionError):
    """An answer is not what was promised."""


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
        raise Wrong(f"the answer {_audited(response)} has no {name}")
    if wanted is not None:
        expect(name, found, wanted)
    return str(found)


def assert_response(response: httpx.Response, status: int, body: dict[str, Any]) -> None:
    """The whole body, and what every answer carries; where the specification has no `details`, it
    leaves room for them. Raises Wrong."""
    _expect_status(response, status)
    told = _json(response) if "details" in body.get("error", {}) else specified(response)
    expect("the body", told, body)
    _expect_every_answers_headers(response)


def specified(response: httpx.Response) -> dict[str, Any]:
    """The body without an error's `details`, which the specification leaves room for. Raises
    Wrong."""
    body = _json(response)
    if not isinstance(error := body.get("error"), dict):
        return body
    return body | {"error": {name: error[name] for name in error if name != "details"}}


def data(response: httpx.Response, status: int = 200) -> Any:
    """What a success answers with. Raises Wrong."""
    _expect_status(response, status)
    _expect_every_answers_headers(response)
    body = _json(response)
    expect("success", body.get("success"), True)
    return body["data"]


def assert_refused(
    response: httpx.Response, status: int, code: str, field: str | None = None
) -> None:
    """The envelope of every error, and which field was at fault. Raises Wrong."""
    _expect_status(response, status)
    body = _json(response)
    expect("the envelope", (set(body), body.get("success")), ({"success", "error"}, False))
    error = body["error"]
    expect("the code", error.get("code"), code)
    if not error.get("message") or not set(error) <= {"code", "message", "details"}:
        raise Wrong(f"the error is not code, message and details: {_audited(response)}")
    _expect_every_answers_headers(response)
    if field is not None:
        fields = [problem["field"] for problem in error["details"]["errors"]]
        expect(f"a refusal of {field}", field in fields, True)


def _expect_status(response: httpx.Response, status: int) -> None:
    if response.status_code != status:
        raise Wrong(f"{status} was expected, not {_audited(response)}")


def _expect_every_answers_headers(response: httpx.Response) -> None:
    expect_header(response, "Content-Type", "application/json")
    expect_header(response, "X-Request-Id")


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Wrong(f"a JSON object was expected, not {_audited(response)}")
    return body


def _audited(response: httpx.Response) -> str:
    asked = response.request.url.path
    return f"{response.status_code} to {response.request.method} {asked}: {response.text[:_SHOWN]}"

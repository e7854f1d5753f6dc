"""Every way to present a key, and every way to be denied."""

from __future__ import annotations

from typing import Any

from jmpy.authorizer.hints import Hint
from ops.contract.case import OVER_HTTP, Step, case, get
from ops.contract.matching import ANYTHING, Matching, all_of, including, pattern, without
from ops.smoke.assertions import FORBIDDEN, INVALID_API_KEY, UNAUTHORIZED

MALFORMED = ("changed", "truncated", "extended", "upper", "bare")
NOISE = "abc.-_~+/=" * 1_000
NO_KEY = ("", "Bearer", "Basic dXNlcjpwYXNz")

# An Authorization header; the error's code, and the hint about the form of the key.
HINTS = (
    ("{key.valid}", "UNAUTHORIZED", Hint.BARE),
    ("Basic dXNlcjpwYXNz", "UNAUTHORIZED", Hint.BASIC),
    ("Bearer $JMPY_API_KEY", "INVALID_API_KEY", Hint.PLACEHOLDER),
    ("Bearer jmpy_****abcd", "INVALID_API_KEY", Hint.MASKED),
    ("Bearer Bearer {key.valid}", "INVALID_API_KEY", Hint.SCHEME_IN_KEY),
)


def _with(*headers: tuple[str, str], **query: str) -> Any:
    return get(key=None, headers=[*headers], query=query or None)


BEARER = 'Bearer realm="Jmpy"'


def unauthorized(request: Any, challenge: Any = BEARER, **expected: Any) -> Step:
    """No credential: the specification's response; its details are our own."""
    return _denied(request, 401, UNAUTHORIZED, challenge, **expected)


def no_bearer_token(request: Any, **expected: Any) -> Step:
    return unauthorized(request, pattern(f"{BEARER}.*"), **expected)


def invalid(request: Any, **expected: Any) -> Step:
    challenge = f'{BEARER}, error="invalid_token"'
    return _denied(request, 401, INVALID_API_KEY, challenge, **expected)


def forbidden(request: Any) -> Step:
    """`request` has a key without the permission."""
    step: Step = request.fails(403, "FORBIDDEN", body=_specified(FORBIDDEN))
    return step


def _denied(
    request: Any, status: int, body: dict[str, Any], challenge: Any, **expected: Any
) -> Step:
    step: Step = request.fails(
        status,
        body["error"]["code"],
        body=all_of(_specified(body), without("{key.valid}")),
        headers={"www-authenticate": challenge},
        **expected,
    )
    return step


def _specified(body: dict[str, Any]) -> Matching:
    """The specification's body, which has room for `details` in the error."""
    return including({**body, "error": including(body["error"])})


CASES = (
    case(
        "a key is accepted in Authorization and X-API-Key, whatever their case",
        *(
            _with((header, f"{prefix}{{key.valid}}")).returns(headers={"deprecation": None})
            for header, prefix in (
                ("Authorization", "Bearer "),
                ("authorization", "bearer "),
                ("AUTHORIZATION", "BEARER "),
                ("X-API-Key", ""),
                ("x-api-key", ""),
            )
        ),
    ),
    case(
        "a key in the query is accepted as deprecated",
        _with(api_key="{key.valid}").returns(headers={"deprecation": pattern("@.+")}),
        needs_query_key=True,
    ),
    case(
        "without a key a request is unauthorized",
        unauthorized(get(key=None), details=None),
        *(no_bearer_token(_with(("Authorization", value))) for value in NO_KEY),
        no_bearer_token(_with(("X-API-Key", ""))),
    ),
    case(
        "an invalid key is denied as invalid, as a Bearer token and as X-API-Key",
        *(
            step
            for key in (*(f"{{key.{name}}}" for name in MALFORMED), "{key.twice}", "wrong", NOISE)
            for step in (
                # The gateway puts the hint in from what the authorizer said.
                invalid(
                    _with(("Authorization", f"Bearer {key}")), details=including({"hint": ANYTHING})
                ),
                invalid(_with(("X-API-Key", key))),
            )
        ),
        invalid(_with(("Authorization", "Bearer {key.unknown}")), details=None),
        invalid(_with(("X-API-Key", "{key.unknown}"))),
    ),
    case(
        "an invalid key is denied as invalid in the query",
        *(
            invalid(_with(api_key=key))
            for key in (
                *(f"{{key.{name}}}" for name in MALFORMED),
                "{key.twice}",
                "{key.unknown}",
                "wrong",
                NOISE[:4_000],
            )
        ),
        needs_query_key=True,
    ),
    case(
        "a hint says what is wrong with the form of a key, without the key",
        *(
            (invalid if code == "INVALID_API_KEY" else no_bearer_token)(
                _with(("Authorization", value)), details={"hint": str(hint)}
            )
            for value, code, hint in HINTS
        ),
    ),
    case(
        "of several keys the Bearer token decides",
        invalid(_with(("Authorization", "Bearer wrong"), ("X-API-Key", "{key.valid}"))),
    ),
    case(
        "the Bearer token decides over a key in the query",
        invalid(
            _with(
                ("Authorization", "Bearer wrong"),
                ("X-API-Key", "{key.valid}"),
                api_key="{key.valid}",
            )
        ),
        needs_query_key=True,
    ),
    case(
        "a repeated Authorization header is denied",
        invalid(
            _with(*[("Authorization", "Bearer {key.valid}")] * 2),
        ),
    ),
    case(
        "a repeated key in the query is denied",
        invalid(get(key=None, query=[("api_key", "{key.valid}")] * 2)),
        needs_query_key=True,
    ),
    case(
        "bytes that are no text are denied",
        *(
            get(key=None, headers={b"Authorization": value}).fails(401, ANYTHING)
            for value in (b"Bearer \xff\xfe", b"Bearer caf\xc3\xa9", b"\x80")
        ),
        places=OVER_HTTP,
    ),
)

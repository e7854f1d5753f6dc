"""Cookies, headers, forms and the origin of requests, each by itself."""

import base64
from typing import Any

import pytest

from jmpy.http.body import MalformedBody
from jmpy.http.errors import BodyTooLarge, UnsupportedMediaType
from jmpy.web import cookies, form, same_origin, security_headers
from jmpy.web.same_origin import ForeignRequest

STAGE = "https://api1.execute-api.eu-west-1.amazonaws.com/live"
CUSTOM = "https://go.example.com"
LOCAL = "http://127.0.0.1:8080"
BELOW = "http://127.0.0.1:8080/below"


@pytest.mark.parametrize(
    ("base_url", "session", "sign_in"),
    [
        (
            STAGE,
            "__Host-jmpy_session.live=x; Path=/; Max-Age=9; HttpOnly; Secure; SameSite=Lax",
            "__Host-jmpy_sign_in.live.0123456789=x; Path=/; Max-Age=9; HttpOnly; Secure; "
            "SameSite=Lax",
        ),
        (
            CUSTOM,
            "__Host-jmpy_session=x; Path=/; Max-Age=9; HttpOnly; Secure; SameSite=Lax",
            "__Host-jmpy_sign_in.0123456789=x; Path=/; Max-Age=9; HttpOnly; Secure; SameSite=Lax",
        ),
        (
            LOCAL,
            "jmpy_session=x; Path=/; Max-Age=9; HttpOnly; SameSite=Lax",
            "jmpy_sign_in.0123456789=x; Path=/login; Max-Age=9; HttpOnly; SameSite=Lax",
        ),
        (
            BELOW,
            "jmpy_session=x; Path=/below; Max-Age=9; HttpOnly; SameSite=Lax",
            "jmpy_sign_in.0123456789=x; Path=/below/login; Max-Age=9; HttpOnly; SameSite=Lax",
        ),
    ],
)
def test_cookies_are_bound_to_where_this_deployment_is(
    base_url: str, session: str, sign_in: str
) -> None:
    assert str(cookies.session(base_url).carrying("x", 9)) == session
    assert str(cookies.sign_in(base_url, "0123456789abc").carrying("x", 9)) == sign_in


def test_a_deleted_cookie_has_the_same_name_and_path() -> None:
    assert str(cookies.session(CUSTOM).deleted()) == (
        "__Host-jmpy_session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"
    )


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        (["jmpy_session=a"], "a"),
        (["x=1; jmpy_session=a; y=2"], "a"),
        (["x=1", "jmpy_session=a"], "a"),  # HTTP/2 may send one line for each
        (["jmpy_session=a; jmpy_session=b"], None),
        (["jmpy_session=a", "jmpy_session=a"], None),
        (["xjmpy_session=a"], None),
        (["jmpy_session"], ""),
        ([], None),
    ],
)
def test_a_cookie_counts_only_when_there_is_one(lines: list[str], value: str | None) -> None:
    assert cookies.session(LOCAL).read({"multiValueHeaders": {"Cookie": lines}}) == value


@pytest.mark.parametrize("base_url", [STAGE, CUSTOM, LOCAL])
def test_of_many_sign_ins_on_their_way_the_oldest_are_given_up(base_url: str) -> None:
    names = [cookies.sign_in(base_url, f"{number:010}").name for number in range(12)]
    others = [cookies.session(base_url).name, cookies.sign_in(f"{CUSTOM}/other", "0").name]
    sent = "; ".join(f"{name}=x" for name in [*others, *names])
    event = {"multiValueHeaders": {"Cookie": [sent]}}
    given_up = [cookie.name for cookie in cookies.abandoned_sign_ins(base_url, event)]
    assert given_up == names[:3]


def test_no_headers_are_no_cookie() -> None:
    assert cookies.session(LOCAL).read({"multiValueHeaders": None}) is None


def test_a_page_may_load_nothing_that_it_does_not_name() -> None:
    headers = security_headers.for_response(
        STAGE, form_targets=["https://auth.example.com"], sources={"img-src": "'self'"}
    )
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; img-src 'self'; "
        "form-action 'self' https://api1.execute-api.eu-west-1.amazonaws.com "
        "https://auth.example.com; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


def test_plain_http_does_not_promise_https() -> None:
    assert "Strict-Transport-Security" not in security_headers.for_response(LOCAL)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://go.example.com"},
        {"origin": "https://go.example.com", "sec-fetch-site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_request_of_our_own_passes(headers: dict[str, str]) -> None:
    same_origin.require(headers, CUSTOM)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://go.example.com.evil.example"},
        {"Origin": "http://go.example.com"},
        {"Origin": "https://go.example.com:444"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://go.example.com", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_request_from_elsewhere_does_not(headers: dict[str, str]) -> None:
    with pytest.raises(ForeignRequest):
        same_origin.require(headers, CUSTOM)


def sent(body: str | None, **changes: Any) -> dict[str, Any]:
    return {"headers": {"Content-Type": form.MEDIA_TYPE}, "body": body} | changes


def test_a_form_is_read() -> None:
    parsed = form.parse(sent("name=+A%C3%A9+&tag=x&tag=y&empty="))
    assert parsed.text("name") == "A\u00e9"
    assert parsed.texts("tag") == ["x", "y"]
    assert (parsed.text("empty"), parsed.text("missing")) == ("", "")
    assert ("empty" in parsed, "missing" in parsed) == (True, False)


def test_a_form_in_base64_is_read() -> None:
    body = base64.b64encode(b"name=A").decode()
    assert form.parse(sent(body, isBase64Encoded=True)).text("name") == "A"


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (sent("{}", headers={"Content-Type": "application/json"}), UnsupportedMediaType),
        (sent("a=1", headers={}), UnsupportedMediaType),
        (sent("a=1", headers={"Content-Type": "text/plain"}), UnsupportedMediaType),
        (sent("a=" + "x" * form.MAX_SIZE), BodyTooLarge),
        (sent("&".join(["a=1"] * (form.MAX_FIELDS + 1))), MalformedBody),
        (sent("a=%ff"), MalformedBody),
        (sent("?", isBase64Encoded=True), MalformedBody),
    ],
)
def test_a_body_that_is_not_a_form_is_rejected(
    event: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        form.parse(event)

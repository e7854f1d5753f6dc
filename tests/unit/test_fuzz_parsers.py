"""Whatever is read from outside ends as a value or as the one refusal that its reader documents."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmpy import addresses
from jmpy.activity import access_log_line
from jmpy.analytics.moment import parse_moment, zone_of
from jmpy.clicks.classify import values_of
from jmpy.clicks.model import Dimension
from jmpy.formats.cursor import from_cursor
from jmpy.formats.sent import USER_AGENT_LENGTH
from jmpy.formats.times import parse_time
from jmpy.gateway import credentials, viewer
from jmpy.gateway.credentials import AmbiguousCredential
from jmpy.http import entity_tag, multipart
from jmpy.http.body import MalformedBody, parse_json
from jmpy.http.errors import BodyTooLarge, UnsupportedMediaType
from jmpy.keys import token
from jmpy.keys.errors import MalformedKey
from jmpy.leaks import report
from jmpy.leaks.errors import MalformedReport
from jmpy.links import bulk_csv, codes, destination
from jmpy.links.bulk_errors import InvalidUpload, UploadTooLarge
from jmpy.links.errors import InvalidAlias, InvalidDestination
from jmpy.redirect import click as request
from jmpy.sessions import encryption, login_state
from jmpy.sessions.errors import InvalidIdToken
from jmpy.sessions.id_token import IdTokenVerifier
from jmpy.sessions.model import Session, digest
from jmpy.sessions.signing_keys import SigningKeys
from jmpy.web import cookies, form, visitor_pages
from jmpy.webhooks.errors import UnusableUrl
from jmpy.webhooks.model import Webhook
from project.clicks import click
from project.hostile import bodies, fields, fuzz, objects, texts, watched
from project.keys import issued
from tests import cognito

KEY = issued()[0]
CURSOR_OF_LINK = "01a21370-9fa2-758e-a666-9ebb64826ba9"


@fuzz()
@given(texts | st.tuples(texts, st.integers(0, 43)).map(lambda both: KEY[: both[1]] + both[0]))
@watched
def test_a_key(text: str) -> None:
    with suppress(MalformedKey):
        assert len(token.parse(text)) == 64
        assert text.startswith("jmpy_")


@fuzz()
@given(st.integers(0, len(KEY) - 1), st.characters())
@watched
def test_a_key_with_another_character_is_no_key(position: int, character: str) -> None:
    other = KEY[:position] + character + KEY[position + 1 :]
    if other != KEY:
        with pytest.raises(MalformedKey):
            token.parse(other)


@fuzz()
@given(
    st.dictionaries(
        st.sampled_from(["Authorization", "authorization", "X-API-Key", "x-api-key"]) | texts,
        st.lists(texts | texts.map("Bearer {}".format), max_size=3),
        max_size=4,
    ),
    st.none() | st.dictionaries(st.just("api_key") | texts, st.lists(texts, max_size=3)),
)
@watched
def test_a_credential(headers: dict[str, list[str]], query: dict[str, list[str]] | None) -> None:
    event = {"multiValueHeaders": headers, "multiValueQueryStringParameters": query}
    with suppress(AmbiguousCredential):
        found = credentials.find(event)
        assert found is None or found.secret
        assert found is None or repr(found) == f"Credential(kind={found.kind!r})"


def part(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).rstrip(b"=").decode()


claims = objects("sub", "aud", "iss", "exp", "iat", "token_use", "email", "nonce")
headers_of_tokens = objects("alg", "kid", "typ", "crit", "jku", "x5u") | st.fixed_dictionaries(
    {"alg": st.sampled_from(["RS256", "none", "HS256"]), "kid": st.just(cognito.KEY_ID) | texts}
)


@fuzz()
@given(headers_of_tokens | texts, claims | texts, texts)
@watched
def test_an_id_token(header: object, claim: object, signature: str) -> None:
    verifier = IdTokenVerifier(cognito.SETTINGS, SigningKeys(cognito.keys_document))
    with pytest.raises(InvalidIdToken):
        verifier.verify(f"{part(header)}.{part(claim)}.{part(signature)}")


@fuzz()
@given(bodies("url"))
@watched
def test_a_json_body(body: str | None) -> None:
    with suppress(MalformedBody):
        parse_json(body or "")


@fuzz()
@given(texts | st.lists(st.lists(texts, max_size=5).map(",".join), max_size=5).map("\n".join))
@watched
def test_a_csv(text: str) -> None:
    for begun in (text, f"url,custom_alias,tags\n{text}"):
        with suppress(UploadTooLarge, InvalidUpload):
            assert all(row is not None for row in bulk_csv.rows(begun))


@fuzz()
@given(texts, st.lists(texts, max_size=4), texts)
@watched
def test_a_form_with_files(boundary: str, parts: list[str], content_type: str) -> None:
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--"
    for stated in (content_type, f'multipart/form-data; boundary="{boundary}"'):
        with suppress(MalformedBody):
            assert all(isinstance(text, str) for text in multipart.fields(stated, body).values())


@fuzz()
@given(fields("Content-Type", "content-type"), texts, st.booleans())
@watched
def test_a_form(headers: dict[str, str], body: str, is_base64: bool) -> None:
    event = {"headers": headers, "body": body, "isBase64Encoded": is_base64}
    own = {"headers": {"Content-Type": form.MEDIA_TYPE}}
    for sent in (event, event | own):
        with suppress(MalformedBody, BodyTooLarge, UnsupportedMediaType):
            assert form.parse(sent).text("name") is not None


@fuzz()
@given(st.lists(texts | texts.map("jmpy_session={}".format), max_size=4))
@watched
def test_cookies(lines: list[str]) -> None:
    event = {"multiValueHeaders": {"Cookie": lines}}
    found = cookies.session("http://127.0.0.1").read(event)
    assert found is None or any(found in line for line in lines)


@fuzz()
@given(texts | texts.map(part))
@watched
def test_a_sign_in_on_its_way(cookie: str) -> None:
    found = login_state.from_cookie(cookie)
    assert found is None or found.return_to.startswith("/dashboard")
    assert found is None or not found.has_state(f"{found.state}x")


@fuzz()
@given(texts, texts)
@watched
def test_a_state_that_is_not_ours(state: str, stated: str) -> None:
    started = login_state.start(None, lambda: "drawn")
    assert not started.has_state(stated)
    session = Session("id", "a", "ada@example.com", "token", 0, 0, 0)
    assert len(digest(stated)) == 64
    assert not session.owns(stated)
    assert login_state.checked_return_path(state).startswith("/dashboard")


@fuzz()
@given(st.binary(max_size=64), texts)
@watched
def test_what_another_session_sealed(encrypted: bytes, session_id: str) -> None:
    with pytest.raises(encryption.DecryptionFailed):
        encryption.decrypt(session_id, encrypted)


@fuzz()
@given(texts)
@watched
def test_a_user_agent(user_agent: str) -> None:
    values = values_of(replace(click(), user_agent=user_agent))
    assert all(values[name] for name in (Dimension.BROWSER, Dimension.OS, Dimension.DEVICE))


@fuzz()
@given(
    fields(
        "User-Agent", "Referer", "Host", "CloudFront-Viewer-Address", "CF-IPCountry",
        "CloudFront-Viewer-Country",
    ),
    st.none() | fields("utm_source", "utm_campaign"),
    texts,
)  # fmt: skip
@watched
def test_a_click(headers: dict[str, str], query: dict[str, str] | None, url: str) -> None:
    event = {
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query,
        "requestContext": {"requestTimeEpoch": 1, "identity": {"sourceIp": "192.0.2.1"}},
    }
    target = _target(url)
    found = request.click(event, "code", target, b"salt", viewer.from_event(event))
    assert len(found.user_agent) <= USER_AGENT_LENGTH
    json.dumps([found.user_agent, found.referrer, found.country, dict(found.utm)]).encode()


def _target(url: str) -> Any:
    class Target:
        link_id, account_id, qr_id, campaign_id = "link", "a", None, None

    Target.url = url  # type: ignore[attr-defined]
    return Target


LINE = {
    "requestId": "r", "time": "1800000000000", "apiId": "a", "plan": "free", "lookup": "table",
    "accountId": "a", "keyId": "k", "credential": "bearer", "reason": "-", "method": "GET",
    "route": "/x", "status": "200", "latency": "1", "error": "-", "ip": "192.0.2.1",
}  # fmt: skip


@fuzz()
@given(texts, st.sampled_from(["userAgent", *LINE]), st.booleans())
@watched
def test_a_line_of_the_access_log(stated: str, name: str, is_escaped: bool) -> None:
    """With and without the quotes of what a client says escaped: AWS does not say that it does."""
    line = {**LINE, "userAgent": "-", name: "SAID"}
    reported = json.dumps(stated) if is_escaped else f'"{stated}"'
    for request_ in access_log_line.read([json.dumps(line).replace('"SAID"', reported)]):
        assert name in ("keyId", "accountId") or (request_.account_id, request_.key_id) == (
            "a",
            "k",
        )


@fuzz()
@given(bodies("token", "type", "url").map(lambda body: (body or "").encode("utf-8", "replace")))
@watched
def test_a_report_of_leaked_keys(body: bytes) -> None:
    with suppress(MalformedReport):
        assert isinstance(report.parse(body), list)


@fuzz()
@given(texts, texts)
@watched
def test_a_webhook(url: str, secret: str) -> None:
    for stated in (url, f"https://{url}"):
        with suppress(UnusableUrl):
            webhook = Webhook(stated, secret)
            assert webhook.url.startswith(("https://", "HTTPS://", "Https://")) or ":" in stated
            assert "@" not in webhook.url.split("/")[2]


@fuzz()
@given(texts | st.ip_addresses().map(str))
@watched
def test_an_address(address: str) -> None:
    if addresses.is_public(address):
        assert not address.startswith(("10.", "127.", "192.168.", "169.254.", "::1", "fe80", "fd"))


@fuzz()
@given(texts | texts.map("https://{}".format))
@watched
def test_a_destination(url: str) -> None:
    with suppress(InvalidDestination):
        stored = destination.checked(url)
        assert stored.isascii()
        assert stored.startswith(("http://", "https://"))
        assert not set("\r\n\t \\") & set(stored)
        assert destination.checked(stored) == stored


@fuzz()
@given(texts)
@watched
def test_codes_and_cursors(text: str) -> None:
    with suppress(InvalidAlias):
        assert codes.is_code(codes.checked_alias(text))
    assert codes.is_link_id(CURSOR_OF_LINK + text) is (text == "")
    assert "." not in (from_cursor(text) or "")


@fuzz()
@given(texts)
@watched
def test_times_zones_and_tags(text: str) -> None:
    for parse in (parse_time, parse_moment, zone_of):
        with suppress(ValueError):
            parse(text)
    with suppress(entity_tag.InvalidEntityTag):
        entity_tag.expected_version(text)
    assert visitor_pages.prefers_page(text) in (True, False)

"""What `details.hint` of a 401 says of the form of a credential, and that it says nothing else."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmpy.access.errors import INVALID, REQUIRED, Words
from jmpy.authorizer.hints import Hint
from jmpy.authorizer.service import Authorizer, Unauthorized
from jmpy.authorizer.sessions import SessionAccounts
from jmpy.cache import Cache
from jmpy.keys import token
from jmpy.keys.model import KeyStatus
from jmpy.sessions.errors import InvalidIdToken
from project import template
from project.keys import issued
from tests.authorizer_events import NO_TOKENS, SETTINGS, event
from tests.unit.test_decision import Table

SECRET, KEY = issued()
OTHER_LAST = "a" if SECRET[-1] != "a" else "b"
ID_TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
RESPONSE = template.resources("AWS::Serverless::Api")["Api"]["GatewayResponses"]["ACCESS_DENIED"]
TEMPLATE: str = RESPONSE["ResponseTemplates"]["application/json"]
_VARIABLE = re.compile(r"\$context\.authorizer\.([a-z_]+)")

MALFORMED = {
    "Bearer Bearer {key}": Hint.SCHEME_IN_KEY,
    "Bearer Token {key}": Hint.SCHEME_IN_KEY,
    "Bearer jmpy_live_****abcd": Hint.MASKED,
    "Bearer jmpy_abcd...wxyz": Hint.MASKED,
    "Bearer jmpy_abcd\u2026": Hint.MASKED,
    "Bearer jmpy_\u2022\u2022\u2022\u2022abcd": Hint.MASKED,
    "Bearer jmpy_xxxxxxxxxxxx": Hint.MASKED,
    "Bearer $JMPY_API_KEY": Hint.PLACEHOLDER,
    "Bearer ${JMPY_API_KEY}": Hint.PLACEHOLDER,
    "Bearer $(cat key)": Hint.PLACEHOLDER,
    "Bearer {{api_key}}": Hint.PLACEHOLDER,
    "Bearer %JMPY_API_KEY%": Hint.PLACEHOLDER,
    "Bearer YOUR_API_KEY": Hint.PLACEHOLDER,
    "Bearer your_api_key_here": Hint.PLACEHOLDER,
    "Bearer jmpy_your_key_here": Hint.PLACEHOLDER,
    "Bearer <your-key>": Hint.PLACEHOLDER,
    "Bearer [API KEY]": Hint.PLACEHOLDER,
    "Bearer process.env.JMPY_API_KEY": Hint.PLACEHOLDER,
    'Bearer "$JMPY_API_KEY"': Hint.PLACEHOLDER,
    "Bearer undefined": Hint.PLACEHOLDER,
    "Bearer [object Object]": Hint.PLACEHOLDER,
    "Bearer null": Hint.PLACEHOLDER,
    'Bearer "{key}"': Hint.QUOTED,
    "Bearer '{key}'": Hint.QUOTED,
    "Bearer `{key}`": Hint.QUOTED,
    "Bearer {key}\u200b": Hint.CHARACTER,
    "Bearer \ufeff{key}": Hint.CHARACTER,
    "Bearer \u00e2\u0080\u008b{key}": Hint.CHARACTER,  # U+200B, read as Latin-1
    "Bearer \u201c{key}\u201d": Hint.CHARACTER,
    "Bearer {key}\\n": Hint.CHARACTER,
    "Bearer {key},": Hint.SEVERAL,
    "Bearer {key} {key}": Hint.SEVERAL,
    "Bearer {key}%0A": Hint.ENCODED,
    "Bearer jmpy%5Fabcdefgh": Hint.ENCODED,
    "Bearer am1weV9hYmNkZWZnaA==": Hint.ENCODED,
    "Bearer jmpy_live_abcdefghijklmnop": Hint.ENVIRONMENT,
    "Bearer 019b7a2e-0000-7000-8000-000000000000": Hint.KEY_ID,
    "Bearer eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ": Hint.JWT,
    "Bearer sk_live_abcdefghijkl": Hint.OTHER,
    "Bearer x": Hint.OTHER,
    "Bearer jmpy_": Hint.SHORT,
    "Bearer jmpy_abc": Hint.SHORT,
    "Bearer {key}a": Hint.LONG,
    "Bearer jmpy-abcdefgh": Hint.PREFIX,
    "Bearer JMPY_ABCDEFGH": Hint.PREFIX,
}
"""What stands in Authorization, where a key is found that cannot be one."""

NO_CREDENTIAL = {
    "{key}": Hint.BARE,
    "apikey={key}": Hint.BARE,
    "jmpy_****abcd": Hint.MASKED,
    "$JMPY_API_KEY": Hint.PLACEHOLDER,
    "YOUR_API_KEY": Hint.PLACEHOLDER,
    "Api-Key {key}": Hint.SCHEME,
    "ApiKey {key}": Hint.SCHEME,
    "Token {key}": Hint.SCHEME,
    "Digest a=b": Hint.SCHEME,
    "Basic dXNlcjpwYXNz": Hint.BASIC,
    "Bearer: {key}": Hint.SEPARATOR,
    "Bearer:{key}": Hint.SEPARATOR,
    "Bearer={key}": Hint.SEPARATOR,
    "Bearer{key}": Hint.SEPARATOR,
    '"Bearer {key}"': Hint.QUOTED,
    "": Hint.EMPTY,
    "Bearer": Hint.EMPTY,
    "Bearer ": Hint.EMPTY,
}
"""What stands in Authorization, where no key is found."""


def denied(
    headers: dict[str, list[str]] | None = None, query: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    """The error, as the gateway makes it of the authorizer's context; the table is not read."""
    table = Table(KEY)
    sessions = SessionAccounts(_no_id_token, lambda _: None, Cache())
    authorizer = Authorizer(SETTINGS, table.find, Cache(), sessions, NO_TOKENS)
    response = authorizer.authorize(event(headers, query))
    (statement,) = response["policyDocument"]["Statement"]
    assert (statement["Effect"], table.reads) == ("Deny", 0)
    error: dict[str, Any] = body(response["context"])["error"]
    return error


def rendered(context: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda match: context[match[1]], TEMPLATE)


def body(context: dict[str, str]) -> Any:
    return json.loads(rendered(context))


def _no_id_token(_: str) -> Any:
    raise InvalidIdToken("expired")


def error(words: Words, hint: Hint) -> dict[str, Any]:
    return {"code": words.code, "message": words.message, "details": {"hint": hint.value}}


@pytest.mark.parametrize(("sent", "hint"), MALFORMED.items(), ids=lambda value: value[:30])
def test_what_is_no_key_is_invalid_with_a_hint_at_its_form(sent: str, hint: Hint) -> None:
    value = sent.replace("{key}", SECRET)
    assert denied({"Authorization": [value]}) == error(INVALID, hint)


@pytest.mark.parametrize(("sent", "hint"), NO_CREDENTIAL.items(), ids=lambda value: value[:30])
def test_a_header_without_a_bearer_token_holds_no_key_and_says_why(sent: str, hint: Hint) -> None:
    value = sent.replace("{key}", SECRET)
    assert denied({"authorization": [value]}) == error(REQUIRED, hint)


@pytest.mark.parametrize(
    ("secret", "hint"),
    [
        (SECRET[:-1] + OTHER_LAST, Hint.CHECKSUM),
        (SECRET[:20] + SECRET[20:].swapcase(), Hint.CHECKSUM),
        (SECRET[:-1], Hint.SHORT),
        (SECRET.upper(), Hint.PREFIX),
        (SECRET.removeprefix("jmpy_"), Hint.PREFIX),
        (f"Bearer {SECRET}", Hint.SCHEME_IN_KEY),
        (ID_TOKEN, Hint.JWT),
    ],
    # Not the keys, which are drawn anew by each process of the tests.
    ids=["slip", "case", "short", "capitals", "no prefix", "scheme", "token"],
)
def test_the_other_places_of_a_key_get_the_same_hints(secret: str, hint: Hint) -> None:
    expected = error(INVALID, hint)
    assert denied({"X-API-Key": [secret]}) == expected
    assert denied(query={"api_key": [secret]}) == expected


def test_two_keys_in_one_place_get_a_hint() -> None:
    expected = error(INVALID, Hint.TWICE)
    assert denied({"Authorization": [f"Bearer {SECRET}"] * 2}) == expected
    assert denied({"X-API-Key": [SECRET, SECRET]}) == expected
    assert denied(query={"api_key": [SECRET, SECRET]}) == expected


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"Api-Key": [SECRET]}, None),
        ({"apikey": ["anything"]}, None),
        ({"Bearer": [SECRET]}, None),
        ({"X-Auth-Token": [SECRET]}, None),
        ({"X-Of-Their-Own": [f"Key {SECRET}"]}, None),
        ({"Cookie": [f"a=b; key={SECRET}"]}, None),
        (None, {"API_KEY": [SECRET]}),
        (None, {"apikey": ["anything"]}),
        (None, {"k": [SECRET]}),
    ],
)
def test_a_key_under_another_name_gets_a_hint_with_the_right_ones(
    headers: dict[str, list[str]] | None, query: dict[str, list[str]] | None
) -> None:
    assert denied(headers, query) == error(REQUIRED, Hint.ELSEWHERE)


@pytest.mark.parametrize(
    ("headers", "query"), [({"X-API-Key": [" "]}, None), (None, {"api_key": [""]})]
)
def test_an_empty_place_gets_a_hint(
    headers: dict[str, list[str]] | None, query: dict[str, list[str]] | None
) -> None:
    assert denied(headers, query) == error(REQUIRED, Hint.EMPTY)


@pytest.mark.parametrize(
    "headers",
    [None, {}, {"Cookie": ["jmpy_session=abc"]}, {"Host": ["x"], "User-Agent": ["jmpy_client/1"]}],
)
def test_who_sends_nothing_like_a_key_gets_the_specifications_words_alone(
    headers: dict[str, list[str]] | None,
) -> None:
    with pytest.raises(Unauthorized):
        denied(headers)


def test_no_hint_distinguishes_keys_of_the_right_form() -> None:
    """Unknown, revoked, expired, not from this address, not for the query: to the byte the
    specification's words."""
    specified = (
        '{"success":false,"error":{"code":"INVALID_API_KEY", '
        '"message":"The provided API key is invalid or has been revoked"}}'
    )
    records = [
        None,
        issued(status=KeyStatus.REVOKED)[1],
        issued(expires_at=1)[1],
        issued(allowed_ips=("203.0.113.7",))[1],
        issued(header_only=True)[1],
    ]
    for record in records:
        sessions = SessionAccounts(_no_id_token, lambda _: None, Cache())
        find = dict.fromkeys((KEY.digest,), record).get
        authorizer = Authorizer(SETTINGS, find, Cache(), sessions, NO_TOKENS)
        response = authorizer.authorize(event(query={"api_key": [SECRET]}))
        assert rendered(response["context"]) == specified


def test_every_denied_id_token_gets_the_same_hint() -> None:
    assert denied({"Authorization": [f"Bearer {ID_TOKEN}"]}) == error(INVALID, Hint.JWT)


@pytest.mark.parametrize("hint", Hint)
def test_a_hint_needs_no_escaping_and_holds_no_key(hint: Hint) -> None:
    assert re.fullmatch(r"[A-Za-z0-9 .,:;?_'-]+", hint)
    assert json.dumps(hint.value) == f'"{hint.value}"'
    assert not re.search(r"jmpy_\w", hint)
    assert hint.endswith((".", "?"))


_TEXT = st.one_of(
    st.text(max_size=60),
    st.sampled_from(['"},"x":{"y":"', "\\", "$context.requestId", "</script>", SECRET]),
)


@given(values=st.lists(st.tuples(st.sampled_from(["", "Bearer ", "Bearer: "]), _TEXT), max_size=2))
@pytest.mark.parametrize("place", ["Authorization", "X-API-Key", "api_key", "Api-Key"])
def test_whatever_is_sent_the_body_holds_words_of_ours_only(
    place: str, values: list[tuple[str, str]]
) -> None:
    sent = [prefix + text for prefix, text in values if token.PREFIX + text != SECRET]
    sent_event = event(query={place: sent}) if place == "api_key" else event({place: sent})
    sessions = SessionAccounts(_no_id_token, lambda _: None, Cache())
    try:
        response = Authorizer(SETTINGS, lambda _: None, Cache(), sessions, NO_TOKENS).authorize(
            sent_event
        )
    except Unauthorized:
        return
    reported = body(response["context"])["error"]
    words = (reported["code"], reported["message"])
    assert words in (INVALID, REQUIRED)
    assert reported.get("details", {"hint": Hint.OTHER})["hint"] in set(Hint)

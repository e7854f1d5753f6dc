"""What was wrong with the form of a credential, and what to send: `details.hint` of a 401.

Every hint is a constant of this file. None repeats any part of what a client sent, since a key may
be in it, and none depends on what a table holds: a well-formed key gets no hint, whether it is
unknown, revoked, expired, paused or suspended.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from jmpy.gateway.credentials import header
from jmpy.keys import token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.gateway.credentials import Credential

_SEND = " Send the header Authorization: Bearer YOUR_API_KEY."


class Hint(StrEnum):
    """Plain ASCII without quotation marks and backslashes: API Gateway puts it into a JSON string
    as it is."""

    EMPTY = "The API key is empty; check that the variable that should contain it is set." + _SEND
    BARE = "The word Bearer is missing before the API key." + _SEND
    SCHEME = "The Authorization header uses a scheme other than Bearer." + _SEND
    BASIC = (
        "The Authorization header uses the Basic scheme, which clients send for a user name and "
        "password." + _SEND
    )
    SEPARATOR = "The word Bearer and the API key must be separated by exactly one space." + _SEND
    ELSEWHERE = (
        "An API key appears to be sent under an unsupported name; supported are the headers "
        "Authorization and X-API-Key, and the parameter api_key." + _SEND
    )
    TWICE = "More than one API key was sent in the same place. Send one."
    SCHEME_IN_KEY = (
        "A scheme such as Bearer was sent in place of the API key. The scheme belongs in the "
        "Authorization header only, once; send X-API-Key and api_key with the key alone."
    )
    PLACEHOLDER = (
        "A placeholder or the name of a variable was sent instead of an API key. Check the "
        "spelling of the variable and that it is set."
    )
    MASKED = (
        "The API key is abbreviated, as in lists and logs. Send the whole key, which was shown "
        "once when it was created; if it is lost, create another."
    )
    QUOTED = "The API key contains quotation marks. Send it without them."
    CHARACTER = (
        "The API key contains an invalid character, perhaps an invisible one from copying. Copy "
        "the key again as plain text."
    )
    SEVERAL = "The API key contains a space or another separator. Send one key, in one piece."
    ENCODED = "The API key is encoded, in Base64 or with percent signs. Send it as it is."
    JWT = (
        "This is an ID token or another JSON Web Token, not an API key. Keys start with jmpy_. An "
        "ID token is accepted only in the Authorization header and only during its session."
    )
    KEY_ID = (
        "This is the id of an API key, not the key itself, which starts with jmpy_ and was shown "
        "once when it was created."
    )
    SHORT_LIVED = (
        "The short-lived token is cut off, too long or contains a typing error: it consists of "
        "jmpt_ and 82 letters and digits. Copy all of it, and nothing else."
    )
    ENVIRONMENT = (
        "This key belongs to another service or deployment: keys here have no word such as live or "
        "test after jmpy_."
    )
    PREFIX = (
        "The API key has the wrong prefix: keys start with jmpy_, in lower case and with an "
        "underscore. The whole key is case-sensitive."
    )
    SHORT = f"The API key is cut off: a key has {token.LENGTH} characters. Copy all of it."
    LONG = (
        f"The API key is too long: a key has {token.LENGTH} characters. Send one key, and nothing "
        "after it."
    )
    CHECKSUM = (
        "The API key contains a typing error: its checksum does not match. Copy it again; keys are "
        "case-sensitive."
    )
    OTHER = (
        "This is not an API key of this service: a key consists of jmpy_ and "
        f"{token.LENGTH - len(token.PREFIX)} letters and digits."
    )


_LONGEST = 512
"""Characters that are looked at, so that ten kilobytes of noise cost little."""

_SCHEMES = "bearer|basic|token|key|api[-_]?key|jwt|oauth"
_PLACEHOLDER = r"""\A["'`]*(
    [$<{\[] | %[a-z_]\w*% | \w+\.env\b | os\.environ | getenv | secrets\.
    | (jmp[yt][-_])? (your|my|insert|replace|change|paste|enter|put) [-_ ]?
      (me|this|with|here|the|an?|own|api|key|token|jmpy|secret)
    | (the[-_ ])? (jmpy[-_ ]?)? (api[-_ ]?)? (access[-_ ]?)? (key|token|secret) ([-_ ](here|value))?
      ["'`]*\Z
    | (undefined|null|none|nil|nan|true|false|todo|example|placeholder) ["'`]*\Z
)"""

_FORMS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.VERBOSE), hint)
    for pattern, hint in (
        (_PLACEHOLDER, Hint.PLACEHOLDER),
        (r"\*|\.\.\.|[\u2026\u2022\u25cf\u00b7]|x{6}|_{3}", Hint.MASKED),
        (r"[^\x20-\x7e]", Hint.CHARACTER),
        (rf"""\A["'`]*({_SCHEMES})([ :=,]|\Z)""", Hint.SCHEME_IN_KEY),
        (r"""\A["'`]*(eyJ|[\w-]{10,}\.[\w-]{10,}\.)""", Hint.JWT),
        (r"""\A["'`]*[0-9a-f]{8}-[0-9a-f]{4}-""", Hint.KEY_ID),
        (r"""\A["'`]*jmpy_[a-z]{2,12}_""", Hint.ENVIRONMENT),
        (r"""["'`]""", Hint.QUOTED),
        (r"%[0-9a-f]{2}|\Aam1weV", Hint.ENCODED),  # Base64 of jmpy_
        (r"[ ,;|]", Hint.SEVERAL),
    )
)
"""By what the text of a credential looks like that cannot be a key, the first that fits."""

_AUTHORIZATION = tuple(
    (re.compile(pattern, re.IGNORECASE | re.VERBOSE), hint)
    for pattern, hint in (
        (r"\A(bearer)?\Z", Hint.EMPTY),
        (_PLACEHOLDER, Hint.PLACEHOLDER),
        (r"\A\S+(\*|\.\.\.|\u2026|\u2022)", Hint.MASKED),
        (r"\Abearer\S", Hint.SEPARATOR),
        (r"\Abasic\b", Hint.BASIC),
        (r"""\A["'`]""", Hint.QUOTED),
        (r"\A\S+\Z", Hint.BARE),
    )
)
"""By what an Authorization header without a Bearer token looks like, likewise."""

_KEY = re.compile(
    rf"(?<!\w)({token.PREFIX}|{token.TOKEN_PREFIX}[0-9A-Za-z]{{44}})"
    rf"[0-9A-Za-z]{{{token.LENGTH - len(token.PREFIX)}}}(?!\w)",
    re.ASCII,
)
"""Of a key, or of a token, which has 44 more characters (`jmpy.key_tokens.text`)."""
_OTHER_HEADERS = frozenset(
    {
        "api-key", "apikey", "auth", "authentication", "bearer", "proxy-authorization", "token",
        "x-access-token", "x-api-token", "x-apikey", "x-auth-key", "x-auth-token",
        "x-authorization", "x-jmpy-api-key", "x-jmpy-key", "x-token",
    }
)  # fmt: skip
_OTHER_PARAMETERS = frozenset(
    {
        "access_token", "api-key", "api_key", "api_token", "apikey", "auth", "authorization",
        "bearer", "key", "token", "x-api-key",
    }
)  # fmt: skip
"""In lower case: `API_KEY` is not the parameter that is read."""


def of_malformed(credential: Credential) -> Hint:
    """For a credential whose text cannot be a key of ours."""
    sent = credential.secret[:_LONGEST]
    found = next((hint for pattern, hint in _FORMS if pattern.search(sent)), None)
    return found or _of_key(credential.secret)


def _of_key(text: str) -> Hint:
    if text.startswith(token.TOKEN_PREFIX):
        return Hint.SHORT_LIVED
    if not text.startswith(token.PREFIX):
        is_near = text.lower().startswith("jmpy") or token.is_valid(token.PREFIX + text)
        return Hint.PREFIX if is_near else Hint.OTHER
    if not text.replace("_", "", 1).isalnum():
        return Hint.CHARACTER
    if len(text) != token.LENGTH:
        return Hint.SHORT if len(text) < token.LENGTH else Hint.LONG
    return Hint.CHECKSUM


def of_missing(event: Mapping[str, Any]) -> Hint | None:
    """For a request in which no credential was found; None when it did not try to send one."""
    headers = event.get("multiValueHeaders") or {}
    query = event.get("multiValueQueryStringParameters") or {}
    if values := header(headers, "authorization"):
        sent = values[0].strip()[:_LONGEST]
        return next((hint for form, hint in _AUTHORIZATION if form.search(sent)), Hint.SCHEME)
    if header(headers, "x-api-key") or "api_key" in query:
        return Hint.EMPTY
    return Hint.ELSEWHERE if _is_elsewhere(headers, query) else None


def _is_elsewhere(headers: Mapping[str, list[str]], query: Mapping[str, list[str]]) -> bool:
    return (
        any(name.lower() in _OTHER_HEADERS for name in headers)
        or any(name.lower() in _OTHER_PARAMETERS for name in query)
        or any(
            _KEY.search(value)
            for values in (*headers.values(), *query.values())
            for value in values
        )
    )

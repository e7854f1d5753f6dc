"""Finds the credential in a request, in the documented order: `Authorization: Bearer`, `X-API-Key`,
`?api_key=`.

The first place that holds a credential wins; if the key there is bad, a good one elsewhere is
ignored. An `Authorization` header with another scheme (`Basic …`) holds no API key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class CredentialKind(StrEnum):
    """How a credential was sent; part of the context that functions and the access log see."""

    BEARER = "bearer"
    HEADER = "x-api-key"
    QUERY = "query"
    SESSION = "session"
    """A bearer token that is the ID token of a person who signed in, not a key."""


class AmbiguousCredential(Exception):
    """The same place holds more than one credential, so it is unclear who is calling."""


@dataclass(frozen=True, slots=True)
class Credential:
    kind: CredentialKind
    secret: str = field(repr=False)


# RFC 9110 section 11.1: the scheme is case-insensitive.
_BEARER = re.compile(r"bearer(?:[ \t]+(.*))?", re.IGNORECASE)


def find(event: Mapping[str, Any]) -> Credential | None:
    """The credential of a REQUEST authorizer event; None if there is none.

    Raises:
        AmbiguousCredential: the header or parameter that counts is repeated.
    """
    headers = event.get("multiValueHeaders") or {}
    if bearer := _bearer(header(headers, "authorization")):
        return Credential(CredentialKind.BEARER, bearer)
    if key := _only(header(headers, "x-api-key")):
        return Credential(CredentialKind.HEADER, key)
    query = event.get("multiValueQueryStringParameters") or {}
    if key := _only(query.get("api_key") or []):
        return Credential(CredentialKind.QUERY, key)
    return None


def header(headers: Mapping[str, list[str]], name: str) -> list[str]:
    """All values of a header; the case of its name is the client's choice."""
    return [value for key, values in headers.items() if key.lower() == name for value in values]


def _bearer(values: list[str]) -> str | None:
    tokens = [match[1] for value in values if (match := _BEARER.fullmatch(value.strip()))]
    return _only([token for token in tokens if token])


def _only(values: list[str]) -> str | None:
    present = [stripped for value in values if (stripped := value.strip())]
    if len(present) > 1:
        raise AmbiguousCredential
    return present[0] if present else None

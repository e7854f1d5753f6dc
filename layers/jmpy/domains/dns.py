"""Looks up DNS records by two independent resolvers over HTTPS, in the JSON that Cloudflare's and
Google's offer (`application/dns-json`).

No package for DNS: one takes longer to import than the lookups last. Whoever owns a domain decides
what its records contain, so responses are bounded, and nothing in them is believed but what was
looked for. A resolver that fails says nothing about the records.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jmpy import fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TIMEOUT = 3.0
"""Seconds for one lookup, altogether."""

MAX_BODY = 64 * 1024
"""Bytes: no DNS message is longer."""

MAX_TEXTS = 20
"""TXT records that are examined; names for one purpose have one or two."""

MAX_RECORDS = 100
"""Of all types."""


class RecordType(IntEnum):
    """Numbers of the registry of IANA, "DNS parameters"."""

    A = 1
    CNAME = 5
    TXT = 16
    AAAA = 28


class Finding(StrEnum):
    """What the resolvers say of a record."""

    FOUND = "found"
    """All have it."""
    MISSING = "missing"
    """None has it."""
    UNKNOWN = "unknown"
    """They differ, as they do for a while after a change, or one failed."""


class LookupFailed(Exception):
    """There was no response, or none that says which records there are."""


@dataclass(frozen=True, slots=True)
class Records:
    """A response, reduced to what is compared. Names are in lower case, without a dot at the
    end."""

    texts: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    """Where its CNAME records lead, over all steps."""
    addresses: frozenset[str] = frozenset()


_NO_ERROR, _NO_SUCH_NAME = 0, 3
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(\d{3}|.)")


class Resolver:
    def __init__(self, url: str) -> None:
        """`url` is that of the JSON API, such as `https://dns.google/resolve`."""
        self._url = url

    def look_up(self, name: str, kind: RecordType) -> Records:
        """Empty if there is no such name. Raises LookupFailed."""
        query = urlencode({"name": name, "type": kind.name})
        try:
            response = fetch.request(
                "GET",
                f"{self._url}?{query}",
                {"Accept": "application/dns-json"},
                altogether=TIMEOUT,
            )
            if not response.is_success or len(response.body) > MAX_BODY:
                raise LookupFailed
            return _parsed(response.json())
        except fetch.Unreachable:
            raise LookupFailed from None


class Resolvers:
    """Several, each of which has to say the same."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._resolvers = [Resolver(url) for url in urls]

    def agree(self, has: Callable[[Resolver], Sequence[bool | None]]) -> list[Finding]:
        """A finding for each of some records. `has` says of each whether one resolver has it, or
        None if the lookup failed; the resolvers work at the same time."""
        with ThreadPoolExecutor(len(self._resolvers)) as pool:
            replies = list(pool.map(has, self._resolvers))
        return [_finding(said) for said in zip(*replies, strict=True)]


def _finding(said: Sequence[bool | None]) -> Finding:
    if all(said):
        return Finding.FOUND
    return Finding.UNKNOWN if any(one is not False for one in said) else Finding.MISSING


def _parsed(document: Any) -> Records:
    """Raises LookupFailed."""
    if not isinstance(document, dict) or document.get("TC"):
        raise LookupFailed
    if document.get("Status") not in (_NO_ERROR, _NO_SUCH_NAME):
        raise LookupFailed
    answers = document.get("Answer") or []
    if not isinstance(answers, list):
        raise LookupFailed
    found: dict[RecordType, list[str]] = {kind: [] for kind in RecordType}
    for answer in answers[:MAX_RECORDS]:
        kind, data = _record(answer)
        if kind in found:
            found[kind].append(data)
    return Records(
        texts=frozenset(map(_text, found[RecordType.TXT][:MAX_TEXTS])),
        names=frozenset(name.lower().removesuffix(".") for name in found[RecordType.CNAME]),
        addresses=frozenset(found[RecordType.A] + found[RecordType.AAAA]),
    )


def _record(answer: Any) -> tuple[Any, str]:
    """Raises LookupFailed."""
    if not isinstance(answer, dict):
        raise LookupFailed
    kind, data = answer.get("type"), answer.get("data")
    if not isinstance(kind, int) or not isinstance(data, str):
        raise LookupFailed
    return kind, data


def _text(data: str) -> str:
    """The strings of a TXT record, joined (RFC 7208 section 3.3 does so, and whoever splits a value
    into several). In presentation format each is in quotes (RFC 1035 section 5.1); Google's
    resolver has left them out where there is one string without a space."""
    if not data.startswith('"'):
        return data
    return "".join(_ESCAPE.sub(_unescaped, part) for part in _STRING.findall(data))


def _unescaped(match: re.Match[str]) -> str:
    escaped = match.group(1)
    return chr(int(escaped)) if escaped.isdigit() and len(escaped) > 1 else escaped

"""Lines of API Gateway's access log, as template.yaml formats them.

Everything in them is what callers sent: user agents can hold anything. A line that cannot be read
is no line.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jmpy.keys.model import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_log = logging.getLogger(__name__)

USER_AGENT_LENGTH = 256
ABSENT = "-"
"""What API Gateway writes for what there is not."""
REFUSED = 400
"""From which status on a request was refused, or failed."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MILLISECONDS = re.compile(r"[0-9]{13}")
_STATUS = re.compile(r"[0-9]{3}")
_LATENCY = re.compile(r"[0-9]{1,6}")
_COUNTRY = re.compile(r"[A-Z]{2}")

_BY_METHOD = {
    "GET": Permission.READ,
    "HEAD": Permission.READ,
    "POST": Permission.WRITE,
    "PUT": Permission.WRITE,
    "PATCH": Permission.WRITE,
    "DELETE": Permission.DELETE,
}


class UnreadableLine(Exception):
    """It is not what template.yaml makes API Gateway write."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request that carried an API key which was known."""

    id: str
    """A digest of the line, by which it is recognized when it comes again. Not API Gateway's id of
    the request, which a client can choose, and so repeat to have its requests taken for one."""
    request_id: str
    """As in the answer's `X-Request-Id`."""
    at_milliseconds: int
    """Since the Unix epoch, UTC."""
    account_id: str
    key_id: str
    credential: str
    """How the key came; absent of a refusal."""
    method: str
    route: str
    status: int
    ip: str
    user_agent: str
    reason: str
    """Of a refusal by the authorizer; absent otherwise."""
    milliseconds: int
    """Until the answer; 0 where API Gateway does not say."""
    country: str | None = None
    """As in `DE`; None unless a CDN in front, which the operator trusts, says so."""

    @property
    def at(self) -> int:
        """Seconds since the Unix epoch, UTC."""
        return self.at_milliseconds // 1000

    @property
    def exposes(self) -> bool:
        """Whether the key came in a URL."""
        return self.credential == "query" or self.reason == "header_only"

    @property
    def is_use(self) -> bool:
        """Whether the gate let it in: what a revoked key tries is no use of it."""
        return self.credential != ABSENT

    @property
    def permission(self) -> Permission | None:
        """The one that it needed; None when it was refused, and so needed none that it had."""
        if self.status >= REFUSED:
            return None
        if self.route.startswith("/api/v1/analytics"):
            return Permission.ANALYTICS
        return _BY_METHOD.get(self.method)


def read(lines: Iterable[str]) -> list[Request]:
    """The requests that carried a known key. A line that cannot be read is skipped: it would come
    again, and keep the others from being recorded."""
    requests, unreadable = [], 0
    for line in lines:
        try:
            if (request := parse(line)) is not None:
                requests.append(request)
        except UnreadableLine:
            unreadable += 1
    if unreadable:
        _log.warning("unreadable lines", extra={"lines": unreadable})
    return requests


def parse(line: str) -> Request | None:
    """None for a request without a known key: of a visitor, a session, a guess.

    Raises UnreadableLine.
    """
    try:
        fields = json.loads(line, object_pairs_hook=_fields)
        if ABSENT in (fields["keyId"], fields["accountId"]):
            return None
        return _request(_digest(line), fields)
    # Also of values that are nested beyond the stack: a caller's text may have begun them.
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UnreadableLine from None


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, str]:
    """Raises ValueError when a name comes twice: a caller's text ended its field and began others,
    such as the key of somebody else."""
    fields = {name: _text(value) for name, value in pairs}
    if len(fields) != len(pairs):
        raise ValueError
    return fields


def _text(value: Any) -> str:
    """With what no table can hold replaced: half of a surrogate pair. Raises TypeError."""
    if not isinstance(value, str):
        raise TypeError
    return value.encode("utf-8", "replace").decode()


def _matching(shape: re.Pattern[str], text: str) -> str:
    if not shape.fullmatch(text):
        raise ValueError
    return text


def _country(text: str) -> str | None:
    return text if _COUNTRY.fullmatch(text) else None


def _digest(line: str) -> str:
    return hashlib.sha256(line.encode("utf-8", "replace")).hexdigest()[:32]


def _request(line_id: str, fields: Mapping[str, str]) -> Request:
    return Request(
        id=line_id,
        at_milliseconds=int(_matching(_MILLISECONDS, fields["time"])),
        request_id=_matching(_ID, fields["requestId"]),
        milliseconds=int(fields["latency"]) if _LATENCY.fullmatch(fields["latency"]) else 0,
        account_id=_matching(_ID, fields["accountId"]),
        key_id=_matching(_ID, fields["keyId"]),
        credential=fields["credential"],
        method=fields["method"],
        route=fields["route"],
        status=int(_matching(_STATUS, fields["status"])),
        ip=fields["ip"],
        user_agent=fields["userAgent"][:USER_AGENT_LENGTH],
        reason=fields["reason"],
        # Lines from before there was the field are read as well.
        country=_country(fields.get("country", ABSENT)),
    )

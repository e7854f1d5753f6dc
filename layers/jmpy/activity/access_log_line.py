"""Lines of API Gateway's access log, as template.yaml formats them.

A client must not be able to keep its requests out of the log. What it can choose, the request id
and the user agent, is at the end of the line: text there may end the line early, break its JSON, or
repeat a field, and all before it is read as usual. Of a field that comes twice the first counts.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jmpy import metrics
from jmpy.access import operations
from jmpy.access.permission import Permission
from jmpy.formats.sent import USER_AGENT_LENGTH, identifier, storable
from jmpy.metrics import Metric

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_log = logging.getLogger(__name__)

ABSENT = "-"
"""What API Gateway writes for what there is not."""
FAILED = 400
"""From which status on a request failed."""

_BEYOND_THE_PLAN = frozenset({"THROTTLED", "QUOTA_EXCEEDED"})

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MILLISECONDS = re.compile(r"[0-9]{13}")
_STATUS = re.compile(r"[0-9]{3}")
_LATENCY = re.compile(r"[0-9]{1,6}")
_COUNTRY = re.compile(r"[A-Z]{2}")

# A member whose value is a string. The last one may be cut short.
_MEMBER = re.compile(r"""[{,]\s*"(\w+)"\s*:\s*"((?:[^"\\]|\\.)*)(?:"|\\?\Z)""", re.DOTALL)

_METHODS = frozenset(
    {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}
)


class UnreadableLine(Exception):
    """It is not what template.yaml makes API Gateway write."""


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request that carried an API key which was known."""

    id: str
    """A digest of the line, by which it is recognized when it comes again. Not API Gateway's id of
    the request, which a client can choose, and so repeat to have its requests taken for one."""
    request_id: str
    """As in the response's `X-Request-Id`."""
    at_milliseconds: int
    """Since the Unix epoch, UTC."""
    account_id: str
    key_id: str
    credential: str
    """How the key was sent; absent if it was denied."""
    method: str
    route: str
    status: int
    ip: str
    user_agent: str
    reason: str
    """Why the authorizer denied the key; absent if it did not."""
    milliseconds: int
    """Until the response; 0 where API Gateway does not report it."""
    token_id: str | None = None
    """Of the short-lived token of the key that was sent instead of it."""
    country: str | None = None
    """As in `DE`; None unless a CDN in front, which the operator trusts, says so."""
    error: str = ABSENT
    """API Gateway's own, as in `THROTTLED`; absent where a function responded, and of what was read
    from the table."""
    count: int = 1
    """How many requests it stands for (`jmpy.activity.summary`)."""

    @property
    def at(self) -> int:
        """Seconds since the Unix epoch, UTC."""
        return self.at_milliseconds // 1000

    @property
    def exposes(self) -> bool:
        """Whether the key itself came in a URL."""
        return self.token_id is None and (
            self.credential == "query" or self.reason == "header_only"
        )

    @property
    def is_use(self) -> bool:
        """Whether the authorizer allowed it: what is tried with a revoked key is no use of it."""
        return self.credential != ABSENT

    @property
    def is_from_disallowed_address(self) -> bool:
        """Whether it was denied because the key is restricted to other addresses."""
        return self.reason == "address"

    @property
    def is_limited(self) -> bool:
        """Whether the account's plan limits how many such requests there are: not those that the
        authorizer denied, which are denied before, nor those beyond the plan."""
        return self.is_use and self.error not in _BEYOND_THE_PLAN

    @property
    def permission(self) -> Permission | None:
        """The one that it needed; None if it failed, and so used none."""
        if self.status >= FAILED:
            return None
        permitted = operations.BY_ROUTE.get(f"{self.method.replace('HEAD', 'GET')} {self.route}")
        return None if permitted is None else permitted.permission


def read(lines: Iterable[str]) -> list[LoggedRequest]:
    """The requests that carried a known key."""
    return [request for _, request in readable(lines)]


def readable(lines: Iterable[str]) -> list[tuple[str, LoggedRequest]]:
    """The requests that carried a known key, each with its line. A line that cannot be read is
    counted and skipped: it would come again, and keep the others from being recorded."""
    requests, unreadable = [], 0
    for line in lines:
        try:
            if (request := parse(line)) is not None:
                requests.append((line, request))
        except UnreadableLine:
            unreadable += 1
    if unreadable:
        _log.warning("unreadable lines", extra={"lines": unreadable})
        metrics.count(Metric.UNREADABLE_LINES, unreadable)
    return requests


def parse(line: str) -> LoggedRequest | None:
    """None for a request without a known key: of a visitor, a session, a guess.

    Raises UnreadableLine.
    """
    fields = _fields(line)
    try:
        if ABSENT in (fields["keyId"], fields["accountId"]):
            return None
        return _request(_digest(line), fields)
    except (ValueError, KeyError):
        raise UnreadableLine from None


def _fields(line: str) -> dict[str, str]:
    """Those at the beginning of the line that can be read."""
    fields: dict[str, str] = {}
    end = 0
    while member := _MEMBER.match(line, end):
        name, value = member.groups()
        fields.setdefault(name, _unescaped(value))
        end = member.end()
    return fields


def _unescaped(value: str) -> str:
    """Also of what JSON does not know, such as an escaped apostrophe: then as it is."""
    if "\\" not in value:
        return value
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value


def _matching(shape: re.Pattern[str], text: str) -> str:
    if not shape.fullmatch(text):
        raise ValueError
    return text


def _token_id(text: str) -> str | None:
    return text if _ID.fullmatch(text) and text != ABSENT else None


def _country(text: str) -> str | None:
    return text if _COUNTRY.fullmatch(text) else None


def _viewer(fields: Mapping[str, str]) -> str:
    """The address that a CDN in front vouched for, or the one that connected: all that lines from
    before there was the field have."""
    viewer = fields.get("viewer", ABSENT)
    return fields["ip"] if viewer == ABSENT else viewer


def _digest(line: str) -> str:
    return hashlib.sha256(line.encode("utf-8", "replace")).hexdigest()[:32]


def _request(line_id: str, fields: Mapping[str, str]) -> LoggedRequest:
    """Raises ValueError and KeyError where something is missing that no client can influence."""
    latency = fields.get("latency", ABSENT)
    return LoggedRequest(
        id=line_id,
        at_milliseconds=int(_matching(_MILLISECONDS, fields["time"])),
        request_id=identifier(fields.get("requestId", ABSENT)),
        milliseconds=int(latency) if _LATENCY.fullmatch(latency) else 0,
        account_id=_matching(_ID, fields["accountId"]),
        key_id=_matching(_ID, fields["keyId"]),
        credential=fields["credential"],
        method=fields["method"] if fields["method"] in _METHODS else ABSENT,
        route=fields["route"],
        status=int(_matching(_STATUS, fields["status"])),
        ip=_viewer(fields),
        user_agent=storable(fields.get("userAgent", ABSENT), USER_AGENT_LENGTH),
        reason=fields["reason"],
        # Lines from before there was the field are read as well.
        token_id=_token_id(fields.get("tokenId", ABSENT)),
        country=_country(fields.get("country", ABSENT)),
        error=fields.get("error", ABSENT),
    )

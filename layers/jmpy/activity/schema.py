"""Requests and usage as the API speaks of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field

from jmpy.activity.access_log_line import ABSENT, FAILED
from jmpy.activity.callers import Verdict
from jmpy.formats import csv_file
from jmpy.formats.cursor import to_cursor
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso
from jmpy.limits.model import next_midnight
from jmpy.limits.schema import BudgetToday, UsageToday

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self

    from jmpy.activity.access_log_line import LoggedRequest
    from jmpy.activity.callers import Callers, KeyCaller
    from jmpy.activity.request_store import AccessLog, RequestFilter, UsageDay
    from jmpy.alerts.detection.baseline import CountryUse
    from jmpy.aws.log_query import LogPage
    from jmpy.formats.csv_file import CsvFile
    from jmpy.limits.model import Quota


Country = Annotated[
    str | None,
    Field(
        description="ISO 3166 code; null unless a CDN in front of the API provides it",
        examples=[None],
    ),
]


class AccessLogEntryBody(BaseModel):
    id: str = Field(
        description="The `X-Request-Id` of the response",
        examples=["0b2c1b1e-6f0a-4b3c-8f55-2d0c3d0d2f10"],
    )
    time: Timestamp = Field(examples=["2029-12-31T18:04:05Z"])
    key_id: str = Field(examples=["9f0c1c3e-52c1-4a8e-9d0b-6f1f3f4f0a11"])
    token_id: str | None = Field(
        description="Id of the short-lived token that was sent instead of the key; null if the key "
        "itself was",
        examples=[None],
    )
    credential: str | None = Field(
        description="How the key was sent: `bearer`, `header` or `query`; null if it was denied",
        examples=["bearer"],
    )
    method: str = Field(examples=["GET"])
    route: str = Field(
        description="As documented, with placeholders for ids", examples=["/api/v1/short-urls"]
    )
    status: int = Field(examples=[200])
    denial_reason: str | None = Field(description="Why the key was denied", examples=[None])
    latency_ms: int = Field(description="Duration in milliseconds", examples=[12])
    ip_address: str = Field(examples=["192.0.2.1"])
    user_agent: str = Field(examples=["curl/8.14.1"])
    country: Country
    count: int = Field(
        description="How many requests the entry stands for: more than 1 if many were sent within "
        "a minute that no limit throttles, such as with a revoked key. It shows one "
        "of them"
    )

    @classmethod
    def from_request(cls, request: LoggedRequest) -> Self:
        return cls(
            id=request.request_id,
            time=iso(request.at),
            key_id=request.key_id,
            token_id=request.token_id,
            credential=None if request.credential == ABSENT else request.credential,
            method=request.method,
            route=request.route,
            status=request.status,
            denial_reason=None if request.reason == ABSENT else request.reason,
            latency_ms=request.milliseconds,
            ip_address=request.ip,
            user_agent=request.user_agent,
            country=request.country,
            count=request.count,
        )


def log_file(log: AccessLog, account_id: str, wanted: RequestFilter) -> CsvFile:
    # One more than there is room for, to know whether there are more.
    requests = log.all(account_id, wanted, csv_file.MAX_ROWS + 1)
    rows = (AccessLogEntryBody.from_request(request).model_dump().values() for request in requests)
    return csv_file.written(list(AccessLogEntryBody.model_fields), rows)


class AccessLogPageBody(BaseModel):
    requests: list[AccessLogEntryBody]
    next_cursor: str | None = Field(
        description="For the next page; null on the last one", examples=[None]
    )

    @classmethod
    def from_page(cls, page: LogPage[LoggedRequest]) -> Self:
        requests = [AccessLogEntryBody.from_request(request) for request in page.entries]
        return cls(requests=requests, next_cursor=to_cursor(page.cursor))


class KeyCallerBody(BaseModel):
    ip_address: str = Field(examples=["192.0.2.1"])
    user_agent: str = Field(examples=["curl/8.14.1"])
    country: Country
    requests: int = Field(examples=[7])
    failed: int = Field(description="Requests with a status of 400 or more", examples=[0])
    first_at: Timestamp = Field(examples=["2029-12-31T09:30:00Z"])
    last_at: Timestamp = Field(examples=["2029-12-31T17:30:00Z"])
    route: str = Field(description="Route of the last request", examples=["GET /api/v1/short-urls"])

    @classmethod
    def from_caller(cls, caller: KeyCaller) -> Self:
        return cls(
            ip_address=caller.ip,
            user_agent=caller.user_agent,
            country=caller.country,
            requests=caller.requests,
            failed=caller.failed,
            first_at=iso(caller.first_at),
            last_at=iso(caller.last_at),
            route=caller.route,
        )


class KeyCallersBody(BaseModel):
    since: Timestamp = Field(description="Start of the period", examples=["2029-12-30T18:04:05Z"])
    until: Timestamp = Field(description="End of the period", examples=["2029-12-31T18:04:05Z"])
    callers: list[KeyCallerBody] = Field(description="Up to 100, the latest first")
    left_out: int = Field(description="Number of callers beyond those", examples=[0])
    complete: bool = Field(
        description="Whether these are all callers of the period: the log reaches back that far, "
        "was read completely, and has an entry for each request",
        examples=[True],
    )
    verdict: Verdict = Field(
        description="`unused`: nobody has used the key for a day or longer; it is safe to revoke. "
        "`in_use`: somebody has. `too_new`: created less than a day ago and not used "
        "yet. `unknown`: the log does not show it"
    )
    safe_to_revoke: bool = Field(description="Whether the verdict is `unused`")
    quiet_since: Timestamp = Field(
        description="When the last request was sent; if none was found, since when the log shows "
        "that there was none",
        examples=["2029-12-31T17:30:00Z"],
    )

    @classmethod
    def from_callers(cls, found: Callers) -> Self:
        return cls(
            since=iso(found.since),
            until=iso(found.until),
            callers=[KeyCallerBody.from_caller(caller) for caller in found.callers],
            left_out=found.left_out,
            complete=found.is_complete,
            verdict=found.verdict,
            safe_to_revoke=found.verdict is Verdict.UNUSED,
            quiet_since=iso(found.quiet_since),
        )


class RouteUsage(BaseModel):
    route: str = Field(examples=["/api/v1/short-urls"])
    requests: int = Field(examples=[7])
    failed: int = Field(description="Requests with a status of 400 or more", examples=[0])


class DayUsage(BaseModel):
    date: date
    requests: int = Field(examples=[7])
    statuses: dict[int, int] = Field(
        description="Number of responses by status", examples=[{"200": 7}]
    )


class CountryUseBody(BaseModel):
    country: str = Field(description="ISO 3166 code", examples=["DE"])
    first_used_at: Timestamp = Field(examples=["2029-11-02T08:00:00Z"])
    last_used_at: Timestamp = Field(examples=["2029-12-31T18:04:05Z"])

    @classmethod
    def from_use(cls, use: CountryUse) -> Self:
        return cls(
            country=use.country,
            first_used_at=iso(use.first_used_at),
            last_used_at=iso(use.last_used_at),
        )


class KeyUsageBody(BaseModel):
    requests: int = Field(examples=[7])
    routes: list[RouteUsage] = Field(description="Most requests first")
    days: list[DayUsage] = Field(description="In order, including days without requests")
    today: BudgetToday
    countries: list[CountryUseBody] = Field(
        description="The last five that the key was used from, the latest first, whatever `days` "
        "is; empty unless a CDN in front of the API provides countries"
    )

    @classmethod
    def from_days(
        cls,
        days: Sequence[UsageDay],
        today: Iterable[Quota],
        now: float,
        countries: Iterable[CountryUse],
    ) -> Self:
        """`today`: of the key's budgets."""
        return cls(
            requests=sum(day.total for day in days),
            routes=route_usage(days),
            days=[*map(_day, days)],
            today=UsageToday.from_quotas(today, next_midnight(now)),
            countries=[*map(CountryUseBody.from_use, countries)],
        )


def route_usage(days: Sequence[UsageDay]) -> list[RouteUsage]:
    """Most requests first."""
    routes: dict[str, RouteUsage] = {}
    for day in days:
        for (route, status), count in day.counts.items():
            usage = routes.setdefault(route, RouteUsage(route=route, requests=0, failed=0))
            usage.requests += count
            usage.failed += count if status >= FAILED else 0
    return sorted(routes.values(), key=lambda usage: (-usage.requests, usage.route))


def _day(usage: UsageDay) -> DayUsage:
    statuses: dict[int, int] = {}
    for (_, status), count in sorted(usage.counts.items(), key=lambda entry: entry[0][1]):
        statuses[status] = statuses.get(status, 0) + count
    return DayUsage(date=usage.day, requests=usage.total, statuses=statuses)

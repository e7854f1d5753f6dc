"""Reference (b) with a route of other resources too: one application, as teams deploy FastAPI."""

import os
from typing import Annotated

import app as of_links
from app import Caller, app, dynamodb, plans, usage_store
from fastapi import Query

from jmpy.activity.request_store import STATUS, AccessLog, RequestFilter, statuses
from jmpy.activity.schema import AccessLogPageBody
from jmpy.analytics import period, schema
from jmpy.analytics.query import When
from jmpy.analytics.service import AnalyticsService
from jmpy.clicks.item import account_subject
from jmpy.clicks.reader import ClickReader
from jmpy.clock import system_clock
from jmpy.formats.cursor import from_cursor
from jmpy.formats.envelope import Success
from jmpy.limits.plan import LimitClass
from jmpy.limits.report import UsageReports
from jmpy.limits.schema import UsageBody

handler = of_links.handler
reports = UsageReports(usage_store, plans)
log = AccessLog(dynamodb, os.environ["ACTIVITY_TABLE"])
analytics = AnalyticsService(ClickReader(dynamodb, os.environ["CLICKS_TABLE"]))
Analyst = Annotated[of_links.Identity, of_links.counted(LimitClass.ANALYTICS)]


@app.get("/api/v1/usage")
def usage(who: Caller) -> Success[UsageBody]:
    return Success(data=UsageBody.from_report(reports.create(who.subscriber)))


@app.get("/api/v1/access-logs")
def access_logs(
    who: Caller,
    key_id: Annotated[str | None, Query(max_length=64)] = None,
    status: Annotated[str | None, Query(pattern=f"^{STATUS}$")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: str | None = None,
) -> Success[AccessLogPageBody]:
    wanted = RequestFilter(key_id, statuses(status), None, None)
    return Success(
        data=AccessLogPageBody.from_page(
            log.page(who.account_id, wanted, limit, from_cursor(cursor))
        )
    )


@app.get("/api/v1/analytics/referrers")
def referrers(
    who: Analyst,
    days: Annotated[int, Query(ge=1, le=365)] = 30,
    start_date: When = None,
    end_date: When = None,
) -> Success[schema.Referrers]:
    span = period.short(days, start_date, end_date, system_clock())
    counts = analytics.counts(account_subject(who.account_id), span)
    return Success(data=schema.Referrers.from_counts(counts))

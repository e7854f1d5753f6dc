"""The pages of requests and of alerts, full and empty."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from jmpy.activity.access_log_line import ABSENT, LoggedRequest
from jmpy.activity.request_store import UsageDay
from jmpy.activity.schema import RouteUsage
from jmpy.clock import DAY
from jmpy.dashboard.frame import Section, View
from jmpy.dashboard.views.activity import ActivityPage, RequestRow, RequestsPerDay
from jmpy.dashboard.views.alerts import (
    AlertSettingsPage,
    AlertsPage,
    RuleForm,
    ThresholdField,
    UnusualActivity,
    WebhookSecret,
)
from jmpy.dashboard.views.api_keys import KeyUsage
from jmpy.webhooks.model import Health
from tests.dashboard_sample_data import KEY_NAMES, NEWSLETTER, NOW, ROTATING, frame

ACTIVITY = frame(Section.ACTIVITY)
ALERT_FRAME = frame(Section.ALERTS, open_alerts=lambda: 10)

_ROUTE = "GET /api/v1/short-urls"


def _usage(days_ago: int, requests: int) -> UsageDay:
    day = datetime.fromtimestamp(NOW - days_ago * DAY, UTC).date()
    failed = requests // 9
    return UsageDay(day, {(_ROUTE, 200): requests - failed, (_ROUTE, 429): failed})


DAYS = RequestsPerDay([_usage(29 - n, 40 * n % 97) for n in range(30)])
NO_DAYS = RequestsPerDay([_usage(29 - n, 0) for n in range(30)])
KEY_USAGE = KeyUsage(
    DAYS,
    (
        RouteUsage(route=_ROUTE, requests=1204, failed=0),
        RouteUsage(route="GET /api/v1/analytics/user-traffic-sources", requests=31, failed=31),
    ),
)
UNUSED_KEY = KeyUsage(NO_DAYS, ())


def request(number: int, status: int = 200, **values: Any) -> RequestRow:
    settings = {
        "method": "GET",
        "route": "/api/v1/short-urls",
        "reason": ABSENT,
        "credential": "bearer",
        "user_agent": "python-requests/2.32.3",
        **values,
    }
    found = LoggedRequest(
        id=f"{number:032}",
        request_id=f"c6af9ac6-7b61-{number}",
        at_milliseconds=(NOW - number * 400) * 1000,
        account_id="acme",
        key_id=NEWSLETTER.record.id,
        status=status,
        ip="2001:db8:85a3::8a2e:370:7334" if number % 2 else "203.0.113.7",
        country="BO" if number % 2 else None,
        milliseconds=12 + number,
        **settings,
    )
    return RequestRow(found, KEY_NAMES[0])


REQUESTS = (
    request(1),
    request(2, 429, method="POST", route="/api/v1/bulk-urls/create"),
    request(3, 401, reason="revoked", credential=ABSENT),
    request(4, route="/api/v1/analytics/user-traffic-sources", credential="query"),
    request(5, 503, user_agent="Mozilla/5.0 (X11; Linux x86_64) " + "Gecko/20100101 " * 6),
)

ALERTS = (
    UnusualActivity(
        id="0f" * 16,
        at=NOW - 300,
        title="API key used from a new network",
        details="The key was used from 2001:db8:85a3::/48, where it was never used before.",
        key_id=NEWSLETTER.record.id,
        key_name=NEWSLETTER.record.name,
        key_works=True,
        where_from="2001:db8:85a3::8a2e:370:7334, GET /api/v1/short-urls",
    ),
    UnusualActivity(
        id="1f" * 16,
        at=NOW - 3 * DAY,
        title="Inactive key used",
        details="Somebody sent a key that was revoked.",
        key_id=ROTATING.record.id,
        key_name=ROTATING.record.name,
        key_works=False,
        where_from="203.0.113.7, GET /api/v1/short-urls",
    ),
)
DISMISSED = replace(ALERTS[1], id="2f" * 16, is_open=False)


def threshold(name: str, value: str = "3") -> ThresholdField:
    return ThresholdField(
        name=name,
        words="New networks in the recent period that make another one normal",
        value=value,
        default="3",
        least="1",
        most="50",
    )


RULES = (
    RuleForm(
        rule="new-network",
        name="New network",
        sentence=(
            "Triggers when a key is used from a network that it has not been used from before."
        ),
        is_on=True,
        thresholds=(threshold("roaming_networks"), threshold("many_networks", "many")),
    ),
    RuleForm(
        rule="inactive-key",
        name="Inactive key used",
        sentence="Triggers when a revoked or expired key is used.",
        is_on=False,
        thresholds=(),
    ),
)
LEARNING = (threshold("learned_requests", "50"), threshold("learned_days"))
WEBHOOK_URL = "https://hooks.example.com/services/T024BE7LD/B024BE7LH/" + "x" * 60

PAGES: dict[str, View] = {
    "activity": ActivityPage(
        frame=ACTIVITY,
        entries=REQUESTS,
        days=DAYS,
        keys=KEY_NAMES,
        key_id=NEWSLETTER.record.id,
        next_cursor="1800000000000.c6af9ac6",
    ),
    "activity-none": ActivityPage(
        frame=ACTIVITY, entries=(), days=DAYS, keys=KEY_NAMES, status="5xx"
    ),
    "alerts": AlertsPage(
        frame=ALERT_FRAME, alerts=ALERTS, next_cursor="2027-01-15T08:00:00Z." + "0f" * 16
    ),
    "alerts-all": AlertsPage(
        frame=ALERT_FRAME, alerts=(*ALERTS, DISMISSED), shows_all=True, cursor="x"
    ),
    "alerts-webhook-disabled": AlertsPage(
        frame=ALERT_FRAME, alerts=ALERTS, is_webhook_disabled=True
    ),
    "alerts-none": AlertsPage(frame=ALERT_FRAME, alerts=()),
    "alerts-never": AlertsPage(frame=ALERT_FRAME, alerts=(), shows_all=True),
    "alert-settings": AlertSettingsPage(
        frame=ALERT_FRAME,
        rules=RULES,
        learning=LEARNING,
        webhook=Health(
            delivered_at=NOW - 3 * DAY,
            failed_at=NOW - 600,
            failure="status 500",
        ),
        url="http://example.com/",
        errors={
            "url": "Use an https URL with a host and without a user name or password",
            "many_networks": "Must be a whole number",
        },
        is_tuned=True,
    ),
    "alert-settings-disabled": AlertSettingsPage(
        frame=ALERT_FRAME,
        rules=RULES,
        learning=LEARNING,
        webhook=Health(
            failed_at=NOW - 600,
            failure="gaierror",
            failing_since=NOW - 6 * DAY,
            disabled_at=NOW - DAY,
        ),
        url=WEBHOOK_URL,
    ),
    "alert-settings-untouched": AlertSettingsPage(
        frame=ALERT_FRAME, email_available=False, rules=RULES, learning=LEARNING
    ),
    "webhook-secret": WebhookSecret(
        frame=ALERT_FRAME, url=WEBHOOK_URL, secret="s" * 43, is_new=True
    ),
    "webhook-secret-rolled": WebhookSecret(
        frame=ALERT_FRAME, url=WEBHOOK_URL, secret="s" * 43, is_new=False
    ),
    "activity-empty": ActivityPage(frame=ACTIVITY, entries=(), days=NO_DAYS),
}

"""The page of requests, full and empty."""

from jmpy.dashboard import views
from jmpy.dashboard.frame import Section, View
from tests.dashboard_sample_data import DAY, NEWSLETTER, NOW, ROTATING, frame

ACTIVITY = frame(Section.ACTIVITY)

DAYS = tuple(
    views.RequestDay(NOW - (29 - n) * DAY, f"{n + 1} Nov", 40 * n % 97, 40 * n % 97 // 9)
    for n in range(30)
)
NAMES = {key.id: key.name for key in (NEWSLETTER, ROTATING)}


def request(number: int, status: int = 200, **values: str | None) -> views.LoggedRequest:
    texts = {
        "route": "GET /api/v1/short-urls",
        "reason": None,
        "credential": "bearer",
        "user_agent": "python-requests/2.32.3",
        **values,
    }
    return views.LoggedRequest(
        id=f"c6af9ac6-7b61-{number}",
        at=NOW - number * 400,
        key_id=NEWSLETTER.id,
        key_name=NEWSLETTER.name,
        status=status,
        ip_address="2001:db8:85a3::8a2e:370:7334" if number % 2 else "203.0.113.7",
        milliseconds=12 + number,
        **texts,  # type: ignore[arg-type]
    )


REQUESTS = (
    request(1),
    request(2, 429, route="POST /api/v1/bulk-urls/create"),
    request(3, 401, reason="the key is revoked", credential=None),
    request(4, route="GET /api/v1/analytics/user-traffic-sources", credential="query"),
    request(5, 503, user_agent="Mozilla/5.0 (X11; Linux x86_64) " + "Gecko/20100101 " * 6),
)

ALERTS = (
    views.UnusualActivity(
        id="0f" * 16,
        at=NOW - 300,
        title="API key used from a new network",
        details="The key was used from 2001:db8:85a3::/48, where it was never used before.",
        key_id=NEWSLETTER.id,
        key_name=NEWSLETTER.name,
        key_works=True,
        where_from="2001:db8:85a3::8a2e:370:7334, GET /api/v1/short-urls",
    ),
    views.UnusualActivity(
        id="1f" * 16,
        at=NOW - 3 * DAY,
        title="A key that no longer works is still tried",
        details="Somebody sent a key that was revoked.",
        key_id=ROTATING.id,
        key_name=ROTATING.name,
        key_works=False,
        where_from="203.0.113.7, GET /api/v1/short-urls",
    ),
)

PAGES: dict[str, View] = {
    "activity": views.ActivityPage(
        frame=ACTIVITY,
        requests=REQUESTS,
        days=DAYS,
        alerts=ALERTS,
        keys=tuple(NAMES.items()),
        key_id=NEWSLETTER.id,
        next_cursor="1800000000000.c6af9ac6",
    ),
    "activity-none": views.ActivityPage(
        frame=ACTIVITY, requests=(), days=DAYS, keys=tuple(NAMES.items()), status="5xx"
    ),
    "activity-empty": views.ActivityPage(frame=ACTIVITY, requests=(), days=()),
}

"""Every page of the dashboard, once full and once empty, for the tests of its looks."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from jmpy.dashboard import views
from jmpy.dashboard.frame import Frame, Notice, NoticeKind, Section, View
from jmpy.dashboard.views import Environment, KeyState, KeyWarning, WarningReason
from jmpy.keys.model import Permission
from jmpy.links.model import LinkStatus

BASE_PATH = "/_aws/execute-api/jmpy/live"
NOW = 1_795_420_800
"""2026-11-23, 08:00 UTC."""
HOUR, DAY = 3600, 86400
_ALL = frozenset(Permission)
SECRET = "jmpy_" + "EXAMPLE" * 5


def frame(section: Section | None = None, base_path: str = BASE_PATH, **values: Any) -> Frame:
    settings = {"email": "ada@example.com", "csrf_token": "c5rf-t0ken", **values}
    return Frame(base_path=base_path, now=NOW, section=section, **settings)


OVERVIEW, KEYS = frame(Section.OVERVIEW), frame(Section.API_KEYS)
LINKS, PLAN = frame(Section.LINKS), frame(Section.PLAN)
STRANGER = frame(email=None, csrf_token="")
SAVED = frame(
    Section.API_KEYS, notice=Notice(NoticeKind.SUCCESS, "“Newsletter script” is renamed.")
)
REFUSED = frame(
    Section.LINKS, notice=Notice(NoticeKind.ERROR, "Somebody changed this link meanwhile.")
)

USAGE = views.DailyUsage(
    (
        views.Usage("url_creation", 12, 50),
        views.Usage("url_reads", 431, 500),
        views.Usage("qr_generation", 25, 25),
        views.Usage("qr_reads", 1_204, None),
        views.Usage("analytics", 3, 100),
    ),
    resets_at=NOW + 16 * HOUR,
)
UNUSED = views.DailyUsage(
    tuple(views.Usage(name, 0, 50) for name in views.usage.LIMIT_NAMES), NOW + 16 * HOUR
)


def link(number: int, **values: Any) -> views.LinkSummary:
    settings: dict[str, Any] = {
        "id": f"01a2067f-1cf8-78ae-b1f2-93cb8207e6{number:02}",
        "short_url": f"https://go.example.com/code{number}",
        "short_code": f"code{number}",
        "destination": f"https://example.com/articles/{number}",
        "created_at": NOW - number * 7 * HOUR,
        **values,
    }
    return views.LinkSummary(**settings)


SOME_LINKS = (
    link(
        1,
        name="Autumn newsletter",
        clicks=12_873,
        short_code="autumn",
        short_url="https://go.example.com/autumn",
        destination="https://shop.example.com/campaigns/2026/autumn?utm_source=newsletter"
        "&utm_medium=email&utm_campaign=autumn-2026",
        tags=("newsletter", "autumn"),
        expires_at=NOW + 20 * DAY,
    ),
    link(2, name="Price list", clicks=941, is_dynamic=True, has_password=True),
    link(3, clicks=1, status=LinkStatus.DISABLED),
    link(4, name="Fair", clicks=77, status=LinkStatus.EXPIRED, expires_at=NOW - DAY),
    link(5, name="Überraschung 🎉", destination="https://пример.example/страница"),
    link(6, name="Old wiki", destination="javascript:alert(1)"),
)


def key(number: int, **values: Any) -> views.KeySummary:
    settings: dict[str, Any] = {
        "id": f"3ae359ed-52a1-4b6c-9d7c-0000000000{number:02}",
        "name": f"Key {number}",
        "prefix": "jmpy_Z0xA",
        "last_four": "NcwS",
        "permissions": frozenset({Permission.READ}),
        "created_at": NOW - number * 40 * DAY,
        **values,
    }
    return views.KeySummary(**settings)


NEWSLETTER = key(
    1,
    name="Newsletter script",
    environment=Environment.PRODUCTION,
    permissions=_ALL,
    last_used_at=NOW - 4 * 60,
    warnings=(
        KeyWarning(WarningReason.BROAD, permissions=(Permission.DELETE, Permission.ANALYTICS)),
        KeyWarning(WarningReason.IN_URL, at=NOW - 3 * DAY),
    ),
)
ROTATING = key(
    2,
    name="Checkout",
    environment=Environment.STAGING,
    permissions=frozenset({Permission.READ, Permission.WRITE}),
    state=KeyState.ROTATING,
    expires_at=NOW + DAY + 4 * HOUR + 729,
    last_used_at=NOW - 2 * HOUR,
)
SUCCESSOR = key(3, name="Checkout", created_at=NOW - 20 * HOUR, last_used_at=NOW - 60)
EXPIRING = key(
    4,
    name="Trade fair demo",
    environment=Environment.DEVELOPMENT,
    state=KeyState.EXPIRING,
    expires_at=NOW + 5 * DAY,
    warnings=(KeyWarning(WarningReason.EXPIRING, at=NOW + 5 * DAY),),
)
FORGOTTEN = key(
    5,
    name="Import of the old links, by the agency",
    last_used_at=NOW - 120 * DAY,
    created_at=NOW - 200 * DAY,
    warnings=(KeyWarning(WarningReason.UNUSED), KeyWarning(WarningReason.OLD)),
)
EXPIRED = key(6, state=KeyState.EXPIRED, expires_at=NOW - DAY)
REVOKED = key(7, state=KeyState.REVOKED, header_only=True)
USES = (
    views.KeyUse(
        at=NOW - 2 * HOUR,
        ip_address="203.0.113.7",
        route="POST /api/v1/short-urls",
        user_agent="python-requests/2.32.3",
    ),
    views.KeyUse(
        at=NOW - 9 * HOUR,
        ip_address="2001:db8:85a3::8a2e:370:7334",
        route="GET /api/v1/short-urls/{id}",
        user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    ),
)
ROTATION = views.Rotation(
    old_key_id=ROTATING.id, new_key_id=SUCCESSOR.id, ends_at=NOW + DAY + 4 * HOUR + 729, uses=USES
)
OFFERS = (
    views.PlanOffer(
        name="Free",
        requests_per_second=5,
        burst=10,
        limits={"url_creation": 50, "url_reads": 500, "qr_generation": 25, "analytics": 100},
        is_current=True,
    ),
    views.PlanOffer(
        name="Pro",
        requests_per_second=50,
        burst=100,
        limits={"url_creation": 1_000, "url_reads": 10_000, "qr_generation": 500},
    ),
    views.PlanOffer(
        name="Enterprise",
        requests_per_second=None,
        burst=None,
        limits={"url_creation": None, "url_reads": None, "qr_generation": None, "analytics": None},
    ),
)
ACTIVITY = (
    views.ActivityEntry(NOW - 40, "Signed in", "203.0.113.7, Firefox on Linux"),
    views.ActivityEntry(NOW - 20 * HOUR, "Rotated the API key “Checkout”", "203.0.113.7"),
    views.ActivityEntry(NOW - 50 * DAY, "The limit “Links created” was reached"),
)
_KEY_VALUES = views.KeyValues(
    name="Newsletter script",
    environment="production",
    permissions=("read", "write"),
    expiry="date",
    expires_on="2026-01-01",
    header_only=True,
    grace_days="3",
)
_LINK_VALUES = views.LinkValues(
    url="https://shop.example.com/autumn",
    custom_alias="autumn",
    name="Autumn newsletter",
    expires_at="2026-12-31T18:00",
    tags="newsletter, autumn",
    is_dynamic=True,
)
_API = "https://go.example.com"

FULL: dict[str, View] = {
    "overview": views.Overview(
        frame=OVERVIEW,
        plan_name="Free",
        usage=USAGE,
        link_count=12_345,
        newest_links=SOME_LINKS[:5],
        activity=ACTIVITY,
        has_key=True,
        base_url=_API,
    ),
    "api-keys": views.ApiKeyList(
        frame=SAVED, keys=(NEWSLETTER, ROTATING, SUCCESSOR, EXPIRING, FORGOTTEN), ended_count=2
    ),
    "api-keys-all": views.ApiKeyList(
        frame=KEYS, keys=(NEWSLETTER, EXPIRED, REVOKED), ended_count=2, shows_all=True
    ),
    "api-key-new": views.NewApiKey(
        frame=KEYS,
        values=_KEY_VALUES,
        errors={
            "name": "Give the key a name",
            "environment": "Choose one of the list",
            "permissions": "Choose at least one permission",
            "expires_on": "Choose a day in the future",
        },
    ),
    "api-key-created": views.ApiKeyCreated(
        frame=KEYS, key=NEWSLETTER, secret=SECRET, base_url=_API
    ),
    "api-key-rotated": views.ApiKeyCreated(
        frame=KEYS,
        key=SUCCESSOR,
        secret=SECRET,
        base_url=_API,
        replaces=views.OldKey(
            id=ROTATING.id, prefix="jmpy_Z0xA", last_four="NcwS", works_until=NOW + DAY
        ),
    ),
    "api-key": views.ApiKeyPage(
        frame=KEYS,
        key=NEWSLETTER,
        values=_KEY_VALUES,
        errors={"confirmation": "That is not the name of the key", "grace_days": "Choose one"},
    ),
    "api-key-rotating": views.ApiKeyPage(
        frame=KEYS, key=ROTATING, values=_KEY_VALUES, rotation=ROTATION
    ),
    "api-key-successor": views.ApiKeyPage(
        frame=KEYS, key=SUCCESSOR, values=_KEY_VALUES, rotation=ROTATION
    ),
    "links": views.LinkList(
        frame=LINKS,
        links=SOME_LINKS,
        total=12_345,
        page=2,
        page_count=618,
        next_cursor="eyJpZCI6IjAxYSJ9",
    ),
    "link-new": views.NewLink(
        frame=LINKS,
        base_url=_API,
        values=replace(_LINK_VALUES, url="shop.example.com"),
        errors={
            "url": "Write the whole address, with https://",
            "custom_alias": "“autumn” is taken",
        },
    ),
    "link": views.LinkPage(
        frame=REFUSED,
        base_url=_API,
        link=replace(SOME_LINKS[0], has_password=True),
        values=_LINK_VALUES,
        version=7,
        errors={"confirmation": "That is not the short code"},
    ),
    "plan": views.PlanPage(
        frame=PLAN,
        plan_name="Free",
        usage=USAGE,
        offers=OFFERS,
        upgrade_url="https://example.com/upgrade",
        contact_url="mailto:sales@example.com",
    ),
    "error": views.ErrorPage(
        frame=frame(), status=404, message="No such API key.", request_id="c6af9ac6-7b61"
    ),
    "unavailable": views.Unavailable(frame=frame(), request_id="c6af9ac6-7b61"),
    "signed-out": views.SignedOut(frame=STRANGER),
}

EMPTY: dict[str, View] = {
    "overview-empty": views.Overview(
        frame=OVERVIEW,
        plan_name="Free",
        usage=UNUSED,
        link_count=0,
        newest_links=(),
        activity=(),
        has_key=False,
        base_url=_API,
    ),
    "api-keys-empty": views.ApiKeyList(frame=KEYS, keys=()),
    "api-keys-ended": views.ApiKeyList(frame=KEYS, keys=(), ended_count=1),
    "api-key-new-empty": views.NewApiKey(frame=KEYS),
    "api-key-created-bare": views.ApiKeyCreated(
        frame=KEYS,
        key=key(1),
        secret=SECRET,
        base_url=_API,
        replaces=views.OldKey(
            id=ROTATING.id, prefix="jmpy_Z0xA", last_four="NcwS", works_until=NOW
        ),
    ),
    "api-key-unused": views.ApiKeyPage(
        frame=KEYS,
        key=ROTATING,
        rotation=replace(ROTATION, uses=()),
    ),
    "api-key-ended": views.ApiKeyPage(
        frame=KEYS, key=REVOKED, rotation=replace(ROTATION, ends_at=NOW - HOUR)
    ),
    "links-empty": views.LinkList(frame=LINKS, links=(), total=0),
    "links-not-found": views.LinkList(
        frame=LINKS, links=(), total=0, search="wintr", status="active"
    ),
    "links-too-far": views.LinkList(frame=LINKS, links=(), total=3, page=9),
    "link-new-empty": views.NewLink(frame=LINKS, base_url=_API),
    "link-bare": views.LinkPage(
        frame=LINKS,
        base_url=_API,
        link=link(3),
        values=views.LinkValues(),
        version=1,
    ),
    "plan-alone": views.PlanPage(
        frame=PLAN, plan_name="Free", usage=views.DailyUsage((), NOW + HOUR)
    ),
    "error-bare": views.ErrorPage(frame=STRANGER, status=500, message="", request_id=""),
    "session-ended": views.SignedOut(frame=STRANGER, session_ended=True),
}

PARTS: dict[str, View] = {
    "usage-part": views.UsagePanel(frame=OVERVIEW, usage=USAGE),
    "rotation-part": views.RotationPanel(frame=KEYS, key=ROTATING, rotation=ROTATION),
}

PAGES = FULL | EMPTY


def with_every_text(value: Any, text: str) -> Any:
    """`value` with `text` in place of every text in it, but for the base path and fixed words."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return text
    if isinstance(value, dict):
        return {name: with_every_text(held, text) for name, held in value.items()}
    if isinstance(value, tuple):
        return tuple(with_every_text(held, text) for held in value)
    if is_dataclass(value) and not isinstance(value, type):
        names = {field.name for field in fields(value)} - {"base_path"}
        return replace(value, **{n: with_every_text(getattr(value, n), text) for n in names})
    return value

"""What the sample pages of the dashboard show."""

from dataclasses import replace
from typing import Any

from jmpy.access.permission import Permission
from jmpy.accounts.model import Subscription
from jmpy.activity.address_preview import DeniedAddress, Preview
from jmpy.activity.callers import Callers, KeyCaller, Verdict
from jmpy.clock import DAY, HOUR
from jmpy.dashboard.frame import Frame, Notice, NoticeKind, Section
from jmpy.dashboard.pages import section, view_models
from jmpy.dashboard.views.api_keys import KeySummary, KeyValues, Rotation, ShownPreview
from jmpy.dashboard.views.getting_started import GettingStarted, Progress
from jmpy.dashboard.views.links import LinkValues
from jmpy.dashboard.views.overview import ActivityEntry
from jmpy.dashboard.views.plan import PlanOffer
from jmpy.dashboard.views.usage import LIMIT_NAMES, DailyUsage, LimitUsage, used_up
from jmpy.domains.model import DomainKind, DomainName
from jmpy.key_tokens.model import KeyToken
from jmpy.keys.advice import Advice, AdviceReason
from jmpy.keys.allowed_ips import Adjusted
from jmpy.keys.model import ApiKey, Environment, KeyStatus
from jmpy.links.model import Link
from jmpy.links.safety import Cause, Takedown, TakedownReason

BASE_PATH = "/live"
API = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/live"
NOW = 1_795_420_800
"""2026-11-23, 08:00 UTC."""
_ALL = frozenset(Permission)
SECRET = "jmpy_" + "EXAMPLE" * 5


def frame(section: Section | None = None, base_url: str = API, **values: Any) -> Frame:
    settings = {"email": "ada@example.com", "csrf_token": "c5rf-t0ken", **values}
    return Frame(base_url=base_url, now=NOW, section=section, **settings)


OVERVIEW, KEYS = frame(Section.OVERVIEW, open_alerts=lambda: 1), frame(Section.API_KEYS)
LINKS, PLAN = frame(Section.LINKS), frame(Section.PLAN)
STRANGER = frame(email=None, csrf_token="")
SAVED = frame(
    Section.API_KEYS, notice=Notice(NoticeKind.SUCCESS, "“Newsletter script” is renamed.")
)
WAS_SHOWN = frame(
    Section.API_KEYS, notice=Notice(NoticeKind.WARNING, section.WARNINGS["key-was-shown"])
)
HIDDEN = frame(
    Section.OVERVIEW, notice=Notice(NoticeKind.SUCCESS, section.DONE["getting-started-hidden"])
)
CREATED = frame(Section.LINKS, notice=Notice(NoticeKind.SUCCESS, "The link is ready."))
LIMITED = frame(
    Section.LINKS,
    notice=Notice(
        NoticeKind.ERROR,
        used_up("url_creation", 50, 50),
        until=NOW + HOUR,
        way_out=("dashboard", "plan"),
        link="See your plan",
    ),
)
REFUSED = frame(
    Section.LINKS, notice=Notice(NoticeKind.ERROR, "Somebody changed this link meanwhile.")
)

USAGE = DailyUsage(
    (
        LimitUsage("url_creation", 12, 50),
        LimitUsage("url_reads", 431, 500),
        LimitUsage("qr_generation", 25, 25),
        LimitUsage("qr_reads", 1_204, None),
        LimitUsage("analytics", 3, 100),
    ),
    resets_at=NOW + 16 * HOUR,
)
BUDGET = DailyUsage(
    (LimitUsage("url_creation", 81, 100), LimitUsage("analytics", 0, 0)), USAGE.resets_at
)
UNUSED = DailyUsage(tuple(LimitUsage(name, 0, 50) for name in LIMIT_NAMES), NOW + 16 * HOUR)


def link(number: int, clicks: int = 0, bots: int = 0, **values: Any) -> Link:
    created_at = NOW - number * 7 * HOUR
    settings: dict[str, Any] = {
        "id": f"01a2067f-1cf8-78ae-b1f2-93cb8207e6{number:02}",
        "account_id": "acme",
        "short_code": f"code{number}",
        "url": f"https://example.com/articles/{number}",
        "created_at": created_at,
        "updated_at": created_at,
        "click_count": clicks + bots,
        "bot_count": bots,
        **values,
    }
    return Link(**settings)


PROMO = DomainName(
    "019b7a2c-1d2e-7f30-8a9b-0c1d2e3f4d01", "promo.go.example.com", DomainKind.SUBDOMAIN
)
BRANDED = DomainName(
    "019b7a2c-1d2e-7f30-8a9b-0c1d2e3f4d02", "links.acme.example", DomainKind.BRANDED
)
HOSTS = (PROMO.host, BRANDED.host)
QR_ID = "019b7a2e-4c5d-7e8f-9a0b-1c2d3e4f5a6b"

SOME_LINKS = (
    link(
        1,
        12_873,
        1_927,
        name="Autumn newsletter",
        short_code="autumn",
        url="https://shop.example.com/campaigns/2026/autumn?utm_source=newsletter"
        "&utm_medium=email&utm_campaign=autumn-2026",
        tags=("newsletter", "autumn"),
        expires_at=NOW + 20 * DAY,
    ),
    link(
        2,
        941,
        name="Price list",
        is_dynamic=True,
        password_hash="$argon2id$",
        qr_id=QR_ID,
        domain=BRANDED,
    ),
    link(3, 1, disabled=True),
    link(4, 77, name="Fair", expires_at=NOW - DAY, domain=PROMO),
    link(5, name="Überraschung 🎉", url="https://пример.example/страница"),
    link(6, name="Old wiki", url="javascript:alert(1)"),
)

_REPORTED = Takedown(
    Cause.LINK, TakedownReason.PHISHING, "reported by Example Bank", since=NOW - 5 * HOUR
)
_LISTED = Takedown(
    Cause.BLOCKLIST, TakedownReason.BLOCKED, "links to example.com are blocked", since=0
)
TAKEN_DOWN = link(7, 310, name="Winter offer", takedowns=(_REPORTED,))
BLOCKED = link(8, takedowns=(_LISTED,))


def key(
    number: int,
    *,
    last_used_at: int | None = None,
    warnings: tuple[Advice, ...] = (),
    **values: Any,
) -> KeySummary:
    settings: dict[str, Any] = {
        "digest": f"{number:064}",
        "id": f"3ae359ed-52a1-4b6c-9d7c-0000000000{number:02}",
        "line": f"3ae359ed-52a1-4b6c-9d7c-0000000000{number:02}",
        "account_id": "acme",
        "name": f"Key {number}",
        "permissions": frozenset({Permission.READ}),
        "subscription": Subscription("free", "edge-key"),
        "display_prefix": "jmpy_Z0xA",
        "last_four": "NcwS",
        "created_at": NOW - number * 40 * DAY,
        **values,
    }
    record = ApiKey(**settings)
    return KeySummary(
        record=record, state=record.state(NOW), last_used_at=last_used_at, warnings=warnings
    )


NEWSLETTER = key(
    1,
    name="Newsletter script",
    environment=Environment.PRODUCTION,
    permissions=_ALL,
    last_used_at=NOW - 4 * 60,
    not_before=NOW - 30 * DAY,
    labels=("marketing", "Überraschung 🎉", "label_as_long_as_one_may_be_" + 36 * "x"),
    description=f"Sends the newsletter.\nLooked after by https://example.com/{80 * 'x'}",
    created_by={"type": "user", "id": "ada", "name": f"{40 * 'ada'}@example.com"},
    warnings=(
        Advice(AdviceReason.BROAD, permissions=(Permission.DELETE, Permission.ANALYTICS)),
        Advice(AdviceReason.IN_URL, at=NOW - 3 * DAY),
    ),
)
TOKENS = tuple(
    KeyToken("0" * 64, slot, f"token-{slot}", "", permissions, NOW - 60, NOW + 840, name)
    for slot, (name, permissions) in enumerate(
        (("Nightly export", frozenset({Permission.READ})), (None, _ALL))
    )
)
ROTATING = key(
    2,
    name="Checkout",
    environment=Environment.STAGING,
    permissions=frozenset({Permission.READ, Permission.WRITE}),
    replaced_by="3ae359ed-52a1-4b6c-9d7c-000000000003",
    expires_at=NOW + DAY + 4 * HOUR + 729,
    last_used_at=NOW - 2 * HOUR,
)
SUCCESSOR = key(3, name="Checkout", created_at=NOW - 20 * HOUR, last_used_at=NOW - 60)
EXPIRING = key(
    4,
    name="Trade fair demo",
    environment=Environment.DEVELOPMENT,
    expires_at=NOW + 5 * DAY,
    warnings=(Advice(AdviceReason.EXPIRING, at=NOW + 5 * DAY),),
)
FORGOTTEN = key(
    5,
    name="Import of the old links, by the agency",
    last_used_at=NOW - 120 * DAY,
    created_at=NOW - 200 * DAY,
    warnings=(Advice(AdviceReason.UNUSED), Advice(AdviceReason.OLD)),
)
EXPIRED = key(6, expires_at=NOW - DAY)
PAUSED = key(8, name="Old importer", paused_at=NOW - DAY)
NOT_YET_VALID = key(9, name="Winter sale", created_at=NOW - HOUR, not_before=NOW + 3 * DAY)
REVOKED = key(7, status=KeyStatus.REVOKED, header_only=True)


RESTRICTED = replace(
    NEWSLETTER,
    record=replace(
        NEWSLETTER.record, allowed_ips=("203.0.113.0/24", "2001:db8:85a3::8a2e:370:7334")
    ),
)
PREVIEW = ShownPreview(
    Preview(
        since=NOW - 30 * DAY,
        until=NOW,
        requests=1_235,
        denied=31,
        addresses=(
            DeniedAddress("198.51.100.7", "Germany", 29, NOW - HOUR, "POST /api/v1/short-urls"),
            DeniedAddress(
                "2001:db8:85a3::8a2e:370:7334",
                None,
                2,
                NOW - 9 * HOUR,
                "GET /api/v1/short-urls/{id}",
            ),
        ),
        left_out=3,
        is_truncated=True,
    ),
    (Adjusted("203.0.113.5/24", "203.0.113.0/24"),),
)
PREVIEW_OF_ALL = ShownPreview(
    replace(PREVIEW.found, denied=0, addresses=(), left_out=0, is_truncated=False), ()
)


KEY_NAMES = tuple(
    view_models.key_names(
        [one.record for one in (NEWSLETTER, ROTATING, SUCCESSOR, EXPIRED, REVOKED)], NOW
    ).values()
)

CALLERS = Callers(
    since=NOW - 3 * DAY,
    until=NOW,
    callers=(
        KeyCaller(
            ip="203.0.113.7",
            user_agent="python-requests/2.32.3",
            country="Germany",
            requests=1_204,
            failed=0,
            first_at=NOW - 2 * DAY,
            last_at=NOW - 2 * HOUR,
            route="POST /api/v1/short-urls",
        ),
        KeyCaller(
            ip="2001:db8:85a3::8a2e:370:7334",
            user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            country=None,
            requests=31,
            failed=4,
            first_at=NOW - 9 * HOUR,
            last_at=NOW - 9 * HOUR,
            route="GET /api/v1/short-urls/{id}",
        ),
    ),
    left_out=0,
    is_complete=True,
    verdict=Verdict.IN_USE,
    quiet_since=NOW - 2 * HOUR,
)
NO_CALLERS = replace(CALLERS, callers=(), verdict=Verdict.UNUSED, quiet_since=NOW - 9 * DAY)
MANY_CALLERS = replace(CALLERS, left_out=12, is_complete=False, verdict=Verdict.UNKNOWN)
ROTATION = Rotation(
    old_key_id=ROTATING.record.id,
    new_key_id=SUCCESSOR.record.id,
    ends_at=NOW + DAY + 4 * HOUR + 729,
)
OFFERS = (
    PlanOffer(
        name="Free",
        requests_per_second=5,
        burst=10,
        limits={"url_creation": 50, "url_reads": 500, "qr_generation": 25, "analytics": 100},
        is_current=True,
    ),
    PlanOffer(
        name="Pro",
        requests_per_second=50,
        burst=100,
        limits={"url_creation": 1_000, "url_reads": 10_000, "qr_generation": 500},
    ),
    PlanOffer(
        name="Enterprise",
        requests_per_second=None,
        burst=None,
        limits={"url_creation": None, "url_reads": None, "qr_generation": None, "analytics": None},
    ),
)
BEGINNING = GettingStarted(
    frame=OVERVIEW,
    progress=Progress(
        has_key=False,
        key_id=None,
        is_used=False,
        link_id=None,
        is_clicked=False,
        has_alerts=False,
    ),
)
WAITING = replace(
    BEGINNING,
    progress=replace(
        BEGINNING.progress,
        has_key=True,
        key_id=NEWSLETTER.record.id,
        link_id=SOME_LINKS[2].id,
        has_alerts=True,
    ),
)
COMPLETE = replace(WAITING, progress=replace(WAITING.progress, is_used=True, is_clicked=True))
ACTIVITY = (
    ActivityEntry(NOW - 40, "Signed in", "203.0.113.7, Firefox on Linux"),
    ActivityEntry(NOW - 20 * HOUR, "Rotated the API key “Checkout”", "203.0.113.7"),
    ActivityEntry(NOW - 50 * DAY, "The limit “Links created” was reached"),
)
SUMMARY = (
    "This key will be able to read, create and change links from 203.0.113.0/24 and 2001:db8::7 "
    "until 25 February 2027. It has to be sent in a header."
)
KEY_VALUES = KeyValues(
    name="Newsletter script",
    environment="production",
    permissions=("read", "write"),
    expiry="date",
    expires_on="2026-01-01",
    header_only=True,
    allowed_ips="203.0.113.0/24\n2001:db8::7",
    limits={"url_creation": "100", "analytics": "0"},
    not_before="2026-10-24T08:00",
    labels=f"marketing, Überraschung 🎉, label_as_long_as_one_may_be_{36 * 'x'}",
    description=f"Sends the newsletter.\nLooked after by https://example.com/{80 * 'x'}",
    grace_days="3",
)
LINK_VALUES = LinkValues(
    url="https://shop.example.com/autumn",
    custom_alias="autumn",
    name="Autumn newsletter",
    expires_at="2026-12-31T18:00",
    tags="newsletter, autumn",
    is_dynamic=True,
    forward_query=True,
    utm={"utm_source": "newsletter", "utm_campaign": "autumn & winter"},
    destination="https://shop.example.com/autumn?utm_source=newsletter&utm_campaign=autumn%20%26"
    f"%20winter#{60 * 'x'}",
)

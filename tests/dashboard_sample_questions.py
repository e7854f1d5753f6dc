"""What is asked before anything ends, once with all that can be said and once with the least."""

from dataclasses import replace

from jmpy.access.permission import Permission
from jmpy.accounts.model import Subscription
from jmpy.activity.model import KeyUse, LastUse
from jmpy.clock import DAY, HOUR
from jmpy.dashboard.frame import Section, View
from jmpy.dashboard.pages import confirming
from jmpy.key_policy.service import KeyPolicy
from jmpy.keys.model import ApiKey
from jmpy.links.held_store import HeldCode
from jmpy.links.model import Link
from jmpy.links.safety import Cause, Takedown, TakedownReason
from jmpy.webhooks.model import Health, Webhook
from tests.dashboard_sample_data import CALLERS, KEYS, LINKS, NO_CALLERS, NOW, frame

ALERTS = frame(Section.ALERTS)
KEY = ApiKey(
    digest="0" * 64,
    id="3ae359ed-52a1-4b6c-9d7c-000000000001",
    line="3ae359ed-52a1-4b6c-9d7c-000000000001",
    account_id="ada",
    name="🔑 Newsletter script of the agency",
    permissions=frozenset({Permission.READ}),
    subscription=Subscription("free", "free:ada"),
    display_prefix="jmpy_Z0xA",
    last_four="NcwS",
    created_at=NOW - 90 * DAY,
)
USE = KeyUse(
    KEY.id,
    KEY.account_id,
    NOW - 80 * DAY,
    LastUse(
        NOW - 240,
        "2001:db8:85a3::8a2e:370:7334",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "POST /api/v1/short-urls",
        201,
    ),
)
LINK = Link(
    id="01a2067f-1cf8-78ae-b1f2-93cb8207e601",
    account_id="ada",
    short_code="autumn",
    url="https://shop.example.com/campaigns/2026/autumn?utm_source=newsletter&utm_medium=email",
    created_at=NOW - 60 * DAY,
    updated_at=NOW - 6 * DAY,
    name="Autumn newsletter",
    click_count=12_873,
    last_clicked_at=NOW - 40,
)
TAKEN_DOWN = Link(
    id=LINK.id,
    account_id="ada",
    short_code="x" * 50,
    url="https://example.com/",
    created_at=NOW - DAY,
    updated_at=NOW - DAY,
    takedowns=(Takedown(Cause.LINK, TakedownReason.PHISHING, "", NOW - HOUR),),
)
WEBHOOK = Webhook("https://hooks.example.com/jmpy", "s" * 43, NOW - 9 * DAY)
DELIVERING = Webhook(
    WEBHOOK.url, WEBHOOK.secret, WEBHOOK.created_at, health=Health(delivered_at=NOW - 2 * HOUR)
)
PAGE = ("dashboard", "api-keys", KEY.id)

PAGES: dict[str, View] = {
    "revoke": confirming.revoke_key(KEYS, KEY, USE, CALLERS, action=(*PAGE, "revoke"), back=PAGE),
    "revoke-unused": confirming.revoke_key(
        KEYS, KEY, None, NO_CALLERS, action=(*PAGE, "revoke"), back=PAGE
    ),
    "apply": confirming.apply_policy(KEYS, KeyPolicy(90, (KEY,) * 12)),
    "apply-one": confirming.apply_policy(
        KEYS, KeyPolicy(1, (replace(KEY, expires_at=NOW + 30 * DAY),))
    ),
    "delete": confirming.delete_link(LINKS, LINK),
    "delete-taken-down": confirming.delete_link(LINKS, TAKEN_DOWN),
    "release": confirming.release_alias(LINKS, HeldCode("spring-sale", LINK.id, NOW + 3 * DAY)),
    "remove": confirming.remove_webhook(ALERTS, DELIVERING),
    "secret": confirming.roll_secret(ALERTS, WEBHOOK),
    "defaults": confirming.restore_defaults(ALERTS),
}
"""By the last part of the path at which each is asked, where that is one."""

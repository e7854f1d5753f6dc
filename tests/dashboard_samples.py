"""Every page of the dashboard, once full and once empty, for the tests of its looks."""

from dataclasses import replace

from jmpy.activity.callers import Verdict
from jmpy.alerts.detection.baseline import CountryUse
from jmpy.clock import DAY, HOUR
from jmpy.dashboard.frame import View
from jmpy.dashboard.views.api_keys import (
    ApiKeyCreated,
    ApiKeyPage,
    RotationPanel,
)
from jmpy.dashboard.views.audit_log import Conflict
from jmpy.dashboard.views.key_policy import KeyPolicyPage
from jmpy.dashboard.views.links import (
    HeldAliasList,
    LinkDestination,
    LinkList,
    LinkPage,
    LinkValues,
    NewLink,
)
from jmpy.dashboard.views.messages import ErrorPage, UnsentForm
from jmpy.dashboard.views.new_key import TEMPLATES, NewApiKey, NewKeySummary
from jmpy.dashboard.views.overview import Overview
from jmpy.dashboard.views.plan import PlanPage
from jmpy.dashboard.views.qr_codes import LookValues, NewLinkQrCode
from jmpy.dashboard.views.usage import DailyUsage, UsagePanel, used_up
from jmpy.key_policy.service import KeyPolicy
from jmpy.links.held_store import HeldCode
from tests import dashboard_sample_activity as activity
from tests import dashboard_sample_analytics as analytics
from tests import dashboard_sample_audit as audit
from tests import dashboard_sample_campaigns as campaigns
from tests import dashboard_sample_domains as domains
from tests import dashboard_sample_key_list as key_list
from tests import dashboard_sample_problems as problems
from tests import dashboard_sample_qr_code_list as qr_code_list
from tests import dashboard_sample_qr_codes as qr_codes
from tests import dashboard_sample_questions as questions
from tests import dashboard_sample_sessions as sessions
from tests import dashboard_sample_tags as tags
from tests.dashboard_sample_data import (
    ACTIVITY,
    BEGINNING,
    BLOCKED,
    BUDGET,
    CALLERS,
    COMPLETE,
    CREATED,
    HIDDEN,
    HOSTS,
    KEY_VALUES,
    KEYS,
    LIMITED,
    LINK_VALUES,
    LINKS,
    MANY_CALLERS,
    NEWSLETTER,
    NO_CALLERS,
    NOW,
    OFFERS,
    OVERVIEW,
    PAUSED,
    PLAN,
    PREVIEW,
    PREVIEW_OF_ALL,
    REFUSED,
    RESTRICTED,
    REVOKED,
    ROTATING,
    ROTATION,
    SECRET,
    SOME_LINKS,
    STRANGER,
    SUCCESSOR,
    SUMMARY,
    TAKEN_DOWN,
    TOKENS,
    UNUSED,
    USAGE,
    WAITING,
    WAS_SHOWN,
    frame,
    key,
    link,
)

FULL: dict[str, View] = {
    "overview": Overview(
        frame=OVERVIEW,
        plan_name="Free",
        usage=USAGE,
        link_count=12_345,
        newest_links=SOME_LINKS[:5],
        activity=ACTIVITY,
        can_show_getting_started=True,
    ),
    "overview-hidden": Overview(
        frame=HIDDEN,
        plan_name="Free",
        usage=UNUSED,
        link_count=0,
        newest_links=(),
        activity=ACTIVITY,
        can_show_getting_started=True,
        was_just_hidden=True,
    ),
    "overview-getting-started": Overview(
        frame=OVERVIEW,
        plan_name="Free",
        usage=UNUSED,
        link_count=1,
        newest_links=SOME_LINKS[2:3],
        activity=ACTIVITY,
        getting_started=WAITING,
    ),
    "api-keys": key_list.LISTED,
    "api-keys-all": key_list.ALL,
    "api-keys-found": key_list.FOUND,
    "api-keys-too-many": key_list.TOO_MANY,
    "api-keys-revoke": key_list.QUESTION,
    "api-keys-revoked": key_list.OUTCOMES,
    "api-key-new": NewApiKey(
        frame=KEYS,
        values=KEY_VALUES,
        summary=SUMMARY,
        max_key_days=60,
        errors={
            "name": "Give the key a name",
            "environment": "Choose one of the list",
            "permissions": "Choose at least one permission",
            "allowed_ips": "Entry 2 is neither an IP address nor a network",
            "limit_url_reads": "Enter a whole number from 0 to 1,000,000,000, or nothing",
            "expiry": "Choose one of the periods",
            "expires_on": "Choose a day in the future",
        },
    ),
    "api-key-new-template": NewApiKey(
        frame=KEYS, values=TEMPLATES[1].values(None), summary=SUMMARY, chosen="ci"
    ),
    "api-key-policy": KeyPolicyPage(
        frame=KEYS,
        policy=KeyPolicy(90, (NEWSLETTER.record, ROTATING.record)),
        typed="9,000",
        errors={"max_key_days": "The longest lifetime of a key is 1 to 3650 whole days"},
    ),
    "api-key-policy-met": KeyPolicyPage(frame=KEYS, policy=KeyPolicy(90), typed="90"),
    "api-key-created": ApiKeyCreated(frame=KEYS, key=NEWSLETTER, secret=SECRET),
    "api-key-rotated": ApiKeyCreated(
        frame=KEYS,
        key=SUCCESSOR,
        secret=SECRET,
        replaces=ROTATING.record,
    ),
    "api-key": ApiKeyPage(
        frame=KEYS,
        version=3,
        callers=CALLERS,
        key=NEWSLETTER,
        usage=activity.KEY_USAGE,
        values=KEY_VALUES,
        budget=BUDGET,
        countries=(CountryUse("DE", NOW - 90 * DAY, NOW - HOUR), CountryUse("BR", NOW, NOW)),
        errors={"name": "Give the key a name", "grace_days": "Choose one"},
        history=audit.ENTRIES[:3],
        has_more_history=True,
    ),
    "api-key-preview": ApiKeyPage(
        frame=KEYS,
        version=3,
        callers=CALLERS,
        key=RESTRICTED,
        usage=activity.KEY_USAGE,
        values=KEY_VALUES,
        preview=PREVIEW,
    ),
    "api-key-preview-of-all": ApiKeyPage(
        frame=KEYS,
        version=3,
        callers=CALLERS,
        key=NEWSLETTER,
        usage=activity.KEY_USAGE,
        values=KEY_VALUES,
        preview=PREVIEW_OF_ALL,
    ),
    "api-key-changed-meanwhile": ApiKeyPage(
        frame=KEYS,
        key=NEWSLETTER,
        version=3,
        callers=MANY_CALLERS,
        usage=activity.KEY_USAGE,
        values=KEY_VALUES,
        conflict=Conflict(changes=audit.ENTRIES[:2], more=3),
    ),
    "api-key-ended-meanwhile": ApiKeyPage(
        frame=KEYS,
        key=REVOKED,
        version=3,
        callers=replace(NO_CALLERS, verdict=Verdict.UNKNOWN, is_complete=False),
        usage=activity.KEY_USAGE,
        values=KEY_VALUES,
        conflict=Conflict(changes=()),
    ),
    "api-key-rotating": ApiKeyPage(
        frame=KEYS,
        version=3,
        callers=CALLERS,
        key=ROTATING,
        usage=activity.UNUSED_KEY,
        values=KEY_VALUES,
        rotation=ROTATION,
    ),
    "api-key-paused": ApiKeyPage(
        frame=KEYS,
        version=4,
        callers=NO_CALLERS,
        key=PAUSED,
        usage=activity.UNUSED_KEY,
        values=KEY_VALUES,
    ),
    "api-key-tokens": ApiKeyPage(
        frame=KEYS,
        version=4,
        callers=NO_CALLERS,
        key=NEWSLETTER,
        usage=activity.UNUSED_KEY,
        values=KEY_VALUES,
        tokens=TOKENS,
    ),
    "api-key-successor": ApiKeyPage(
        frame=KEYS,
        version=3,
        callers=CALLERS,
        key=SUCCESSOR,
        usage=activity.KEY_USAGE,
        values=KEY_VALUES,
        rotation=ROTATION,
    ),
    "links": LinkList(
        frame=LINKS,
        links=SOME_LINKS,
        total=12_345,
        domains=HOSTS,
        page=2,
        page_count=618,
        next_cursor="eyJpZCI6IjAxYSJ9",
    ),
    "link-new": NewLink(
        frame=LINKS,
        values=replace(LINK_VALUES, url="shop.example.com", domain=HOSTS[1]),
        domains=HOSTS,
        campaigns=("Autumn 2026", "Été & “Spring” 🎉", "x" * 100),
        errors={
            "url": "Write the whole address, with https://",
            "domain": "'links.acme.example' is being deleted; use another domain",
            "custom_alias": "“autumn” is taken",
            "utm_term": "The utm_term is 256 characters long; the maximum is 255",
            "name": "The name is 312 characters long; the maximum is 255",
            "expires_at": "The expiry must be in the future; to stop a link now, disable it",
            "password": "Enter the password again: it is not sent back to this page",
        },
    ),
    "link": LinkPage(
        frame=REFUSED,
        link=replace(SOME_LINKS[0], password_hash="hash"),
        values=LINK_VALUES,
        version=7,
        history=audit.PAST_CHANGES,
        has_more_history=True,
        errors={"custom_alias": "“autumn” is taken"},
    ),
    "link-qr-code": LinkPage(
        frame=LINKS,
        link=SOME_LINKS[3],
        values=replace(LINK_VALUES, domain=HOSTS[0]),
        domains=HOSTS,
        version=2,
        qr=qr_codes.OF_A_LINK,
    ),
    "link-qr-code-new": NewLinkQrCode(
        frame=LINKS,
        link=SOME_LINKS[0],
        look=LookValues(foreground="#ffff00", margin="0"),
        errors={
            "visual_settings.foregroundColor": "The contrast is too low to be scanned",
            "visual_settings.margin": "Must be from 1 to 20",
        },
    ),
    "link-created": LinkPage(
        frame=CREATED,
        link=SOME_LINKS[0],
        values=LINK_VALUES,
        version=1,
        is_new=True,
    ),
    "link-from-a-search": LinkPage(
        frame=LINKS,
        link=SOME_LINKS[1],
        values=LINK_VALUES,
        version=1,
        back="/dashboard/links?search=autumn&page=2",
    ),
    "link-new-limited": NewLink(frame=LIMITED, values=LINK_VALUES),
    "links-held": LinkList(
        frame=LINKS,
        links=(TAKEN_DOWN, BLOCKED),
        total=2,
        status="taken_down",
        domain=HOSTS[0],
        domains=HOSTS,
    ),
    "link-taken-down": LinkPage(
        frame=LINKS, link=TAKEN_DOWN, values=LINK_VALUES, version=3, domains=HOSTS
    ),
    "link-blocked": LinkPage(frame=LINKS, link=BLOCKED, values=LINK_VALUES, version=3),
    "held-aliases": HeldAliasList(
        frame=LINKS,
        aliases=(
            HeldCode("spring-sale", SOME_LINKS[0].id, NOW + 3 * DAY),
            HeldCode("x" * 50, SOME_LINKS[1].id, NOW + 89 * DAY),
            HeldCode(f"{HOSTS[0]}/sale", SOME_LINKS[3].id, NOW + 90 * DAY),
        ),
        next_cursor="spring-sale",
    ),
    "plan": PlanPage(
        frame=PLAN,
        plan_name="Free",
        usage=USAGE,
        offers=OFFERS,
        upgrade_url="https://example.com/upgrade",
        contact_url="mailto:sales@example.com",
    ),
    "error": ErrorPage(
        frame=frame(),
        status=404,
        title="The request failed",
        message="No such API key.",
        request_id="c6af9ac6-7b61",
    ),
    "signed-out": ErrorPage(
        frame=STRANGER,
        status=401,
        title="You are not signed in",
        message="Nothing was changed, and your input is not lost.",
        request_id="c6af9ac6-7b61",
        way_out=("login",),
        link="Sign in",
        return_to="/dashboard/links/new",
        unsent=UnsentForm(
            ("dashboard", "links"), (("url", "https://example.com/?a=b&c"), ("tags", "a, b"))
        ),
    ),
    "api-key-was-shown": ApiKeyPage(
        frame=WAS_SHOWN,
        key=NEWSLETTER,
        version=1,
        callers=NO_CALLERS,
        usage=activity.KEY_USAGE,
        values=KEY_VALUES,
    ),
    "limit-reached": ErrorPage(
        frame=frame(),
        status=429,
        title="Limit reached for today",
        message=used_up("analytics", 100, 100),
        request_id="c6af9ac6-7b61",
        way_out=("dashboard", "plan"),
        link="See your plan",
        until=NOW + HOUR,
    ),
    **analytics.FULL,
    **qr_code_list.FULL,
    **campaigns.FULL,
    **domains.FULL,
    **tags.FULL,
    **qr_codes.FULL,
}

EMPTY: dict[str, View] = {
    "overview-empty": Overview(
        frame=OVERVIEW,
        plan_name="Free",
        usage=UNUSED,
        link_count=0,
        newest_links=(),
        activity=(),
        getting_started=BEGINNING,
    ),
    "api-keys-empty": key_list.NONE,
    "api-keys-ended": key_list.ENDED,
    "api-keys-not-found": key_list.NOT_FOUND,
    "api-keys-page-beyond": key_list.BEYOND,
    "api-keys-revoke-none": key_list.NOTHING,
    "api-key-policy-empty": KeyPolicyPage(frame=KEYS, policy=KeyPolicy(None), typed=""),
    "api-key-new-empty": NewApiKey(frame=KEYS, summary=SUMMARY),
    "api-key-created-bare": ApiKeyCreated(
        frame=KEYS,
        key=key(1),
        secret=SECRET,
        replaces=replace(ROTATING.record, expires_at=NOW),
    ),
    "api-key-unused": ApiKeyPage(
        frame=KEYS,
        version=3,
        callers=NO_CALLERS,
        key=ROTATING,
        usage=activity.UNUSED_KEY,
        rotation=ROTATION,
    ),
    "api-key-ended": ApiKeyPage(
        frame=KEYS,
        version=3,
        callers=NO_CALLERS,
        key=REVOKED,
        usage=activity.UNUSED_KEY,
        rotation=replace(ROTATION, ends_at=NOW - HOUR),
    ),
    "links-empty": LinkList(frame=LINKS, links=(), total=0),
    "links-not-found": LinkList(
        frame=LINKS, links=(), total=0, search="wintr", status="active", tag="sale"
    ),
    "links-too-far": LinkList(frame=LINKS, links=(), total=3, page=9),
    "link-new-empty": NewLink(frame=LINKS),
    "held-aliases-none": HeldAliasList(frame=LINKS, aliases=()),
    "link-bare": LinkPage(
        frame=LINKS,
        link=link(3),
        values=LinkValues(),
        version=1,
    ),
    "plan-alone": PlanPage(frame=PLAN, plan_name="Free", usage=DailyUsage((), NOW + HOUR)),
    "error-bare": ErrorPage(
        frame=STRANGER,
        status=401,
        title="You are not signed in",
        message="",
        request_id="",
        way_out=("login",),
        link="Sign in",
    ),
    **analytics.EMPTY,
    **qr_code_list.EMPTY,
    **campaigns.EMPTY,
    **domains.EMPTY,
    **tags.EMPTY,
    **qr_codes.EMPTY,
}

PARTS: dict[str, View] = {
    "getting-started-part": WAITING,
    "getting-started-done-part": COMPLETE,
    "usage-part": UsagePanel(frame=OVERVIEW, usage=USAGE),
    "rotation-part": RotationPanel(frame=KEYS, key=ROTATING, rotation=ROTATION, callers=CALLERS),
    "link-destination-part": LinkDestination(frame=LINKS, destination=LINK_VALUES.destination),
    "link-without-destination-part": LinkDestination(frame=LINKS, destination=""),
    "api-key-summary-part": NewKeySummary(frame=KEYS, summary=SUMMARY),
    **analytics.PARTS,
    **domains.PARTS,
}

PAGES = (
    FULL | EMPTY | activity.PAGES | audit.PAGES | questions.PAGES | sessions.PAGES | problems.PAGES
)

"""Signing in and out, and the pages for people who did."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
import os

from aws_lambda_powertools.event_handler import Response

from jmpy.accounts import wiring as accounts
from jmpy.accounts.store import AccountStore
from jmpy.activity.callers import KeyCallers
from jmpy.activity.key_usage_store import KeyUseStore
from jmpy.activity.request_store import AccessLog
from jmpy.alerts.settings_store import AlertSettings
from jmpy.alerts.store import AlertStore
from jmpy.alerts.threshold_service import Tuning
from jmpy.analytics.ranking import LinkRanking
from jmpy.analytics.service import AnalyticsService
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.clicks.reader import ClickReader
from jmpy.dashboard.asset import ASSETS
from jmpy.dashboard.pages.activity import ActivityPages
from jmpy.dashboard.pages.alert_settings import AlertSettingsPages
from jmpy.dashboard.pages.alerts import AlertPages
from jmpy.dashboard.pages.analytics import AnalyticsPages
from jmpy.dashboard.pages.api_keys import ApiKeyPages
from jmpy.dashboard.pages.audit_log import AuditLogPages
from jmpy.dashboard.pages.held_aliases import HeldAliasPages
from jmpy.dashboard.pages.links import LinkPages
from jmpy.dashboard.pages.overview import OverviewPage
from jmpy.dashboard.pages.plan import PlanPages
from jmpy.dashboard.pages.problem import show_problem
from jmpy.dashboard.pages.sessions import SessionPages
from jmpy.dashboard.pages.spending import Spending
from jmpy.idempotency.service import Idempotency
from jmpy.idempotency.store import ResponseStore
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.limits import wiring as limits
from jmpy.limits.changes import ChangeLimit, SignInLimit
from jmpy.limits.model import Subscriber
from jmpy.links.changes import LinkChanges
from jmpy.links.held import HeldAliases
from jmpy.links.held_store import HeldCodeStore
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.sessions import id_token, login_state
from jmpy.sessions.errors import SignInDenied
from jmpy.sessions.oidc import ManagedLogin
from jmpy.sessions.open import OpenSessions
from jmpy.sessions.people import People
from jmpy.sessions.service import LIFETIME, SessionService
from jmpy.sessions.settings import SignInSettings
from jmpy.sessions.store import SessionStore
from jmpy.web import cookies
from jmpy.web.form_token import Once
from jmpy.web.site import Site
from jmpy.webhooks.sender import WebhookPost
from jmpy.webhooks.service import Webhooks

_dynamodb = clients.dynamodb()
_settings = SignInSettings.from_environment()
managed_login = ManagedLogin(os.environ["SIGN_IN_URL"], _settings)
_session_store = SessionStore(_dynamodb, os.environ["SESSIONS_TABLE"])
_people = People(clients.cognito(), os.environ["USER_POOL_ID"])
_sign_ins = AuditLog(_dynamodb, os.environ["AUDIT_TABLE"], SignInLimit(os.environ["USAGE_TABLE"]))
sessions = SessionService(
    _session_store,
    accounts.registration(_dynamodb),
    managed_login,
    id_token.verifier(_settings),
    _people,
    audit=_sign_ins,
)

site = Site(
    lambda session_id, is_action: sessions.find(session_id, is_action=is_action),
    show_problem,
    prove=sessions.prove,
    # Signing out posts a form to us and ends at Cognito.
    form_targets=[os.environ["SIGN_IN_URL"]],
    sources={
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
    },
)
handler = site.handle

_accounts = AccountStore(_dynamodb, os.environ["ACCOUNTS_TABLE"])
_audit = AuditLog(_dynamodb, os.environ["AUDIT_TABLE"], ChangeLimit(os.environ["USAGE_TABLE"]))
_keys = KeyService(KeyStore(_dynamodb, os.environ["ACCOUNTS_TABLE"]), _accounts, _audit)
_uses = KeyUseStore(_dynamodb, os.environ["ACTIVITY_TABLE"])
_log = AccessLog(_dynamodb, os.environ["ACTIVITY_TABLE"])
_link_store = LinkStore(_dynamodb, os.environ["LINKS_TABLE"])
_links = LinkService(_link_store)
_link_changes = LinkChanges(_links, _link_store, _audit)
_held = HeldAliases(HeldCodeStore(_dynamodb, os.environ["LINKS_TABLE"]), _audit)
_analytics = AnalyticsService(ClickReader(_dynamodb, os.environ["CLICKS_TABLE"]))
_limiter = limits.limiter(_dynamodb)
_alerts = AlertStore(_dynamodb, os.environ["ACTIVITY_TABLE"])
_alert_settings = AlertSettings(_dynamodb, os.environ["ACTIVITY_TABLE"])


def _subscriber(account_id: str) -> Subscriber:
    subscription = _accounts.get(account_id).subscription
    return Subscriber(account_id, subscription.plan, subscription.limits)


def _signed_out() -> Response[str]:
    """Also at Cognito: else the next sign-in would ask for no password."""
    url = managed_login.logout_url(site.url("/login"))
    return site.redirect(url, cookies=[cookies.session(site.base_url).deleted()])


OverviewPage(
    site, _keys, _uses, _links, _alerts, audit=_audit, limiter=_limiter, subscriber=_subscriber
)
_callers = KeyCallers(_log, int(os.environ["ACCESS_LOG_DAYS"]))
_once = Once(site, Idempotency(ResponseStore(_dynamodb, os.environ["IDEMPOTENCY_TABLE"])))
ApiKeyPages(site, _keys, _uses, _log, _audit, once=_once, callers=_callers)
_spending = Spending(site, _limiter, _subscriber)
LinkPages(site, _links, _link_changes, _audit, _spending, once=_once)
HeldAliasPages(site, _held, _spending, once=_once)
AnalyticsPages(site, _analytics, _links, LinkRanking(_link_store), _spending)
ActivityPages(site, _log, _alerts, _keys)
AuditLogPages(site, _audit, _keys)
AlertPages(site, _alerts, _keys, _uses, _alert_settings, callers=_callers)
AlertSettingsPages(
    site,
    _once,
    _alert_settings,
    Tuning(_alert_settings, _audit),
    Webhooks(_alert_settings, WebhookPost(), _audit),
    audit=_audit,
)
PlanPages(
    site,
    limits.plans(),
    _limiter,
    _subscriber,
    upgrade_url=os.environ.get("UPGRADE_URL") or None,
    contact_url=os.environ.get("CONTACT_URL") or None,
)
SessionPages(site, OpenSessions(_session_store, _people, _sign_ins), _signed_out)
ASSETS.declare(site)


@site.public_page("/login")
def login() -> Response[str]:
    return_to = site.current_event.get_query_string_value("return_to")
    started, url = sessions.start(return_to, _callback())
    kept = cookies.sign_in(site.base_url, started.state)
    too_many = cookies.abandoned_sign_ins(site.base_url, site.current_event.raw_event)
    return site.redirect(
        url,
        status=302,
        cookies=[
            kept.carrying(started.to_cookie(), login_state.LIFETIME),
            *(cookie.deleted() for cookie in too_many),
        ],
    )


@site.public_page("/login/callback")
def callback() -> Response[str]:
    event = site.current_event
    state = event.get_query_string_value("state") or ""
    kept = cookies.sign_in(site.base_url, state)
    known = cookies.session(site.base_url)
    started = login_state.from_cookie(kept.read(event.raw_event) or "")
    if started is None or not started.has_state(state):
        raise SignInDenied("The answer belongs to another sign-in")
    code = event.get_query_string_value("code")
    if not code:
        raise SignInDenied("Cognito answered without a code")
    session = sessions.begin(started, code, _callback(), site.source, site.country)
    sessions.forget(known.read(event.raw_event))
    return site.redirect(
        site.url(started.return_to),
        status=302,
        cookies=[known.carrying(session.id, LIFETIME), kept.deleted()],
    )


@site.action("/logout", narrows=True, page="/dashboard")
def logout() -> Response[str]:
    sessions.end(site.session, by=site.origin)
    return _signed_out()


def _callback() -> str:
    return site.url("/login/callback")

"""Signing in and out, and the pages for people who did."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from aws_lambda_powertools.event_handler import Response

from jmpy.aws import clients
from jmpy.dashboard.asset import ASSETS
from jmpy.dashboard.open_alerts import OpenAlerts
from jmpy.dashboard.pages.activity import ActivityPages
from jmpy.dashboard.pages.alert_settings import AlertSettingsPages
from jmpy.dashboard.pages.alerts import AlertPages
from jmpy.dashboard.pages.analytics import AnalyticsPages
from jmpy.dashboard.pages.api_key import ApiKeyDetailPages
from jmpy.dashboard.pages.api_keys import ApiKeyPages
from jmpy.dashboard.pages.audit_log import AuditLogPages
from jmpy.dashboard.pages.campaign import CampaignDetailPages
from jmpy.dashboard.pages.campaign_links import CampaignLinkPages
from jmpy.dashboard.pages.campaigns import CampaignPages
from jmpy.dashboard.pages.daily_limits import DailyLimits
from jmpy.dashboard.pages.domain import DomainDetailPages
from jmpy.dashboard.pages.domain_files import DomainFileForms
from jmpy.dashboard.pages.domain_page import DomainSources
from jmpy.dashboard.pages.domain_removal import DomainRemovalPages
from jmpy.dashboard.pages.domains import DomainPages
from jmpy.dashboard.pages.getting_started import GettingStartedPages
from jmpy.dashboard.pages.held_aliases import HeldAliasPages
from jmpy.dashboard.pages.key_policy import KeyPolicyPages
from jmpy.dashboard.pages.key_revocation import KeyRevocationPages
from jmpy.dashboard.pages.key_tokens import KeyTokenForms
from jmpy.dashboard.pages.link import LinkDetailPages
from jmpy.dashboard.pages.link_qr_code import LinkQrCodePages
from jmpy.dashboard.pages.links import LinkPages
from jmpy.dashboard.pages.new_branded_domain import NewBrandedDomainPages
from jmpy.dashboard.pages.new_domain import NewSubdomainPages
from jmpy.dashboard.pages.new_key import NewKeyPages
from jmpy.dashboard.pages.new_qr_code import NewQrCodePages
from jmpy.dashboard.pages.overview import OverviewPage
from jmpy.dashboard.pages.plan import PlanPages
from jmpy.dashboard.pages.problem import show_problem
from jmpy.dashboard.pages.qr_code import QrCodeDetailPages
from jmpy.dashboard.pages.qr_codes import QrCodePages
from jmpy.dashboard.pages.sessions import SessionPages
from jmpy.dashboard.pages.tags import TagPages
from jmpy.dashboard.services import Services, Settings
from jmpy.dashboard.views.domains import Offered
from jmpy.sessions import login_state
from jmpy.sessions.errors import SignInDenied
from jmpy.sessions.service import LIFETIME
from jmpy.web import cookies
from jmpy.web.form_token import Once
from jmpy.web.site import Site

settings = Settings.from_environment()
dynamodb = clients.dynamodb()
cognito = clients.cognito()
services = Services(settings, dynamodb, cognito, clients.sqs())
sessions = services.sessions
site = Site(
    lambda session_id, is_action: sessions.find(session_id, is_action=is_action),
    show_problem,
    prove=sessions.prove,
    count_open_alerts=OpenAlerts(services.alerts).count,
    # Signing out posts a form to us and ends at Cognito.
    form_targets=[settings.sign_in_url],
    sources={
        "script-src": "'self'",
        "style-src": "'self'",
        # Pages about QR codes contain their images.
        "img-src": "'self' data:",
        "connect-src": "'self'",
    },
)
handler = site.handle


def _signed_out() -> Response[str]:
    """Also at Cognito: else the next sign-in would ask for no password."""
    url = services.managed_login.logout_url(site.url("/login"))
    return site.redirect(url, cookies=[cookies.session(site.base_url).deleted()])


def _declare_pages(its: Services) -> None:
    once = Once(site, its.idempotency)
    limits = DailyLimits(site, its.limiter, its.subscriber)
    OverviewPage(
        site,
        its.keys,
        its.uses,
        its.links,
        accounts=its.accounts,
        audit=its.audit,
        limiter=its.limiter,
        progress=its.progress,
    )
    GettingStartedPages(site, its.accounts, its.keys, its.uses, its.links, progress=its.progress)
    ApiKeyPages(site, its.keys, its.uses, once)
    KeyPolicyPages(site, its.key_policies)
    NewKeyPages(site, its.keys, its.uses, once, accounts=its.accounts)
    KeyRevocationPages(site, its.keys, its.uses)
    ApiKeyDetailPages(
        site, its.keys, its.uses, its.access_log, its.audit,
        once=once, callers=its.callers, preview=its.address_preview, tokens=its.tokens,
        limiter=its.limiter,
        baselines=its.baselines,
    )  # fmt: skip
    KeyTokenForms(site, its.keys, its.tokens)
    LinkPages(site, its.links, limits, once, domains=its.domain_store)
    LinkDetailPages(
        site, its.links, its.link_changes, its.audit, limits,
        once=once, qr_codes=its.qr_codes, domains=its.domain_store,
    )  # fmt: skip
    LinkQrCodePages(
        site, its.links, limits, once,
        link_store=its.link_store, store=its.qr_code_store,
    )  # fmt: skip
    QrCodePages(site, its.qr_codes, limits)
    NewQrCodePages(site, its.qr_code_creation, limits, once, domains=its.domain_store)
    QrCodeDetailPages(
        site, its.qr_codes, its.qr_code_changes, its.audit, limits, once=once, clicks=its.clicks
    )
    CampaignPages(site, its.campaigns, its.campaign_changes, limits, once)
    CampaignDetailPages(
        site, its.campaigns, its.campaign_changes, its.audit, limits,
        once=once, links=its.campaign_links,
    )  # fmt: skip
    CampaignLinkPages(site, its.campaigns, its.campaign_links, limits)
    _declare_domains(its, limits, once)
    TagPages(site, its.tags, limits)
    HeldAliasPages(site, its.held, limits, once=once)
    AnalyticsPages(
        site, its.analytics, its.links, its.ranking, limits, campaigns=its.link_store.campaigns
    )
    ActivityPages(site, its.access_log, its.keys)
    AuditLogPages(site, its.audit, its.keys)
    AlertPages(site, its.alerts, its.keys, its.uses, its.webhook_store, callers=its.callers)
    AlertSettingsPages(
        site,
        once,
        its.thresholds,
        its.threshold_service,
        its.webhooks,
        audit=its.audit,
        email_available=bool(settings.notice_sender),
    )
    PlanPages(
        site,
        its.plans,
        its.limiter,
        its.subscriber,
        upgrade_url=settings.upgrade_url or None,
        contact_url=settings.contact_url or None,
    )
    SessionPages(site, its.open_sessions, _signed_out)
    ASSETS.declare(site)


def _declare_domains(its: Services, limits: DailyLimits, once: Once) -> None:
    zone, has_branded = settings.subdomain_zone, settings.domain_hosting != "off"
    DomainPages(
        site, its.domains, its.domain_store, limits,
        offered=Offered(zone, has_branded),
    )  # fmt: skip
    NewSubdomainPages(
        site, its.domains, its.domain_changes, limits,
        once=once, zone=zone, most=its.most_domains,
    )  # fmt: skip
    NewBrandedDomainPages(
        site, its.domains, its.branded, limits,
        once=once, is_offered=has_branded, most=its.most_domains,
    )  # fmt: skip
    sources = DomainSources(its.domains, its.domain_store, its.audit, its.branded)
    DomainDetailPages(site, sources, its.domain_changes, limits, once=once)
    DomainFileForms(site, sources, its.domain_files, limits, once=once)
    DomainRemovalPages(site, sources, its.domain_removals, limits, once=once)


_declare_pages(services)


@site.public_page("/login")
def login() -> Response[str]:
    return_to = site.current_event.get_query_string_value("return_to")
    started, url = sessions.start(return_to, _callback())
    cookie = cookies.sign_in(site.base_url, started.state)
    too_many = cookies.abandoned_sign_ins(site.base_url, site.current_event.raw_event)
    return site.redirect(
        url,
        status=302,
        cookies=[
            cookie.carrying(started.to_cookie(), login_state.LIFETIME),
            *(abandoned.deleted() for abandoned in too_many),
        ],
    )


@site.public_page("/login/callback")
def callback() -> Response[str]:
    event = site.current_event
    state = event.get_query_string_value("state") or ""
    cookie = cookies.sign_in(site.base_url, state)
    known = cookies.session(site.base_url)
    started = login_state.from_cookie(cookie.read(event.raw_event) or "")
    if started is None or not started.has_state(state):
        raise SignInDenied("The response belongs to another sign-in")
    code = event.get_query_string_value("code")
    if not code:
        raise SignInDenied("Cognito responded without a code")
    session = sessions.begin(started, code, _callback(), site.source, site.country)
    sessions.forget(known.read(event.raw_event))
    return site.redirect(
        site.url(started.return_to),
        status=302,
        cookies=[known.carrying(session.id, LIFETIME), cookie.deleted()],
    )


@site.action("/logout", narrows=True, page="/dashboard")
def logout() -> Response[str]:
    sessions.end(site.session, by=site.origin)
    return _signed_out()


def _callback() -> str:
    return site.url("/login/callback")

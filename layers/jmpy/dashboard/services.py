"""What the dashboard's pages read and change, wired from settings and AWS clients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jmpy.accounts.admission import Admission
from jmpy.accounts.registration import Registration
from jmpy.accounts.store import AccountStore
from jmpy.activity.address_preview import AddressPreview
from jmpy.activity.callers import KeyCallers
from jmpy.activity.key_usage_store import KeyUseStore
from jmpy.activity.request_store import AccessLog
from jmpy.alerts.detection.baseline_store import BaselineStore
from jmpy.alerts.settings.service import ThresholdService
from jmpy.alerts.settings.store import ThresholdStore
from jmpy.alerts.store import AlertStore
from jmpy.analytics.click_list import ClickList
from jmpy.analytics.ranking import LinkRanking
from jmpy.analytics.service import AnalyticsService
from jmpy.audit.store import AuditLog
from jmpy.aws.client import SignedClient
from jmpy.aws.invocation import Invoker
from jmpy.campaigns.changes import CampaignChanges
from jmpy.campaigns.links import CampaignLinks
from jmpy.campaigns.service import Campaigns
from jmpy.campaigns.store import CampaignStore
from jmpy.clicks.reader import ClickReader
from jmpy.dashboard.pages.getting_started import ProgressReader
from jmpy.domains.branded import BrandedDomains, BrandedSettings
from jmpy.domains.files import DomainFiles
from jmpy.domains.removal_queue import RemovalQueue
from jmpy.domains.removals import DomainRemovals
from jmpy.domains.service import Domains
from jmpy.idempotency.service import Idempotency
from jmpy.idempotency.store import ResponseStore
from jmpy.key_policy.service import KeyPolicies
from jmpy.key_tokens.service import KeyTokenService
from jmpy.key_tokens.store import KeyTokenStore
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from jmpy.limits.changes import ChangeLimit, SignInLimit
from jmpy.limits.limiter import Limiter
from jmpy.limits.plan import Plans
from jmpy.limits.store import UsageStore
from jmpy.links.changes import LinkChanges
from jmpy.links.held import HeldAliases
from jmpy.links.held_store import HeldCodeStore
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from jmpy.qr.service import QrCodes
from jmpy.qr.store import QrCodeStore
from jmpy.sessions import id_token
from jmpy.sessions.oidc import ManagedLogin
from jmpy.sessions.open import OpenSessions
from jmpy.sessions.people import People
from jmpy.sessions.service import SessionService
from jmpy.sessions.settings import SignInSettings
from jmpy.sessions.store import SessionStore
from jmpy.settings import ReadTable, ReadWriteTable
from jmpy.tags.service import Tags
from jmpy.webhooks.sender import WebhookSender
from jmpy.webhooks.service import Webhooks
from jmpy.webhooks.store import WebhookStore

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from jmpy.aws.cognito import Cognito
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.limits.model import Subscriber
    from jmpy.qr.changes import QrCodeChanges
    from jmpy.qr.creation import QrCodeCreation


EDGE_KEY_TIMEOUT = 5.0
"""Seconds for each response of EdgeKeyFunction: its cold start, and two calls of API Gateway. A
second attempt finds what the first one did."""


@dataclass(frozen=True)
class Settings(BrandedSettings):
    accounts_table: ReadWriteTable
    activity_table: ReadWriteTable
    audit_table: ReadWriteTable
    clicks_table: ReadTable
    idempotency_table: ReadWriteTable
    links_table: ReadWriteTable
    sessions_table: ReadWriteTable
    usage_table: ReadWriteTable
    access_log_days: int
    click_detail_days: int
    plans: str
    sign_in_issuer: str
    sign_in_client_parameter: str
    sign_in_url: str
    user_pool_id: str
    edge_key_function: str
    domain_removals_queue_url: str
    notice_sender: str = ""
    upgrade_url: str = ""
    contact_url: str = ""


class Services:
    def __init__(
        self,
        settings: Settings,
        dynamodb: DynamoDBOperations,
        cognito: Cognito,
        sqs: SQSClient,
    ) -> None:
        self.dynamodb = dynamodb
        self._sqs = sqs
        self._settings = settings
        self._wire_people(cognito)
        self._wire_keys()
        self._wire_links()

    def subscriber(self, account_id: str) -> Subscriber:
        return self.accounts.get(account_id).subscriber

    def most_domains(self, account_id: str) -> int:
        """How many the account may have."""
        return self.plans.get(self.subscriber(account_id).plan).domains

    def qr_code_creation(self) -> QrCodeCreation:
        """As `qr_code_changes`."""
        from jmpy.qr.creation import QrCodeCreation  # noqa: PLC0415

        return QrCodeCreation(self.qr_code_store, self.links, self.link_store)

    def qr_code_changes(self) -> QrCodeChanges:
        """What draws QR codes is loaded by the requests that change some."""
        from jmpy.qr.changes import QrCodeChanges  # noqa: PLC0415

        return QrCodeChanges(
            self.qr_codes,
            self.qr_code_store,
            self.links,
            self.link_store,
            self.link_changes,
            self.audit,
        )

    def _wire_people(self, cognito: Cognito) -> None:
        settings, dynamodb = self._settings, self.dynamodb
        sign_in = SignInSettings(settings.sign_in_issuer, settings.sign_in_client_parameter)
        store = SessionStore(dynamodb, settings.sessions_table)
        people = People(cognito, settings.user_pool_id)
        audit = AuditLog(dynamodb, settings.audit_table, SignInLimit(settings.usage_table))
        self.managed_login = ManagedLogin(settings.sign_in_url, sign_in)
        self.accounts = AccountStore(dynamodb, settings.accounts_table)
        self.sessions = SessionService(
            store,
            self._registration(),
            self.managed_login,
            id_token.verifier(sign_in),
            people,
            audit=audit,
        )
        self.open_sessions = OpenSessions(store, people, audit)

    def _registration(self) -> Registration:
        settings = self._settings
        invoker = Invoker(
            settings.edge_key_function,
            SignedClient("lambda", timeout=EDGE_KEY_TIMEOUT, attempts=2),
        )
        return Registration(
            self.accounts,
            Admission(invoker.invoke).admit_new,
            AuditLog(self.dynamodb, settings.audit_table),
        )

    def _wire_keys(self) -> None:
        settings, dynamodb = self._settings, self.dynamodb
        self.audit = AuditLog(dynamodb, settings.audit_table, ChangeLimit(settings.usage_table))
        self.keys = KeyService(
            KeyStore(dynamodb, settings.accounts_table), self.accounts, self.audit
        )
        self.tokens = KeyTokenService(KeyTokenStore(dynamodb, settings.accounts_table), self.audit)
        self.key_policies = KeyPolicies(self.accounts, self.keys, self.audit)
        self.uses = KeyUseStore(dynamodb, settings.activity_table)
        self.access_log = AccessLog(dynamodb, settings.activity_table)
        self.callers = KeyCallers(self.access_log, settings.access_log_days)
        self.address_preview = AddressPreview(self.access_log, settings.access_log_days)
        self.baselines = BaselineStore(dynamodb, settings.activity_table)
        self.alerts = AlertStore(dynamodb, settings.activity_table)
        self.thresholds = ThresholdStore(dynamodb, settings.activity_table)
        self.threshold_service = ThresholdService(self.thresholds, self.audit)
        self.webhook_store = WebhookStore(dynamodb, settings.activity_table)
        self.webhooks = Webhooks(self.webhook_store, WebhookSender(), self.audit)

    def _wire_links(self) -> None:
        settings, dynamodb = self._settings, self.dynamodb
        store = LinkStore(dynamodb, settings.links_table)
        self.links = LinkService(store)
        self.link_store = store
        self.qr_code_store = QrCodeStore(dynamodb, settings.links_table)
        self.qr_codes = QrCodes(self.qr_code_store)
        self.link_changes = LinkChanges(self.links, store, self.audit)
        self.tags = Tags(store, self.audit)
        self.branded = BrandedDomains(settings, dynamodb, settings.links_table, self.audit)
        self.domain_store = self.branded.store
        self.domains = Domains(self.domain_store)
        self.domain_changes = self.branded.changes
        self.domain_files = DomainFiles(self.domain_store, self.audit)
        removals = RemovalQueue(self._sqs, settings.domain_removals_queue_url)
        self.domain_removals = DomainRemovals(self.domain_store, self.audit, removals.add)
        self.held = HeldAliases(HeldCodeStore(dynamodb, settings.links_table), self.audit)
        clicks = ClickReader(dynamodb, settings.clicks_table)
        campaigns = CampaignStore(dynamodb, settings.links_table)
        self.campaigns = Campaigns(campaigns, clicks)
        self.campaign_changes = CampaignChanges(campaigns, self.audit)
        self.campaign_links = CampaignLinks(store, self.links, self.link_changes)
        self.analytics = AnalyticsService(clicks)
        self.clicks = ClickList(clicks, self.analytics, store, settings.click_detail_days)
        self.progress = ProgressReader(clicks, self.thresholds, self.webhook_store)
        self.ranking = LinkRanking(store)
        self.plans = Plans.from_json(settings.plans)
        self.limiter = Limiter(UsageStore(dynamodb, settings.usage_table), self.plans)
        self.idempotency = Idempotency(ResponseStore(dynamodb, settings.idempotency_table))

"""The resources `/api/v1/alerts` and `/api/v1/alert-settings`: what was unusual about an account's
keys, what counts as unusual, and where alerts are sent. For its owner."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from jmpy.access.policy import Caller
from jmpy.alerts.errors import AlertNotFound, SettingsChanged
from jmpy.alerts.model import AlertStatus
from jmpy.alerts.schema import AlertBody, AlertPageBody
from jmpy.alerts.settings.schema import AlertSettingsBody, UpdateAlertSettings
from jmpy.alerts.settings.service import ThresholdService
from jmpy.alerts.settings.store import ThresholdStore
from jmpy.alerts.settings.thresholds import DEFAULT
from jmpy.alerts.store import AlertFilter, AlertStore
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.aws.log_query import CursorOutOfRange
from jmpy.aws.operations import DynamoDBOperations
from jmpy.formats.absent import Absent
from jmpy.formats.cursor import from_cursor
from jmpy.formats.envelope import Success
from jmpy.http.operation import WITH_BODY, operation
from jmpy.http.parameters import KeyId, LogCursor, PageSize
from jmpy.http.resource import Resource, ResourceSettings
from jmpy.limits.changes import ChangeLimit
from jmpy.limits.errors import TooManyChanges
from jmpy.limits.plan import LimitClass
from jmpy.settings import ReadWriteTable, WriteTable
from jmpy.webhooks.errors import UnusableUrl, WebhookChanged, WebhookNotFound, WebhookTestThrottled
from jmpy.webhooks.schema import SetAlertWebhook, WebhookTestBody, WebhookWithSecretBody
from jmpy.webhooks.sender import WebhookSender
from jmpy.webhooks.service import Webhooks
from jmpy.webhooks.store import WebhookStore

ALERTS = "/api/v1/alerts"
SETTINGS = "/api/v1/alert-settings"
WEBHOOK = f"{SETTINGS}/webhook"


# Neither is counted; the header fields of the responses are about reads.
for_session = partial(operation, limit=LimitClass.URL_READS, cost=0, caller=Caller.SESSION)

AlertId = Annotated[str, Path(alias="id", description="Id of an alert, as listed")]


@dataclass(frozen=True)
class Settings(ResourceSettings):
    activity_table: ReadWriteTable
    audit_table: WriteTable
    usage_table: ReadWriteTable
    notice_sender: str = ""


class Alerts(Resource):
    tag = "Alerts"
    description = "Unusual activity of API keys, and where alerts are sent."

    def __init__(self, settings: Settings, dynamodb: DynamoDBOperations) -> None:
        super().__init__(settings, dynamodb)
        self.alerts = AlertStore(dynamodb, settings.activity_table)
        self.thresholds = ThresholdStore(dynamodb, settings.activity_table)
        self.webhook_store = WebhookStore(dynamodb, settings.activity_table)
        audit = AuditLog(dynamodb, settings.audit_table, ChangeLimit(settings.usage_table))
        self.threshold_service = ThresholdService(self.thresholds, audit)
        self.webhooks = Webhooks(self.webhook_store, WebhookSender(), audit)
        self.email_available = bool(settings.notice_sender)

    @for_session("GET", ALERTS, summary="List alerts", errors=(CursorOutOfRange,))
    def list_alerts(
        self,
        status: Annotated[AlertStatus | Absent, Query(description="Filter by status")] = None,
        key_id: KeyId = None,
        limit: PageSize = 20,
        cursor: LogCursor = None,
    ) -> Success[AlertPageBody]:
        """Newest first, from the last 180 days."""
        wanted = AlertFilter(status, key_id)
        found = self.alerts.page(self.account_id, wanted, limit, from_cursor(cursor))
        return Success(data=AlertPageBody.from_page(found))

    @for_session("GET", f"{ALERTS}/<id>", summary="Get an alert", errors=(AlertNotFound,))
    def get_alert(self, alert_id: AlertId) -> Success[AlertBody]:
        return self._alert(alert_id)

    @for_session(
        "POST", f"{ALERTS}/<id>/dismiss", summary="Dismiss an alert", errors=(AlertNotFound,)
    )
    def dismiss_alert(self, alert_id: AlertId) -> Success[AlertBody]:
        """The alert remains in the list, marked as dismissed."""
        self.alerts.dismiss(self.alerts.get(self.account_id, alert_id))
        return self._alert(alert_id)

    @for_session("GET", SETTINGS, summary="Get the alert settings")
    def get_alert_settings(self) -> Success[AlertSettingsBody]:
        """Each rule and threshold with its description, value, default and range; and the
        webhook."""
        return self._settings()

    @for_session(
        "PATCH",
        SETTINGS,
        summary="Update the alert rules, thresholds and emails",
        errors=(*WITH_BODY, SettingsChanged, TooManyChanges),
    )
    def update_alert_settings(self, body: UpdateAlertSettings) -> Success[AlertSettingsBody]:
        """Applies to subsequent requests. `null` resets a threshold to its default."""
        self.threshold_service.change(self.account_id, body.changes(), by=self.origin)
        return self._settings()

    @for_session(
        "PUT",
        WEBHOOK,
        summary="Set the webhook URL for alerts",
        errors=(*WITH_BODY, UnusableUrl, WebhookChanged, TooManyChanges),
    )
    def set_alert_webhook(self, body: SetAlertWebhook) -> Success[WebhookWithSecretBody]:
        """Deliveries are signed with `secret`: store it, as it cannot be shown again. Changing
        the URL of a webhook does not change its secret."""
        issued = self.webhooks.set_url(self.account_id, body.url, by=self.origin)
        return Success(data=WebhookWithSecretBody.issued(*issued))

    @for_session(
        "DELETE",
        WEBHOOK,
        summary="Remove the webhook",
        errors=(WebhookNotFound, WebhookChanged),
    )
    def remove_alert_webhook(self) -> Success[AlertSettingsBody]:
        self.webhooks.remove(self.account_id, by=self.origin)
        return self._settings()

    @for_session(
        "POST",
        f"{WEBHOOK}/roll-secret",
        summary="Roll the webhook's secret",
        errors=(WebhookNotFound, TooManyChanges),
    )
    def roll_alert_webhook_secret(self) -> Success[WebhookWithSecretBody]:
        """The new secret is used immediately. Deliveries that the receiver rejects until it has
        the new secret are retried."""
        issued = self.webhooks.roll_secret(self.account_id, by=self.origin)
        return Success(data=WebhookWithSecretBody.issued(*issued))

    @for_session(
        "POST",
        f"{WEBHOOK}/test",
        summary="Send a test to the webhook",
        errors=(WebhookNotFound, WebhookTestThrottled, TooManyChanges),
    )
    def test_alert_webhook(self) -> Success[WebhookTestBody]:
        """Signed and sent like an alert, with the type `webhook.test`, and the response reports the
        result. At most once every ten seconds. A successful test re-enables a disabled webhook."""
        return Success(
            data=WebhookTestBody.from_test(self.webhooks.test(self.account_id, by=self.origin))
        )

    def _alert(self, alert_id: str) -> Success[AlertBody]:
        return Success(data=AlertBody.from_alert(self.alerts.get(self.account_id, alert_id)))

    def _settings(self) -> Success[AlertSettingsBody]:
        account = self.account_id
        thresholds = self.thresholds.find([account]).get(account, DEFAULT)
        webhook = self.webhooks.find(account)
        return Success(
            data=AlertSettingsBody.from_settings(
                thresholds, webhook, email_available=self.email_available
            )
        )


dynamodb = clients.dynamodb()
resource = Alerts(Settings.from_environment(), dynamodb)
handler = resource.handle

"""The resources `/api/v1/alerts` and `/api/v1/alert-settings`: what was unusual about an account's
keys, what counts as unusual, and where it is told. For its owner."""

import os
from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from jmpy.access.policy import Caller
from jmpy.alerts.errors import (
    AlertNotFound,
    SettingsChanged,
    TestedJustNow,
    UnusableUrl,
    WebhookNotFound,
)
from jmpy.alerts.model import Status
from jmpy.alerts.schema import (
    AlertBody,
    AlertPageBody,
    SettingsBody,
    SetWebhook,
    SetWebhookBody,
    TestBody,
    UpdateSettings,
)
from jmpy.alerts.settings_store import AlertSettings
from jmpy.alerts.store import AlertFilter, AlertStore
from jmpy.alerts.threshold_service import Tuning
from jmpy.alerts.thresholds import DEFAULT
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.aws.log_query import CursorOutOfRange
from jmpy.formats.cursor import from_cursor
from jmpy.formats.envelope import Success
from jmpy.http.api import Api
from jmpy.http.documentation import WITH_BODY
from jmpy.http.parameters import Absent, KeyId, LogCursor, PageSize
from jmpy.limits import wiring
from jmpy.limits.changes import ChangeLimit
from jmpy.limits.errors import TooManyChanges
from jmpy.limits.plan import LimitClass
from jmpy.webhooks.sender import WebhookPost
from jmpy.webhooks.service import Webhooks

ALERTS = "/api/v1/alerts"
SETTINGS = "/api/v1/alert-settings"
WEBHOOK = f"{SETTINGS}/webhook"

_dynamodb = clients.dynamodb()
api = Api(wiring.limiter(_dynamodb))
handler = api.handle
alerts = AlertStore(_dynamodb, os.environ["ACTIVITY_TABLE"])
settings = AlertSettings(_dynamodb, os.environ["ACTIVITY_TABLE"])
_audit = AuditLog(_dynamodb, os.environ["AUDIT_TABLE"], ChangeLimit(os.environ["USAGE_TABLE"]))
tuning = Tuning(settings, _audit)
webhooks = Webhooks(settings, WebhookPost(), _audit)

# Neither is counted; the header fields of the answers are about reads.
for_session = partial(api.operation, limit=LimitClass.URL_READS, cost=0, caller=Caller.SESSION)

AlertId = Annotated[str, Path(alias="id", description="Id of an alert, as listed")]


@for_session("GET", ALERTS, summary="List alerts", errors=(CursorOutOfRange,))
def list_alerts(
    status: Annotated[Status | Absent, Query(description="Filter by status")] = None,
    key_id: KeyId = None,
    limit: PageSize = 20,
    cursor: LogCursor = None,
) -> Success[AlertPageBody]:
    """Newest first, from the last 180 days."""
    wanted = AlertFilter(status, key_id)
    found = alerts.page(api.caller.account_id, wanted, limit, from_cursor(cursor))
    return Success(data=AlertPageBody.of(found))


@for_session("GET", f"{ALERTS}/<id>", summary="Get an alert", errors=(AlertNotFound,))
def get_alert(alert_id: AlertId) -> Success[AlertBody]:
    return _alert(alert_id)


@for_session("POST", f"{ALERTS}/<id>/dismiss", summary="Dismiss an alert", errors=(AlertNotFound,))
def dismiss_alert(alert_id: AlertId) -> Success[AlertBody]:
    """The alert remains in the list, marked as dismissed."""
    alerts.dismiss(alerts.get(api.caller.account_id, alert_id))
    return _alert(alert_id)


@for_session("GET", SETTINGS, summary="Get the alert settings")
def get_alert_settings() -> Success[SettingsBody]:
    """Each rule and threshold with its description, value, default and range; and the webhook."""
    return _settings()


@for_session(
    "PATCH",
    SETTINGS,
    summary="Update the alert rules and thresholds",
    errors=(*WITH_BODY, SettingsChanged, TooManyChanges),
)
def update_alert_settings(body: UpdateSettings) -> Success[SettingsBody]:
    """Applies to subsequent requests. `null` resets a threshold to its default."""
    tuning.change(api.caller.account_id, body.changes(), by=api.origin)
    return _settings()


@for_session(
    "PUT",
    WEBHOOK,
    summary="Set the webhook URL for alerts",
    errors=(*WITH_BODY, UnusableUrl, SettingsChanged, TooManyChanges),
)
def set_alert_webhook(body: SetWebhook) -> Success[SetWebhookBody]:
    """Deliveries are signed with `secret`: store it, as it cannot be shown again. Changing the URL
    of a webhook does not change its secret."""
    issued = webhooks.set_url(api.caller.account_id, body.url, by=api.origin)
    return Success(data=SetWebhookBody.issued(*issued))


@for_session(
    "DELETE",
    WEBHOOK,
    summary="Remove the webhook",
    errors=(WebhookNotFound, SettingsChanged),
)
def remove_alert_webhook() -> Success[SettingsBody]:
    webhooks.remove(api.caller.account_id, by=api.origin)
    return _settings()


@for_session(
    "POST",
    f"{WEBHOOK}/roll-secret",
    summary="Roll the webhook's secret",
    errors=(WebhookNotFound, TooManyChanges),
)
def roll_alert_webhook_secret() -> Success[SetWebhookBody]:
    """The new secret is used immediately. Deliveries that the receiver rejects until it has the new
    secret are retried."""
    issued = webhooks.roll_secret(api.caller.account_id, by=api.origin)
    return Success(data=SetWebhookBody.issued(*issued))


@for_session(
    "POST",
    f"{WEBHOOK}/test",
    summary="Send a test to the webhook",
    errors=(WebhookNotFound, TestedJustNow, TooManyChanges),
)
def test_alert_webhook() -> Success[TestBody]:
    """Signed and sent like an alert, with the type `webhook.test`, and the response reports the
    result. At most once every ten seconds. A successful test re-enables a disabled webhook."""
    return Success(data=TestBody.of(webhooks.test(api.caller.account_id, by=api.origin)))


def _alert(alert_id: str) -> Success[AlertBody]:
    return Success(data=AlertBody.of(alerts.get(api.caller.account_id, alert_id)))


def _settings() -> Success[SettingsBody]:
    account = api.caller.account_id
    thresholds = settings.thresholds([account]).get(account, DEFAULT)
    return Success(data=SettingsBody.of(thresholds, webhooks.find(account)))

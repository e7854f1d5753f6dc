"""The resources `/api/v1/alerts` and `/api/v1/alert-settings`: what was unusual about an account's
keys, what counts as unusual, and where it is told. For its owner."""

import os
from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic.json_schema import SkipJsonSchema

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
    CURSOR,
    AlertBody,
    AlertPageBody,
    ChangeSettings,
    SettingsBody,
    SetWebhook,
    SetWebhookBody,
    TestBody,
    from_cursor,
)
from jmpy.alerts.settings_store import AlertSettings
from jmpy.alerts.store import AlertFilter, AlertStore
from jmpy.alerts.threshold_service import Tuning
from jmpy.alerts.thresholds import DEFAULT
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.formats.envelope import Success
from jmpy.http.api import Api
from jmpy.http.documentation import WITH_BODY
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

AlertId = Annotated[str, Path(alias="id", description="Of an alert, as the list has it")]
Absent = SkipJsonSchema[None]


@for_session("GET", ALERTS, summary="List alerts")
def list_alerts(
    status: Annotated[Status | Absent, Query(description="Those with it")] = None,
    key_id: Annotated[str | Absent, Query(max_length=64, description="Of one API key")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="Alerts on a page")] = 20,
    cursor: Annotated[
        str | Absent,
        Query(pattern=CURSOR, description="`next_cursor` of the page before"),
    ] = None,
) -> Success[AlertPageBody]:
    """The newest first, of the last 180 days."""
    wanted = AlertFilter(status, key_id)
    found = alerts.page(api.caller.account_id, wanted, limit, from_cursor(cursor))
    return Success(data=AlertPageBody.of(found))


@for_session("GET", f"{ALERTS}/<id>", summary="Read an alert", errors=(AlertNotFound,))
def get_alert(alert_id: AlertId) -> Success[AlertBody]:
    return _alert(alert_id)


@for_session("POST", f"{ALERTS}/<id>/dismiss", summary="Dismiss an alert", errors=(AlertNotFound,))
def dismiss_alert(alert_id: AlertId) -> Success[AlertBody]:
    """It stays in the list, as one that somebody has seen."""
    alerts.dismiss(alerts.get(api.caller.account_id, alert_id))
    return _alert(alert_id)


@for_session("GET", SETTINGS, summary="Read what is told about, and where")
def get_alert_settings() -> Success[SettingsBody]:
    """Each rule and threshold, explained, with its value, default and range; and the webhook."""
    return _settings()


@for_session(
    "PATCH",
    SETTINGS,
    summary="Tune the rules of alerts",
    errors=(*WITH_BODY, SettingsChanged, TooManyChanges),
)
def change_alert_settings(body: ChangeSettings) -> Success[SettingsBody]:
    """Of requests from then on. `null` sets a threshold back to its default."""
    tuning.change(api.caller.account_id, body.changes(), by=api.origin)
    return _settings()


@for_session(
    "PUT",
    WEBHOOK,
    summary="Set the URL that alerts are sent to",
    errors=(*WITH_BODY, UnusableUrl, SettingsChanged, TooManyChanges),
)
def set_alert_webhook(body: SetWebhook) -> Success[SetWebhookBody]:
    """`secret` signs what is sent: store it, it cannot be shown again. A webhook whose URL changes
    keeps its secret."""
    issued = webhooks.set_url(api.caller.account_id, body.url, by=api.origin)
    return Success(data=SetWebhookBody.issued(*issued))


@for_session(
    "DELETE",
    WEBHOOK,
    summary="Send alerts to no webhook",
    errors=(WebhookNotFound, SettingsChanged),
)
def remove_alert_webhook() -> Success[SettingsBody]:
    webhooks.remove(api.caller.account_id, by=api.origin)
    return _settings()


@for_session(
    "POST",
    f"{WEBHOOK}/roll-secret",
    summary="Replace the secret",
    errors=(WebhookNotFound, TooManyChanges),
)
def roll_alert_webhook_secret() -> Success[SetWebhookBody]:
    """Used at once. What the receiver refuses until it knows the new one is sent again."""
    issued = webhooks.roll_secret(api.caller.account_id, by=api.origin)
    return Success(data=SetWebhookBody.issued(*issued))


@for_session(
    "POST",
    f"{WEBHOOK}/test",
    summary="Send a test and wait for it",
    errors=(WebhookNotFound, TestedJustNow, TooManyChanges),
)
def test_alert_webhook() -> Success[TestBody]:
    """Signed and sent as an alert is, with the type `webhook.test`. Once in ten seconds. A webhook
    that is disabled is enabled by a test that arrives."""
    return Success(data=TestBody.of(webhooks.test(api.caller.account_id, by=api.origin)))


def _alert(alert_id: str) -> Success[AlertBody]:
    return Success(data=AlertBody.of(alerts.get(api.caller.account_id, alert_id)))


def _settings() -> Success[SettingsBody]:
    account = api.caller.account_id
    thresholds = settings.thresholds([account]).get(account, DEFAULT)
    return Success(data=SettingsBody.of(thresholds, webhooks.find(account)))
